"""From sound to what the encoder hears in it."""

from collections.abc import Sequence

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor
from whisper.audio import log_mel_spectrogram, pad_or_trim

from server.transcription.network import Network

_AT_ONCE = 4  # windows; more would no longer fit the caches of a processor, and gain nothing


def encode(network: Network, sounds: Sequence[np.ndarray]) -> Tensor:
    """Windows × 1500 × state, from mono sound at 16 kHz of 30 seconds or less each."""
    heard = [_encode(network, sounds[begin : begin + _AT_ONCE]) for begin in range(0, len(sounds), _AT_ONCE)]
    return torch.cat(heard)


def _encode(network: Network, sounds: Sequence[np.ndarray]) -> Tensor:
    mels = torch.stack([log_mel_spectrogram(pad_or_trim(sound), network.dims.n_mels) for sound in sounds])
    hidden = mels.to(network.device.name, network.device.numbers)
    for weight, bias, stride in network.convolutions:
        hidden = F.gelu(F.conv1d(hidden, weight, bias, stride=stride, padding=1))
    x = hidden.transpose(1, 2).float() + network.encoder_positions
    attend = _Attention()
    for layer in network.encoder_layers:
        x += layer.out(attend(layer.joined(layer.norm(x)).view(*x.shape[:2], 3, network.dims.n_audio_head, -1)))
        x += layer.mlp(x)
    return network.encoder_norm(x)


class _Attention:
    """Windows × time × state, from windows × time × (query, key, value) × heads × size of a head."""

    def __init__(self) -> None:
        self._scores = torch.empty(0)

    def __call__(self, joined: Tensor) -> Tensor:
        if joined.is_cuda or joined.dtype == torch.float32:
            query, key, value = joined.permute(2, 0, 3, 1, 4)
            return F.scaled_dot_product_attention(query, key, value, scale=1.0).transpose(1, 2).flatten(2)
        return torch.stack([self._in_bf16(window) for window in joined])

    def _in_bf16(self, joined: Tensor) -> Tensor:
        """Plain multiplications: torch's own attention takes 2.6 times as long with bf16 on a processor. The scores
        have one place for all layers and windows, since fresh memory of that size costs as much again."""
        time, _, heads, _ = joined.shape
        if self._scores.shape != (heads, time, time):
            self._scores = joined.new_empty((heads, time, time))
        query, key, value = joined.permute(1, 2, 0, 3).contiguous()
        torch.bmm(query, key.transpose(1, 2), out=self._scores)
        torch.softmax(self._scores, -1, out=self._scores)
        return torch.bmm(self._scores, value).transpose(0, 1).flatten(1)
