"""Everything that is written down outside the database, so that no restored backup forgets it, in one list.

Order matters: what was agreed to less, or held back, holds before anything is carried over from a story to another,
and what came later of such a story is there to be replayed only then.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy.orm import Session

from server.services import narrowings, restriction_log, withdrawal_log, words_only_log
from server.services.narrowings import Note
from server.storage.store import MediaStore


@dataclass(frozen=True)
class Missed:
    """What the store knows and a database does not: stories by what was withdrawn of them, and notes by names."""

    withdrawals: list[str]
    words_only: list[str]
    restrictions: list[str]
    narrowings: list[str]

    def __bool__(self) -> bool:
        return any((self.withdrawals, self.words_only, self.restrictions, self.narrowings))


@dataclass(frozen=True)
class Replayed:
    """How many of each hold again. `waiting` are answers that rest on nothing here yet."""

    withdrawals: int
    held_back: int
    narrowings: int
    waiting: list[Note]


def look(session: Session, store: MediaStore) -> Missed:
    """What this database does not know."""
    return Missed(withdrawal_log.unknown(session, store), words_only_log.unknown(session, store),
                  restriction_log.unknown(session, store), narrowings.unknown(session, store))


def replay(session: Session, store: MediaStore, missed: Missed, answers: Iterable[Note]) -> Replayed:
    """Have all of it hold, in the caller's transaction. `answers` is what the notes of narrower answers say."""
    wanted = list(answers)
    less = narrowings.replay(session, wanted)
    held_back = restriction_log.replay(session, store, missed.restrictions)
    count = words_only_log.replay(session, store, missed.words_only)
    count += withdrawal_log.replay(session, store, missed.withdrawals)
    less += narrowings.replay(session, [note for note in wanted if note not in less])
    return Replayed(count, held_back, len(less), [note for note in wanted if note not in less])


def list_notes(session: Session) -> dict[str, bytes]:
    """Every note that this database would have written, by its name."""
    named: list[words_only_log.Note | restriction_log.Note | Note] = [
        *words_only_log.list_notes(session), *restriction_log.list_notes(session), *narrowings.list_notes(session)]
    ended = {note.story_id: note.to_bytes() for note in withdrawal_log.list_notes(session)}
    return ended | {note.name: note.to_bytes() for note in named}


def ask_to_write_all(session: Session) -> None:
    """Have all of it written down, for a store that may have no notes."""
    narrowings.ask_for_all(session)
    restriction_log.ask_for_all(session)
