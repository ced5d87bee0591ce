"""Whether words that are withheld are gone from the copy, and their neighbours still there.

`python -m tests.bench bleeping`. Earshot hears each recording; every tenth word of some length, wherever it is said, is
withheld by its times there, with a margin; the copy is made as for players, and heard again. Every margin is tried, and
a copy from which nothing is withheld.
"""

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO

from server.config import Settings
from server.domain.folded_words import folded
from server.domain.redaction import Sound, stretches
from server.domain.transcript import Word
from server.media.audio import decode_mono_16k, playback_copy
from server.transcription.transcriber import Transcriber
from server.transcription.weights import make_weights
from tests import recordings
from tests.bench import material
from tests.bench.material import Speech
from tests.bench.table import Row

MARGINS_MS = (0, 25, 50, 75, 100, 150, 300)
PATTERNS = ("long-en.ogg", "jfk.flac", "sonnet-1-en.mp3", "fleurs-*")
_EVERY, _LETTERS = 10, 4
# How far from where it was said a word may be that is taken for it.
_NEAR_MS = 400


@dataclass
class Counted:
    """Words that were withheld and are gone; of those beside them, and one further, how many are there; samples that
    came or went."""

    withheld: int = 0
    gone: int = 0
    beside: int = 0
    beside_there: int = 0
    further: int = 0
    further_there: int = 0
    missing: int = 0


def rows() -> Iterator[Row]:
    if not recordings.SHARED.is_dir():
        print(f"There is no speech to measure with in {recordings.SHARED}.", file=sys.stderr)
        return
    settings = Settings.from_environment()
    make_weights(settings.whisper_model, settings.whisper_dir, lambda line: None)
    transcriber = Transcriber(settings.whisper_model, settings.whisper_dir)
    heard = [(one, _words(transcriber, one.path.read_bytes()))
             for pattern in PATTERNS for one in material.given(pattern)]
    yield from _rows("nothing taken out", _counted(transcriber, heard, None, Sound.SILENCE))
    for sound in Sound:
        for margin_ms in MARGINS_MS:
            yield from _rows(f"{sound}, {margin_ms} ms", _counted(transcriber, heard, margin_ms, sound))


def _rows(what: str, counted: Counted) -> Iterator[Row]:
    yield Row(f"{what}: withheld words gone, %", f"{100 * counted.gone / counted.withheld:.1f}",
              f"{counted.withheld} words")
    yield Row(f"{what}: words beside them there, %", f"{100 * counted.beside_there / counted.beside:.1f}",
              f"{counted.beside} words")
    yield Row(f"{what}: one word further there, %", f"{100 * counted.further_there / counted.further:.1f}",
              f"{counted.further} words")
    yield Row(f"{what}: samples more or fewer", str(counted.missing))


def _words(transcriber: Transcriber, content: bytes) -> list[Word]:
    return [word for segment in transcriber.transcribe(BytesIO(content)).segments for word in segment.words]


def _counted(transcriber: Transcriber, heard: list[tuple[Speech, list[Word]]], margin_ms: int | None,
             sound: Sound) -> Counted:
    counted = Counted()
    for one, words in heard:
        _count(counted, transcriber, one, words, margin_ms, sound)
    return counted


def _count(counted: Counted, transcriber: Transcriber, one: Speech, words: list[Word], margin_ms: int | None,
           sound: Sound) -> None:
    long = list(dict.fromkeys(folded(word.text) for word in words if len(folded(word.text)) >= _LETTERS))
    chosen = set(long[::_EVERY])
    places = [place for place, word in enumerate(words) if folded(word.text) in chosen]
    said = [(words[place].start_ms, words[place].end_ms, sound) for place in places]
    plain, taken = BytesIO(), BytesIO()
    with open(one.path, "rb") as source:
        playback_copy(source, plain)
        playback_copy(source, taken, [] if margin_ms is None else stretches(said, margin_ms))
    counted.missing += abs(len(decode_mono_16k(plain)) - len(decode_mono_16k(taken)))
    again = _words(transcriber, taken.getvalue())
    beside = {place + step for place in places for step in (-1, 1)} - set(places)
    further = {place + step for place in places for step in (-2, 2)} - set(places) - beside
    near, far = ([words[place] for place in sorted(some) if 0 <= place < len(words)] for some in (beside, further))
    counted.withheld += len(places)
    counted.gone += sum(not _is_said(words[place], again) for place in places)
    counted.beside += len(near)
    counted.beside_there += sum(_is_said(word, again) for word in near)
    counted.further += len(far)
    counted.further_there += sum(_is_said(word, again) for word in far)


def _is_said(word: Word, words: list[Word]) -> bool:
    """Whether it is heard near where it was said."""
    return any(folded(other.text) == folded(word.text) and other.start_ms < word.end_ms + _NEAR_MS
               and word.start_ms - _NEAR_MS < other.end_ms for other in words)
