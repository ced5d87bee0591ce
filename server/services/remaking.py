"""What rests on a recording that is made anew with sound that it did not have: passages move with what was said in
them, and the transcript, which knows nothing of the new sound, is made again.
"""

from dataclasses import dataclass, replace

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from server.domain.manifest import Heard, Stretch, moved_end, moved_start
from server.domain.work import Kind
from server.models.segment import RecordingManifest
from server.models.story import Recording
from server.models.theme import Excerpt
from server.models.transcript import Transcript, TranscriptSegment, TranscriptWindow
from server.services import erasures, segments, work


@dataclass(frozen=True)
class Standing:
    """A recording as it was made before: its files, and where each segment is in its sound."""

    files: frozenset[str]
    heard: Heard


def standing(session: Session, row: RecordingManifest) -> Standing | None:
    """None where the recording has not been made yet."""
    made = session.get(Recording, row.id)
    if made is None:
        return None
    heard = {part.number: Stretch(part.start_ms, part.start_ms + part.duration_ms)
             for part in segments.arrived(session, row.id, row.story_id)
             if part.start_ms is not None and part.duration_ms is not None}
    return Standing(frozenset(filter(None, (made.sha256, made.playback_sha256))), heard)


def carry_over(session: Session, row: RecordingManifest, before: Standing | None, heard: Heard) -> None:
    """Put right what rests on the sound of before, in the transaction that names the new one.

    The work on it is for the caller to ask for anew. Of the same sound nothing changes.
    """
    if before is None or before.heard == {number: stretch for number, stretch in heard.items() if stretch}:
        return
    work.drop(session, row.id, Kind.PLAYBACK, Kind.TRANSCRIBE)
    _drop_transcript(session, row.id)
    _move_passages(session, row.id, before.heard, heard)
    erasures.ask(session, before.files, project_id=None)


def _drop_transcript(session: Session, recording_id: str) -> None:
    made = select(Transcript.id).where(Transcript.recording_id == recording_id)
    for rows in (delete(TranscriptSegment).where(TranscriptSegment.transcript_id.in_(made)),
                 delete(Transcript).where(Transcript.recording_id == recording_id),
                 delete(TranscriptWindow).where(TranscriptWindow.recording_id == recording_id)):
        session.execute(rows.execution_options(synchronize_session=False))
    session.expire_all()


def _move_passages(session: Session, recording_id: str, before: Heard, after: Heard) -> None:
    """Their words and the sound that was cut for them stay. The last one goes first: no two are ever in one place."""
    query = select(Excerpt).where(Excerpt.recording_id == recording_id)
    for row in session.scalars(query.order_by(Excerpt.start_ms.desc(), Excerpt.end_ms.desc())).all():
        row.start_ms, row.end_ms = moved_start(row.start_ms, before, after), moved_end(row.end_ms, before, after)
        row.words = tuple(replace(word, start_ms=moved_start(word.start_ms, before, after),
                                  end_ms=moved_end(word.end_ms, before, after)) for word in row.words)
        session.flush()
