"""Tagging: putting themes on excerpts, quotes and photos, and taking them off.

Each person's tagging is a row of their own. Whoever changes the themes of something says what they saw on it and what
they want on it, and the difference alone is done: what somebody else did meanwhile stays.
"""

from collections.abc import Collection, Iterable
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
from server.models.project import Project
from server.models.story import Photo, Quote
from server.models.theme import Excerpt, Tagging, Theme
from server.services import audit, clearing, locks, reidentification, themes

# How many themes can be put with one key.
RECENT = 9
_LOOKED_AT = 200

_ROWS: dict[Taggable, type[Excerpt] | type[Quote] | type[Photo]] = {
    Taggable.EXCERPT: Excerpt, Taggable.QUOTE: Quote, Taggable.PHOTO: Photo}


@dataclass(frozen=True)
class Part:
    """Something that themes can be put on. `region` is a part of a photo, as `Tagging` has it, or the whole."""

    kind: Taggable
    id: str
    region: str = ""


def put(session: Session, viewer: Viewer, part: Part, seen: Collection[str], wanted: Collection[str],
        new_theme: str = "") -> str:
    """Put what is wanted and was not seen on the part, and take off what was seen and is not wanted; the id of its
    story.

    What is taken off a whole is taken off its regions too, whoever put it there; where the project measures agreement,
    only what this person put. `new_theme` names one more to put, made if there is none of that name. Raises NotFound,
    or Invalid for a bad name.
    """
    found = _taggable(session, viewer, part)
    added = _wanted(session, viewer, found.project_id, set(wanted) - set(seen), new_theme)
    off = set(seen) - set(wanted) - added
    taken = _take_off(session, viewer, part, off, mine_alone=each_alone(session, found.project_id))
    _note(session, viewer, part, found, _insert(session, viewer, part, added), taken)
    return found.story_id


def add(session: Session, viewer: Viewer, part: Part, theme_ids: Collection[str],
        new_theme: str = "") -> frozenset[str]:
    """Put these themes on the part beside those it has; those that this person had not put on it before. Raises as
    `put` does."""
    found = _taggable(session, viewer, part)
    put_on = _insert(session, viewer, part, _wanted(session, viewer, found.project_id, theme_ids, new_theme))
    _note(session, viewer, part, found, put_on, frozenset())
    return put_on


def take_back(session: Session, viewer: Viewer, part: Part, theme_ids: Collection[str]) -> str:
    """Take off what this person put on the part, and nobody else's; the id of its story. Raises NotFound."""
    found = _taggable(session, viewer, part)
    taken = _take_off(session, viewer, part, theme_ids, mine_alone=True)
    _note(session, viewer, part, found, frozenset(), taken)
    return found.story_id


def recent(session: Session, viewer: Viewer, project_id: str) -> list[str]:
    """The themes that this person put on something last, the last one first, each once, `RECENT` at most. Raises
    NotFound."""
    require(viewer, Permission.TAG, project_id)
    query = (select(Tagging.theme_id).join(Theme, Theme.id == Tagging.theme_id)
             .where(Tagging.tagged_by == viewer.person_id, Theme.project_id == project_id, Theme.retired_at.is_(None),
                    Theme.merged_into_id.is_(None))
             .order_by(Tagging.tagged_at.desc(), Tagging.id.desc()).limit(_LOOKED_AT))
    return list(dict.fromkeys(session.scalars(query)))[:RECENT]


def _taggable(session: Session, viewer: Viewer, part: Part) -> ClearedPart:
    row = _ROWS[part.kind]
    locks.take_story(session, session.scalar(select(row.story_id).where(row.id == part.id)) or "")
    found = clearing.get_part(session, viewer, part.kind, part.id, Audience.COMMISSIONERS)
    require(viewer, Permission.TAG, found.project_id)
    return found


def each_alone(session: Session, project_id: str) -> bool:
    """Whether people take off only what they put themselves: the project measures how they agree."""
    return bool(session.scalar(select(Project.measures_agreement).where(Project.id == project_id)))


def _wanted(session: Session, viewer: Viewer, project_id: str, theme_ids: Collection[str], new_theme: str) -> set[str]:
    themes.require_in_project(session, project_id, sorted(theme_ids))
    named = {themes.find_or_create(session, viewer, project_id, new_theme)} if new_theme.strip() else set()
    return {*theme_ids, *named}


def _insert(session: Session, viewer: Viewer, part: Part, theme_ids: Iterable[str]) -> frozenset[str]:
    """Those of them that this person had not put there before."""
    column = Tagging.column_of(part.kind)
    mine = select(Tagging.theme_id).where(column == part.id, Tagging.tagged_by == viewer.person_id,
                                          Tagging.region == part.region)
    put_on = set(theme_ids) - set(session.scalars(mine))
    for theme_id in sorted(put_on):
        try:
            with session.begin_nested():
                session.add(Tagging(id=new_id(), theme_id=theme_id, tagged_by=viewer.person_id, region=part.region,
                                    tagged_at=datetime.now(UTC), **{column.key: part.id}))
                session.flush()
        except IntegrityError:
            put_on.discard(theme_id)  # the same person did it in another window a moment ago
    return frozenset(put_on)


def _take_off(session: Session, viewer: Viewer, part: Part, theme_ids: Collection[str], *,
              mine_alone: bool) -> frozenset[str]:
    """Those of them that were there."""
    off = [Tagging.column_of(part.kind) == part.id, Tagging.theme_id.in_(sorted(theme_ids))]
    off += [Tagging.tagged_by == viewer.person_id] if mine_alone else []
    off += [Tagging.region == part.region] if part.region else []
    return frozenset(session.scalars(delete(Tagging).where(*off).returning(Tagging.theme_id)))


def _note(session: Session, viewer: Viewer, part: Part, found: ClearedPart, put_on: frozenset[str],
          taken: frozenset[str]) -> None:
    if put_on:
        reidentification.keep(session, viewer, clearing.get_part(
            session, viewer, part.kind, part.id, Audience.COMMISSIONERS))
    if put_on or taken:
        audit.note(session, viewer.person_id, Action.CHANGED, f"themes of {part.kind}", part.id, found.project_id,
                   story=found.story_id, themes=sorted(put_on), taken_off=sorted(taken))
