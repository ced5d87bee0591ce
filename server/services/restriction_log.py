"""Embargoes, withheld words and blurred regions, written down beside the withdrawals: a restored backup is told that
there was one, and not what.

A note holds ids and a time. What was withheld is in nothing but the database, so where a restored one does not know of
it, the story is held back until somebody has looked at it again.
"""

import json
import logging
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID, uuid5

from sqlalchemy import Select, exists, select, union_all
from sqlalchemy.orm import Session

from server.domain.audit import Action
from server.domain.errors import Invalid, MediaMissing
from server.domain.ids import checked_id
from server.domain.work import Kind
from server.models.audit import AuditEntry
from server.models.consent import Embargo, Withdrawal
from server.models.project import Project
from server.models.redaction import PhotoRegion, Redaction
from server.models.story import Photo, Story
from server.models.work import Job
from server.services import audit, consents, locks, work
from server.storage.store import MediaStore

log = logging.getLogger(__name__)

_PREFIX = "restricted-"
_ID_LETTERS = 36
_AT_A_TIME = 500
LOOK_AGAIN = ("The server was brought back from a backup. After that backup somebody had held this story back, or "
              "withheld something of it. What that was is not known any more. Look at the story again before anybody "
              "else sees it.")


@dataclass(frozen=True)
class Note:
    """That the embargo or redaction `id` was there."""

    id: str
    story_id: str
    project_id: str
    at: str

    @property
    def name(self) -> str:
        return f"{_PREFIX}{self.story_id}-{self.id}"

    def to_bytes(self) -> bytes:
        return json.dumps({"id": self.id, "story_id": self.story_id, "project_id": self.project_id, "at": self.at},
                          sort_keys=True).encode()


def ask_to_note(session: Session, restriction_id: str, story_id: str, project_id: str) -> None:
    """Have one written down."""
    work.request(session, kind=Kind.NOTE, subject_id=restriction_id, story_id=story_id, project_id=project_id)


def ask_for_all(session: Session) -> None:
    """Have every one written down, for a store that may have no notes of them."""
    for note in list_notes(session):
        work.drop(session, note.id, Kind.NOTE)
        ask_to_note(session, note.id, note.story_id, note.project_id)


def ask_for_missing(session: Session) -> int:
    """Have those written down that nobody was asked to; how many."""
    found = _all().subquery()
    asked = exists().where(Job.kind == Kind.NOTE, Job.subject_id == found.c.id)
    notes = [_note(*row) for row in session.execute(select(found).where(~asked))]
    for note in notes:
        ask_to_note(session, note.id, note.story_id, note.project_id)
    return len(notes)


def find(session: Session, restriction_id: str) -> Note | None:
    """What to write down of one; None when it is gone."""
    found = _all().subquery()
    row = session.execute(select(found).where(found.c.id == restriction_id)).first()
    return _note(*row) if row else None


def list_notes(session: Session) -> list[Note]:
    """Every one that this database knows, but for those of stories that have ended."""
    return [_note(*row) for row in session.execute(_all())]


def unknown(session: Session, store: MediaStore) -> list[str]:
    """The names of the notes of which the audit of this database knows nothing."""
    found = {name: ids[1] for name in store.list_notes() if (ids := _ids_in(name)) is not None}
    wanted = sorted(set(found.values()))
    known: set[str] = set()
    for start in range(0, len(wanted), _AT_A_TIME):
        known.update(session.scalars(select(AuditEntry.subject_id).where(
            AuditEntry.subject_id.in_(wanted[start:start + _AT_A_TIME]))))
    return [name for name, restriction_id in found.items() if restriction_id not in known]


def replay(session: Session, store: MediaStore, names: Iterable[str]) -> int:
    """Hold back the stories that these notes are about, each once; how many. Any administrator may have it lifted."""
    stories: defaultdict[str, list[str]] = defaultdict(list)
    for name in names:
        ids = _ids_in(name)
        assert ids is not None
        stories[ids[0]].append(ids[1])
    return sum(_hold_back(session, story_id, sorted(ids), _project(session, store, story_id, ids))
               for story_id, ids in sorted(stories.items()))


def _hold_back(session: Session, story_id: str, ids: list[str], project_id: str | None) -> bool:
    locks.take_story(session, story_id)
    if project_id is None or session.get(Withdrawal, story_id) is not None:
        return False
    embargo_id = str(uuid5(UUID(story_id), " ".join(ids)))
    if session.get(Embargo, embargo_id) is None:
        session.add(Embargo(id=embargo_id, story_id=story_id, project_id=project_id, reason=LOOK_AGAIN,
                            put_at=datetime.now(UTC)))
        session.flush()
    for restriction_id in (*ids, embargo_id):
        audit.note(session, None, Action.REPLAYED, "embargo", restriction_id, project_id, story=story_id)
    consents.decide_again(session, story_id)
    return True


def _all() -> Select[str, str, str, datetime]:
    """Every one there is: its id, its story's and project's, and when it was made."""
    ended = select(Withdrawal.story_id)
    of_photos = (select(PhotoRegion.id, Story.id.label("story_id"), Story.project_id, PhotoRegion.made_at.label("at"))
                 .join(Photo, Photo.id == PhotoRegion.photo_id).join(Story, Story.id == Photo.story_id))
    of_words = (select(Redaction.id, Story.id.label("story_id"), Story.project_id, Redaction.made_at.label("at"))
                .join(Story, Story.id == Redaction.story_id))
    embargoes = (select(Embargo.id, Embargo.story_id, Embargo.project_id, Embargo.put_at.label("at"))
                 .where(Embargo.story_id.not_in(ended)))
    found = union_all(of_photos, of_words, embargoes).subquery()
    return select(found.c.id, found.c.story_id, found.c.project_id, found.c.at)


def _note(restriction_id: str, story_id: str, project_id: str, at: datetime) -> Note:
    return Note(restriction_id, story_id, project_id, at.isoformat())


def _project(session: Session, store: MediaStore, story_id: str, ids: Iterable[str]) -> str | None:
    """Of the story, or as noted where that has not come back; None where there is no such project."""
    known = session.scalar(select(Story.project_id).where(Story.id == story_id))
    for restriction_id in ids if known is None else ():
        try:
            noted = checked_id(json.loads(store.read_note(f"{_PREFIX}{story_id}-{restriction_id}"))["project_id"])
        except (MediaMissing, ValueError, TypeError, KeyError, Invalid):
            log.error("a note of what is withheld of %s cannot be read, and the story is not here", story_id)
            continue
        known = known or session.scalar(select(Project.id).where(Project.id == noted))
    return known


def _ids_in(name: str) -> tuple[str, str] | None:
    """The story and the embargo or redaction that a note is about; None for another note."""
    rest = name.removeprefix(_PREFIX)
    try:
        story_id, restriction_id = checked_id(rest[:_ID_LETTERS]), checked_id(rest[_ID_LETTERS + 1:])
    except Invalid:
        return None
    return (story_id, restriction_id) if name == f"{_PREFIX}{story_id}-{restriction_id}" else None
