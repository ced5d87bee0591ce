"""The windows of a recording, a batch at a time."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeVar

import numpy as np

from server.domain.hearing import Heard, HeardWindow, Hints
from server.domain.transcript import Word
from server.transcription.coverage import cuts
from server.transcription.ear import Ear, Overheard
from server.transcription.noise import Voice
from server.transcription.samples import Samples
from server.transcription.windows import SAMPLE_RATE, Window

_A_SECOND = 1000
T = TypeVar("T")

@dataclass(frozen=True)
class Recording:
    """`probabilities` are of voice, for each 32 ms."""

    samples: Samples
    probabilities: np.ndarray

    def voice(self, window: Window) -> Voice:
        return window.voice(self.probabilities)


def evenly(things: Sequence[T], usual: int) -> Iterator[tuple[int, Sequence[T]]]:
    """`things` in batches of about the `usual` size, at most half as large again, each with the place where it ends.

    A batch of one takes more than half as long as a batch of twelve, so none is left over.
    """
    count = max(1, round(len(things) / usual))
    borders = [len(things) * place // count for place in range(count + 1)]
    for begin, end in pairwise(borders):
        if begin < end:
            yield end, things[begin:end]


def hear_all(ear: Ear, recording: Recording, windows: Sequence[Window], hints: Hints,
             done: Heard | None) -> Iterator[tuple[tuple[HeardWindow, ...], bool, float]]:
    """Windows as they are heard, whether they are new, and the share that is done with them.

    A window may come out as several, so they are counted as they come. A batch that is among those `done` is not heard
    again.
    """
    before = sorted(done.windows, key=lambda window: window.position) if done else []
    heard: list[HeardWindow] = []
    for end, batch in evenly(windows, ear.batch):
        kept = _kept(before, len(heard), batch)
        new = kept or _hear(ear, recording, batch, hints, heard)
        heard += new
        yield new, not kept, end / len(windows)


def _kept(before: Sequence[HeardWindow], position: int, batch: Sequence[Window]) -> tuple[HeardWindow, ...]:
    """What was heard of a batch earlier, whose first window has `position`; nothing where any of it is missing."""
    (start, _), (_, end) = _times(batch[0]), _times(batch[-1])
    found: list[HeardWindow] = []
    for window in before[position:]:
        if window.position != position + len(found) or (not found and window.start_ms != start):
            break
        found.append(window)
        if window.end_ms == end:
            return tuple(found)
    return ()


def _hear(ear: Ear, recording: Recording, batch: Sequence[Window], hints: Hints,
          heard: Sequence[HeardWindow]) -> tuple[HeardWindow, ...]:
    spoken = _spoken(heard)
    first = _overheard(ear, recording, batch, hints, spoken)
    parts = [window.cut(cuts(each.words, recording.voice(window))) for window, each in zip(batch, first, strict=True)]
    passed_over = [part for each in parts if len(each) > 1 for part in each]
    # A vocabulary may be the reason why speech was passed over.
    anew = iter(_overheard(ear, recording, passed_over, Hints(hints.languages), spoken))
    whole = [(part, next(anew) if len(each) > 1 else original)
             for each, original in zip(parts, first, strict=True) for part in each]
    return tuple(_window(len(heard) + place, *each) for place, each in enumerate(whole))


def _overheard(ear: Ear, recording: Recording, windows: Sequence[Window], hints: Hints,
               spoken: dict[str, float]) -> list[Overheard]:
    overheard: list[Overheard] = []
    for _, some in evenly(windows, ear.batch):
        overheard += ear.hear([window.sound(recording.samples) for window in some], list(map(recording.voice, some)),
                              hints, spoken)
    return overheard


def _spoken(heard: Sequence[HeardWindow]) -> dict[str, float]:
    """For how many seconds each language was spoken."""
    seconds: dict[str, float] = {}
    for window in heard:
        seconds[window.language] = seconds.get(window.language, 0.0) + (window.end_ms - window.start_ms) / _A_SECOND
    return seconds


def _times(window: Window) -> tuple[int, int]:
    return (window.pieces[0].start * _A_SECOND // SAMPLE_RATE, window.pieces[-1].end * _A_SECOND // SAMPLE_RATE)


def _window(position: int, window: Window, overheard: Overheard) -> HeardWindow:
    words = []
    for spoken in overheard.words:
        start, end = window.in_recording(spoken.start * SAMPLE_RATE, spoken.end * SAMPLE_RATE)
        words.append(Word(spoken.text, start * _A_SECOND // SAMPLE_RATE, end * _A_SECOND // SAMPLE_RATE,
                          round(spoken.probability, 3)))
    return HeardWindow(position, *_times(window), tuple(words), overheard.language.code,
                       overheard.language.probability)
