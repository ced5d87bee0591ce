"""A voice as 192 numbers: near for one voice, far for two.

The network is CAM++ (Wang et al. 2023, "CAM++: A Fast and Efficient Network for Speaker Verification Using
Context-Aware Masking"), with the numbers that the 3D-Speaker project trained on Chinese and English voices (Apache
2.0). The modules are named as in its file, so that the file loads as it is.
"""

from collections import OrderedDict

import torch
import torch.nn.functional as F
from torch import Tensor, nn

MEL_BANDS = 80
_GROWTH, _WIDTH = 32, 128
_BLOCKS = ((12, 1), (24, 2), (16, 2))  # layers, and how far apart the frames are that a layer takes together
_CONTEXT = 100  # frames


class VoiceNetwork(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.head = _Head()
        layers: OrderedDict[str, nn.Module] = OrderedDict(tdnn=_Unit(320, _WIDTH, 5, stride=2))
        channels = _WIDTH
        for number, (length, dilation) in enumerate(_BLOCKS, 1):
            layers[f"block{number}"] = _Block(channels, length, dilation)
            channels += length * _GROWTH
            layers[f"transit{number}"] = _Transit(channels, channels // 2)
            channels //= 2
        layers["out_nonlinear"] = _normalised(channels)
        layers["stats"] = _Statistics()
        layers["dense"] = _Dense(2 * channels, 192)
        self.xvector = nn.Sequential(layers)

    def forward(self, features: Tensor) -> Tensor:
        """(windows, frames, MEL_BANDS) to (windows, 192), each of length 1."""
        return F.normalize(self.xvector(self.head(features.transpose(1, 2))))


class _Head(nn.Module):
    """Looks at time and pitch together, and makes eighty bands ten."""

    def __init__(self) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(1, 32, 3, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(32)
        self.layer1 = nn.Sequential(_Residual(2), _Residual(1))
        self.layer2 = nn.Sequential(_Residual(2), _Residual(1))
        self.conv2 = nn.Conv2d(32, 32, 3, stride=(2, 1), padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(32)

    def forward(self, bands: Tensor) -> Tensor:
        seen = F.relu(self.bn1(self.conv1(bands[:, None])))
        seen = self.layer2(self.layer1(seen))
        return F.relu(self.bn2(self.conv2(seen))).flatten(1, 2)


class _Residual(nn.Module):
    def __init__(self, stride: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(32, 32, 3, stride=(stride, 1), padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(32)
        self.conv2 = nn.Conv2d(32, 32, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(32)
        self.shortcut = nn.Sequential()
        if stride > 1:
            self.shortcut = nn.Sequential(nn.Conv2d(32, 32, 1, stride=(stride, 1), bias=False), nn.BatchNorm2d(32))

    def forward(self, seen: Tensor) -> Tensor:
        inner = self.bn2(self.conv2(F.relu(self.bn1(self.conv1(seen)))))
        return F.relu(inner + self.shortcut(seen))


class _Unit(nn.Module):
    def __init__(self, channels: int, made: int, width: int, stride: int) -> None:
        super().__init__()
        self.linear = nn.Conv1d(channels, made, width, stride=stride, padding=width // 2, bias=False)
        self.nonlinear = _normalised(made)

    def forward(self, frames: Tensor) -> Tensor:
        made: Tensor = self.nonlinear(self.linear(frames))
        return made


class _Block(nn.Module):
    """Each layer sees what all layers before it made."""

    def __init__(self, channels: int, length: int, dilation: int) -> None:
        super().__init__()
        for number in range(length):
            self.add_module(f"tdnnd{number + 1}", _Layer(channels + number * _GROWTH, dilation))

    def forward(self, frames: Tensor) -> Tensor:
        for layer in self.children():
            frames = torch.cat([frames, layer(frames)], dim=1)
        return frames


class _Layer(nn.Module):
    def __init__(self, channels: int, dilation: int) -> None:
        super().__init__()
        self.nonlinear1 = _normalised(channels)
        self.linear1 = nn.Conv1d(channels, _WIDTH, 1, bias=False)
        self.nonlinear2 = _normalised(_WIDTH)
        self.cam_layer = _Masked(dilation)

    def forward(self, frames: Tensor) -> Tensor:
        made: Tensor = self.cam_layer(self.nonlinear2(self.linear1(self.nonlinear1(frames))))
        return made


class _Masked(nn.Module):
    """What lies around a frame, in a second and in the whole window, says which of its channels count."""

    def __init__(self, dilation: int) -> None:
        super().__init__()
        self.linear_local = nn.Conv1d(_WIDTH, _GROWTH, 3, padding=dilation, dilation=dilation, bias=False)
        self.linear1 = nn.Conv1d(_WIDTH, _WIDTH // 2, 1)
        self.linear2 = nn.Conv1d(_WIDTH // 2, _GROWTH, 1)

    def forward(self, frames: Tensor) -> Tensor:
        second = F.avg_pool1d(frames, _CONTEXT, _CONTEXT, ceil_mode=True).repeat_interleave(_CONTEXT, dim=-1)
        context = frames.mean(-1, keepdim=True) + second[..., : frames.shape[-1]]
        mask = torch.sigmoid(self.linear2(F.relu(self.linear1(context))))
        made: Tensor = self.linear_local(frames) * mask
        return made


class _Transit(nn.Module):
    def __init__(self, channels: int, made: int) -> None:
        super().__init__()
        self.nonlinear = _normalised(channels)
        self.linear = nn.Conv1d(channels, made, 1, bias=False)

    def forward(self, frames: Tensor) -> Tensor:
        made: Tensor = self.linear(self.nonlinear(frames))
        return made


class _Statistics(nn.Module):
    def forward(self, frames: Tensor) -> Tensor:
        return torch.cat([frames.mean(-1), frames.std(-1)], dim=-1)


class _Dense(nn.Module):
    def __init__(self, channels: int, made: int) -> None:
        super().__init__()
        self.linear = nn.Conv1d(channels, made, 1, bias=False)
        self.nonlinear = nn.Sequential(OrderedDict(batchnorm=nn.BatchNorm1d(made, affine=False)))

    def forward(self, summary: Tensor) -> Tensor:
        made: Tensor = self.nonlinear(self.linear(summary[..., None]))[..., 0]
        return made


def _normalised(channels: int) -> nn.Sequential:
    return nn.Sequential(OrderedDict(batchnorm=nn.BatchNorm1d(channels), relu=nn.ReLU()))
