"""Making provocations, putting evidence into them, and opening them to a board.

The evidence itself is read through `services/evidence.py`, at the moment it is shown.
"""

from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import UTC, datetime

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from server.domain.access import Permission, Viewer, may, require
from server.domain.audit import Action
from server.domain.errors import Invalid, NotFound
from server.domain.ids import new_id
from server.domain.provocation import ProvocationCard, ProvocationText
from server.domain.theme import Taggable
from server.domain.versions import compare
from server.models.provocation import Evidence, Provocation
from server.services import audit, evidence
from server.services.evidence import Offered

# Later than any place in a list, until the list is numbered again.
LAST = 1_000_000
_ADD_FIRST = "Add something for the board to hear, read or see first."
_LISTEN_FIRST = "Listen to the excerpts first. The board sees none that nobody has listened to."


def list_provocations(session: Session, viewer: Viewer, project_id: str) -> list[ProvocationCard]:
    """The project's provocations, newest first: all for a commissioner, the published ones for a board member."""
    require(viewer, Permission.SEE_PROVOCATIONS, project_id)
    query = select(Provocation).where(Provocation.project_id == project_id)
    if not may(viewer, Permission.MAKE_PROVOCATIONS, project_id):
        query = query.where(Provocation.published_at.is_not(None))
    return [_card(row) for row in session.scalars(query.order_by(Provocation.made_at.desc(), Provocation.id.desc()))]


def get(session: Session, viewer: Viewer, provocation_id: str) -> ProvocationCard:
    """One provocation that the viewer may see. Raises NotFound, also for a board member before it is published."""
    row = session.get(Provocation, provocation_id)
    if row is None:
        raise NotFound
    require(viewer, Permission.SEE_PROVOCATIONS, row.project_id)
    if row.published_at is None and not may(viewer, Permission.MAKE_PROVOCATIONS, row.project_id):
        raise NotFound
    return _card(row)


def get_to_change(session: Session, viewer: Viewer, provocation_id: str) -> ProvocationCard:
    """One provocation for somebody who may change it. Raises NotFound for everybody else."""
    return _card(_own(session, viewer, provocation_id))


def make(session: Session, viewer: Viewer, project_id: str, text: ProvocationText) -> ProvocationCard:
    """A new provocation, not yet open to the board."""
    require(viewer, Permission.MAKE_PROVOCATIONS, project_id)
    row = Provocation(id=new_id(), project_id=project_id, question=text.question, introduction=text.introduction,
                      content_note=text.content_note, made_by=viewer.person_id, made_at=datetime.now(UTC))
    session.add(row)
    session.flush()
    _note(session, viewer, Action.MADE, row)
    return _card(row)


def change_text(session: Session, viewer: Viewer, provocation_id: str, text: ProvocationText,
                seen: int | None) -> ProvocationCard:
    """Write its question, introduction and content note again, from the version that was seen.

    Raises NotFound, VersionMissing and VersionConflict.
    """
    row = _own(session, viewer, provocation_id)
    if not _changed(session, row, seen, **asdict(text)):
        compare(seen, asdict(text), asdict(_card(row).text), row.version)
    else:
        _note(session, viewer, Action.CHANGED, row)
    return _card(row)


def publish(session: Session, viewer: Viewer, provocation_id: str) -> ProvocationCard:
    """Open it to the board. Raises Invalid when it rests on nothing that a board may see, or on drafts alone."""
    row = _own(session, viewer, provocation_id)
    if not evidence.list_evidence(session, viewer, provocation_id):
        only_drafts = evidence.list_arranged(session, viewer, provocation_id)
        raise Invalid(_LISTEN_FIRST if only_drafts else _ADD_FIRST)
    row.published_at = row.published_at or datetime.now(UTC)
    session.flush()
    _note(session, viewer, Action.PUBLISHED, row)
    return _card(row)


