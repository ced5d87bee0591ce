"""Conversations that change language, names that a project says beforehand, and English beside what was said.

`python -m tests.bench languages`. The sentences are of FLEURS; no two of them say the same, so there is no reference
for the English: only some words that it must have are looked for.
"""

from collections.abc import Iterator, Sequence
from itertools import chain, zip_longest
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.bench import material, ways, word_errors
from tests.bench.material import Speech
from tests.bench.table import Row
from tests.bench.ways import BEAMS, EARSHOT, OPENAI, Took, Way

SPOKEN = ("en", "es", "fr", "de", "pt")
PAUSE = 1.5
NAMES = {"fleurs-en-002.ogg": "Sintra", "fleurs-de-000.ogg": "Kowloon", "fleurs-pt-000.ogg": "Bieber",
         "fleurs-es-001.ogg": "Oravec"}
# What a project might say beforehand beside the one name that is looked for.
OTHERS = ("Sintra", "Kowloon", "Bieber", "Oravec", "Earshot", "Llandudno", "Dr Okonkwo")
IN_ENGLISH = {
    "fleurs-es-000.ogg": ("travelers", "risk", "weather", "area", "plans"),
    "fleurs-fr-000.ogg": ("accident", "mountain", "fire"),
    "fleurs-de-000.ogg": ("hong kong", "island", "views"),
    "fleurs-de-001.ogg": ("attack", "water", "dinosaur", "rex"),
    "fleurs-pt-000.ogg": ("information", "house", "incident", "thoughts", "family", "victim"),
}


def rows() -> Iterator[Row]:
    with TemporaryDirectory() as folder, ways.ready((EARSHOT, OPENAI, BEAMS)) as ready:
        parts = _in_turns()
        for pause, what in ((PAUSE, "5 languages in turns"), (0.2, "5 languages in turns, no pauses")):
            whole = material.joined(what, parts, Path(folder), pause)
            yield from _conversation(what, whole, parts, pause, ready)
        yield from _names(ready[0])
        yield from _english(ready[0])


def _in_turns() -> list[Speech]:
    """One sentence of each language after another, until there are none left."""
    each = [material.given(f"fleurs-{language}-*") for language in SPOKEN]
    return [part for part in chain.from_iterable(zip_longest(*each)) if part]


def _conversation(what: str, whole: Speech, parts: Sequence[Speech], pause: float, ready: Sequence[Way]
                  ) -> Iterator[Row]:
    earshot, *others = ready
    took = {way.name: way.hear(whole.path) for way in ready}
    named = earshot.hear(whole.path, languages=SPOKEN)
    wrong = {name: word_errors.errors(whole.words, one.text, "").per_cent for name, one in took.items()}
    for way in others:
        yield Row(f"{what}: words wrong, %", f"{wrong[EARSHOT]:.1f}", f"{wrong[way.name]:.1f} {way.name}")
    yield Row(f"{what}: words wrong with the languages named, %",
              f"{word_errors.errors(whole.words, named.text, '').per_cent:.1f}")
    yield Row(f"{what}: seconds in the right language, %", _right(took[EARSHOT], parts, pause),
              f"{_right(named, parts, pause)} with the languages named")


def _right(took: Took, parts: Sequence[Speech], pause: float) -> str:
    """Of all seconds of speech, how many lie in a window whose language is theirs."""
    right, begins = 0.0, 0.0
    for part in parts:
        right += sum(max(0.0, min(end / 1000, begins + part.seconds) - max(start / 1000, begins))
                     for start, end, language in took.heard["windows"] if language == part.language)
        begins += part.seconds + pause
    return f"{100 * right / sum(part.seconds for part in parts):.0f}"


def _names(earshot: Way) -> Iterator[Row]:
    """How many names come out as they are written, alone and with a list of names, and what that does to the rest."""
    for hints, what in (((), "names right without vocabulary"), (OTHERS, "names right with vocabulary")):
        right, wrong = 0, []
        for file, name in NAMES.items():
            [spoken] = material.given(file)
            heard = earshot.hear(spoken.path, vocabulary=hints).text
            right += name.lower() in heard.lower()
            wrong.append(word_errors.errors(spoken.words, heard, spoken.language))
        yield Row(what, f"{right} of {len(NAMES)}",
                  f"{word_errors.together(wrong).per_cent:.1f} % of the words of all wrong")


def _english(earshot: Way) -> Iterator[Row]:
    for file, wanted in IN_ENGLISH.items():
        [spoken] = material.given(file)
        heard = earshot.hear(spoken.path, english_of=spoken.language).text
        ways.show(f"{file} in English: {heard}")
        yield Row(f"English of {file}: key words", f"{sum(word in heard.lower() for word in wanted)} of {len(wanted)}")
