"""Conversations to tell voices apart in, assembled from recordings of one voice each, so that it is known who speaks.

Turns are stretches of a recording between two pauses, in their order, and none is used twice in a conversation. Each
voice has a loudness of its own, half of the conversations are held in a room that echoes, and there is noise over all.
Everything follows from the seed.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np

from server.media.audio import decode_mono_16k
from server.transcription.samples import Samples
from server.transcription.speech import speech_probabilities
from server.transcription.windows import SAMPLE_RATE, Span, speech_spans
from tests import recordings
from tests.bench.diarization import Stretch

# Recordings of one voice; files that share a voice are together. The two Spanish voices are so alike that they may be
# one person's, so no conversation has both.
VOICES = {
    "de-0": ("fleurs-de-000.ogg",), "de-1": ("fleurs-de-001.ogg",), "en-0": ("fleurs-en-000.ogg",),
    "en-1": ("fleurs-en-001.ogg",), "en-2": ("fleurs-en-002.ogg", "fleurs-en-003.ogg", "fleurs-en-004.ogg"),
    "es-0": ("fleurs-es-000.ogg",), "es-1": ("fleurs-es-001.ogg",), "fr-0": ("fleurs-fr-000.ogg",),
    "fr-1": ("fleurs-fr-001.ogg",), "pt-0": ("fleurs-pt-000.ogg",), "jfk": ("jfk.flac",),
    "sonnet": ("sonnet-1-en.mp3", "p001.mp3"), "long": ("long-en.ogg",),
}
ALIKE = {"es-0", "es-1"}
_EDGE = SAMPLE_RATE * 6 // 100
_PAUSE_IN_A_TURN = SAMPLE_RATE // 2
_LOUDNESS = 0.05


@dataclass(frozen=True)
class Manner:
    """How people talk with each other. Seconds; a pause below 0 is how long two talk at once."""

    turn: tuple[float, float] = (0.8, 6.0)
    pause: tuple[float, float] = (0.2, 1.0)


POLITE, EAGER = Manner(), Manner(turn=(0.5, 3.0), pause=(-0.8, 0.4))


@dataclass(frozen=True)
class Turn:
    """Its sound, and when there is speech in it, in samples."""

    sound: np.ndarray
    speech: tuple[Span, ...]


@dataclass
class Conversation:
    """Who speaks when (ms), and all of it together."""

    truth: list[Stretch] = field(default_factory=list)
    parts: list[tuple[int, np.ndarray]] = field(default_factory=list)
    length: int = 0

    def add(self, voice: str, turn: Turn, start: int) -> None:
        self.parts.append((start, turn.sound))
        self.truth += [(_ms(start + span.start), _ms(start + span.end), voice) for span in turn.speech]
        self.length = max(self.length, start + len(turn.sound))

    def samples(self, noise: np.ndarray) -> Samples:
        """With noise over all; as loud as a recording may be."""
        sound = np.zeros(self.length + SAMPLE_RATE)
        for start, part in self.parts:
            sound[start : start + len(part)] += part
        return Samples.of(np.clip(sound + np.resize(noise, len(sound)), -1, 1).astype(np.float32))


def assemble(voices: Sequence[str], seed: int, manner: Manner = POLITE,
             longest: float = 150) -> tuple[Samples, list[Stretch]]:
    """A conversation of these voices, no longer than so many seconds, and who speaks when."""
    chance = np.random.default_rng(seed)
    echoes = chance.random() < 0.5
    noise = _noise(chance) * _LOUDNESS * 10 ** (-chance.uniform(12, 30) / 20)
    left = {voice: list(_turns_of(voice, chance, manner, echoes)) for voice in voices}
    talk, speaking, at = Conversation(), "", SAMPLE_RATE // 2
    while at < longest * SAMPLE_RATE:
        others = [voice for voice in voices if left[voice] and (voice != speaking or len(voices) == 1)]
        if not others:
            break
        speaking = others[chance.integers(len(others))]
        talk.add(speaking, left[speaking].pop(0), at)
        at = max(talk.length + round(chance.uniform(*manner.pause) * SAMPLE_RATE), at + SAMPLE_RATE // 4)
    return talk.samples(noise), talk.truth


def _turns_of(voice: str, chance: np.random.Generator, manner: Manner, echoes: bool) -> Iterator[Turn]:
    sounds = [_sound(name) for name in VOICES[voice]]
    loudness = np.sqrt(np.mean(np.concatenate(sounds) ** 2))
    gain = _LOUDNESS / loudness * 10 ** (chance.uniform(-8, 4) / 20)
    room = _room(chance) if echoes else np.ones(1)
    for sound in sounds:
        for spans in _cut(speech_spans(speech_probabilities(sound), len(sound), _EDGE), chance, manner):
            start, end = spans[0].start, spans[-1].end
            said = np.convolve(sound[start:end] * gain * _edges(end - start), room)[: end - start]
            yield Turn(said, tuple(_bridged([Span(span.start - start, span.end - start) for span in spans])))


def _cut(spans: Sequence[Span], chance: np.random.Generator, manner: Manner) -> Iterator[list[Span]]:
    """Stretches between pauses, joined to turns of many lengths."""
    turn: list[Span] = []
    wanted = 0.0
    for span in spans:
        if turn and span.end - turn[0].start > wanted:
            yield turn
            turn = []
        if not turn:
            wanted = chance.uniform(*manner.turn) * SAMPLE_RATE
        turn.append(span)
    if turn:
        yield turn


def _bridged(spans: Sequence[Span]) -> list[Span]:
    """A short pause within a turn belongs to it, as whoever writes down who speaks would have it."""
    found = [spans[0]]
    for span in spans[1:]:
        if span.start - found[-1].end < _PAUSE_IN_A_TURN:
            found[-1] = Span(found[-1].start, span.end)
        else:
            found.append(span)
    return found


def _sound(name: str) -> np.ndarray:
    with open(recordings.SHARED / name, "rb") as source:
        return decode_mono_16k(source)


def _edges(length: int) -> np.ndarray:
    """Ten milliseconds of fading in and out, so that no cut can be heard."""
    ramp = np.minimum(np.arange(length) / 160, 1)
    return np.minimum(ramp, ramp[::-1])


def _room(chance: np.random.Generator) -> np.ndarray:
    """A third of a second of echo, which differs from voice to voice as they sit in different places."""
    times = np.arange(SAMPLE_RATE // 4)
    echo = chance.standard_normal(len(times)) * 10 ** (-3 * times / (0.3 * SAMPLE_RATE)) * 0.05
    echo[0] = 1
    return echo


def _noise(chance: np.random.Generator) -> np.ndarray:
    """Pink, as rooms have it; loudness 1."""
    waves = np.fft.rfft(chance.standard_normal(30 * SAMPLE_RATE))
    noise = np.fft.irfft(waves / np.sqrt(np.maximum(np.arange(len(waves)), 1)))
    return noise / np.sqrt(np.mean(noise**2))


def _ms(position: int) -> int:
    return position * 1000 // SAMPLE_RATE
