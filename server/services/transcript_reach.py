"""Reaching a transcript to correct it, to compare it or to look at how it was: by clearing, like all that is shown."""

from dataclasses import dataclass

from sqlalchemy import ColumnExpressionArgument, select
from sqlalchemy.orm import Session

from server.domain.access import Permission, Viewer, require
from server.domain.consent import Audience, Content
from server.domain.errors import NotFound
from server.domain.withholding import Withholding
from server.models.story import Recording, Story
from server.models.transcript import Transcript
from server.services import locks, withholding
from server.services.clearances import ANYTHING, asked_for, may_have, may_have_part


@dataclass(frozen=True)
class Reached:
    """A transcript of a recording, whose it is, and what is withheld of it."""

    row: Transcript
    story_id: str
    project_id: str
    held: Withholding


def one(session: Session, viewer: Viewer, recording_id: str, *which: ColumnExpressionArgument[bool]) -> Reached:
    """This transcript of a recording, to read. For the team. Raises NotFound."""
    return _reached(session, viewer, recording_id, _whose(session, viewer, recording_id), *which)


def to_change(session: Session, viewer: Viewer, recording_id: str, transcript_id: str) -> Reached:
    """The same with the story's turn, so that nobody else changes its words, agrees or withdraws meanwhile.

    Raises NotFound, also for what was withdrawn a moment ago.
    """
    whose = _whose(session, viewer, recording_id)
    locks.take_story(session, whose[0])
    return _reached(session, viewer, recording_id, whose, Transcript.id == transcript_id)


def recording_of(session: Session, transcript_id: str) -> str:
    """The recording that a transcript is of. Raises NotFound."""
    found = session.scalar(select(Transcript.recording_id).where(Transcript.id == transcript_id))
    if found is None:
        raise NotFound
    return found


def _whose(session: Session, viewer: Viewer, recording_id: str) -> tuple[str, str]:
    """The story and the project of a recording that is in the viewer's hands. Raises NotFound."""
    query = select(Story.id, Story.project_id).join(Recording, Recording.story_id == Story.id)
    found = session.execute(query.where(Recording.id == recording_id)).one_or_none()
    if found is None:
        raise NotFound
    require(viewer, Permission.TAG, found.project_id)
    return found.id, found.project_id


def _reached(session: Session, viewer: Viewer, recording_id: str, whose: tuple[str, str],
             *which: ColumnExpressionArgument[bool]) -> Reached:
    """By the clearance of the story, of its sound and of its words as they are now. Raises NotFound."""
    asked = asked_for(viewer, whose[1], Audience.COMMISSIONERS)
    cleared = (may_have(Recording.story_id, asked, ANYTHING), may_have_part(Recording, asked),
               may_have(Recording.story_id, asked, Content.WORDS))
    query = (select(Transcript).join(Recording, Recording.id == Transcript.recording_id)
             .where(Transcript.recording_id == recording_id, *cleared, *which)
             .execution_options(populate_existing=True))
    row = session.scalars(query).one_or_none()
    if row is None:
        raise NotFound
    return Reached(row, *whose, withholding.of_story(session, whose[0]).of(recording_id))
