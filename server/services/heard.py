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

from server.domain import anchor
from server.domain import heard as rules
from server.domain.access import Permission, Viewer, require
from server.domain.audit import Action
from server.domain.consent import Audience, Content
from server.domain.errors import Invalid, NotFound
from server.domain.heard import Stretch
from server.models.audit import AuditEntry
from server.models.people import Person
from server.models.story import Recording, Story
from server.models.theme import Excerpt
from server.models.transcript import HeardStretch, Transcript, TranscriptSegment
from server.services import audit, clearing, correction_rows, locks, quotable, transcript_rows
from server.services.clearances import asked_for, may_have
from server.services.quotable import CORRECTED, LISTENED

# Who goes on listening after a pause no longer than this is still at it: one entry in the audit.
_SITTING = timedelta(minutes=30)
_DAY = timedelta(days=1)
_OTHER_WORDS = "The words were changed while you listened. Look at them, and listen once more."


@dataclass(frozen=True)
class Heard:
    """What somebody has heard of a transcript by now, and the excerpts that may be quoted since a moment ago."""

    heard: tuple[Stretch, ...]
    quotable: list[str]


@dataclass(frozen=True)
class Report:
    """What a page says was played: of which words, by the version that it shows, and since when it has been open."""

    transcript_id: str
    version: int
    opened_at: datetime
    stretches: object


@dataclass(frozen=True)
class HeardBy:
    """A stretch that a person heard. `how` is "listened" or "corrected"."""

    person_id: str
    name: str
    start_ms: int
    end_ms: int
    how: str
    at: datetime


def listened(session: Session, viewer: Viewer, recording_id: str, report: Report) -> Heard:
    """Note that the viewer played some of a recording and read a transcript of it. What was corrected since is not what
    they read, and nobody hears more than there was time for.

    For the team alone. Raises NotFound, and then Invalid for a report that makes no sense: it may be as it was sent.
    """
    found = clearing.get_recording(session, viewer, recording_id, Audience.COMMISSIONERS, clearing.Words.NONE)
    locks.take_story(session, found.story_id)
    require(viewer, Permission.TAG, _project_of(session, viewer, report.transcript_id))
    transcript = session.get_one(Transcript, report.transcript_id, populate_existing=True)
    if transcript.recording_id != recording_id:
        raise NotFound
    if not 0 <= report.version <= transcript.version:
        raise Invalid(fields={"version": "Send the version of the words that the page shows."})
    played = rules.within(rules.checked(report.stretches), _end_of(session, transcript, found.duration_ms))
    changed = _changed_since(session, transcript.id, report.version)
    new = rules.subtract(rules.subtract(played, changed), _heard_by(session, viewer, transcript.id))
    since = max(report.opened_at, _last_heard(session, viewer, recording_id) or report.opened_at)
    elapsed = (datetime.now(UTC) - since) / timedelta(milliseconds=1)
    return _note(session, viewer, transcript, rules.first_of(new, rules.most_since(elapsed)))


def opened_at(session: Session, viewer: Viewer, recording_id: str, story_id: str) -> datetime:
    """When the viewer first opened a page with this recording in the last day; now, where nothing says so."""
    now = datetime.now(UTC)
    return session.scalar(select(func.min(AuditEntry.at)).where(
        AuditEntry.person_id == viewer.person_id, AuditEntry.at > now - _DAY, AuditEntry.action == Action.READ,
        AuditEntry.subject_id.in_([recording_id, story_id]))) or now


def listened_to_excerpt(session: Session, viewer: Viewer, excerpt_id: str, seen: str) -> None:
    """Note that the viewer listened to an excerpt. `seen` is the hash of the words that they were shown.

    Where its words were kept and the transcript says others, those were not heard by this. Raises NotFound, and Invalid
    where it says something else by now, or waits for somebody to choose.
    """
    before = clearing.get_excerpt(session, viewer, excerpt_id, Audience.COMMISSIONERS)
    require(viewer, Permission.TAG, before.project_id)
    locks.take_story(session, before.story_id)
    found = clearing.get_excerpt(session, viewer, excerpt_id, Audience.COMMISSIONERS)
    row = session.get_one(Excerpt, excerpt_id, populate_existing=True)
    transcript = transcript_rows.current_of(session, row.recording_id)
    if transcript is None or not found.may_play:
        raise NotFound
    if seen != anchor.hash_of(found.text) or row.changed_at is not None:
        raise Invalid(_OTHER_WORDS)
    spoken = quotable.spoken_under_excerpts(session, transcript, Excerpt.id == row.id)
    now = anchor.words_now(spoken, row.words, row.start_ms, row.end_ms)
    is_same = anchor.is_same(now, row.text)
    others = () if is_same else anchor.others_among(now, row.words)
    place = rules.subtract([(row.start_ms, row.end_ms)], [(word.start_ms, word.end_ms) for word in others])
    _note(session, viewer, transcript, rules.subtract(place, _heard_by(session, viewer, transcript.id)))
    if not is_same:
        quotable.may_be_quoted(session, viewer, [row])


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
    return quotable.settle(session, viewer, session.get_one(Transcript, transcript_id).recording_id)


