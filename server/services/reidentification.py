"""What could point at one family, told to whoever tags or shares it before others are shown it, and who looked at it.

It never keeps anybody from sharing. Somebody of the team says that they looked; that counts for all of the team, and
for these readers, until other facts make it rare.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import delete, exists, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from server.domain.access import Permission, Viewer, browses_as, require
from server.domain.audit import Action
from server.domain.cleared import ClearedExcerpt, ClearedPart, ClearedPhoto
from server.domain.consent import Audience
from server.domain.errors import NotFound
from server.domain.ids import new_id
from server.domain.reidentification import Warning, facts_sha256, warnings
from server.domain.theme import Taggable
from server.models.people import Person
from server.models.reidentification import ReidentificationLook as Look
from server.models.story import Photo, Quote
from server.models.theme import Excerpt
from server.services import audit, clearing, locks
from server.services.clearances import AnyPart, Asked, asked_for, may_have_part
from server.services.known_facts import Readers
from server.services.story_contents import on_part

ON_A_PAGE = 20
# So many of a story are told in full beside what they are about; of others it is said that there is something.
TOLD_AT_ONCE = 3

_MODELS: dict[Taggable, AnyPart] = {Taggable.EXCERPT: Excerpt, Taggable.QUOTE: Quote, Taggable.PHOTO: Photo}


@dataclass(frozen=True)
class Weighed:
    """A part with what could point at one family for these readers. `looked_by` is who looked at just that, and when;
    nobody while they are None."""

    part: ClearedPart
    kind: Taggable
    audience: Audience
    warnings: tuple[Warning, ...]
    facts_sha256: str
    looked_by: str | None = None
    looked_at: datetime | None = None

    @property
    def is_to_look_at(self) -> bool:
        return bool(self.warnings) and self.looked_at is None


def warnings_on(session: Session, viewer: Viewer, part: ClearedPart) -> tuple[Warning, ...]:
    """What could point at one family once those are shown the part who may be shown it next; nothing where nobody else
    may. Raises NotFound."""
    weighed = weigh(session, viewer, part)
    return weighed.warnings if weighed else ()


def weigh(session: Session, viewer: Viewer, part: ClearedPart, audience: Audience | None = None,
          readers: Readers | None = None) -> Weighed | None:
    """The part as these readers would be shown it, or those who may be next; None where there are none such. Raises
    NotFound."""
    audience = audience or _next(session, viewer, part)
    if audience is None:
        return None
    readers = readers or readers_of(session, viewer, part.project_id, audience)
    found = warnings(readers.facts_of(part), readers.shared)
    kind, sha256 = kind_of(part), facts_sha256(found)
    row = session.execute(select(Person.name, Look.looked_at).join(Person, Person.id == Look.looked_by).where(
        Look.column_of(kind) == part.id, Look.audience == audience.value, Look.facts_sha256 == sha256)).first()
    return Weighed(part, kind, audience, found, sha256, *(row or (None, None)))


def keep(session: Session, viewer: Viewer, part: ClearedPart, audience: Audience | None = None) -> None:
    """Have the part listed for the team while it could point at one family and nobody has looked. Raises NotFound."""
    weighed = weigh(session, viewer, part, audience)
    if weighed is not None:
        _keep(session, weighed)


def to_look_at(session: Session, viewer: Viewer, project_id: str, parts: Iterable[ClearedPart], audience: Audience,
               most: int = ON_A_PAGE) -> list[Weighed]:
    """The first of these parts that somebody should look at before these readers are shown them. Raises NotFound."""
    readers = readers_of(session, viewer, project_id, audience)
    found = []
    for part in parts:
        if not _may_be_shown(session, viewer, part, audience):
            continue
        weighed = weigh(session, viewer, part, audience, readers)
        if weighed is not None and weighed.is_to_look_at:
            found.append(weighed)
            if len(found) == most:
                break
    return found


def look(session: Session, viewer: Viewer, kind: Taggable, part_id: str, audience: Audience, seen: str) -> ClearedPart:
    """Somebody says that they looked at it, for the facts that they saw, by their hash; what is rare by other facts
    since is asked again. Raises NotFound."""
    part = get_part(session, viewer, kind, part_id)
    locks.take_story(session, part.story_id)
    weighed = weigh(session, viewer, get_part(session, viewer, kind, part_id), audience)
    if weighed is None:
        return part
    row = _keep(session, weighed)
    if row is not None and row.facts_sha256 == seen:
        row.looked_by, row.looked_at = viewer.person_id, datetime.now(UTC)
        session.flush()
        audit.note(session, viewer.person_id, Action.CHANGED, f"look at {kind}", part.id, part.project_id,
                   story=part.story_id, audience=audience.value)
    return part


def get_part(session: Session, viewer: Viewer, kind: Taggable, part_id: str) -> ClearedPart:
    """A part, for somebody of the team that shares it further. Raises NotFound."""
    for audience in (Audience.COMMISSIONERS, Audience.PUBLICATION):
        try:
            part = clearing.get_part(session, viewer, kind, part_id, audience)
        except NotFound:
            continue
        require(viewer, Permission.MAKE_COLLECTIONS, part.project_id)
        return part
    raise NotFound


def list_standing(session: Session, viewer: Viewer, project_id: str, after: str = "") -> tuple[list[Weighed], str]:
    """What somebody should look at before it is shown further, of what was tagged or shared: a page, and what the next
    one comes after, if there is one. Raises NotFound."""
    require(viewer, Permission.MAKE_COLLECTIONS, project_id)
    query = select(Look).where(Look.project_id == project_id, Look.looked_at.is_(None), Look.id > after)
    if browses_as(viewer, project_id) is not Audience.COMMISSIONERS:
        query = query.where(Look.audience == Audience.PUBLICATION.value)
    rows = session.scalars(query.order_by(Look.id).limit(ON_A_PAGE + 1)).all()
    found = [weighed for row in rows[:ON_A_PAGE] if (weighed := _standing(session, viewer, row)) is not None]
    return found, rows[ON_A_PAGE - 1].id if len(rows) > ON_A_PAGE else ""


def on_story(session: Session, viewer: Viewer, story_id: str) -> dict[str, Weighed | None]:
    """What of a story somebody should look at, by the part's id: the first few in full. For somebody who was shown the
    story."""
    query = select(Look).where(Look.looked_at.is_(None), on_part(Look, story_id)).order_by(Look.id.desc())
    found: dict[str, Weighed | None] = {}
    for row in session.scalars(query):
        weighed = _standing(session, viewer, row) if len(found) < TOLD_AT_ONCE else None
        if weighed is not None or len(found) >= TOLD_AT_ONCE:
            found.setdefault(row.part_id, weighed)
    return found


def kind_of(part: ClearedPart) -> Taggable:
    if isinstance(part, ClearedPhoto):
        return Taggable.PHOTO
    return Taggable.EXCERPT if isinstance(part, ClearedExcerpt) else Taggable.QUOTE


def readers_of(session: Session, viewer: Viewer, project_id: str, audience: Audience) -> Readers:
    """These readers, as far as this viewer may count for them. What only a partner's own people are shown is not
    counted, since others are not. Raises NotFound."""
    mine = asked_for(viewer, project_id, browses_as(viewer, project_id)).also(audience)
    return Readers(session, project_id, Asked(mine.audiences))


def _next(session: Session, viewer: Viewer, part: ClearedPart) -> Audience | None:
    """Who may be shown it next: the board, once it is heard, or else whoever reads what is published."""
    if browses_as(viewer, part.project_id) is not Audience.COMMISSIONERS:
        return Audience.PUBLICATION
    return next((audience for audience in (Audience.BOARD, Audience.PUBLICATION)
                 if _may_be_shown(session, viewer, part, audience)), None)


def _may_be_shown(session: Session, viewer: Viewer, part: ClearedPart, audience: Audience) -> bool:
    """Whether these readers may be shown the part, once it is heard."""
    model = _MODELS[kind_of(part)]
    asked = asked_for(viewer, part.project_id, browses_as(viewer, part.project_id)).also(audience)
    return bool(session.scalar(select(exists().where(model.id == part.id, may_have_part(model, asked, drafts=True)))))


def _keep(session: Session, weighed: Weighed) -> Look | None:
    """The row that stands for it; none where nothing warns."""
    part, column = weighed.part, Look.column_of(weighed.kind)
    of_part = column == part.id, Look.audience == weighed.audience.value
    if not weighed.warnings:
        session.execute(delete(Look).where(*of_part))
        return None
    row = session.scalar(select(Look).where(*of_part))
    if row is None:
        row = Look(id=new_id(), project_id=part.project_id, audience=weighed.audience.value,
                   warned_at=datetime.now(UTC), facts_sha256=weighed.facts_sha256, **{column.key: part.id})
        try:
            with session.begin_nested():
                session.add(row)
        except IntegrityError:  # somebody else was told a moment ago
            row = session.scalars(select(Look).where(*of_part)).one()
    if row.facts_sha256 != weighed.facts_sha256:
        row.facts_sha256, row.looked_by, row.looked_at = weighed.facts_sha256, None, None
    session.flush()
    return row


def _standing(session: Session, viewer: Viewer, row: Look) -> Weighed | None:
    kind = Taggable.EXCERPT if row.excerpt_id else Taggable.QUOTE if row.quote_id else Taggable.PHOTO
    try:
        part = get_part(session, viewer, kind, row.part_id)
    except NotFound:
        return None
    weighed = weigh(session, viewer, part, Audience(row.audience))
    return weighed if weighed is not None and weighed.is_to_look_at else None
