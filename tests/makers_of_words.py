"""Rows of what people and machines do to a transcript once it is there, beside those of `tests/makers.py`."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.domain.ids import new_id
from server.domain.transcript import Word
from server.models.people import Person
from server.models.story import Recording
from server.models.theme import Excerpt
from server.models.transcript import Correction, HeardStretch, Speaker, Transcript, Translation
from tests.makers import NOON


def add_work_on_words(session: Session, recording: Recording, person: Person, said: str) -> Transcript:
    """One of everything that comes to a transcript: a correction, a heard stretch, a speaker and a translation."""
    transcript = session.scalars(select(Transcript).where(Transcript.recording_id == recording.id)).one()
    [segment] = transcript.segments
    speaker = Speaker(id=new_id(), story_id=recording.story_id, label=1, name=said[:80], made_at=NOON)
    whole = [segment.id, segment.start_ms, segment.end_ms, said, [[said, 0, 450, None]], "", speaker.id, True]
    transcript.version, segment.speaker_id, segment.speaker_suggested = 1, speaker.id, True
    session.add(speaker)
    session.flush()
    session.add_all([
        Correction(transcript_id=transcript.id, number=1, made_by=person.id, made_at=NOON, kind="words", position=0,
                   before=[whole], after=[whole]),
        HeardStretch(transcript_id=transcript.id, person_id=person.id, start_ms=0, end_ms=450, how="corrected",
                     correction_number=1, heard_at=NOON),
        Translation(id=new_id(), transcript_id=transcript.id, model="base", made_at=NOON, passages=[[0, 450, said]]),
    ])
    session.flush()
    return transcript


def flag(excerpt: Excerpt, text: str) -> None:
    """The transcript says this now where the excerpt was cut."""
    excerpt.changed_at, excerpt.changed_text = NOON, text
    excerpt.changed_words = tuple(Word(f" {word}", excerpt.start_ms, excerpt.end_ms) for word in text.split())
