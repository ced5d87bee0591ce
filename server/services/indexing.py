"""What can be searched of each story, kept as it is shown."""

from sqlalchemy.orm import Session


def forget(session: Session, story_id: str) -> None:
    """Nothing of the story is found any more, in the caller's transaction."""


def ask(session: Session, story_id: str) -> None:
    """Have the story found as it is shown now. What is not shown any more leaves the index in the caller's
    transaction. The caller holds the story."""
