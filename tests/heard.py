"""Listening, for tests."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.domain.access import Viewer
from server.models.story import Recording
from server.models.transcript import Transcript
from server.services import heard
from server.services.heard import Heard


def transcript_of(session: Session, recording: Recording) -> Transcript:
    """Its current words."""
    current = Transcript.recording_id == recording.id, Transcript.is_current
    return session.scalars(select(Transcript).where(*current)).one()


def listen(session: Session, viewer: Viewer, recording: Recording, *stretches: tuple[int, int]) -> Heard:
    """Have somebody of the team listen to these stretches, or to all of it."""
    transcript = transcript_of(session, recording)
    return heard.listened(session, viewer, recording.id, transcript.id, stretches or [(0, 3_600_000)])
