"""Whether words that are withheld are gone from the copy, and their neighbours still there.

`python -m tests.bench bleeping`. Earshot hears each recording; every tenth word of some length, wherever it is said, is
withheld by its times there, with a margin; the copy is made as for players, and heard again. Several margins are tried,
a copy from which nothing is withheld, and what people are given: a copy that was checked, and made again with more
taken out around the words that were heard.
"""

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from io import BytesIO
from itertools import pairwise

from server.config import Settings
from server.domain.folded_words import folded
from server.domain.redaction import MARGIN_MS, Sound, stretches
from server.domain.redaction_check import is_heard, spans_of, wider
from server.domain.transcript import Word
from server.media.audio import decode_mono_16k, playback_copy
from server.transcription.transcriber import Transcriber
from server.transcription.weights import make_weights
from tests import recordings
from tests.bench import material
from tests.bench.material import Speech
from tests.bench.sound_files import RATE, wav_of
from tests.bench.table import Row

MARGINS_MS = (0, 25, 50, 100)
PATTERNS = ("long-en.ogg", "jfk.flac", "sonnet-1-en.mp3", "fleurs-*")
_EVERY, _LETTERS = 10, 4
# How far from where it was said a word may be that is taken for it.
_NEAR_MS = 400


Stretches = list[tuple[int, int, Sound]]


@dataclass
class Counted:
    """Words that were withheld and are gone; of those beside them, and one further, how many are there, and of those
    beside them how many letters; samples that came or went; times that a copy was made again."""

    withheld: int = 0
    gone: int = 0
    beside: int = 0
    beside_there: int = 0
    letters: int = 0
    letters_there: int = 0
    further: int = 0
    further_there: int = 0
    missing: int = 0
    again: int = 0


@dataclass(frozen=True)
class Withheld:
    """A recording, what was heard in it, and which of its words are withheld, by their number."""

    one: Speech
    words: list[Word]
    places: list[int]

    def stretches(self, margin_ms: int, sound: Sound, wider_ms: dict[str, int] | None = None) -> Stretches:
        """What is taken out; `wider_ms` is how much more around some of the words."""
        more = [(self.words[place], (wider_ms or {}).get(folded(self.words[place].text), 0)) for place in self.places]
        return stretches([(word.start_ms - by, word.end_ms + by, sound) for word, by in more], margin_ms)


def rows() -> Iterator[Row]:
    if not recordings.SHARED.is_dir():
        print(f"There is no speech to measure with in {recordings.SHARED}.", file=sys.stderr)
        return
    settings = Settings.from_environment()
    make_weights(settings.whisper_model, settings.whisper_dir, lambda line: None)
    transcriber = Transcriber(settings.whisper_model, settings.whisper_dir)
    every = [_withheld(one, _words(transcriber, one.path.read_bytes()))
             for pattern in PATTERNS for one in material.given(pattern)]

    def counted(out_of: Callable[[Withheld, Counted], Stretches]) -> Counted:
        found = Counted()
        for one in every:
            _count(found, transcriber, one, out_of(one, found))
        return found

    yield from _rows("nothing taken out", counted(lambda one, _: []))
    for margin_ms in MARGINS_MS:
        yield from _rows(f"bleep, {margin_ms} ms", counted(
            lambda one, _, margin_ms=margin_ms: one.stretches(margin_ms, Sound.BLEEP)))
    yield from _rows(f"silence, {MARGIN_MS} ms", counted(lambda one, _: one.stretches(MARGIN_MS, Sound.SILENCE)))
    yield from _rows(f"bleep, {MARGIN_MS} ms and checked", counted(
        lambda one, found: _checked(transcriber, one, found)))


