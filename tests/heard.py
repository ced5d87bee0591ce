"""Listening, for tests."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.domain.access import Viewer
from server.models.story import Recording
from server.models.transcript import Transcript
from server.services import heard
from server.services.heard import Heard, Report


def transcript_of(session: Session, recording: Recording) -> Transcript:
    """Its current words."""
    current = Transcript.recording_id == recording.id, Transcript.is_current
    return session.scalars(select(Transcript).where(*current)).one()


def listen(session: Session, viewer: Viewer, recording: Recording, *stretches: tuple[int, int]) -> Heard:
    """Have somebody of the team, who has had time, listen to these stretches, or to all of it."""
    transcript = transcript_of(session, recording)
    return heard.listened(session, viewer, recording.id, report(transcript, stretches or [(0, 3_600_000)]))


def report(transcript: Transcript, stretches: object, version: int | None = None, *, open_s: float = 86_400) -> Report:
    """What a page sends that shows this version of the words, the newest unless told, and was opened so long ago."""
    opened = datetime.now(UTC) - timedelta(seconds=open_s)
    return Report(transcript.id, transcript.version if version is None else version, opened, stretches)
