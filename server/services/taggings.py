"""Tagging: putting themes on excerpts, quotes and photos, and taking them off."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from server.domain.access import Permission, Viewer, require
from server.domain.audit import Action
from server.domain.cleared import ClearedPart
from server.domain.consent import Audience
from server.domain.ids import new_id
from server.domain.theme import Taggable
from server.models.theme import Tagging
from server.services import audit, clearing, themes


@dataclass(frozen=True)
class Part:
    """Something that themes can be put on."""

    kind: Taggable
    id: str


def put(session: Session, viewer: Viewer, part: Part, theme_ids: Sequence[str], new_theme: str = "") -> str:
    """Make these the themes of the part, and no others; the id of its story.

    `new_theme` names one more, made if there is none of that name. Raises NotFound, or Invalid for a bad name.
    """
    found = _taggable(session, viewer, part)
    wanted = _wanted(session, viewer, found.project_id, theme_ids, new_theme)
    column = Tagging.column_of(part.kind)
    session.execute(delete(Tagging).where(column == part.id, Tagging.theme_id.not_in(wanted)))
    _insert(session, viewer, part, wanted)
    _note(session, viewer, part, found, wanted)
    return found.story_id


def add(session: Session, viewer: Viewer, part: Part, theme_ids: Sequence[str], new_theme: str = "") -> None:
    """Put these themes on the part beside those it has. Raises as `put` does."""
    found = _taggable(session, viewer, part)
    wanted = _wanted(session, viewer, found.project_id, theme_ids, new_theme)
    _insert(session, viewer, part, wanted)
    if wanted:
        _note(session, viewer, part, found, wanted)


def _note(session: Session, viewer: Viewer, part: Part, found: ClearedPart, theme_ids: Iterable[str]) -> None:
    audit.note(session, viewer.person_id, Action.CHANGED, f"themes of {part.kind}", part.id, found.project_id,
               story=found.story_id, themes=sorted(theme_ids))


def _taggable(session: Session, viewer: Viewer, part: Part) -> ClearedPart:
    found = clearing.get_part(session, viewer, part.kind, part.id, Audience.COMMISSIONERS)
    require(viewer, Permission.TAG, found.project_id)
    return found


def _wanted(session: Session, viewer: Viewer, project_id: str, theme_ids: Sequence[str], new_theme: str) -> set[str]:
    themes.require_in_project(session, project_id, theme_ids)
    named = {themes.find_or_create(session, viewer, project_id, new_theme)} if new_theme.strip() else set()
    return {*theme_ids, *named}


def _insert(session: Session, viewer: Viewer, part: Part, theme_ids: Iterable[str]) -> None:
    column = Tagging.column_of(part.kind)
    there = set(session.scalars(select(Tagging.theme_id).where(column == part.id)))
    for theme_id in sorted(set(theme_ids) - there):
        try:
            with session.begin_nested():
                session.add(Tagging(id=new_id(), theme_id=theme_id, tagged_by=viewer.person_id,
                                    tagged_at=datetime.now(UTC), **{column.key: part.id}))
                session.flush()
        except IntegrityError:
            continue  # somebody else put the same theme on it a moment ago
