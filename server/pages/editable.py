"""A recording whose words somebody may correct, with its story: what the pages about its words begin with."""

from server.auth import viewer
from server.db import db
from server.domain.access import Permission, require
from server.domain.cleared import ClearedRecording, ClearedStory
from server.domain.consent import Audience
from server.domain.errors import NotFound
from server.services import clearing
from server.services.clearing import Words


def editable(recording_id: str, words: Words = Words.ALL) -> tuple[ClearedStory, ClearedRecording]:
    """For the team that puts themes on stories. Raises NotFound."""
    session = db.session()
    found = clearing.get_recording(session, viewer(), recording_id, Audience.COMMISSIONERS, Words.NONE)
    story = clearing.get_story(session, viewer(), found.story_id, Audience.COMMISSIONERS, words)
    require(viewer(), Permission.TAG, story.project_id)
    for recording in story.recordings:
        if recording.id == recording_id:
            return story, recording
    raise NotFound


def name_of(story: ClearedStory, recording: ClearedRecording) -> str:
    """What a recording is called beside the others of its story."""
    if len(story.recordings) == 1:
        return "Recording"
    return f"Recording {story.recordings.index(recording) + 1} of {len(story.recordings)}"