def unpublish(session: Session, viewer: Viewer, provocation_id: str) -> ProvocationCard:
    """Close it to the board again."""
    row = _own(session, viewer, provocation_id)
    row.published_at = None
    session.flush()
    _note(session, viewer, Action.UNPUBLISHED, row)
    return _card(row)


def add_evidence(session: Session, viewer: Viewer, provocation_id: str, kind: Taggable, part_id: str) -> None:
    """Put an excerpt, quote or photo last. Adding it twice changes nothing.

    A draft is shown to no board until it was heard. Raises NotFound when it is not cleared for the board and the
    commissioner alike, or is of another project.
    """
    row = _own(session, viewer, provocation_id)
    part = evidence.get_arrangeable(session, viewer, kind, part_id)
    if part.project_id != row.project_id:
        raise NotFound
    column = Evidence.column_of(kind)
    item = Evidence(id=new_id(), provocation_id=row.id, position=LAST, **{column.key: part.id})
    try:
        with session.begin_nested():
            session.add(item)
    except IntegrityError:
        return
    session.refresh(row)
    _number(session, row, [item.part_id for item in row.evidence])
    _note(session, viewer, Action.CHANGED, row)


def remove_evidence(session: Session, viewer: Viewer, provocation_id: str, part_id: str) -> None:
    """Take it out. Taking out what is not there changes nothing."""
    row = _own(session, viewer, provocation_id)
    row.evidence = [item for item in row.evidence if item.part_id != part_id]
    session.flush()
    _note(session, viewer, Action.CHANGED, row)


def put_in_order(session: Session, viewer: Viewer, provocation_id: str, order: Sequence[str],
                 seen: int | None) -> None:
    """Put the evidence in this order of part ids, from the version that was seen. What it does not name comes after.

    Raises NotFound, VersionMissing and VersionConflict.
    """
    row = _own(session, viewer, provocation_id)
    changed = _changed(session, row, seen)
    now = [item.part_id for item in row.evidence]
    wanted = [part for part in order if part in now]
    wanted += [part for part in now if part not in wanted]
    if changed:
        _number(session, row, wanted)
        _note(session, viewer, Action.CHANGED, row)
    else:
        compare(seen, {"order": wanted}, {"order": now}, row.version)


def list_candidates(session: Session, viewer: Viewer, provocation_id: str, theme_id: str | None = None) -> Offered:
    """What could still be added: what the board may have and that is not in it yet. Raises NotFound."""
    row = _own(session, viewer, provocation_id)
    offered = evidence.offer(session, viewer, row.project_id, theme_id)
    used = {item.part_id for item in row.evidence}
    return replace(offered, parts=[part for part in offered.parts if part.id not in used])


def _note(session: Session, viewer: Viewer, action: Action, row: Provocation) -> None:
    """Enter it in the audit, with what it rests on from now on."""
    evidence_ids = [item.part_id for item in row.evidence]
    audit.note(session, viewer.person_id, action, "provocation", row.id, row.project_id, parts=evidence_ids)


def _own(session: Session, viewer: Viewer, provocation_id: str) -> Provocation:
    row = session.get(Provocation, provocation_id)
    if row is None:
        raise NotFound
    require(viewer, Permission.MAKE_PROVOCATIONS, row.project_id)
    return row


def _changed(session: Session, row: Provocation, seen: int | None, **values: str) -> bool:
    """Make it the next version with these values if it still is the one that was seen. The row is read anew."""
    change = (update(Provocation).where(Provocation.id == row.id, Provocation.version == seen)
              .values(**values, version=Provocation.version + 1).returning(Provocation.id))
    changed = session.scalar(change) is not None
    session.refresh(row)
    return changed


def _card(row: Provocation) -> ProvocationCard:
    text = ProvocationText(row.question, row.introduction, row.content_note)
    return ProvocationCard(row.id, row.project_id, text, row.published_at is not None, row.version)


def _number(session: Session, row: Provocation, order: list[str]) -> None:
    """Number the evidence from 0 in this order."""
    for item in row.evidence:
        item.position = order.index(item.part_id)
    session.flush()
    session.refresh(row)
