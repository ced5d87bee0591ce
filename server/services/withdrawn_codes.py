"""The receipt codes, hashed, of those who told a story that was withdrawn: each of their receipts says that it ended.

A withdrawal carries the code of the story itself, and 64 random digits where it never came; the codes of everybody who
told it with others, or told one that never came or waited for consent, are kept beside it. A code is of one story,
whatever a phone says.
"""

import secrets
from collections.abc import Iterable

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from server.domain.errors import Refusal
from server.domain.sent import SentStory, read_story
from server.domain.sync import Body
from server.models.consent import Withdrawal, WithdrawnCode
from server.models.held import HeldArrival
from server.models.story import Participant, Story
from server.services import held
from server.services.insertion import insert_once


def keep(session: Session, story_id: str, hashes: Iterable[str]) -> bool:
    """Have these receipts say that a withdrawn story has ended; whether one is new.

    A code of another story is left out without a word, so that nobody can ask in this way whether there is one.
    """
    return any([insert_once(session, WithdrawnCode, WithdrawnCode.receipt_code_hash, receipt_code_hash=hashed,
                            story_id=story_id)
                for hashed in sorted({*hashes}) if not is_of_another(session, story_id, hashed)])


def list_kept(session: Session, story_id: str) -> list[str]:
    """What is kept beside the withdrawal."""
    return list(session.scalars(select(WithdrawnCode.receipt_code_hash).where(WithdrawnCode.story_id == story_id)
                                .order_by(WithdrawnCode.receipt_code_hash)))


def of_story(session: Session, story_id: str) -> str:
    """What its withdrawal carries: the code of the story, or of one that waits here for consent where no other story
    has it; the hash of no code where it never came."""
    story = session.get(Story, story_id)
    if story is not None:
        return free(session, story_id, story.receipt_code_hash)
    waiting = _waiting(session, story_id)
    if waiting is None or is_of_another(session, story_id, waiting.receipt_code_hash):
        return secrets.token_hex(32)
    return waiting.receipt_code_hash


def free(session: Session, story_id: str, hashed: str) -> str:
    """This code, or the hash of no code where another withdrawal has it. No code keeps a story from ending."""
    is_taken = session.scalar(select(exists().where(Withdrawal.receipt_code_hash == hashed,
                                                    Withdrawal.story_id != story_id)))
    return secrets.token_hex(32) if is_taken else hashed


def of_participants(session: Session, story_id: str) -> set[str]:
    """The codes of those who told a story together, or of everybody who told one that waits for consent."""
    waiting = _waiting(session, story_id)
    found = {*session.scalars(select(Participant.receipt_code_hash).where(Participant.story_id == story_id))}
    if waiting is None:
        return found
    return found | {waiting.receipt_code_hash, *(one.receipt_code_hash for one in waiting.participants)}


def of_everybody(session: Session, story_id: str) -> set[str]:
    """The codes of all who told a story that came, or that waits for consent."""
    story = session.get(Story, story_id)
    return of_participants(session, story_id) | ({story.receipt_code_hash} if story else set())


def is_of_another(session: Session, story_id: str, hashed: str) -> bool:
    """Whether this is the code of another story, or was before that was withdrawn."""
    return any(session.scalar(select(exists().where(code == hashed, owner != story_id))) for code, owner in (
        (Story.receipt_code_hash, Story.id), (Participant.receipt_code_hash, Participant.story_id),
        (Withdrawal.receipt_code_hash, Withdrawal.story_id), (WithdrawnCode.receipt_code_hash, WithdrawnCode.story_id)))


def _waiting(session: Session, story_id: str) -> SentStory | None:
    """A story that waits for consent, as it was sent."""
    row = session.get(HeldArrival, story_id)
    if row is None or row.kind != held.STORY:
        return None
    try:
        return read_story(Body.of(row.body).read(), row.id)
    except Refusal:  # an older server took what this one would not: it ends all the same
        return None
