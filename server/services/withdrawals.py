"""The end of a story: in one transaction it is cleared for nobody, its work stops, and every word of it is deleted.

What stays holds no word of it: the consent records, the withdrawal, the ids that a late copy is refused by, and the
hashes of files until the store has let go of them.
"""

from collections.abc import Iterable
from datetime import UTC, datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from server.domain.access import Permission, Role, Viewer, may
from server.domain.audit import Action
from server.domain.consent import Scope
from server.domain.errors import NotFound
from server.domain.export import Stale
from server.domain.retention import Cause
from server.domain.sync import ChangeKind
from server.models.consent import ConsentRecord, Tombstone, Withdrawal
from server.models.held import HeldArrival
from server.models.story import Story
from server.services import (
    audit,
    changes,
    consents,
    erasures,
    exports_made,
    held,
    holdings,
    locks,
    story_bytes,
    tombstones,
    withdrawal_steps,
    withdrawn_codes,
    work,
)

_ACTION_OF = {Cause.ASKED: Action.WITHDREW, Cause.RETENTION: Action.DISPOSED}


def withdraw(session: Session, viewer: Viewer, story_id: str, reason: str = "") -> None:
    """Record a withdrawal and empty the story. Doing it twice changes nothing; the consent alone is enough to do it.

    Researchers withdraw what they collected, the leads of a partner what it keeps, administrators anything in their
    project. Raises NotFound.
    """
    locks.take_story(session, story_id)
    project_id = project_to_withdraw_from(session, viewer, story_id)
    if project_id is None:
        raise NotFound
    end(session, viewer, story_id, project_id, reason, datetime.now(UTC))


def project_to_withdraw_from(session: Session, viewer: Viewer, story_id: str) -> str | None:
    """The project of a story that the viewer may withdraw, also before it has arrived and after it is gone; None where
    neither it nor its consent has ever come. Raises NotFound."""
    found = _whose(session, story_id)
    if found is None:
        return None
    project_id, researcher_id, kept_by = found
    is_theirs = (Role.ADMINISTRATOR in viewer.roles_in(project_id) or viewer.person_id == researcher_id
                 or (kept_by is not None and viewer.leads_in(project_id) == kept_by))
    if not may(viewer, Permission.WITHDRAW, project_id) or not is_theirs:
        raise NotFound
    return project_id


def find_project(session: Session, story_id: str) -> str | None:
    """The project of a story of which its words or a consent came, also where the words wait for a consent. The caller
    has asked who may know."""
    found = _whose(session, story_id)
    if found is not None:
        return found[0]
    waiting = HeldArrival.id == story_id, HeldArrival.kind == held.STORY
    return session.scalar(select(HeldArrival.project_id).where(*waiting))


def end(session: Session, viewer: Viewer | None, story_id: str, project_id: str, reason: str, at: datetime,
        codes: Iterable[str] = (), *, cause: Cause = Cause.ASKED, scope: Scope = Scope.ERASE,
        became_id: str | None = None) -> None:
    """Record the withdrawal, once, and empty the story. The caller holds the story, and has asked who may.

    What `anonymous_stories` has carried over to another story, `became_id`, stays in that.

    There is no viewer where one of those who told it does it with their receipt, or the project keeps it no longer.
    `codes` are the hashed receipt codes of those who told it, as a phone knows them, for a story that has not come.
    """
    if session.get(Withdrawal, story_id) is None:
        person_id = viewer.person_id if viewer else None
        session.add(Withdrawal(
            story_id=story_id, project_id=project_id, recorded_by=person_id, reason=reason.strip(), cause=cause.value,
            scope=scope.value, became_id=became_id,
            receipt_code_hash=withdrawn_codes.of_story(session, story_id), at=at))
        session.flush()
        # A phone may tell of it long after it was made, and by somebody else.
        audit.note(session, person_id, _ACTION_OF[cause], "story", story_id, project_id, made_at=at.isoformat(),
                   scope=scope.value)
    if withdrawn_codes.keep(session, story_id, {*withdrawn_codes.of_participants(session, story_id), *codes}):
        _write_down_again(session, story_id)
    empty(session, story_id, project_id)


def apply_again(session: Session) -> int:
    """Empty what is there of withdrawn stories: something that slipped in, or came back with an old backup."""
    # From the withdrawals to the stories, and not through all the stories there are.
    ended = select(Withdrawal.story_id)
    left = session.execute(select(Story.id, Story.project_id).where(Story.id.in_(ended))).all()
    for story_id, project_id in left:
        empty(session, story_id, project_id)
    return len(left)


def list_refused(session: Session, story_id: str) -> list[str]:
    """Every id that is refused since the story was withdrawn; staged files are named by some of them."""
    return list(session.scalars(select(Tombstone.id).where(Tombstone.story_id == story_id)))


def _whose(session: Session, story_id: str) -> tuple[str, str, str | None] | None:
    """The project and the researcher of a story, or who took its first consent, and the partner that keeps it."""
    # The lock keeps parts of the story from arriving until this transaction has ended.
    story = session.scalar(select(Story).where(Story.id == story_id).with_for_update())
    if story is not None:
        return story.project_id, story.researcher_id or "", story.organisation_id
    records = select(ConsentRecord).where(ConsentRecord.story_id == story_id).order_by(ConsentRecord.sequence)
    consent = session.scalars(records).first()
    return (consent.project_id, consent.taken_by or "", None) if consent else None


def empty(session: Session, story_id: str, project_id: str) -> None:
    """Clear a withdrawn story for nobody, stop its work, delete its rows and ask for its bytes to be erased."""
    ended = session.get_one(Withdrawal, story_id)
    # Jobs go first: a result that is being written now is waited for, and found below.
    work.forget_story(session, story_id)
    consents.decide_again(session, story_id)
    refused = _refuse_for_ever(session, story_id)
    records = session.scalars(select(ConsentRecord.id).where(ConsentRecord.story_id == story_id))
    changes.note_withdrawn(session, story_id, project_id, refused.union(records))
    changes.note(session, ChangeKind.PROJECT, project_id, project_id)  # it names the place no more
    hashes, places = story_bytes.hashes(session, story_id), story_bytes.by_place(session, story_id)
    now = datetime.now(UTC)  # a phone may tell of it long after it was made, and backups were made until now
    withdrawal_steps.begin(session, story_id, project_id, Scope(ended.scope), places, now)
    exports_made.mark_stale(session, story_id, Stale.WITHDRAWN, ended.at)
    holdings.let_go(session, story_id)
    withdrawal_steps.settle_story(session, story_id, now)
    erasures.ask(session, hashes, project_id)


def _refuse_for_ever(session: Session, story_id: str) -> set[str]:
    """Parts by the phone's ids, and uploads by the server's too, which name their staged files."""
    ids = {story_id} | tombstones.ids_of_parts(session, story_id)
    if tombstones.add(session, story_id, ids):
        _write_down_again(session, story_id)
    return ids


def _write_down_again(session: Session, story_id: str) -> None:
    """More is known of a withdrawal than was written down outside of the database."""
    session.execute(update(Withdrawal).where(Withdrawal.story_id == story_id).values(written_down_at=None))
