"""The log of corrections in the database. Rows are only added to it, until the story is withdrawn.

One thing in a row can change: where two speakers were made one, it names the one that is left
(`server/services/speakers.py`).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.domain.correction import Kind
from server.domain.correction_log import Edit, Logged, Standing, from_json, standing, to_json
from server.models.transcript import Correction, Transcript


@dataclass(frozen=True)
class Done:
    """An edit that somebody made: what kind it was, and the number of the one it takes back."""

    edit: Edit
    kind: Kind
    undoes: int | None = None


def append(session: Session, transcript: Transcript, person_id: str, done: Done) -> int:
    """Write down a correction, which makes the next version of the transcript; its number. The caller holds the
    story."""
    transcript.version += 1
    session.add(Correction(
        transcript_id=transcript.id, number=transcript.version, made_by=person_id, made_at=datetime.now(UTC),
        kind=done.kind.value, undoes=done.undoes, position=done.edit.position, before=to_json(done.edit.before),
        after=to_json(done.edit.after)))
    session.flush()
    return transcript.version


def standing_of(session: Session, transcript_id: str) -> Standing:
    """What may be undone and redone now."""
    query = (select(Correction.number, Correction.kind, Correction.undoes)
             .where(Correction.transcript_id == transcript_id).order_by(Correction.number))
    return standing(Logged(*row) for row in session.execute(query))


def one(session: Session, transcript_id: str, number: int) -> Correction:
    return session.scalars(select(Correction).where(Correction.transcript_id == transcript_id,
                                                    Correction.number == number)).one()


def first_of(session: Session, transcript_id: str, number: int) -> tuple[str, str]:
    """What somebody did at first, which this correction takes back or does again: its kind, and who made it."""
    query = select(Correction.number, Correction.undoes, Correction.kind, Correction.made_by).where(
        Correction.transcript_id == transcript_id)
    log = {found: (undoes, kind, made_by) for found, undoes, kind, made_by in session.execute(query)}
    undoes, kind, made_by = log[number]
    while undoes is not None:
        undoes, kind, made_by = log[undoes]
    return kind, made_by


def newest_first(session: Session, transcript_id: str, after: int = 0) -> Iterator[Correction]:
    """The corrections with a number greater than this."""
    query = select(Correction).where(Correction.transcript_id == transcript_id, Correction.number > after)
    yield from session.scalars(query.order_by(Correction.number.desc()).execution_options(yield_per=100))


def edit_of(row: Correction) -> Edit:
    return Edit(row.position, from_json(row.before), from_json(row.after))