def _rows(what: str, counted: Counted) -> Iterator[Row]:
    yield Row(f"{what}: withheld words gone, %", f"{100 * counted.gone / counted.withheld:.1f}",
              f"{counted.withheld} words")
    yield Row(f"{what}: words beside them there, %", f"{100 * counted.beside_there / counted.beside:.1f}",
              f"{counted.beside} words")
    yield Row(f"{what}: letters of words beside them there, %", f"{100 * counted.letters_there / counted.letters:.1f}",
              f"{counted.letters} letters")
    yield Row(f"{what}: one word further there, %", f"{100 * counted.further_there / counted.further:.1f}",
              f"{counted.further} words")
    yield Row(f"{what}: samples more or fewer", str(counted.missing))
    yield Row(f"{what}: copies made again", str(counted.again))


def _words(transcriber: Transcriber, content: bytes) -> list[Word]:
    return [word for segment in transcriber.transcribe(BytesIO(content)).segments for word in segment.words]


def _withheld(one: Speech, words: list[Word]) -> Withheld:
    long = list(dict.fromkeys(folded(word.text) for word in words if len(folded(word.text)) >= _LETTERS))
    chosen = set(long[::_EVERY])
    return Withheld(one, words, [place for place, word in enumerate(words) if folded(word.text) in chosen])


def _checked(transcriber: Transcriber, one: Withheld, counted: Counted) -> Stretches:
    """What is taken out of a copy in the end, as `server/services/redaction_checks.py` decides it."""
    wider_ms: dict[str, int] = {}
    while True:
        taken = one.stretches(MARGIN_MS, Sound.BLEEP, wider_ms)
        sound = decode_mono_16k(BytesIO(_copy(one.one, taken)))
        said = [_words(transcriber, wav_of(sound[first * RATE // 1000:last * RATE // 1000]).getvalue())
                for first, last in spans_of([(start, end) for start, end, _ in taken], None)]
        heard = {key for key in {folded(one.words[place].text) for place in one.places}
                 if any(is_heard(key, words) for words in said)}
        more = {key: by for key in heard if (by := wider(wider_ms.get(key, 0))) is not None}
        if not more:
            return taken
        wider_ms |= more
        counted.again += 1


def _copy(one: Speech, taken: Stretches) -> bytes:
    made = BytesIO()
    with open(one.path, "rb") as source:
        playback_copy(source, made, taken)
    return made.getvalue()


def _count(counted: Counted, transcriber: Transcriber, one: Withheld, taken: Stretches) -> None:
    words, copy = one.words, _copy(one.one, taken)
    counted.missing += abs(len(decode_mono_16k(BytesIO(_copy(one.one, [])))) - len(decode_mono_16k(BytesIO(copy))))
    again = _words(transcriber, copy)
    beside = {place + step for place in one.places for step in (-1, 1)} - set(one.places)
    further = {place + step for place in one.places for step in (-2, 2)} - set(one.places) - beside
    near, far = ([words[place] for place in sorted(some) if 0 <= place < len(words)] for some in (beside, further))
    counted.withheld += len(one.places)
    counted.gone += sum(not _is_said(words[place], again) for place in one.places)
    counted.beside += len(near)
    counted.beside_there += sum(_is_said(word, again) for word in near)
    counted.letters += sum(len(folded(word.text)) for word in near)
    counted.letters_there += sum(_letters_said(word, again) for word in near)
    counted.further += len(far)
    counted.further_there += sum(_is_said(word, again) for word in far)


def _around(word: Word, words: list[Word]) -> list[str]:
    """What is heard near where it was said."""
    return [folded(other.text) for other in words if other.start_ms < word.end_ms + _NEAR_MS
            and word.start_ms - _NEAR_MS < other.end_ms]


def _is_said(word: Word, words: list[Word]) -> bool:
    return folded(word.text) in _around(word, words)


def _letters_said(word: Word, words: list[Word]) -> int:
    """How many letters of it, one after the other, are in one or two words that are heard there: "region" has six of
    "regional", and "street car" nine of "streetcar"."""
    around = _around(word, words)
    said = [*around, *(first + second for first, second in pairwise(around))]
    whole = folded(word.text)
    return max((SequenceMatcher(None, whole, one, autojunk=False).find_longest_match().size for one in said), default=0)
