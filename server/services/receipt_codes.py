"""Whose receipt a code is. It opens nothing by itself: `server/services/receipt_visits.py` asks for the name."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.domain.consent import Scope
from server.domain.receipt_name import is_the_kept_name, is_the_name, kept
from server.domain.retention import Cause
from server.domain.sync import receipt_code_hash
from server.models.consent import Withdrawal, WithdrawnCode
from server.models.story import Participant, Story
from server.services import attempts, receipt_visits, withdrawn_codes


@dataclass(frozen=True)
class Holder:
    """One of those who told a story that is here, by the hash of their code. `name` is what they are called in it, and
    `name_hash` what is left of that where names had to go.

    `participant_id` is None where its phone named nobody, or the code is that of a whole story that several told.
    """

    code_hash: str
    story_id: str
    project_id: str
    participant_id: str | None
    name: str
    name_hash: str | None

    def is_called(self, typed: str) -> bool:
        """Whether somebody typed what they are called."""
        if self.name_hash:
            return is_the_kept_name(typed, self.code_hash, self.name_hash)
        return is_the_name(typed, self.name)


@dataclass(frozen=True)
class StoryEnded:
    """A story that was withdrawn. `had_come`: it was here, not only on a phone. `on_time`: nobody asked; the project
    keeps stories no longer."""

    code_hash: str
    story_id: str
    project_id: str
    withdrawn_at: datetime
    had_come: bool
    on_time: bool
    scope: Scope


def look_up(session: Session, code: str, address: str) -> Holder | StoryEnded | None:
    """What the code stands for, however it was typed, or None. Raises TooManyAttempts before looking."""
    limit = receipt_visits.network_limit(address)
    attempts.check(session, limit.key, receipt_visits.WRONG_FROM_A_NETWORK)
    hashed = receipt_code_hash(code)
    return _holder(session, hashed) or _ended(session, hashed)


def record_wrong_code(session: Session, address: str) -> None:
    """Count a code that stands for nothing. The front door commits it."""
    attempts.record(session, receipt_visits.network_limit(address).key)


def keep_names(session: Session, story_id: str) -> None:
    """Keep what opens the receipts of a story whose names have to go now."""
    story = session.get_one(Story, story_id)
    people = session.scalars(select(Participant).where(Participant.story_id == story_id))
    for named in (story, *people):
        named.name_hash = named.name_hash or kept(named.pseudonym, named.receipt_code_hash)
    session.flush()


def _holder(session: Session, hashed: str) -> Holder | None:
    person = session.scalar(select(Participant).where(Participant.receipt_code_hash == hashed))
    which = Story.id == person.story_id if person else Story.receipt_code_hash == hashed
    story = session.scalar(select(Story).where(which))
    if story is None:
        return None
    if person is None:
        told = session.scalars(select(Participant.id).where(Participant.story_id == story.id)).all()
        return Holder(hashed, story.id, story.project_id, told[0] if len(told) == 1 else None, story.pseudonym,
                      story.name_hash)
    return Holder(hashed, story.id, story.project_id, person.id, person.pseudonym, person.name_hash)


def _ended(session: Session, hashed: str) -> StoryEnded | None:
    story_id = session.scalar(select(WithdrawnCode.story_id).where(WithdrawnCode.receipt_code_hash == hashed))
    which = Withdrawal.story_id == story_id if story_id else Withdrawal.receipt_code_hash == hashed
    ended = session.scalar(select(Withdrawal).where(which))
    if ended is None:
        return None
    codes = withdrawn_codes.list_kept(session, ended.story_id)
    return StoryEnded(hashed, ended.story_id, ended.project_id, ended.at,
                      ended.receipt_code_hash in (hashed, *codes), ended.cause == Cause.RETENTION, Scope(ended.scope))
