"""What the voice network hears: how strong each of 80 bands of pitch is, a hundred times a second.

The bands are Kaldi's (its mel scale, window and pre-emphasis), since the network learned from those.
"""

from functools import cache

import numpy as np
import torch
from torch import Tensor

from server.transcription.voice_network import MEL_BANDS
from server.transcription.windows import SAMPLE_RATE

FRAME_STEP = SAMPLE_RATE // 100
_FRAME = SAMPLE_RATE // 40
_FOURIER = 512
_LOWEST = 20.0
_EMPHASIS = 0.97
_FLOOR = float(np.finfo(np.float32).eps)


def voice_features(sound: Tensor) -> Tensor:
    """(windows, samples) to (windows, frames, MEL_BANDS), less each band's mean: loudness and room count less."""
    frames = sound.unfold(-1, _FRAME, FRAME_STEP)
    frames = frames - frames.mean(-1, keepdim=True)
    before = torch.cat([frames[..., :1], frames[..., :-1]], dim=-1)
    spectrum: Tensor = torch.fft.rfft((frames - _EMPHASIS * before) * _window(), _FOURIER).abs() ** 2
    bands: Tensor = (spectrum @ _filters()).clamp_min(_FLOOR).log()
    return bands - bands.mean(-2, keepdim=True)


@cache
def _window() -> Tensor:
    return torch.hann_window(_FRAME, periodic=False) ** 0.85


@cache
def _filters() -> Tensor:
    """(frequencies, bands): triangles that overlap by half, evenly spaced on the mel scale."""
    edges = np.linspace(_mel(np.float64(_LOWEST)), _mel(np.float64(SAMPLE_RATE / 2)), MEL_BANDS + 2)
    places = _mel(np.arange(_FOURIER // 2 + 1) * SAMPLE_RATE / _FOURIER)[:, None]
    rising = (places - edges[:-2]) / (edges[1:-1] - edges[:-2])
    falling = (edges[2:] - places) / (edges[2:] - edges[1:-1])
    return torch.from_numpy(np.maximum(np.minimum(rising, falling), 0)).float()


def _mel(hertz: np.ndarray | np.float64) -> np.ndarray:
    return np.asarray(1127.0 * np.log1p(hertz / 700.0))
