"""The log of a transcript's corrections: what was there before each and after it, and which of them stand.

The newest segments with the log give back every version there ever was. Nothing is taken out of the log: to undo is a
correction of its own, and so is to redo.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from server.domain.correction import Kind
from server.domain.kept_words import words_of
from server.domain.transcript import Segment, Word


@dataclass(frozen=True, slots=True)
class SegmentState:
    """A segment as a version of a transcript has it. One that is not stored yet has no id."""

    id: int | None
    start_ms: int
    end_ms: int
    text: str
    words: tuple[Word, ...]
    language: str = ""
    speaker_id: str | None = None
    speaker_suggested: bool = False

    @property
    def timed_words(self) -> tuple[Word, ...]:
        """Its words, each with times."""
        return words_of(Segment(self.text, self.start_ms, self.end_ms, self.words))

    @property
    def spoken_by(self) -> tuple[str | None, bool]:
        return self.speaker_id, self.speaker_suggested


@dataclass(frozen=True, slots=True)
class Edit:
    """From `position` on these segments take the place of those."""

    position: int
    before: tuple[SegmentState, ...]
    after: tuple[SegmentState, ...]

    @property
    def inverse(self) -> "Edit":
        return Edit(self.position, self.after, self.before)

    @property
    def changes_nothing(self) -> bool:
        return self.before == self.after

    @property
    def new_words(self) -> tuple[Word, ...]:
        """The words that were not there before, by what they say and when."""
        there = {_said(word) for state in self.before for word in state.timed_words}
        return tuple(word for state in self.after for word in state.timed_words if _said(word) not in there)


@dataclass(frozen=True, slots=True)
class Logged:
    """What the log says of a correction apart from its words. `undoes` is the number of the one it takes back."""

    number: int
    kind: str
    undoes: int | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """The number of the correction that an undo would take back, and of the undo that a redo would."""

    to_undo: int | None
    to_redo: int | None


def standing(log: Iterable[Logged]) -> Standing:
    """What is next in each direction, from a whole log in its order. Whatever else is done ends what may be redone."""
    done: list[int] = []
    undone: list[int] = []
    for entry in log:
        if entry.kind == Kind.UNDO:
            done.remove(entry.undoes or 0)
            undone.append(entry.number)
        elif entry.kind == Kind.REDO:
            undone.remove(entry.undoes or 0)
            done.append(entry.number)
        else:
            done.append(entry.number)
            undone.clear()
    return Standing(done[-1] if done else None, undone[-1] if undone else None)


def put(segments: Sequence[SegmentState], edit: Edit) -> list[SegmentState]:
    """The segments after an edit. Raises ValueError where they do not say what it starts from."""
    end = edit.position + len(edit.before)
    there = segments[edit.position:end]
    if [state.text for state in there] != [state.text for state in edit.before]:
        raise ValueError("this edit is of another version")
    return [*segments[:edit.position], *edit.after, *segments[end:]]


def rebuilt(segments: Sequence[SegmentState], newest_first: Iterable[Edit]) -> list[SegmentState]:
    """The segments as they were before all of these edits."""
    found = list(segments)
    for edit in newest_first:
        found = put(found, edit.inverse)
    return found


def put_back(now: Sequence[SegmentState], edit: Edit) -> Edit:
    """What takes an edit back, from the segments that are in its place now. A speaker that it did not change stays."""
    spoken = {state.id: state.spoken_by for state in now}
    changed = {old.id: old.spoken_by != new.spoken_by for old in edit.before for new in edit.after if old.id == new.id}
    after = []
    for state in edit.before:
        stays = state.id in spoken and changed.get(state.id) is False
        speaker, suggested = spoken[state.id] if stays else state.spoken_by
        after.append(replace(state, speaker_id=speaker, speaker_suggested=suggested))
    return Edit(edit.position, tuple(now), tuple(after))


def to_json(states: Iterable[SegmentState]) -> list[Any]:
    """Lists of plain values, as the log keeps them."""
    return [[state.id, state.start_ms, state.end_ms, state.text,
             [[word.text, word.start_ms, word.end_ms, word.probability] for word in state.words],
             state.language, state.speaker_id, state.speaker_suggested] for state in states]


def from_json(values: Iterable[Any]) -> tuple[SegmentState, ...]:
    return tuple(SegmentState(id, start, end, text, tuple(Word(*word) for word in words), *rest)
                 for id, start, end, text, words, *rest in values)


def _said(word: Word) -> tuple[str, int, int]:
    return word.text.strip(), word.start_ms, word.end_ms
