"""Turns windows of sound into tokens with openai-whisper, several windows at once."""

from collections.abc import Sequence
from functools import cache
from pathlib import Path

import numpy as np
import torch
from torch import Tensor
from whisper import DecodingOptions, DecodingResult, Whisper
from whisper.audio import log_mel_spectrogram, pad_or_trim

BATCH = 8
_MAX_TOKENS = 320  # some scripts need many tokens for a word; 28 s of any language fits
_MAX_COMPRESSION = 2.4
_MIN_LOGPROB = -1.0
_MAX_NO_SPEECH = 0.6
_FALLBACKS: tuple[dict[str, float], ...] = (
    {"beam_size": 5},
    {"temperature": 0.4, "best_of": 5},
    {"temperature": 0.8, "best_of": 5},
)


def encode(model: Whisper, sounds: Sequence[np.ndarray]) -> Tensor:
    """What the encoder hears: windows × 1500 × state, float32.

    The encoder itself runs in bf16 where the processor has it: twice as fast, with the same words.
    """
    mels = [log_mel_spectrogram(pad_or_trim(sound), model.dims.n_mels) for sound in sounds]
    with torch.autocast("cpu", dtype=torch.bfloat16, enabled=_has_bf16()):
        features: Tensor = model.encoder(torch.stack(mels))
    return features.float()


def detect_language(model: Whisper, features: Tensor) -> tuple[str, float]:
    """The language that fits all windows best, and its mean probability over them."""
    _, each = model.detect_language(features)
    mean = {language: sum(window[language] for window in each) / len(each) for language in each[0]}
    best = max(mean, key=mean.__getitem__)
    return best, mean[best]


def decode(model: Whisper, features: Tensor, language: str) -> list[list[int]]:
    """Text tokens for each window, none where it holds no speech.

    Greedy first; windows that come out repetitive or improbable are tried again, with beams and then with sampling,
    by the thresholds of openai-whisper's `transcribe`. If nothing passes, the most probable try that does not repeat
    itself is taken. Sampling starts from a fixed seed: one recording always gives one transcript.
    """
    best = _try(model, features, language, {})
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        for settings in _FALLBACKS:
            for place, result in enumerate(best):
                if _is_doubtful(result):
                    # openai-whisper follows several guesses for one window at a time only
                    [again] = _try(model, features[place : place + 1], language, settings)
                    best[place] = max(result, again, key=_worth)
    return [[] if _is_silence(result) else result.tokens for result in best]


def _try(model: Whisper, features: Tensor, language: str, settings: dict[str, float]) -> list[DecodingResult]:
    fixed = {"language": language, "without_timestamps": True, "fp16": False, "sample_len": _MAX_TOKENS}
    return list(model.decode(features, DecodingOptions(**fixed, **settings)))


def _is_doubtful(result: DecodingResult) -> bool:
    return (_repeats(result) or result.avg_logprob < _MIN_LOGPROB) and not _is_silence(result)


def _repeats(result: DecodingResult) -> bool:
    return bool(result.compression_ratio > _MAX_COMPRESSION)


def _is_silence(result: DecodingResult) -> bool:
    return bool(result.no_speech_prob > _MAX_NO_SPEECH and result.avg_logprob < _MIN_LOGPROB)


def _worth(result: DecodingResult) -> tuple[bool, float]:
    return not _repeats(result), result.avg_logprob


@cache
def _has_bf16() -> bool:
    """Where the processor only imitates bf16, it is slower than float32."""
    described = Path("/proc/cpuinfo")
    return described.exists() and bool({"avx512_bf16", "amx_bf16"} & set(described.read_text().split()))
