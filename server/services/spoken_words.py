"""The words of a recording or an excerpt, for whoever may have them, as captions or to carry away in a file."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.domain.access import Role, Viewer
from server.domain.audit import Action
from server.domain.cleared import ClearedExcerpt, ClearedTranscript
from server.domain.consent import Audience
from server.domain.errors import NotFound
from server.models.story import Recording, Story
from server.services import audit, clearing, exports_made, locks
from server.services.media import as_whoever


@dataclass(frozen=True)
class SpokenWords:
    """A transcript as it is now, and the story that it is of."""

    transcript: ClearedTranscript
    story_id: str
    project_id: str
    told_on: date


def of_recording(session: Session, viewer: Viewer, recording_id: str) -> SpokenWords:
    """Every word of a recording, with its sound. Commissioners only. Raises NotFound, also while there are none."""
    story_id = session.scalar(select(Recording.story_id).where(Recording.id == recording_id))
    story = clearing.get_story(session, viewer, story_id or "", Audience.COMMISSIONERS)
    for recording in story.recordings:
        if recording.id == recording_id and recording.transcript is not None:
            return SpokenWords(recording.transcript, story.id, story.project_id, story.told_on)
    raise NotFound


def of_excerpt(session: Session, viewer: Viewer, excerpt_id: str) -> ClearedExcerpt:
    """An excerpt whose words go with its own few seconds of sound. Raises NotFound where that may not be played."""
    excerpt = as_whoever(lambda audience: clearing.get_excerpt(session, viewer, excerpt_id, audience))
    if not excerpt.may_play:
        raise NotFound
    return excerpt


def take_away(session: Session, viewer: Viewer, recording_id: str, form: str) -> SpokenWords:
    """The words of a recording for a file of this form, and a note that somebody has it. Raises NotFound."""
    locks.share_exports(session)
    found = of_recording(session, viewer, recording_id)
    exports_made.note(session, viewer, found.project_id, f"transcript.{form}", [(recording_id, found.story_id)])
    return found


def for_operator(session: Session, recording_id: str, form: str) -> SpokenWords:
    """What the project's commissioners may have of a recording, and no more: somebody at the server's command line is
    not of any project. It is in the audit as given to the server itself. Raises NotFound, whatever the reason."""
    project_id = session.scalar(select(Story.project_id).join(Recording, Recording.story_id == Story.id)
                                .where(Recording.id == recording_id))
    asks = Viewer("", "", {project_id or "": frozenset({Role.COMMISSIONER})})
    found = take_away(session, asks, recording_id, form)
    audit.note(session, None, Action.EXPORTED, f"transcript.{form}", recording_id, found.project_id,
               parts=[found.story_id])
    return found
