"""How work on parts of a story stands, for pages that show those parts."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.domain.work import Kind, State, in_words
from server.models.work import Attempt, Job


@dataclass(frozen=True)
class Progress:
    """`share` is what is done so far, 0 to 1. `words` says how it stands, and why when it went wrong. `left_s` are the
    seconds that it will still take, None where nobody can tell."""

    state: State
    words: str
    share: float
    left_s: float | None = None


def of(session: Session, kind: Kind, subject_ids: Sequence[str]) -> dict[str, Progress]:
    """How this kind of work stands for each of these that it was asked for."""
    query = (select(Job, Attempt).outerjoin(Attempt, (Attempt.job_id == Job.id) & (Attempt.fence == Job.fence))
             .where(Job.kind == kind, Job.subject_id.in_(subject_ids)))
    return {job.subject_id: _progress(job, attempt) for job, attempt in session.execute(query)}


def _progress(job: Job, attempt: Attempt | None) -> Progress:
    state = State(job.state)
    if attempt is None:
        return Progress(state, in_words(state, None), 0.0)
    return Progress(state, in_words(state, attempt.error_code), attempt.progress)
