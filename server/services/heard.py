"""Who has heard which words of a transcript. What was heard may be quoted: see `server/services/quotable.py`.

A stretch was heard by a named person, who listened to it or wrote what is said in it. Rows are few: what one person
listens to is one row for as long as it goes on.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import ColumnElement, delete, func, select
from sqlalchemy.orm import Session

from server.domain import heard as rules
from server.domain.access import Permission, Viewer, require
from server.domain.audit import Action
from server.domain.consent import Audience, Content
from server.domain.errors import NotFound
from server.domain.heard import Stretch
from server.models.people import Person
from server.models.story import Recording, Story
from server.models.transcript import HeardStretch, Transcript
from server.services import audit, clearing, locks, quotable, transcript_rows
from server.services.clearances import asked_for, may_have
from server.services.quotable import CORRECTED, LISTENED

# Who goes on listening after a pause no longer than this is still at it: one entry in the audit.
_SITTING = timedelta(minutes=30)


@dataclass(frozen=True)
class Heard:
    """What somebody has heard of a transcript by now, and the excerpts that may be quoted since a moment ago."""

    heard: tuple[Stretch, ...]
    quotable: list[str]


@dataclass(frozen=True)
class HeardBy:
    """A stretch that a person heard. `how` is "listened" or "corrected"."""

    person_id: str
    name: str
    start_ms: int
    end_ms: int
    how: str
    at: datetime


def listened(session: Session, viewer: Viewer, recording_id: str, transcript_id: str,
             stretches: object) -> Heard:
    """Note that the viewer played these stretches of a recording and read this transcript of it.

    For the team alone. Raises NotFound, and then Invalid for stretches that make no sense: they may be as they were
    sent.
    """
    found = clearing.get_recording(session, viewer, recording_id, Audience.COMMISSIONERS, clearing.Words.NONE)
    locks.take_story(session, found.story_id)
    project_id = _project_of(session, viewer, transcript_id)
    require(viewer, Permission.TAG, project_id)
    if session.get_one(Transcript, transcript_id).recording_id != recording_id:
        raise NotFound
    last = session.scalar(select(func.max(HeardStretch.heard_at)).where(*_listened_by(viewer, transcript_id)))
    now = datetime.now(UTC)
    is_new = _merge(session, viewer, transcript_id, rules.checked(stretches), now)
    if is_new and (last is None or now - last > _SITTING):
        audit.note(session, viewer.person_id, Action.HEARD, "transcript", transcript_id, project_id,
                   story=found.story_id)
    quoted = quotable.settle(session, recording_id)
    for excerpt_id in quoted:
        audit.note(session, viewer.person_id, Action.CHANGED, "excerpt", excerpt_id, project_id,
                   story=found.story_id, quotable=True)
    return Heard(transcript_rows.heard_of(session, [transcript_id]).get(transcript_id, ()), quoted)


def listened_to_excerpt(session: Session, viewer: Viewer, excerpt_id: str) -> None:
    """Note that the viewer listened to an excerpt. Raises NotFound."""
    found = clearing.get_excerpt(session, viewer, excerpt_id, Audience.COMMISSIONERS)
    transcript = transcript_rows.current_of(session, found.recording_id)
    if transcript is None or not found.may_play:
        raise NotFound
    listened(session, viewer, found.recording_id, transcript.id, [(found.start_ms, found.end_ms)])


def who_heard(session: Session, viewer: Viewer, excerpt_id: str) -> list[str]:
    """The names of those who heard some of an excerpt, as it stands in the transcript that people read. For the team
    alone. Raises NotFound."""
    found = clearing.get_excerpt(session, viewer, excerpt_id, Audience.COMMISSIONERS)
    transcript = transcript_rows.current_of(session, found.recording_id)
    by_whom = of_transcript(session, viewer, transcript.id) if transcript else []
    return list(dict.fromkeys(item.name for item in by_whom if any(
        rules.is_heard(word, [(item.start_ms, item.end_ms)]) for word in found.words)))


def corrected(session: Session, viewer: Viewer, transcript_id: str, stretches: Iterable[Stretch],
              number: int) -> list[str]:
    """Note that the viewer heard the words that they wrote in this correction; the excerpts that may be quoted since.

    The caller has asked who may, and holds the story.
    """
    session.add_all(HeardStretch(transcript_id=transcript_id, person_id=viewer.person_id, start_ms=start_ms,
                                 end_ms=end_ms, how=CORRECTED, correction_number=number, heard_at=datetime.now(UTC))
                    for start_ms, end_ms in rules.union(stretches))
    session.flush()
    return _settle(session, transcript_id)


def taken_back(session: Session, transcript_id: str, number: int) -> None:
    """Nobody heard the words of this correction: they were taken back."""
    session.execute(delete(HeardStretch).where(HeardStretch.transcript_id == transcript_id,
                                               HeardStretch.correction_number == number))


def forget(session: Session, transcript_id: str, stretches: Iterable[Stretch]) -> None:
    """Nobody heard what is said in these stretches now: a machine wrote it."""
    gone = rules.union(stretches)
    for row in session.scalars(select(HeardStretch).where(HeardStretch.transcript_id == transcript_id)).all():
        left = rules.subtract([(row.start_ms, row.end_ms)], gone)
        if left != ((row.start_ms, row.end_ms),):
            session.add_all(_copy(row, transcript_id, stretch) for stretch in left)
            session.delete(row)
    session.flush()


def carry_over(session: Session, from_id: str, to_id: str) -> None:
    """Let what was heard of one transcript count for another of the same recording, where the words are the same."""
    rows: defaultdict[tuple[str, str], list[HeardStretch]] = defaultdict(list)
    for row in session.scalars(select(HeardStretch).where(HeardStretch.transcript_id == from_id)):
        rows[row.person_id, row.how].append(row)
    there = {(row.person_id, row.how, row.start_ms, row.end_ms) for row in session.scalars(
        select(HeardStretch).where(HeardStretch.transcript_id == to_id))}
    before, after = (transcript_rows.words_of_transcript(session, of) for of in (from_id, to_id))
    for (person_id, how), theirs in rows.items():
        latest = max(theirs, key=lambda row: row.heard_at)
        for stretch in rules.carried(before, after, [(row.start_ms, row.end_ms) for row in theirs]):
            if (person_id, how, *stretch) not in there:
                copy = _copy(latest, to_id, stretch)
                copy.correction_number = None  # that correction is of the other transcript
                session.add(copy)
    session.flush()


def of_transcript(session: Session, viewer: Viewer, transcript_id: str) -> list[HeardBy]:
    """Who heard what, and when, in the order of the recording. For the team alone. Raises NotFound."""
    _project_of(session, viewer, transcript_id)
    query = (select(HeardStretch, Person.name).join(Person, Person.id == HeardStretch.person_id)
             .where(HeardStretch.transcript_id == transcript_id)
             .order_by(HeardStretch.start_ms, HeardStretch.end_ms, HeardStretch.id))
    return [HeardBy(row.person_id, name, row.start_ms, row.end_ms, row.how, row.heard_at)
            for row, name in session.execute(query)]


def _settle(session: Session, transcript_id: str) -> list[str]:
    return quotable.settle(session, session.get_one(Transcript, transcript_id).recording_id)


def _project_of(session: Session, viewer: Viewer, transcript_id: str) -> str:
    """The project of a transcript that the viewer may read as one of the team. Raises NotFound."""
    query = (select(Story.id, Story.project_id).join(Recording, Recording.story_id == Story.id)
             .join(Transcript, Transcript.recording_id == Recording.id).where(Transcript.id == transcript_id))
    found = session.execute(query).one_or_none()
    if found is None:
        raise NotFound
    asked = asked_for(viewer, found.project_id, Audience.COMMISSIONERS)
    if session.scalar(select(Story.id).where(Story.id == found.id, may_have(Story.id, asked, Content.WORDS))) is None:
        raise NotFound
    return str(found.project_id)


def _listened_by(viewer: Viewer, transcript_id: str) -> tuple[ColumnElement[bool], ...]:
    return (HeardStretch.transcript_id == transcript_id, HeardStretch.person_id == viewer.person_id,
            HeardStretch.how == LISTENED)


def _merge(session: Session, viewer: Viewer, transcript_id: str, new: Sequence[Stretch], now: datetime) -> bool:
    """Make one row of what touches; whether anything was new to this person."""
    rows = session.scalars(select(HeardStretch).where(*_listened_by(viewer, transcript_id))).all()
    before = {(row.start_ms, row.end_ms): row for row in rows}
    after = set(rules.union([*before, *new]))
    for place in before.keys() - after:
        session.delete(before[place])
    session.add_all(HeardStretch(transcript_id=transcript_id, person_id=viewer.person_id, start_ms=start_ms,
                                 end_ms=end_ms, how=LISTENED, correction_number=None, heard_at=now)
                    for start_ms, end_ms in sorted(after - before.keys()))
    session.flush()
    return bool(after - before.keys())


def _copy(row: HeardStretch, transcript_id: str, stretch: Stretch) -> HeardStretch:
    """The same, of another stretch or transcript."""
    return HeardStretch(transcript_id=transcript_id, person_id=row.person_id, start_ms=stretch[0], end_ms=stretch[1],
                        how=row.how, correction_number=row.correction_number, heard_at=row.heard_at)
