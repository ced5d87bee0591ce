"""How work on parts of a story stands, for pages that show those parts."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.domain.remaining import left_seconds
from server.domain.work import Kind, Outcome, State, in_words
from server.models.work import Attempt, Job

# Work of which another attempt goes on where the one before it stopped.
_GOES_ON = frozenset({Kind.TRANSCRIBE})


@dataclass(frozen=True)
class Progress:
    """`share` is what is done so far, 0 to 1. `words` says how it stands, and why when it went wrong. `left_s` are the
    seconds that it will still take, None where nobody can tell."""

    state: State
    words: str
    share: float
    left_s: float | None = None


def of(session: Session, kinds: Sequence[Kind], subject_ids: Sequence[str]) -> dict[tuple[Kind, str], Progress]:
    """How work of these kinds stands, by its kind and what it is on, where it was asked for."""
    if not subject_ids:
        return {}
    attempts: defaultdict[Job, list[Attempt]] = defaultdict(list)
    query = (select(Job, Attempt).outerjoin(Attempt, Attempt.job_id == Job.id)
             .where(Job.kind.in_(kinds), Job.subject_id.in_(subject_ids)).order_by(Attempt.fence))
    for job, attempt in session.execute(query):
        attempts[job] += [attempt] if attempt else []
    return {(Kind(job.kind), job.subject_id): _progress(job, theirs) for job, theirs in attempts.items()}


def _progress(job: Job, attempts: Sequence[Attempt]) -> Progress:
    state = State(job.state)
    if not attempts:
        return Progress(state, in_words(state, None), 0.0)
    last = attempts[-1]
    words = in_words(state, last.error_code)
    if state is State.RUNNING:
        seconds = (last.heartbeat_at - last.started_at).total_seconds()
        return Progress(state, words, last.progress, left_seconds(_began(job, attempts), last.progress, seconds))
    is_to_be_done_again = last.outcome == Outcome.DONE and state is not State.DONE
    return Progress(state, words, 0.0 if is_to_be_done_again else last.progress)


def _began(job: Job, attempts: Sequence[Attempt]) -> float:
    """The share that was done when the last attempt began: what those before it had come to, since it was last done.
    Where less is done now, nothing of theirs could be used."""
    if job.kind not in _GOES_ON:
        return 0.0
    *before, last = attempts
    since = list(takewhile(lambda attempt: attempt.outcome != Outcome.DONE, reversed(before)))
    began = max((attempt.progress for attempt in since), default=0.0)
    return began if began <= last.progress else 0.0
