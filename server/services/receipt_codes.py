"""What a participant may learn and do with the code on their receipt: that it arrived, what they agreed to, whether it
ended, and to end it."""

from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from server.domain.consent import Use
from server.domain.networks import network_of
from server.domain.sync import receipt_code_hash
from server.models.consent import Withdrawal, WithdrawnCode
from server.models.project import Project
from server.models.story import Participant, Story
from server.services import attempts, consents, locks, withdrawals, withdrawn_codes

WRONG_CODES_ALLOWED = 30


@dataclass(frozen=True)
class StoryKept:
    """A story that is in the project, with the holder's own name and answer to each use. It holds no word of the story
    and nothing of the others who told it but how many they are."""

    story_id: str
    project_id: str
    project_name: str
    received_at: datetime
    pseudonym: str
    agreed: dict[Use, bool]
    others: int


@dataclass(frozen=True)
class StoryEnded:
    """A story that was withdrawn. `is_shared`: several people told it. `had_come`: it was here, not only on a phone."""

    story_id: str
    project_id: str
    project_name: str
    withdrawn_at: datetime
    is_shared: bool
    had_come: bool


def look_up(session: Session, code: str, address: str) -> StoryKept | StoryEnded | None:
    """What the code stands for, however it was typed, or None. Raises TooManyAttempts before looking."""
    attempts.check(session, _key(address), WRONG_CODES_ALLOWED)
    hashed = receipt_code_hash(code)
    return _kept(session, hashed) or _ended(session, hashed)


def withdraw(session: Session, code: str, address: str) -> str | None:
    """End the story that the code stands for; its id, None where there is none. Doing it twice changes nothing.

    Raises TooManyAttempts before looking.
    """
    found = look_up(session, code, address)
    if isinstance(found, StoryKept):
        locks.take_story(session, found.story_id)
        session.execute(select(Story.id).where(Story.id == found.story_id).with_for_update())
        withdrawals.end(session, None, found.story_id, found.project_id, "", datetime.now(UTC))
    return found.story_id if found else None


def record_wrong_code(session: Session, address: str) -> None:
    """Count a code that stands for nothing. The front door commits it."""
    attempts.record(session, _key(address))


def _kept(session: Session, hashed: str) -> StoryKept | None:
    person = session.scalar(select(Participant).where(Participant.receipt_code_hash == hashed))
    which = Story.id == person.story_id if person else Story.receipt_code_hash == hashed
    row = session.execute(select(Story, Project.name).join(Project, Project.id == Story.project_id)
                          .where(which)).one_or_none()
    if row is None:
        return None
    story = row.Story
    uses = consents.agreed_by(session, story.id, person.id) if person else consents.agreed_uses(session, story.id)
    people = session.scalar(select(func.count()).select_from(Participant).where(Participant.story_id == story.id)) or 1
    return StoryKept(story.id, story.project_id, row.name, story.received_at,
                     person.pseudonym if person else story.pseudonym, {use: use in uses for use in Use}, people - 1)


def _ended(session: Session, hashed: str) -> StoryEnded | None:
    story_id = session.scalar(select(WithdrawnCode.story_id).where(WithdrawnCode.receipt_code_hash == hashed))
    which = Withdrawal.story_id == story_id if story_id else Withdrawal.receipt_code_hash == hashed
    row = session.execute(select(Withdrawal, Project.name).join(Project, Project.id == Withdrawal.project_id)
                          .where(which)).one_or_none()
    if row is None:
        return None
    ended, codes = row.Withdrawal, withdrawn_codes.list_kept(session, row.Withdrawal.story_id)
    return StoryEnded(ended.story_id, ended.project_id, row.name, ended.at, len(codes) > 1,
                      ended.receipt_code_hash in (hashed, *codes))


def _key(address: str) -> str:
    return f"receipt:{network_of(address)}"
