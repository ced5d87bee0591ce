"""A partner says who may have what it keeps: its terms for all of it, and what it chooses for a story.

Both change the clearances in one statement, in the same transaction, however many stories there are. From then on
nobody else is shown what is not shared, and the files that others took away with it are listed as not to be used.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session

from server.domain import custody as rules
from server.domain.access import Viewer
from server.domain.audit import Action
from server.domain.bookmark import Bookmark, Turn
from server.domain.consent import FOREVER
from server.domain.custody import Choice, Override, Sharing, Terms
from server.domain.errors import NotFound
from server.domain.versions import compare
from server.models.consent import Clearance
from server.models.organisation import Partner
from server.models.story import Story
from server.services import audit, custody_overrides, kept_exports, locks, partners, turning, withholding


@dataclass(frozen=True)
class KeptStory:
    """A story by what tells it apart without a word of it, what was chosen for it, and from when others may have it."""

    id: str
    told_on: date
    place: str
    choice: Choice
    others_from: datetime


@dataclass(frozen=True)
class KeptPage:
    """A page of what a partner keeps, the newest told first; `count` is None for more than anybody counts."""

    stories: list[KeptStory]
    newer: Bookmark | None
    older: Bookmark | None
    count: int | None


def get_page(session: Session, viewer: Viewer, project_id: str, organisation_id: str, to: Turn) -> KeptPage:
    """A page of what a partner keeps. An administrator, who is not of it, reads no place. Raises NotFound."""
    partner = partners.require_known(session, viewer, project_id, organisation_id)
    which = [Story.project_id == project_id, Story.organisation_id == organisation_id]
    leaf = turning.turn(session, which, to)
    terms, is_of_it = Terms(partner.others_from), viewer.leads_in(project_id) == organisation_id
    rows = list(session.scalars(select(Story).where(Story.id.in_(leaf.ids))
                                .order_by(Story.told_at.desc(), Story.id.desc())))
    names = withholding.names_of(session, rows)
    stories = [KeptStory(row.id, row.told_on, names[row.id][1] if is_of_it else "", Choice(row.custody),
                         rules.others_from(terms, Choice(row.custody))) for row in rows]
    return KeptPage(stories, leaf.newer, leaf.older, turning.count(session, which, leaf))


def set_terms(session: Session, viewer: Viewer, project_id: str, organisation_id: str, terms: Terms, seen: int | None,
              reason: str = "") -> None:
    """Change on which terms others may have what a partner keeps, from the version of them that was seen. What was
    chosen for single stories stays; with "not" nothing is shared any more.

    Raises NotFound, Invalid without a reason from an administrator, VersionMissing and VersionConflict.
    """
    row = _held(session, viewer, project_id, organisation_id)
    if seen != row.version:
        current = Terms(row.others_from)
        compare(seen, _written(terms), _written(current), row.version)
        return
    is_override = custody_overrides.note_unless_lead(session, viewer, project_id, organisation_id, Override.TERMS,
                                                     reason)
    row.others_from, row.version = terms.others_from, row.version + 1
    session.flush()
    if terms.sharing is Sharing.NOT:
        keep_all(session, project_id, organisation_id)
    _write(session, project_id, organisation_id, terms, Story.custody == Choice.AS_ALL.value)
    _follow(session, project_id, organisation_id)
    if not is_override:
        audit.note(session, viewer.person_id, Action.CHANGED, "custody", organisation_id, project_id,
                   sharing=terms.sharing.value, others_from=terms.others_from.isoformat())


def choose(session: Session, viewer: Viewer, project_id: str, organisation_id: str, story_ids: Sequence[str],
           choice: Choice, reason: str = "") -> None:
    """Say for these stories who may have them, whatever is said of all. Raises NotFound, also where one of them is not
    kept by the partner, and Invalid without a reason from an administrator."""
    for story_id in sorted(story_ids):
        locks.take_story(session, story_id)
    row = _held(session, viewer, project_id, organisation_id)
    which = [Story.project_id == project_id, Story.organisation_id == organisation_id, Story.id.in_(story_ids)]
    if len(set(session.scalars(select(Story.id).where(*which)))) != len(set(story_ids)):
        raise NotFound
    for story_id in sorted(set(story_ids)):
        if not custody_overrides.note_unless_lead(session, viewer, project_id, organisation_id, Override.STORY,
                                                  reason, story_id):
            audit.note(session, viewer.person_id, Action.CHANGED, "custody", story_id, project_id,
                       sharing=choice.value or "as_all", organisation=organisation_id)
    session.execute(update(Story).where(*which).values(custody=choice.value)
                    .execution_options(synchronize_session=False))
    session.expire_all()
    _write(session, project_id, organisation_id, Terms(rules.others_from(Terms(row.others_from), choice)),
           Story.id.in_(story_ids))
    _follow(session, project_id, organisation_id)


def keep_all(session: Session, project_id: str, organisation_id: str) -> None:
    """Have nothing of what a partner keeps shared, whatever was chosen. The caller holds the partner, whose terms say
    so."""
    session.execute(update(Story).where(Story.project_id == project_id, Story.organisation_id == organisation_id,
                                        Story.custody == Choice.SHARED.value)
                    .values(custody=Choice.AS_ALL.value).execution_options(synchronize_session=False))
    session.expire_all()
    _write(session, project_id, organisation_id, Terms(FOREVER))


def _held(session: Session, viewer: Viewer, project_id: str, organisation_id: str) -> Partner:
    """The partner's row, which nobody else changes or clears a story by until this is done. Raises NotFound."""
    partners.require_known(session, viewer, project_id, organisation_id)
    return session.scalars(select(Partner).where(
        Partner.project_id == project_id, Partner.organisation_id == organisation_id,
    ).with_for_update().execution_options(populate_existing=True)).one()


def _write(session: Session, project_id: str, organisation_id: str, terms: Terms,
           *which: ColumnElement[bool]) -> None:
    """Write from when others may have these stories into their clearances."""
    theirs = select(Story.id).where(Story.project_id == project_id, Story.organisation_id == organisation_id, *which)
    session.execute(update(Clearance).where(Clearance.held_by == organisation_id, Clearance.story_id.in_(theirs))
                    .values(others_from=terms.others_from).execution_options(synchronize_session=False))


def _follow(session: Session, project_id: str, organisation_id: str) -> None:
    now = datetime.now(UTC)
    kept_exports.mark(session, project_id, organisation_id, now)
    kept_exports.let_be_used_again(session, now)


def _written(terms: Terms) -> dict[str, str]:
    return {"sharing": terms.sharing.value, "from": terms.day.isoformat() if terms.day else ""}
