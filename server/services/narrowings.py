"""Answers that agree to less than others before, written down beside the withdrawals: no restored backup forgets them.

A note holds ids, hashes, answers and times, and no name. Replaying those that a database does not know makes what it
clears narrower, never wider. Where its phone sends such a record once more, it says again all that it said.
"""

import json
import logging
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import Select, func, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from server.domain.audit import Action
from server.domain.consent import FOREVER, NEVER, EvidenceKind, ForWhom, Given, Use
from server.domain.errors import Invalid, MediaMissing
from server.domain.hashes import is_sha256
from server.domain.ids import checked_id
from server.domain.narrowing import Yeses, is_narrower, yeses
from server.domain.work import Kind, State
from server.models.consent import ConsentRecord, Withdrawal
from server.models.people import Person
from server.models.project import ConsentWording
from server.models.work import Job
from server.services import audit, consents, locks
from server.storage.store import MediaStore

log = logging.getLogger(__name__)

_PREFIX = "narrowed-"
_ID_LETTERS = 36
_TRY_AGAIN_AFTER = timedelta(hours=1)
_UNREADABLE = MediaMissing, ValueError, TypeError, KeyError, Invalid


def _optional(check: Callable[[Any], object]) -> Callable[[Any], object]:
    return lambda value: value is None or check(value)


def _up_to(most: int) -> Callable[[Any], object]:
    return lambda value: isinstance(value, str) and len(value) <= most


# What is kept as it is in the record, and how it is known to be sound. Who agreed for somebody, interpreted or was
# there is told by nobody but the database.
_KEPT: dict[str, Callable[[Any], object]] = {
    "project_id": checked_id, "wording_id": checked_id, "how": Given, "for_whom": ForWhom,
    "taken_by": _optional(checked_id),
    "body_sha256": is_sha256, "body_bytes": lambda value: isinstance(value, int),
    "participant_id": _optional(checked_id), "wording_sha256": _optional(is_sha256), "language": _up_to(35),
    "reading": _up_to(10), "evidence_id": _optional(checked_id), "evidence_kind": _optional(EvidenceKind),
    "evidence_sha256": _optional(is_sha256)}


