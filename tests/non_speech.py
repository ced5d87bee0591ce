"""Sounds in which nobody says a word: silence, a room, hum, hiss, knocks, music, a tune, a child that cries or wails.

Each is `seconds` of mono sound at 16 kHz, float32 in [-1, 1], and the same for the same `seed`. `level` is its loudness
in decibels below full scale, as root mean square over the parts that sound: -50 is hardly heard, -20 is loud.
"""

from collections.abc import Callable

import numpy as np

RATE = 16_000
SEED = 20_261
Maker = Callable[..., np.ndarray]


def silence(seconds: float) -> np.ndarray:
    """Digital silence: every sample is 0."""
    return np.zeros(round(seconds * RATE), dtype=np.float32)


def room(seconds: float, *, level: float = -55, seed: int = SEED) -> np.ndarray:
    """What a microphone hears in a quiet room: noise whose power falls with its pitch."""
    return _at(_coloured(round(seconds * RATE), 1.0, np.random.default_rng(seed)), level)


def hiss(seconds: float, *, level: float = -35, seed: int = SEED) -> np.ndarray:
    """White noise, as of a cheap microphone or running water."""
    return _at(np.random.default_rng(seed).standard_normal(round(seconds * RATE)), level)


def hum(seconds: float, *, level: float = -35, seed: int = SEED) -> np.ndarray:
    """Mains hum at 50 Hz with what rings along, and a fan."""
    random, time = np.random.default_rng(seed), _time(seconds)
    sound = sum(np.sin(2 * np.pi * 50 * n * time + random.uniform(0, 6)) / n for n in (1, 2, 3, 4, 6, 8))
    fan = _coloured(len(time), 1.4, random) * (1 + 0.3 * np.sin(2 * np.pi * 7.3 * time))
    return _at(sound + 0.5 * fan, level)


def knocks(seconds: float, *, level: float = -25, seed: int = SEED) -> np.ndarray:
    """Cups, doors, things put down: short bursts that ring out, at irregular moments."""
    random = np.random.default_rng(seed)
    sound = np.zeros(round(seconds * RATE))
    at = random.exponential(0.5)
    while at < seconds:
        ring = _time(0.25)
        pitch, fall = random.uniform(150, 3500), random.uniform(15, 80)
        burst = (np.sin(2 * np.pi * pitch * ring) + random.standard_normal(len(ring))) * np.exp(-fall * ring)
        _add(sound, at, burst * random.uniform(0.3, 1))
        at += random.exponential(0.8)
    return _at(sound, level)