def taken_back(session: Session, transcript_id: str, number: int) -> None:
    """Nobody heard the words of this correction: they were taken back."""
    session.execute(delete(HeardStretch).where(HeardStretch.transcript_id == transcript_id,
                                               HeardStretch.correction_number == number))


def forget(session: Session, transcript_id: str, stretches: Iterable[Stretch]) -> None:
    """Nobody heard what is said in these stretches now."""
    gone = rules.union(stretches)
    if not gone:
        return
    near = HeardStretch.start_ms <= gone[-1][1], HeardStretch.end_ms >= gone[0][0]
    for row in session.scalars(select(HeardStretch).where(HeardStretch.transcript_id == transcript_id, *near)).all():
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


def _note(session: Session, viewer: Viewer, transcript: Transcript, new: Sequence[Stretch]) -> Heard:
    """Keep what is new to the viewer, and let drafts be quoted that were heard with it."""
    now = datetime.now(UTC)
    place = select(Story.id, Story.project_id).join(Recording, Recording.story_id == Story.id)
    story_id, project_id = session.execute(place.where(Recording.id == transcript.recording_id)).one()
    last = session.scalar(select(func.max(HeardStretch.heard_at)).where(*_listened_by(viewer, transcript.id)))
    _merge(session, viewer, transcript.id, new, now)
    if new and (last is None or now - last > _SITTING):
        audit.note(session, viewer.person_id, Action.HEARD, "transcript", transcript.id, project_id, story=story_id)
    quoted = quotable.settle(session, viewer, transcript.recording_id)
    return Heard(transcript_rows.heard_of(session, [transcript.id]).get(transcript.id, ()), quoted)


def _end_of(session: Session, transcript: Transcript, duration_ms: int | None) -> int:
    """Where the recording ends: its last word may be said to end a little after its sound."""
    last = select(func.max(TranscriptSegment.end_ms)).where(TranscriptSegment.transcript_id == transcript.id)
    return max(duration_ms or 0, session.scalar(last) or 0)


def _changed_since(session: Session, transcript_id: str, version: int) -> list[Stretch]:
    """Where the words are, as they were and as they are, that were changed since this version."""
    edits = [correction_rows.edit_of(row) for row in correction_rows.newest_first(session, transcript_id, version)]
    return [(word.start_ms, word.end_ms) for edit in edits for word in (*edit.new_words, *edit.inverse.new_words)]


def _heard_by(session: Session, viewer: Viewer, transcript_id: str) -> list[Stretch]:
    query = select(HeardStretch.start_ms, HeardStretch.end_ms).where(*_listened_by(viewer, transcript_id))
    return [(start_ms, end_ms) for start_ms, end_ms in session.execute(query)]


def _last_heard(session: Session, viewer: Viewer, recording_id: str) -> datetime | None:
    """When the viewer's last report of a recording came that had something new."""
    return session.scalar(select(func.max(HeardStretch.heard_at)).where(
        HeardStretch.person_id == viewer.person_id, HeardStretch.how == LISTENED,
        HeardStretch.transcript_id.in_(select(Transcript.id).where(Transcript.recording_id == recording_id))))


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


def _merge(session: Session, viewer: Viewer, transcript_id: str, new: Sequence[Stretch], now: datetime) -> None:
    """Make one row of what touches."""
    rows = session.scalars(select(HeardStretch).where(*_listened_by(viewer, transcript_id))).all()
    before = {(row.start_ms, row.end_ms): row for row in rows}
    after = set(rules.union([*before, *new]))
    for place in before.keys() - after:
        session.delete(before[place])
    session.add_all(HeardStretch(transcript_id=transcript_id, person_id=viewer.person_id, start_ms=start_ms,
                                 end_ms=end_ms, how=LISTENED, correction_number=None, heard_at=now)
                    for start_ms, end_ms in sorted(after - before.keys()))
    session.flush()


def _copy(row: HeardStretch, transcript_id: str, stretch: Stretch) -> HeardStretch:
    """The same, of another stretch or transcript."""
    return HeardStretch(transcript_id=transcript_id, person_id=row.person_id, start_ms=stretch[0], end_ms=stretch[1],
                        how=row.how, correction_number=row.correction_number, heard_at=row.heard_at)