@dataclass(frozen=True)
class Note:
    """A consent record. `agreed` are the uses it agrees to, until then where `until` has an end; times are ISO 8601,
    `kept` is the rest of its row. Notes from before a yes could end have no `until`.

    Of one that is spoilt nothing is kept, and it agrees to nothing.
    """

    id: str
    story_id: str
    agreed: tuple[str, ...]
    given_at: str
    given_at_phone: str
    received_at: str
    kept: dict[str, Any]
    until: dict[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """It says which story it is about, even where the note is spoilt."""
        return f"{_PREFIX}{self.story_id}-{self.id}"

    @property
    def yeses(self) -> dict[Use, datetime]:
        """Until when each yes holds."""
        return yeses(dict.fromkeys(self.agreed, True), self.until)

    def to_bytes(self) -> bytes:
        return json.dumps(asdict(self), sort_keys=True).encode()


def ask_for_all(session: Session) -> None:
    """Have every one written down, for a store that may have no notes of them."""
    for row in _rows(session, _narrower(session, _with_several())):
        consents.ask_to_note(session, row)


def ask_for_missing(session: Session, now: datetime) -> int:
    """Have those written down that nobody was asked to, or for which that failed a while ago; how many."""
    is_recent = or_(Job.state != State.FAILED, Job.finished_at > now - _TRY_AGAIN_AFTER)
    asked = select(Job.subject_id).where(Job.kind == Kind.NOTE, is_recent)
    # Of each story one record, the first, needs none. To read all that anybody ever changed would cost more each year.
    wanting = (select(ConsentRecord.story_id)
               .where(ConsentRecord.story_id.in_(_with_several()), ConsentRecord.id.not_in(asked))
               .group_by(ConsentRecord.story_id).having(func.count() > 1))
    done = set(session.scalars(asked.where(Job.story_id.in_(wanting))))
    rows = _rows(session, [record_id for record_id in _narrower(session, wanting) if record_id not in done])
    for row in rows:
        consents.ask_to_note(session, row)
    return len(rows)


def find(session: Session, record_id: str) -> Note | None:
    """What to write down of a record; None when it is gone."""
    row = session.scalar(select(ConsentRecord).where(ConsentRecord.id == record_id))
    return _note_of(row) if row else None


def write_down(store: MediaStore, note: Note) -> None:
    """Write it into the store, unless the note that is there agrees to as much: a record that was replayed may say
    less than its phone did. Raises StoreUnavailable, StorageFull."""
    try:
        there = _checked(json.loads(store.read_note(note.name))).yeses
    except _UNREADABLE:
        there = None
    if there is None or any(there.get(use, NEVER) < end for use, end in note.yeses.items()):
        store.write_note(note.name, note.to_bytes())


def list_notes(session: Session) -> list[Note]:
    """Every one that this database knows, but for those of stories that have ended."""
    return [_note_of(row) for row in _rows(session, _narrower(session, _with_several()))]


def unknown(session: Session, store: MediaStore) -> list[str]:
    """The names of the notes of records that this database does not have."""
    found = {name: ids[1] for name in store.list_notes() if (ids := _ids_in(name)) is not None}
    known = set(session.scalars(select(ConsentRecord.id)))
    return [name for name, record_id in found.items() if not known & {record_id, _id_of_no(record_id, 0)}]


def read(store: MediaStore, names: Iterable[str]) -> list[Note]:
    """What these notes say, in the order in which their records arrived once."""
    return sorted((_read(store, name) for name in names), key=lambda note: (note.received_at, note.id))


def replay(session: Session, notes: Iterable[Note]) -> list[Note]:
    """Record what these notes say; those for which there was something to record.

    Of a story that has ended there is nothing to make narrower. One waits while no agreement of its person is here.
    """
    return [note for note in notes if _replayed(session, note)]


def list_stories(session: Session, waiting: Iterable[Note]) -> list[str]:
    """The stories that these notes wait for, of which somebody's agreement is here by now."""
    story_ids = {note.story_id for note in waiting}
    known = set(session.scalars(select(ConsentRecord.id).where(ConsentRecord.story_id.in_(story_ids))))
    left = {note.story_id for note in waiting if not known & {note.id, _id_of_no(note.id, 0)}}
    return sorted(set(session.scalars(select(ConsentRecord.story_id).where(ConsentRecord.story_id.in_(left)))))


def _with_several() -> Select[str]:
    """The stories with more than one record."""
    return select(ConsentRecord.story_id).group_by(ConsentRecord.story_id).having(func.count() > 1)


def _narrower(session: Session, stories: Select[str]) -> list[str]:
    """Records of these stories that agree to less than others before, but for stories that have ended."""
    records = (select(ConsentRecord.id, ConsentRecord.story_id, ConsentRecord.participant_id, ConsentRecord.answers,
                      ConsentRecord.until)
               .where(ConsentRecord.story_id.in_(stories), ConsentRecord.story_id.not_in(select(Withdrawal.story_id)))
               .order_by(ConsentRecord.sequence))
    before: defaultdict[str, list[tuple[str | None, Yeses]]] = defaultdict(list)
    found = []
    for record_id, story_id, participant_id, answers, until in session.execute(records):
        now = yeses(answers, until)
        if is_narrower(before[story_id], participant_id, now):
            found.append(record_id)
        before[story_id].append((participant_id, now))
    return found


def _rows(session: Session, record_ids: Iterable[str]) -> list[ConsentRecord]:
    return [session.scalars(select(ConsentRecord).where(ConsentRecord.id == record_id)).one()
            for record_id in record_ids]


def _replayed(session: Session, note: Note) -> bool:
    locks.take_story(session, note.story_id)
    rests_on = _rests_on(session, note)
    if rests_on is None or session.get(Withdrawal, note.story_id) is not None:
        return False
    values = _values(session, note, rests_on)
    try:
        with session.begin_nested():
            session.add_all(ConsentRecord(**values | own) for own in _whose(session, note))
    except IntegrityError:  # somebody else replayed it a moment ago
        return False
    consents.decide_again(session, note.story_id)
    audit.note(session, None, Action.REPLAYED, "consent", note.id, rests_on.project_id, story=note.story_id)
    return True


def _rests_on(session: Session, note: Note) -> ConsentRecord | None:
    """The newest record of the same person, or of anybody where one of the two names nobody."""
    person_id = note.kept.get("participant_id")
    theirs = or_(ConsentRecord.participant_id == person_id, ConsentRecord.participant_id.is_(None))
    records = select(ConsentRecord).where(ConsentRecord.story_id == note.story_id)
    return session.scalars((records.where(theirs) if person_id else records)
                           .order_by(ConsentRecord.sequence.desc())).first()


def _whose(session: Session, note: Note) -> list[dict[str, Any]]:
    """The id of each record to add, and whose it is. A note that is spoilt is a no of everybody who told the story: one
    of nobody could never be taken back in a story of several. Its own id stays free for what its phone may send."""
    if note.kept:
        return [{"id": note.id}]
    people: list[str | None] = [*consents.list_tellers(session, note.story_id)] or [None]
    return [{"id": _id_of_no(note.id, place), "participant_id": person} for place, person in enumerate(people)]


def _id_of_no(record_id: str, place: int) -> str:
    return str(uuid5(UUID(record_id), str(place)))


def _values(session: Session, note: Note, rests_on: ConsentRecord) -> dict[str, Any]:
    """The row but for its id. A wording or a person from after the backup is replaced by that of the record before."""
    person_id = note.kept.get("participant_id")
    held = consents.ends_by_teller(session, note.story_id, person_id)
    ends = {use: min(end, held[use]) for use, end in note.yeses.items() if use in held}
    values = {name: getattr(rests_on, name) for name in ("wording_id", "taken_by", "body_sha256", "body_bytes")}
    values |= {"how": Given.SPOKEN.value, "for_whom": ForWhom.SELF.value} | note.kept
    if session.get(ConsentWording, values["wording_id"]) is None:
        values["wording_id"] = rests_on.wording_id
    # Nobody took what a participant said alone.
    if values["taken_by"] is not None and session.get(Person, values["taken_by"]) is None:
        values["taken_by"] = rests_on.taken_by
    return values | {
        "story_id": note.story_id, "project_id": rests_on.project_id,
        "answers": {use.value: use in ends for use in Use},
        "until": {use.value: end.isoformat() for use, end in ends.items() if end < FOREVER},
        **{name: datetime.fromisoformat(getattr(note, name)) for name in ("given_at", "given_at_phone", "received_at")}}


def _note_of(row: ConsentRecord) -> Note:
    return Note(row.id, row.story_id, tuple(use for use, agrees in sorted(row.answers.items()) if agrees is True),
                row.given_at.isoformat(), row.given_at_phone.isoformat(), row.received_at.isoformat(),
                {name: getattr(row, name) for name in _KEPT}, dict(row.until))


def _read(store: MediaStore, name: str) -> Note:
    """The note. One that is spoilt still says by its name which story somebody agreed to less for: nothing holds."""
    ids = _ids_in(name)
    assert ids is not None
    story_id, record_id = ids
    now = datetime.now(UTC).isoformat()
    nothing = Note(record_id, story_id, (), now, now, now, {})
    try:
        return replace(_checked(json.loads(store.read_note(name))), id=record_id, story_id=story_id)
    except _UNREADABLE:
        log.error("ALARM: a note of what the story %s may be used for cannot be read; it is used for nothing", story_id)
        return nothing


def _checked(content: dict[str, Any]) -> Note:
    """Raises ValueError, TypeError or KeyError for what is no note."""
    note = Note(**content | {"agreed": tuple(content["agreed"])})
    times = [datetime.fromisoformat(at) for at in (note.given_at, note.given_at_phone, note.received_at)]
    if None in [at.tzinfo for at in times] or set(note.kept) != set(_KEPT):
        raise ValueError
    ends = note.yeses.values()
    if not {*note.until} <= {*note.agreed} or None in [end.tzinfo for end in ends]:
        raise ValueError
    if not all(check(note.kept[name]) for name, check in _KEPT.items()):
        raise ValueError
    return note


def _ids_in(name: str) -> tuple[str, str] | None:
    """The story and the record that a note is about; None for another note."""
    rest = name.removeprefix(_PREFIX)
    try:
        story_id, record_id = checked_id(rest[:_ID_LETTERS]), checked_id(rest[_ID_LETTERS + 1:])
    except Invalid:
        return None
    return (story_id, record_id) if name == f"{_PREFIX}{story_id}-{record_id}" else None
