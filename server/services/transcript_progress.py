"""How far the writing down of recordings has got: the words, then who speaks, then the English."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.domain.access import Viewer
from server.domain.consent import Audience
from server.domain.work import Kind
from server.models.transcript import Transcript
from server.services import clearing, progress
from server.services.progress import Progress


@dataclass(frozen=True)
class Steps:
    """How each step stands, None where it was not asked for. `has_words`: there is a transcript already."""

    words: Progress | None
    speakers: Progress | None
    english: Progress | None
    has_words: bool

    def __iter__(self) -> Iterator[tuple[str, Progress | None]]:
        """The steps by their names, in order."""
        return iter((("words", self.words), ("speakers", self.speakers), ("english", self.english)))


def get(session: Session, viewer: Viewer, recording_id: str) -> Steps:
    """The steps of a recording that this person may listen to. Commissioners only. Raises NotFound."""
    clearing.get_recording(session, viewer, recording_id, Audience.COMMISSIONERS, clearing.Words.NONE)
    return of(session, [recording_id])[recording_id]


def of(session: Session, recording_ids: Sequence[str]) -> dict[str, Steps]:
    """The steps of each of these recordings, by its id."""
    query = select(Transcript.recording_id, Transcript.id).where(Transcript.recording_id.in_(recording_ids),
                                                                Transcript.is_current)
    transcripts = dict(session.execute(query).tuples().all())
    kinds = (Kind.TRANSCRIBE, Kind.SPEAKERS, Kind.TRANSLATE)
    stands = progress.of(session, kinds, [*recording_ids, *transcripts.values()])
    # What comes after the words is work on a transcript, and takes no words with it when it fails.
    on = {recording_id: transcripts.get(recording_id, "") for recording_id in recording_ids}
    return {one: Steps(stands.get((Kind.TRANSCRIBE, one)), stands.get((Kind.SPEAKERS, on[one])),
                       stands.get((Kind.TRANSLATE, on[one])), one in transcripts) for one in recording_ids}
