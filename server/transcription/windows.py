"""Cuts a recording into windows of speech that Whisper can take in at once.

Whisper hears 30 seconds at a time, and makes words up when there is nothing to hear. So silence is left out, and cuts
fall into the longest pauses. Positions are samples at 16 kHz from the start of the recording.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from server.transcription.noise import Voice
from server.transcription.samples import Samples

SAMPLE_RATE = 16_000
CHUNK = 512  # one probability covers this many samples
MAX_WINDOW = 28 * SAMPLE_RATE
KEPT_PAUSE = SAMPLE_RATE  # a pause up to this stays as it was; of a longer one only its edges stay
_SPEECH, _SILENCE = 0.5, 0.35  # speech begins above one, and has ended below the other
_PAUSE_CHUNKS = 5
_SPEECH_CHUNKS = 4
_EDGE = 12 * CHUNK  # the soft beginning of a word is less like speech than the rest of it
_FULL = 0.8  # of a window is filled, wherever the pauses are: the model takes as long for one that is half empty


@dataclass(frozen=True)
class Span:
    start: int
    end: int

    @property
    def length(self) -> int:
        return self.end - self.start


@dataclass(frozen=True)
class Window:
    """Stretches of the recording, in order, heard one straight after another."""

    pieces: tuple[Span, ...]

    @property
    def length(self) -> int:
        return sum(piece.length for piece in self.pieces)

    def sound(self, samples: Samples) -> np.ndarray:
        return np.concatenate([samples.stretch(piece.start, piece.end) for piece in self.pieces])

    def voice(self, probabilities: np.ndarray) -> Voice:
        """From those of the whole recording."""
        return Voice(np.concatenate([probabilities[piece.start // CHUNK : -(-piece.end // CHUNK)]
                                     for piece in self.pieces]))

    def cut(self, seconds: Sequence[float]) -> list["Window"]:
        """Its parts, cut after so many seconds of it, rising. A part is never shorter than a tenth of a second."""
        borders = [0, *(round(each * SAMPLE_RATE) for each in seconds), self.length]
        long = [begin for begin, end in pairwise(borders) if end - begin >= SAMPLE_RATE // 10] or [0]
        return [self._between(*both) for both in pairwise([0, *long[1:], self.length])]

    def _between(self, begin: int, end: int) -> "Window":
        pieces, offset = [], 0
        for piece in self.pieces:
            start, stop = max(begin - offset, 0), min(end - offset, piece.length)
            if start < stop:
                pieces.append(Span(piece.start + start, piece.start + stop))
            offset += piece.length
        return Window(tuple(pieces))

    def in_recording(self, start: float, end: float) -> tuple[int, int]:
        """Where a stretch of this window lies in the recording; it never reaches across a pause that was left out."""
        offset = 0
        for piece in self.pieces:
            if (start + end) / 2 < offset + piece.length or piece is self.pieces[-1]:
                break
            offset += piece.length
        shift = piece.start - offset
        return round(min(max(start + shift, piece.start), piece.end)), round(min(end + shift, piece.end))


def speech_windows(probabilities: np.ndarray, total: int) -> list[Window]:
    """Windows no longer than MAX_WINDOW over all the speech of `total` samples; none where nobody speaks."""
    spans = [part for span in speech_spans(probabilities, total) for part in _short(span, probabilities)]
    windows: list[Window] = []
    begin = 0
    while begin < len(spans):
        end = _reach(spans, begin)
        if end < len(spans):
            end = _best_cut(spans, begin, end)
        windows.append(Window(_pieces(spans[begin:end])))
        begin = end
    return windows


def pieces_of(span: Span) -> list[Span]:
    """Stretches of equal length, none longer than a window."""
    count = max(1, -(-span.length // MAX_WINDOW))
    borders = [span.start + span.length * place // count for place in range(count + 1)]
    return [Span(*both) for both in pairwise(borders)]


def speech_spans(probabilities: np.ndarray, total: int, edge: int = _EDGE) -> list[Span]:
    """Stretches of speech between pauses, each with so many samples of the silence around it."""
    bare: list[Span] = []
    start, quiet = None, 0
    for chunk, probability in enumerate([*probabilities.tolist(), *[0.0] * _PAUSE_CHUNKS]):
        if start is None:
            if probability >= _SPEECH:
                start, quiet = chunk, 0
            continue
        quiet = quiet + 1 if probability < _SILENCE else 0
        if quiet == _PAUSE_CHUNKS:
            end = chunk + 1 - quiet
            if end - start >= _SPEECH_CHUNKS:
                bare.append(Span(start * CHUNK, end * CHUNK))
            start = None
    return _with_edges(bare, total, edge)


def _with_edges(bare: Sequence[Span], total: int, edge: int) -> list[Span]:
    spans = []
    for place, span in enumerate(bare):
        before = bare[place - 1].end if place else 0
        after = bare[place + 1].start if place + 1 < len(bare) else total
        room_before = span.start - before if not place else (span.start - before) // 2
        room_after = after - span.end if place + 1 == len(bare) else (after - span.end) // 2
        spans.append(Span(span.start - min(edge, room_before), min(span.end + min(edge, room_after), total)))
    return spans


def _short(span: Span, probabilities: np.ndarray) -> list[Span]:
    """Speech without a pause for longer than a window is cut where it is least like speech."""
    parts = []
    while span.length > MAX_WINDOW:
        first, last = (span.start + MAX_WINDOW // 2) // CHUNK, (span.start + MAX_WINDOW) // CHUNK
        cut = (first + int(np.argmin(probabilities[first:last]))) * CHUNK
        parts.append(Span(span.start, cut))
        span = Span(cut, span.end)
    return [*parts, span]


def _reach(spans: Sequence[Span], begin: int) -> int:
    """How many spans fit into one window, as the index after the last of them."""
    end = begin + 1
    while end < len(spans) and Window(_pieces(spans[begin : end + 1])).length <= MAX_WINDOW:
        end += 1
    return end


def _best_cut(spans: Sequence[Span], begin: int, end: int) -> int:
    """The longest pause in the last part of the window, since sentences end there."""
    pauses = {
        cut: (spans[cut].start - spans[cut - 1].end, cut)
        for cut in range(begin + 1, end + 1)
        if spans[cut - 1].end - spans[begin].start >= _FULL * MAX_WINDOW or cut == end
    }
    return max(pauses, key=pauses.__getitem__)


def _pieces(spans: Sequence[Span]) -> tuple[Span, ...]:
    pieces = [spans[0]]
    for span in spans[1:]:
        if span.start - pieces[-1].end <= KEPT_PAUSE:
            pieces[-1] = Span(pieces[-1].start, span.end)
        else:
            pieces.append(span)
    return tuple(pieces)
