"""The versions of a recording's words: every machine version, and each as it was after any of its corrections."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from server.domain import transcript_comparison
from server.domain.access import Viewer
from server.domain.audit import Action
from server.domain.correction_log import SegmentState, rebuilt
from server.domain.errors import NotFound, VersionConflict
from server.domain.transcript import Segment, Word
from server.domain.transcript_comparison import Compared
from server.domain.withholding import Withholding
from server.models.people import Person
from server.models.transcript import Correction, Speaker, Transcript
from server.services import (
    anchors,
    audit,
    correction_rows,
    heard,
    segment_rows,
    transcript_reach,
    transcript_rows,
)


@dataclass(frozen=True)
class MachineVersion:
    """A transcript as a model made it; `corrections` is how many were made to it since."""

    id: str
    number: int
    model: str
    language: str
    made_at: datetime
    is_current: bool
    corrections: int


@dataclass(frozen=True)
class MadeCorrection:
    """Who changed what, and when. Both texts are of the segments it touched, and the same where it changed no words."""

    number: int
    kind: str
    undoes: int | None
    person: str
    at: datetime
    start_ms: int
    before: tuple[str, ...]
    after: tuple[str, ...]


@dataclass(frozen=True)
class Comparison:
    """Another machine version against the current one, by passages that can be taken over."""

    current: MachineVersion
    other: MachineVersion
    passages: tuple[Compared, ...]

    @property
    def count_different(self) -> int:
        return sum(not passage.is_same for passage in self.passages)


def list_machine_versions(session: Session, viewer: Viewer, recording_id: str) -> list[MachineVersion]:
    """Every machine version of a recording, the oldest first. Raises NotFound, also while there is none."""
    transcript_reach.one(session, viewer, recording_id, Transcript.is_current)
    query = select(Transcript).where(Transcript.recording_id == recording_id).order_by(Transcript.number)
    return [_machine_version(row) for row in session.scalars(query)]


def list_corrections(session: Session, viewer: Viewer, recording_id: str, transcript_id: str, before: int | None = None,
                     most: int = 100) -> list[MadeCorrection]:
    """The corrections of a transcript, the newest first, from before this number on. Raises NotFound."""
    found = transcript_reach.one(session, viewer, recording_id, Transcript.id == transcript_id)
    query = (select(Correction, Person.name).join(Person, Person.id == Correction.made_by)
             .where(Correction.transcript_id == transcript_id).order_by(Correction.number.desc()).limit(most))
    if before is not None:
        query = query.where(Correction.number < before)
    return [_made(row, name, found.held) for row, name in session.execute(query)]


def as_it_was(session: Session, viewer: Viewer, recording_id: str, transcript_id: str, number: int) -> list[Segment]:
    """A transcript as it was after so many corrections. Raises NotFound, also for more than there are."""
    found = transcript_reach.one(session, viewer, recording_id, Transcript.id == transcript_id)
    names = {row.id: row for row in session.scalars(select(Speaker).where(Speaker.story_id == found.story_id))}
    return [segment_rows.spoken(state, names, found.held) for state in at(session, transcript_id, number)]


def at(session: Session, transcript_id: str, number: int) -> list[SegmentState]:
    """The same as values of the log, for whoever has asked already who may. Raises NotFound."""
    version = session.scalar(select(Transcript.version).where(Transcript.id == transcript_id))
    if version is None or not 0 <= number <= version:
        raise NotFound
    newest_first = correction_rows.newest_first(session, transcript_id, after=number)
    return rebuilt(segment_rows.states(session, transcript_id), map(correction_rows.edit_of, newest_first))


def compare(session: Session, viewer: Viewer, recording_id: str, number: int) -> Comparison:
    """Another machine version of a recording, by its number, against the current one. Raises NotFound."""
    current = transcript_reach.one(session, viewer, recording_id, Transcript.is_current)
    other = transcript_reach.one(session, viewer, recording_id, Transcript.number == number)
    both = [_words(segment_rows.states(session, one.row.id), one.held) for one in (current, other)]
    passages = tuple(transcript_comparison.compare(*both))
    return Comparison(_machine_version(current.row), _machine_version(other.row), passages)


def use(session: Session, viewer: Viewer, transcript_id: str, seen: tuple[str, int] | None = None) -> str:
    """Make a machine version the one that people read; the id of its recording.

    `seen` is the transcript that its writer saw as the current one, with its version. Raises VersionConflict where
    that is another now.

    What was heard of the one before goes along where the words are the same. Excerpts keep their words, and are flagged
    where it says something else. Raises NotFound.
    """
    recording_id = transcript_reach.recording_of(session, transcript_id)
    found = transcript_reach.to_change(session, viewer, recording_id, transcript_id)
    before = transcript_rows.current_of(session, recording_id)
    if found.row.is_current:
        return recording_id
    if before is not None:
        session.refresh(before)
        if seen not in (None, (before.id, before.version)):
            raise VersionConflict({"recording": recording_id}, before.version)
    session.execute(update(Transcript).where(Transcript.recording_id == recording_id).values(is_current=False))
    session.execute(update(Transcript).where(Transcript.id == transcript_id).values(is_current=True))
    session.refresh(found.row)
    if before is not None:
        session.refresh(before)
        heard.carry_over(session, before.id, transcript_id)
    anchors.check(session, transcript_id, viewer)
    audit.note(session, viewer.person_id, Action.CHANGED, "transcript", transcript_id, found.project_id,
               story=found.story_id, how="use", instead_of=before.id if before else None)
    return recording_id


def _words(states: Iterable[SegmentState], held: Withholding) -> list[Word]:
    """All words, with a space where one segment follows another. Of words that are withheld the first has what stands
    for them, and the others nothing: their times are those that a passage is taken over by."""
    found: list[Word] = []
    for state in states:
        own = _masked(state, held)
        found += [replace(word, text=f" {word.text.lstrip()}") for word in own[:1]] + own[1:]
    return found


def _masked(state: SegmentState, held: Withholding) -> list[Word]:
    words, hidden = state.timed_words, held.hide(state)
    if hidden is None:
        return list(words)
    shown = dict(zip(hidden.firsts, hidden.words, strict=True))
    return [replace(word, text=shown[number].text if number in shown else "") for number, word in enumerate(words)]


def _machine_version(row: Transcript) -> MachineVersion:
    return MachineVersion(row.id, row.number, row.model, row.language, row.created_at, row.is_current, row.version)


def _made(row: Correction, name: str, held: Withholding) -> MadeCorrection:
    edit = correction_rows.edit_of(row)
    states = edit.before or edit.after
    return MadeCorrection(row.number, row.kind, row.undoes, name, row.made_at, states[0].start_ms if states else 0,
                          *(tuple(held.segment(state).text for state in some) for some in (edit.before, edit.after)))
