"""What a participant may learn with the code on their receipt: that it arrived, what was agreed, whether it ended."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.domain.consent import Use
from server.domain.networks import network_of
from server.domain.sync import receipt_code_hash
from server.models.consent import Withdrawal
from server.models.project import Project
from server.models.story import Story
from server.services import attempts, consents

WRONG_CODES_ALLOWED = 30


@dataclass(frozen=True)
class StoryKept:
    """A story that is in the project, with the answer to each use. It holds no word of the story."""

    story_id: str
    project_id: str
    project_name: str
    received_at: datetime
    agreed: dict[Use, bool]


@dataclass(frozen=True)
class StoryEnded:
    """A story that was withdrawn."""

    story_id: str
    project_id: str
    project_name: str
    withdrawn_at: datetime


def look_up(session: Session, code: str, address: str) -> StoryKept | StoryEnded | None:
    """What the code stands for, however it was typed, or None. Raises TooManyAttempts before looking."""
    attempts.check(session, _key(address), WRONG_CODES_ALLOWED)
    hashed = receipt_code_hash(code)
    kept = session.execute(select(Story, Project.name).join(Project, Project.id == Story.project_id)
                           .where(Story.receipt_code_hash == hashed)).one_or_none()
    if kept is not None:
        uses = consents.agreed_uses(session, kept.Story.id)
        return StoryKept(kept.Story.id, kept.Story.project_id, kept.name, kept.Story.received_at,
                         {use: use in uses for use in Use})
    ended = session.execute(select(Withdrawal, Project.name).join(Project, Project.id == Withdrawal.project_id)
                            .where(Withdrawal.receipt_code_hash == hashed)).one_or_none()
    if ended is None:
        return None
    return StoryEnded(ended.Withdrawal.story_id, ended.Withdrawal.project_id, ended.name, ended.Withdrawal.at)


def record_wrong_code(session: Session, address: str) -> None:
    """Count a code that stands for nothing. The front door commits it."""
    attempts.record(session, _key(address))


def _key(address: str) -> str:
    return f"receipt:{network_of(address)}"
