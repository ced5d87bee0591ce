"""Withdrawals in four scopes, from the least to the most, each at once on everything that leaves.

No new use: all is kept, and nothing leaves until the same people agree again. Words only: voice, faces and names go.
Anonymous: what says whose it is goes too, and chosen passages and quotes go on in a story of nobody. Erase: all goes.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from server.domain.access import Permission, Viewer, may
from server.domain.audit import Action
from server.domain.consent import Scope, agreed_until
from server.domain.errors import NotFound
from server.domain.export import Stale
from server.domain.sync import ChangeKind
from server.domain.work import Kind
from server.models.consent import ConsentRecord, PartialWithdrawal, Withdrawal
from server.models.project import Project
from server.services import (
    anonymous_stories,
    audit,
    changed_minds,
    changes,
    consents,
    erasures,
    exports_made,
    indexing,
    locks,
    story_bytes,
    tombstones,
    voice_and_faces,
    withdrawal_steps,
    withdrawals,
    work,
)


@dataclass(frozen=True)
class Done:
    """A story that was withdrawn as far as `scope`, by its project and the moment. Nothing else of it is known."""

    project_name: str
    at: datetime
    scope: Scope


def carry_out(session: Session, viewer: Viewer | None, story_id: str, project_id: str, scope: Scope, at: datetime, *,
              participant_id: str | None = None, reason: str = "") -> None:
    """Withdraw a story of this project as far as `scope` says, in the caller's transaction. Doing it twice changes
    nothing, and so does a lesser scope after a greater.

    There is no viewer where one of those who told it, `participant_id`, does it with their receipt. The caller has
    asked who may. Raises NotFound where nobody was asked about the story.
    """
    locks.take_story(session, story_id)
    if scope is not Scope.ERASE and session.get(Withdrawal, story_id) is not None:
        return
    match scope:
        case Scope.NO_NEW_USE:
            _end_every_use(session, viewer, story_id, participant_id, at)
        case Scope.WORDS_ONLY:
            keep_words(session, viewer, story_id, project_id, at)
        case Scope.ANONYMOUS:
            became_id = anonymous_stories.carry_over(session, story_id, at)
            withdrawals.end(session, viewer, story_id, project_id, reason, at, scope=scope, became_id=became_id)
        case Scope.ERASE:
            withdrawals.end(session, viewer, story_id, project_id, reason, at)


def withdraw(session: Session, viewer: Viewer, story_id: str, scope: Scope, at: datetime, reason: str = "") -> None:
    """As `carry_out`, for a person of the project: researchers withdraw what they collected, administrators anything
    in their project. Raises NotFound."""
    locks.take_story(session, story_id)
    project_id = withdrawals.project_to_withdraw_from(session, viewer, story_id)
    if project_id is None:
        raise NotFound
    carry_out(session, viewer, story_id, project_id, scope, at, reason=reason)


def list_left(session: Session, story_id: str) -> list[Scope]:
    """How far a story can still be withdrawn: not again as far as it was. The caller has asked who may know."""
    ended = {withdrawal.scope for withdrawal in consents.history_of(session, story_id).withdrawals}
    done = {Scope.WORDS_ONLY, *ended} if ended else set()
    return [scope for scope in Scope if scope not in done]


def get_done(session: Session, viewer: Viewer, project_id: str, story_id: str) -> Done:
    """How far a story of this project was withdrawn, for a page that says so. Raises NotFound where it was not."""
    if may(viewer, Permission.WITHDRAW, project_id):
        ended = session.get(Withdrawal, story_id)
        if ended is not None and ended.project_id == project_id:
            return Done(_name_of(session, project_id), ended.at, Scope(ended.scope))
        if ended is None and withdrawals.project_to_withdraw_from(session, viewer, story_id) == project_id:
            found = _in_part(session, story_id)
            if found is not None:
                return Done(_name_of(session, project_id), *found)
    raise NotFound


def _in_part(session: Session, story_id: str) -> tuple[datetime, Scope] | None:
    """When a story was withdrawn that is there, and how far; None where it was not."""
    history = consents.history_of(session, story_id)
    given_at = [record.given_at for record in history.records]
    if given_at and not agreed_until(replace(history, is_under_embargo=False)):
        return max(given_at), Scope.NO_NEW_USE
    for withdrawal in history.withdrawals:
        return withdrawal.at, withdrawal.scope
    return None


def _name_of(session: Session, project_id: str) -> str:
    return session.get_one(Project, project_id).name


def keep_words(session: Session, viewer: Viewer | None, story_id: str, project_id: str, at: datetime, *,
               replayed_at: datetime | None = None) -> bool:
    """Take voice, faces and names from a story; whether that had not been done. `replayed_at`: it is written down."""
    if session.scalar(select(exists().where(PartialWithdrawal.story_id == story_id))):
        return False
    person_id = viewer.person_id if viewer else None
    session.add(PartialWithdrawal(story_id=story_id, scope=Scope.WORDS_ONLY.value, project_id=project_id,
                                  recorded_by=person_id, at=at, written_down_at=replayed_at))
    session.flush()
    audit.note(session, person_id, Action.REPLAYED if replayed_at else Action.WITHDREW, "story", story_id, project_id,
               made_at=at.isoformat(), scope=Scope.WORDS_ONLY.value)
    take_voice_and_faces(session, story_id, project_id, at)
    return True


def take_voice_and_faces(session: Session, story_id: str, project_id: str, at: datetime) -> None:
    """Stop the work on them, refuse late copies, delete the rows and ask for the bytes to be erased."""
    # Jobs go first: a result that is being written now is waited for, and found below.
    work.forget_story(session, story_id, Kind.NOTE)
    consents.decide_again(session, story_id)
    refused = tombstones.ids_of_parts(session, story_id)
    tombstones.add(session, story_id, refused)
    records = session.scalars(select(ConsentRecord.id).where(ConsentRecord.story_id == story_id))
    changes.note_withdrawn(session, story_id, project_id, refused.union(records, {story_id}))
    changes.note(session, ChangeKind.PROJECT, project_id, project_id)  # it names the place no more
    hashes, places = story_bytes.hashes(session, story_id), story_bytes.by_place(session, story_id)
    withdrawal_steps.begin(session, story_id, project_id, Scope.WORDS_ONLY, places, at)
    exports_made.mark_stale(session, story_id, Stale.WITHDRAWN, at)
    voice_and_faces.delete_from(session, story_id)
    indexing.ask(session, story_id)
    erasures.ask(session, hashes, project_id)


def _end_every_use(session: Session, viewer: Viewer | None, story_id: str, participant_id: str | None,
                   at: datetime) -> None:
    """Everybody's records agree to nothing, or one person's, which is as much: a use holds where all agree."""
    if viewer is None or participant_id is not None:
        people: list[str | None] = [participant_id]
    else:
        people = [*consents.list_tellers(session, story_id)] or [None]
    for person in people:
        changed_minds.change(session, story_id, person, (), at, viewer=viewer)
