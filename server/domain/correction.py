"""What people do to a transcript: one change at a time, as it is sent and as it is kept.

Segments are named by their ids. `was` is the text of a segment as its writer saw it, so that nobody writes over words
that they have not seen.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from server.domain.errors import Invalid
from server.domain.fields import Fields
from server.domain.written_words import checked_text

NEW = "new"
# How many segments one change may give to a speaker: an hour of talk.
MOST_SEGMENTS = 500
# As much as a column of the database holds.
_MOST = 2**31 - 1


class Kind(StrEnum):
    WORDS = "words"
    SPLIT = "split"
    MERGE = "merge"
    SPEAKER = "speaker"
    ADOPT = "adopt"
    UNDO = "undo"
    REDO = "redo"


@dataclass(frozen=True)
class Words:
    """Let a segment say this. With no words in it the segment goes, as where a machine made words of noise."""

    segment: int
    was: str
    text: str
    kind = Kind.WORDS


@dataclass(frozen=True)
class Split:
    """Make two segments of one. `word` is the place of the word, counted from 0, that the second begins with."""

    segment: int
    was: str
    word: int
    kind = Kind.SPLIT


@dataclass(frozen=True)
class Merge:
    """Make one segment of one and its neighbour after it, `next`."""

    segment: int
    was: str
    next: int
    kind = Kind.MERGE


@dataclass(frozen=True)
class Speaker:
    """Say who speaks these segments: a speaker's id, nobody known, or somebody new."""

    segments: tuple[int, ...]
    speaker: str | None
    is_new: bool = False
    kind = Kind.SPEAKER


@dataclass(frozen=True)
class Adopt:
    """Take over what another machine version says in a stretch: its words whose middles lie there. Milliseconds.

    Where `version` is given, only if nobody corrected anything there since the transcript had it.
    """

    source: str
    start_ms: int
    end_ms: int
    version: int | None = None
    kind = Kind.ADOPT


@dataclass(frozen=True)
class Undo:
    """Take back the newest correction that stands. Where `version` is given, only if the transcript still has it.
    What somebody else did is taken back only where `others` says that this is meant."""

    version: int | None = None
    others: bool = False
    kind = Kind.UNDO


@dataclass(frozen=True)
class Redo:
    """Take back the newest undo after which nothing else was done. `version` as with `Undo`."""

    version: int | None = None
    kind = Kind.REDO


Change = Words | Split | Merge | Speaker | Adopt | Undo | Redo


def read(content: Any) -> Change:
    """The change that was sent, from JSON. Raises Invalid with every field that is wrong."""
    if not isinstance(content, Mapping):
        raise Invalid(fields={"change": "This must be an object."})
    fields = Fields(content)
    kind = fields.choice("kind", Kind)
    fields.done()
    change = _READERS[kind](fields, content)
    fields.done()
    return change


def _words(fields: Fields, content: Mapping[str, Any]) -> Change:
    text = _text(fields, content, "text")
    try:
        text = checked_text(text)
    except Invalid as error:
        fields.refuse("text", error.message)
    return Words(_segment(fields), _text(fields, content, "was"), text)


def _split(fields: Fields, content: Mapping[str, Any]) -> Change:
    return Split(_segment(fields), _text(fields, content, "was"), fields.count("word", most=_MOST))


def _merge(fields: Fields, content: Mapping[str, Any]) -> Change:
    return Merge(_segment(fields), _text(fields, content, "was"), _segment(fields, "next"))


def _speaker(fields: Fields, content: Mapping[str, Any]) -> Change:
    ids = content.get("segments")
    segments = tuple(dict.fromkeys(one for one in ids if _is_id(one))) if isinstance(ids, list) else ()
    if not isinstance(ids, list) or not segments or not all(map(_is_id, ids)) or len(segments) > MOST_SEGMENTS:
        fields.refuse("segments", f"This must be a list of 1 to {MOST_SEGMENTS} ids of segments.")
    if content.get("speaker") == NEW:
        return Speaker(segments, None, is_new=True)
    return Speaker(segments, fields.id_or_none("speaker"))


def _adopt(fields: Fields, content: Mapping[str, Any]) -> Change:
    start, end = fields.count("start_ms", most=_MOST), fields.count("end_ms", most=_MOST)
    if end < start:
        fields.refuse("end_ms", "The end must not come before the start.")
    return Adopt(fields.id("from"), start, end, _version(fields, content))


def _undo(fields: Fields, content: Mapping[str, Any]) -> Change:
    return Undo(_version(fields, content), content.get("others") is not None and fields.flag("others"))


def _redo(fields: Fields, content: Mapping[str, Any]) -> Change:
    return Redo(_version(fields, content))


def _text(fields: Fields, content: Mapping[str, Any], name: str) -> str:
    """Any text: what cannot be stored is taken out of what is written, and is in nothing that was stored."""
    value = content.get(name)
    if isinstance(value, str):
        return value
    fields.refuse(name, "This must be text.")
    return ""


def _version(fields: Fields, content: Mapping[str, Any]) -> int | None:
    return None if content.get("version") is None else fields.count("version", most=_MOST)


def _segment(fields: Fields, name: str = "segment") -> int:
    return fields.count(name, least=1, most=_MOST)


def _is_id(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= _MOST


_READERS = {Kind.WORDS: _words, Kind.SPLIT: _split, Kind.MERGE: _merge, Kind.SPEAKER: _speaker, Kind.ADOPT: _adopt,
            Kind.UNDO: _undo, Kind.REDO: _redo}
