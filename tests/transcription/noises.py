"""Sounds without speech, made by rule: the same for the same seed. float32 in [-1, 1] at 16 kHz."""

from collections.abc import Callable

import numpy as np

RATE = 16_000
Maker = Callable[[int, int], np.ndarray]


def silence(_seed: int, seconds: int) -> np.ndarray:
    return np.zeros(seconds * RATE, dtype=np.float32)


def hum(_seed: int, seconds: int) -> np.ndarray:
    """Of the mains, 50 Hz and what rings with it."""
    time = np.arange(seconds * RATE) / RATE
    return _sound(sum(0.2 * np.sin(2 * np.pi * 50 * times * time) / times for times in (1, 2, 3, 5)))


def hiss(seed: int, seconds: int) -> np.ndarray:
    return _sound(np.random.default_rng(seed).normal(scale=0.05, size=seconds * RATE))


def music(seed: int, seconds: int) -> np.ndarray:
    """Four chords in turn, two notes a second, with a drum on every other."""
    dice = np.random.default_rng(seed)
    time = np.arange(RATE // 2) / RATE
    drum = np.zeros_like(time)
    drum[:800] = dice.normal(size=800) * np.exp(-np.arange(800) / 300)
    beats = []
    for beat in range(2 * seconds):
        root = (220.0, 174.6, 261.6, 196.0)[beat // 4 % 4]
        chord = sum(loud * np.sin(2 * np.pi * root * ratio * time + dice.uniform(0, 6)) * np.exp(-3 * time)
                    for ratio, loud in ((1, 1.0), (1.26, 0.8), (1.5, 0.8), (2, 0.4)))
        beats.append(0.1 * chord + 0.15 * drum * (beat % 2 == 0))
    return _sound(np.concatenate(beats))


def crying(seed: int, seconds: int) -> np.ndarray:
    """As a small child does: a wail of many harmonics that rises and falls, a breath, and again."""
    dice = np.random.default_rng(seed)
    sound = np.zeros(seconds * RATE)
    begin = 0
    while begin < len(sound):
        length = min(round(dice.uniform(0.7, 1.4) * RATE), len(sound) - begin)
        share = np.arange(length) / length
        pitch = dice.uniform(380, 480) * (1 + 0.25 * np.sin(np.pi * share) + 0.02 * np.sin(14 * np.pi * share))
        phase = 2 * np.pi * np.cumsum(pitch) / RATE
        voice = sum(loud * np.sin(harmonic * phase)
                    for harmonic, loud in enumerate((1, 0.9, 0.7, 0.8, 0.5, 0.4, 0.25, 0.2), start=1))
        sound[begin : begin + length] = (0.15 * voice + dice.normal(scale=0.01, size=length)) * np.sin(np.pi * share)
        begin += length
        breath = min(round(dice.uniform(0.25, 0.5) * RATE), len(sound) - begin)
        sound[begin : begin + breath] = dice.normal(scale=0.02, size=breath) * np.hanning(breath)
        begin += breath + round(dice.uniform(0, 0.4) * RATE)
    return _sound(sound)


MAKERS: dict[str, Maker] = {"silence": silence, "hum": hum, "hiss": hiss, "music": music, "crying": crying}


def _sound(values: np.ndarray | float) -> np.ndarray:
    return np.clip(np.asarray(values), -1, 1).astype(np.float32)
