"""Keeping clearance true: the decision is made again, and stored, whenever a record or a withdrawal arrives."""

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from server.domain import consent as rules
from server.models.consent import Clearance, ConsentRecord, Withdrawal


def agreed_uses(session: Session, story_id: str) -> frozenset[rules.Use]:
    """The uses that hold for a story now."""
    return rules.agreed_uses(_records(session, story_id), _withdrawal(session, story_id))


def decide_again(session: Session, story_id: str) -> frozenset[rules.Clearance]:
    """Replace a story's clearance rows by what its records say now, in the caller's transaction."""
    cleared = rules.decide(_records(session, story_id), _withdrawal(session, story_id))
    session.execute(delete(Clearance).where(Clearance.story_id == story_id))
    session.add_all(
        Clearance(story_id=story_id, audience=item.audience.value, content=item.content.value)
        for item in sorted(cleared)
    )
    session.flush()
    return cleared


def _records(session: Session, story_id: str) -> list[rules.ConsentRecord]:
    rows = session.scalars(select(ConsentRecord).where(ConsentRecord.story_id == story_id))
    return [
        rules.ConsentRecord(row.sequence, {use: row.answers.get(use.value) is True for use in rules.Use})
        for row in rows
    ]


def _withdrawal(session: Session, story_id: str) -> rules.Withdrawal | None:
    row = session.get(Withdrawal, story_id)
    return rules.Withdrawal(row.at) if row else None