def music(seconds: float, *, level: float = -22, seed: int = SEED) -> np.ndarray:
    """Chords, a bass, a tune on plucked strings and a beat, at 104 beats a minute."""
    random, beat = np.random.default_rng(seed), 60 / 104
    chords = ((220.0, 261.6, 329.6), (174.6, 220.0, 261.6), (261.6, 329.6, 392.0), (196.0, 246.9, 293.7))
    sound = np.zeros(round(seconds * RATE))
    for count in range(int(seconds / beat) + 1):
        chord, at = chords[count // 4 % len(chords)], count * beat
        if count % 4 == 0:
            for pitch in chord:
                _add(sound, at, 0.3 * _plucked(pitch, 4 * beat, random))
        _add(sound, at, 0.6 * _plucked(chord[0] / 2, beat, random))
        for half in (0.0, 0.5):
            _add(sound, at + half * beat, 0.5 * _plucked(2 * random.choice(chord), beat, random))
        drum = _time(0.12)
        struck = np.sin(2 * np.pi * 60 * drum) if count % 2 == 0 else 0.5 * random.standard_normal(len(drum))
        _add(sound, at, struck * np.exp(-35 * drum))
    return _at(sound, level)


def crying(seconds: float, *, level: float = -20, seed: int = SEED) -> np.ndarray:
    """Like a crying child: cries of about a second with a rise and fall, hoarse, each after a sharp breath."""
    random = np.random.default_rng(seed)
    sound = np.zeros(round(seconds * RATE))
    at = 0.3
    while at < seconds:
        cry = _cry(random.uniform(0.6, 1.6), random)
        _add(sound, at, cry * random.uniform(0.6, 1))
        at += len(cry) / RATE + 0.05
        breath = _time(random.uniform(0.15, 0.3))
        gasp = random.standard_normal(len(breath)) * np.sin(np.pi * breath / breath[-1])
        _add(sound, at, 0.06 * gasp)
        at += len(breath) / RATE + random.choice([0.05, 0.1, 0.1, 1.5])
    return _at(sound, level)


def wailing(seconds: float, *, level: float = -20, seed: int = SEED) -> np.ndarray:
    """Like a child that wails: a lower voice than in crying, and a mouth that opens and shuts, so nearer to speech."""
    random = np.random.default_rng(seed)
    sound = np.zeros(round(seconds * RATE))
    at = 0.2
    while at < seconds:
        time = _time(random.uniform(0.4, 2.2))
        length = len(time) / RATE
        opened = 0.5 - 0.5 * np.cos(2 * np.pi * time * random.integers(1, 4) / length)
        pitch = random.uniform(250, 360) * (1 + 0.25 * np.sin(np.pi * time / length) + 0.02 * _slow(len(time), random))
        formants = ((500 + 600 * opened, 160), (1500 + 500 * opened, 220), (3200 + 200 * opened, 350))
        voice = _voice(pitch, formants) * (0.15 + opened) * np.minimum(1, np.minimum(time, length - time) / 0.05)
        _add(sound, at, voice * random.uniform(0.5, 1))
        at += length + random.choice([0.08, 0.15, 0.4, 1.2])
    return _at(sound, level)


def tune(seconds: float, *, level: float = -22, seed: int = SEED) -> np.ndarray:
    """A voice that sings on one vowel, without words, and trembles as singers do."""
    random, beat = np.random.default_rng(seed), 0.55
    sound = np.zeros(round(seconds * RATE))
    for count in range(int(seconds / beat)):
        if count % 8 == 7:
            continue
        time = _time(beat * 0.95)
        pitch = random.choice([196.0, 220.0, 246.9, 261.6, 293.7, 329.6]) * (1 + 0.012 * np.sin(2 * np.pi * 5.5 * time))
        edges = np.minimum(1, np.minimum(time, time[-1] - time) / 0.04)
        _add(sound, count * beat, _voice(pitch, ((700.0, 130), (1150.0, 160), (2700.0, 300))) * edges)
    return _at(sound, level)


def _voice(pitch: np.ndarray, formants: tuple[tuple[np.ndarray | float, float], ...]) -> np.ndarray:
    """Harmonics of a voice, as loud as a mouth of these formants (Hz and width) lets them through."""
    phase = 2 * np.pi * np.cumsum(pitch) / RATE
    voice = np.zeros(len(pitch))
    for harmonic in range(1, int(4500 / pitch.min())):
        ringing = sum(1 / (1 + ((harmonic * pitch - centre) / width) ** 2) for centre, width in formants)
        voice += (0.02 + ringing) / harmonic * np.sin(harmonic * phase) * (harmonic * pitch < RATE / 2)
    return voice


def _cry(seconds: float, random: np.random.Generator) -> np.ndarray:
    """Harmonics of 350 to 650 Hz, louder where a child's throat rings, with trembling and breath in it."""
    time = _time(seconds)
    arc = np.sin(np.pi * (time / seconds) ** 0.7)
    trembling = 0.02 * np.sin(2 * np.pi * random.uniform(5, 9) * time) + 0.015 * _slow(len(time), random)
    pitch = random.uniform(350, 500) * (0.85 + 0.35 * arc + trembling)
    phase = 2 * np.pi * np.cumsum(pitch) / RATE
    cry = np.zeros(len(time))
    for harmonic in range(1, 14):
        ringing = sum(np.exp(-(((harmonic * pitch - centre) / width) ** 2))
                      for centre, width in ((1100, 500), (2800, 700), (4200, 900)))
        cry += (0.15 + ringing) / harmonic**0.5 * np.sin(harmonic * phase) * (harmonic * pitch < RATE / 2)
    hoarse = 1 + 0.5 * random.random() * np.sin(phase / 2)
    edges = np.minimum(1, np.minimum(time, seconds - time) / 0.06)
    return (cry * hoarse + 0.25 * random.standard_normal(len(time))) * edges * (0.4 + 0.6 * arc)


def _plucked(pitch: float, seconds: float, random: np.random.Generator) -> np.ndarray:
    time = _time(seconds)
    tones = (np.sin(2 * np.pi * pitch * n * time) * np.exp(-(2 + n) * time) / n for n in range(1, 9))
    sound: np.ndarray = sum(tones, np.zeros(len(time))) * random.uniform(0.7, 1)
    return sound


def _coloured(length: int, fall: float, random: np.random.Generator) -> np.ndarray:
    """Noise whose power falls as 1 over pitch to this power."""
    spectrum = np.fft.rfft(random.standard_normal(length))
    spectrum[1:] /= np.arange(1, len(spectrum)) ** (fall / 2)
    spectrum[0] = 0
    return np.fft.irfft(spectrum, length)


def _slow(length: int, random: np.random.Generator) -> np.ndarray:
    steps = random.standard_normal(length // 800 + 2)
    return np.interp(np.arange(length), np.arange(len(steps)) * 800, steps)


def _add(sound: np.ndarray, at: float, part: np.ndarray) -> None:
    begin = round(at * RATE)
    stretch = sound[begin : begin + len(part)]
    stretch += part[: len(stretch)]


def _time(seconds: float) -> np.ndarray:
    return np.arange(round(seconds * RATE)) / RATE


def _at(sound: np.ndarray, level: float) -> np.ndarray:
    sounding = np.abs(sound) > 0.01 * np.abs(sound).max()
    loudness = np.sqrt(np.mean(sound[sounding] ** 2))
    return np.clip(sound * (10 ** (level / 20) / loudness), -1, 1).astype(np.float32)
