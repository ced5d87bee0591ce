"""What is heard of a recording while it is being transcribed: a window of it at a time, so that work can go on later.

A window is a stretch of speech of half a minute or less. Positions are whole milliseconds from the recording's start.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

from server.domain.transcript import Word


@dataclass(frozen=True, slots=True)
class HeardWindow:
    """`position` counts the recording's windows from 0. No words: nobody could be understood in it.

    `language` is the code of what is spoken in this window, and its probability is None where it was not detected.
    """

    position: int
    start_ms: int
    end_ms: int
    words: tuple[Word, ...] = ()
    language: str = ""
    language_probability: float | None = None

    @property
    def place(self) -> tuple[int, int, int]:
        """Which window of which recording it is, whatever was heard in it."""
        return self.position, self.start_ms, self.end_ms


@dataclass(frozen=True, slots=True)
class Heard:
    """Some of a recording's windows."""

    windows: tuple[HeardWindow, ...]


@dataclass(frozen=True, slots=True)
class Hints:
    """What a project says about its recordings beforehand.

    `languages` are codes of what may be spoken, any where there are none. `vocabulary` are names and words that are
    hard to spell, the most useful first.
    """

    languages: tuple[str, ...] = ()
    vocabulary: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Outline:
    """A recording of which every window was heard. Without windows nobody speaks in it.

    `language` is that of most speech.
    """

    model: str
    duration_ms: int
    windows: int
    language: str
    language_probability: float | None


def model_name(model: str) -> str:
    """What a model is called in a transcript: its name, or that of its file."""
    return PurePath(model).stem if model.endswith(".pt") else model


def to_json(heard: Heard) -> dict[str, Any]:
    """Plain values that `from_json` turns back into what was heard."""
    return {"windows": [[*window.place, [[w.text, w.start_ms, w.end_ms, w.probability] for w in window.words],
                         window.language, window.language_probability] for window in heard.windows]}


def from_json(value: Mapping[str, Any]) -> Heard:
    """Raises KeyError where a field is missing."""
    return Heard(tuple(map(_window, value["windows"])))


def _window(value: Sequence[Any]) -> HeardWindow:
    position, start_ms, end_ms, words, language, probability = value
    return HeardWindow(position, start_ms, end_ms, tuple(Word(*word) for word in words), language, probability)


def hints_to_json(hints: Hints) -> dict[str, list[str]]:
    return {"languages": list(hints.languages), "vocabulary": list(hints.vocabulary)}


def hints_from_json(value: Mapping[str, Sequence[str]]) -> Hints:
    """Raises KeyError where a field is missing."""
    return Hints(tuple(value["languages"]), tuple(value["vocabulary"]))
