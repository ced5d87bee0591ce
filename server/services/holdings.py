"""Whatever can hold something of a story, in one list: a withdrawal lets go of it there, and its checklist looks
whether it is gone. What is built later and keeps words, voices or faces joins by one line in `HOLDINGS`.

What the store has is not here: its bytes go by their hashes (`server/services/erasures.py`).
"""

from typing import Protocol

from sqlalchemy.orm import Session

from server.domain.withdrawal_step import Place
from server.services import embeddings, indexing, story_contents


class Holding(Protocol):
    """A place in the database that can hold something of a story."""

    @property
    def place(self) -> Place:
        """Under which name a checklist has it."""

    def let_go(self, session: Session, story_id: str) -> None:
        """Delete what it holds of the story, in the caller's transaction. The rows of the story are still there."""

    def is_there(self, session: Session, story_id: str) -> bool:
        """Whether anything of the story is left in it."""


# In the order in which they let go: what was made of a story goes before its rows, by which it is found.
HOLDINGS: tuple[Holding, ...] = (
    story_contents.QueuedWork(),
    indexing.Index(),
    embeddings.Vectors(),
    story_contents.Rows(),
)
# What a story is made of. The others were made of it, and can be made again.
_ITS_OWN = (Place.QUEUED_WORK, Place.ROWS)


def let_go(session: Session, story_id: str) -> None:
    """Delete everything that anything holds of a story."""
    for holding in HOLDINGS:
        holding.let_go(session, story_id)
    session.expire_all()


def let_go_of_made(session: Session, story_id: str) -> None:
    """Delete what was made of a story, since it held more than what is left of it. What is left can be made into
    it again."""
    for holding in HOLDINGS:
        if holding.place not in _ITS_OWN:
            holding.let_go(session, story_id)


def places() -> tuple[Place, ...]:
    """Where a checklist looks, each once."""
    return tuple(dict.fromkeys(holding.place for holding in HOLDINGS))


def is_there(session: Session, place: Place, story_id: str) -> bool:
    """Whether anything of a story is left in this place."""
    return any(holding.is_there(session, story_id) for holding in HOLDINGS if holding.place is place)
