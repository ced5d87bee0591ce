"""Stories that are compared by the real model, as a worker does it, but in this process."""

from datetime import datetime
from functools import cache

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.domain.work import Held, Kind, State
from server.embedding import model
from server.models.work import Job
from server.services import embeddings, work
from server.services.embeddings import Source
from tests import makers


def begun(session: Session, story_id: str) -> tuple[Held, list[Source], bytes]:
    """An attempt at a story's job that has its vectors, and has not written them."""
    job = session.scalars(select(Job).where(Job.kind == Kind.EMBED, Job.subject_id == story_id)).one()
    claimed = work.claim(session, job.id, "worker", makers.NOON)
    assert claimed is not None
    sources = embeddings.wanted(session, story_id)
    return (Held(job.id, claimed[0].fence), sources,
            b"".join(_vector(passage.text) for source in sources for passage in source.passages))


@cache
def _vector(text: str) -> bytes:
    """Tests say the same things again and again."""
    return model.embed([text])


def compare(session: Session, now: datetime = makers.NOON) -> list[str]:
    """Do what the sweep asks for at this moment; the ids of the stories, in order."""
    embeddings.settle(session, now)
    waiting = session.scalars(select(Job.subject_id).where(Job.kind == Kind.EMBED, Job.state == State.WAITING)).all()
    for story_id in waiting:
        held, sources, vectors = begun(session, story_id)
        embeddings.store(session, story_id, sources, vectors, held)
    session.commit()
    return sorted(waiting)
