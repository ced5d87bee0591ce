"""Theming together: whether what the team sees of the passages and themes of a story has changed since somebody looked.

Pages ask every few seconds, so nothing of the story is loaded to say that it is as it was.
"""

from collections.abc import Iterable
from hashlib import sha256

from sqlalchemy import Select, func, select, union_all
from sqlalchemy.orm import Session

from server.domain.access import Permission, Viewer, require
from server.domain.consent import Audience
from server.domain.errors import NotFound
from server.models.consent import Clearance
from server.models.note import Note
from server.models.redaction import Redaction
from server.models.story import Photo, Quote, Story
from server.models.theme import Excerpt, Tagging, Theme
from server.services.clearances import holds_now, within_reach


def stamp(session: Session, viewer: Viewer, story_id: str) -> str:
    """Another one whenever something of it may have changed. Raises NotFound."""
    project_id = session.scalar(select(Story.project_id).where(
        Story.id == story_id, within_reach(viewer, Audience.COMMISSIONERS)))
    if project_id is None:
        raise NotFound
    require(viewer, Permission.TAG, project_id)
    seen = sha256()
    for query in _looked_at(project_id, story_id):
        for row in session.execute(query).tuples():
            seen.update(repr(row).encode())
        seen.update(b"|")
    return seen.hexdigest()[:32]


def _looked_at(project_id: str, story_id: str) -> Iterable[Select[*tuple[object, ...]]]:
    yield select(Clearance.content).where(
        Clearance.story_id == story_id, Clearance.audience == Audience.COMMISSIONERS.value,
        holds_now()).order_by(Clearance.content)
    yield select(Excerpt.id, Excerpt.text_sha256, Excerpt.quotable_at, Excerpt.changed_at).where(
        Excerpt.story_id == story_id).order_by(Excerpt.id)
    put = union_all(*(select(Tagging.id).join(part, part.id == column).where(part.story_id == story_id)
                      for part, column in ((Excerpt, Tagging.excerpt_id), (Quote, Tagging.quote_id),
                                           (Photo, Tagging.photo_id)))).subquery()
    yield select(put.c.id).order_by(put.c.id)
    yield select(Redaction.id).where(Redaction.story_id == story_id).order_by(Redaction.id)
    yield select(Note.id, Note.version).where(Note.story_id == story_id).order_by(Note.id)
    yield select(func.count(), func.sum(Theme.version), func.max(Theme.created_at)).where(
        Theme.project_id == project_id)
