"""Custody as it is kept with each clearance: whose a story is, and from when others may have it.

A partner's terms and what it chose for a story are asked for when a story is cleared, in the same transaction, and
written into the rows that every query asks. Whoever changes either holds the partner's row, so that no story is
cleared on terms that end in that moment.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlalchemy.orm import Session

from server.domain import custody as rules
from server.domain.access import Role, Viewer
from server.domain.consent import FOREVER, NEVER
from server.domain.custody import Choice, Terms
from server.models.consent import ConsentRecord
from server.models.organisation import Organisation, Partner
from server.models.people import Membership
from server.models.project import ConsentWording
from server.models.story import Story


@dataclass(frozen=True)
class Kept:
    """The organisation that keeps a story, None for the project, and from when others may have it."""

    held_by: str | None
    others_from: datetime


def of_story(session: Session, story_id: str) -> Kept:
    """Who keeps a story, and until when from others. Nobody changes the partner's terms until this transaction ends."""
    story = session.execute(select(Story.project_id, Story.organisation_id, Story.custody)
                            .where(Story.id == story_id)).one_or_none()
    if story is None or story.organisation_id is None:
        return Kept(None, NEVER)
    terms = session.scalar(select(Partner.others_from).where(
        Partner.project_id == story.project_id, Partner.organisation_id == story.organisation_id,
    ).with_for_update(read=True))
    return Kept(story.organisation_id, rules.others_from(Terms(terms or FOREVER), Choice(story.custody)))


def keeper_of_new(session: Session, person_id: str, project_id: str, story_id: str) -> str | None:
    """The organisation that a story is collected for: the one whose wording people agreed to, or else the one that
    whoever collected it collects for; None for the project itself."""
    agreed_with = session.scalar(
        select(ConsentWording.organisation_id).join(ConsentRecord, ConsentRecord.wording_id == ConsentWording.id)
        .where(ConsentRecord.story_id == story_id, ConsentWording.organisation_id.is_not(None))
        .order_by(ConsentRecord.sequence).limit(1))
    return agreed_with or session.scalar(select(Membership.organisation_id).where(
        Membership.person_id == person_id, Membership.project_id == project_id,
        Membership.role == Role.RESEARCHER.value))


def is_kept_now(organisations: frozenset[str]) -> ColumnElement[bool]:
    """SQL: the story is kept by an organisation that is none of these, which does not share it now. For what is shown
    of a story beside its parts, such as its name in the register: its clearances say the same of those."""
    shared = exists().where(Partner.project_id == Story.project_id, Partner.organisation_id == Story.organisation_id,
                            Partner.others_from <= datetime.now(UTC))
    return and_(Story.organisation_id.is_not(None), Story.organisation_id.not_in(sorted(organisations)),
                or_(Story.custody == Choice.KEPT.value, and_(Story.custody == Choice.AS_ALL.value, ~shared)))


def kept_from(session: Session, viewer: Viewer, story_ids: Collection[str]) -> dict[str, str]:
    """Those of these stories that their partners keep from the viewer now, each with the partner's name."""
    query = (select(Story.id, Story.project_id, Story.organisation_id, Organisation.name)
             .join(Organisation, Organisation.id == Story.organisation_id)
             .where(Story.id.in_(story_ids), is_kept_now(frozenset())))
    return {row.id: row.name for row in session.execute(query)
            if row.organisation_id not in viewer.organisations_in(row.project_id)}


def with_names(session: Session, viewer: Viewer, names: Mapping[str, tuple[str, str]]) -> dict[str, tuple[str, str]]:
    """The names and places of these stories by their ids, with who keeps it in the place of what the viewer may not
    know."""
    kept = kept_from(session, viewer, names)
    return {story_id: (f"Kept by {kept[story_id]}", "") if story_id in kept else name
            for story_id, name in names.items()}
