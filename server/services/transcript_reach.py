"""Reaching a transcript to correct it, to compare it or to look at how it was: by clearing, like all that is shown."""

from dataclasses import dataclass

from sqlalchemy import ColumnExpressionArgument, select
from sqlalchemy.orm import Session

from server.domain.access import Permission, Viewer, require
from server.domain.consent import Audience, Content
from server.domain.errors import NotFound
from server.models.story import Recording, Story
from server.models.transcript import Transcript
from server.services import clearing, locks
from server.services.clearances import asked_for, may_have


@dataclass(frozen=True)
class Reached:
    """A transcript of a recording, and whose it is."""

    row: Transcript
    story_id: str
    project_id: str


def one(session: Session, viewer: Viewer, recording_id: str, *which: ColumnExpressionArgument[bool]) -> Reached:
    """This transcript of a recording, to read. For the team. Raises NotFound."""
    found = clearing.get_recording(session, viewer, recording_id, Audience.COMMISSIONERS, clearing.Words.NONE)
    project_id = session.scalar(select(Story.project_id).where(Story.id == found.story_id)) or ""
    require(viewer, Permission.TAG, project_id)
    asked = asked_for(viewer, project_id, Audience.COMMISSIONERS)
    query = (select(Transcript).join(Recording, Recording.id == Transcript.recording_id)
             .where(Transcript.recording_id == recording_id, may_have(Recording.story_id, asked, Content.WORDS), *which)
             .execution_options(populate_existing=True))
    row = session.scalars(query).one_or_none()
    if row is None:
        raise NotFound
    return Reached(row, found.story_id, project_id)


def to_change(session: Session, viewer: Viewer, recording_id: str, transcript_id: str) -> Reached:
    """The same with the story's turn, so that nobody else changes its words, agrees or withdraws meanwhile.

    Raises NotFound, also for what was withdrawn a moment ago.
    """
    found = clearing.get_recording(session, viewer, recording_id, Audience.COMMISSIONERS, clearing.Words.NONE)
    locks.take_story(session, found.story_id)
    return one(session, viewer, recording_id, Transcript.id == transcript_id)


def recording_of(session: Session, transcript_id: str) -> str:
    """The recording that a transcript is of. Raises NotFound."""
    found = session.scalar(select(Transcript.recording_id).where(Transcript.id == transcript_id))
    if found is None:
        raise NotFound
    return found
