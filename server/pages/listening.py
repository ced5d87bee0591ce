"""The recordings of a story as its page shows them: words, what is drawn under them, and how far they are written."""

from dataclasses import dataclass

from server.db import db
from server.domain.cleared import ClearedRecording, ClearedStory
from server.pages import flowing, reading
from server.pages.silent import why_silent
from server.pages.transcript_progress import ShownSteps, shown
from server.pages.whose import Whose
from server.services import correction_rows, transcript_progress


@dataclass(frozen=True)
class Listening:
    """A recording with its words, and how the writing down of them stands. `flow` are the words and what else is to be
    known at their place, in order. `silent` says why it cannot be played, where it cannot. `was_emptied`: it has no
    words, because people took them out."""

    recording: ClearedRecording
    segments: list[reading.ReadSegment]
    flow: list[flowing.Item]
    progress: ShownSteps
    silent: str
    was_emptied: bool

    @property
    def count(self) -> int:
        """How many excerpts are drawn in it."""
        return sum(len(segment.passages) for segment in self.segments)


def of_story(story: ClearedStory, by: Whose) -> list[Listening]:
    """Every recording, in order."""
    ids = [recording.id for recording in story.recordings]
    steps = transcript_progress.of(db.session(), ids)
    silent = why_silent(ids)
    return [_listening_to(recording, story, by, shown(steps[recording.id]), silent[recording.id])
            for recording in story.recordings]


def _listening_to(recording: ClearedRecording, story: ClearedStory, by: Whose, steps: ShownSteps,
                  silent: str) -> Listening:
    segments = reading.segments_of(recording, story.excerpts, by)
    return Listening(recording, segments, flowing.flow_of(recording, segments), steps, silent, _was_emptied(recording))


def _was_emptied(recording: ClearedRecording) -> bool:
    transcript = recording.transcript
    return (transcript is not None and not transcript.segments
            and correction_rows.standing_of(db.session(), transcript.id).to_undo is not None)
