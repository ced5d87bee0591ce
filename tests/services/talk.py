"""A recording of several sentences, and how its words stand."""

from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.domain.access import Role
from server.domain.correction import read
from server.domain.ids import new_id
from server.domain.transcript import Word
from server.models.story import Recording
from server.models.transcript import Transcript, TranscriptSegment
from server.services import corrections
from server.services.corrections import Corrected
from tests import makers

SAID = ("We waited all night.", "Nobody came.", "We went home.")


def told(session: Session, world: SimpleNamespace) -> SimpleNamespace:
    """The world with a recording that says SAID, and a second commissioner."""
    world.story = makers.make_story(session, world.project, world.researcher)
    world.recording = makers.add_recording(session, world.story)
    world.transcript = session.scalars(select(Transcript).where(Transcript.recording_id == world.recording.id)).one()
    say(session, world.transcript, SAID)
    world.other = makers.viewer_of(session, makers.make_person(session, world.project, Role.COMMISSIONER, name="Mo"))
    session.commit()
    return world


def say(session: Session, transcript: Transcript, sentences: Sequence[str]) -> None:
    """Half a second a word, with a tenth of it silent, and half a second between sentences."""
    transcript.segments = []
    session.flush()
    at = 0
    for position, sentence in enumerate(sentences):
        words = []
        for place, word in enumerate(sentence.split()):
            words.append(Word(f" {word}" if place else word, at, at + 400, 0.9))
            at += 500
        transcript.segments.append(TranscriptSegment(position=position, start_ms=words[0].start_ms,
                                                     end_ms=at, text=sentence, words=tuple(words)))
        at += 500
    session.flush()


def heard_again(session: Session, recording: Recording, sentences: Sequence[str], number: int = 2) -> Transcript:
    """Another machine version beside the current one."""
    row = Transcript(id=new_id(), recording_id=recording.id, number=number, is_current=False, language="en",
                     language_probability=0.99, model="small", created_at=makers.NOON)
    session.add(row)
    session.flush()
    say(session, row, sentences)
    session.commit()
    return row


def now(session: Session, transcript: Transcript) -> list[TranscriptSegment]:
    query = select(TranscriptSegment).where(TranscriptSegment.transcript_id == transcript.id)
    return list(session.scalars(query.order_by(TranscriptSegment.position).execution_options(populate_existing=True)))


def texts(session: Session, transcript: Transcript) -> list[str]:
    return [row.text for row in now(session, transcript)]


def correct(session: Session, world: SimpleNamespace, viewer: Any = None, **change: Any) -> Corrected:
    """Make this change as the commissioner, or as somebody else. Undo is meant, whoever did what it takes back."""
    if change["kind"] == "undo":
        change = {"others": True} | change
    return corrections.make(session, viewer or world.commissioner, world.recording.id, world.transcript.id,
                            read(change))


def write(session: Session, world: SimpleNamespace, place: int, text: str, viewer: Any = None) -> Corrected:
    """Let the segment at this place say this."""
    row = now(session, world.transcript)[place]
    return correct(session, world, viewer, kind="words", segment=row.id, was=row.text, text=text)
