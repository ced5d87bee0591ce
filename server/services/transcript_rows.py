"""What clearing reads of transcripts: the current words of recordings, who speaks them, and what was heard of them."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from server.domain import heard
from server.domain.consent import Content
from server.domain.excerpt import words_of
from server.domain.heard import Stretch
from server.domain.transcript import Segment, SpokenBy, Word
from server.domain.withholding import Withholding
from server.models.story import Recording
from server.models.transcript import HeardStretch, Speaker, Transcript, TranscriptSegment, Translation
from server.services.clearances import Opened
from server.services.withholding import NOTHING, OfStory

# How much of a transcript is read to open a story with.
_OPENING_SEGMENTS, _OPENING_LETTERS = 4, 400


@dataclass(frozen=True)
class Spoken:
    """A transcript with what belongs to it."""

    row: Transcript
    segments: tuple[Segment, ...]
    heard: tuple[Stretch, ...]
    translation: Translation | None


def current(session: Session, opened: Opened) -> dict[str, Spoken]:
    """The transcripts that are current, by the id of their recording. They are the team's alone: nobody else has any,
    since nobody may have heard them."""
    if opened.asked.is_for_others:
        return {}
    which = _current(opened).subquery()
    speakers = {row.id: row for row in session.scalars(select(Speaker).where(Speaker.story_id.in_(opened.ids)))}
    segments: defaultdict[str, list[Segment]] = defaultdict(list)
    for item in session.scalars(select(TranscriptSegment).join(which, which.c.id == TranscriptSegment.transcript_id)
                                .order_by(TranscriptSegment.position)):
        segments[item.transcript_id].append(segment_of(item, speakers))
    stretches = heard_of(session, select(which.c.id))
    translations = {row.transcript_id: row for row in session.scalars(
        select(Translation).join(which, which.c.id == Translation.transcript_id))}
    rows = session.scalars(select(Transcript).join(which, which.c.id == Transcript.id))
    return {row.recording_id: Spoken(row, tuple(segments[row.id]), stretches.get(row.id, ()),
                                     translations.get(row.id)) for row in rows}


def segment_of(row: TranscriptSegment, speakers: dict[str, Speaker]) -> Segment:
    """The segment, with whoever of these speakers says it."""
    speaker = speakers.get(row.speaker_id or "")
    spoken_by = SpokenBy(speaker.id, name_of(speaker), row.speaker_suggested) if speaker else None
    return Segment(text=row.text, start_ms=row.start_ms, end_ms=row.end_ms, words=row.words, id=row.id,
                   speaker=spoken_by, language=row.language)


def shown_segments(session: Session, ids: Sequence[int], recording_ids: Collection[str],
                   held: Mapping[str, OfStory]) -> dict[int, Segment]:
    """These of the segments that people read of these recordings, as they are shown, by their ids. The caller has asked
    who may read them. `held` is what is withheld of each story."""
    query = (select(Recording.story_id, Recording.id, TranscriptSegment)
             .join(Transcript, Transcript.recording_id == Recording.id)
             .join(TranscriptSegment, TranscriptSegment.transcript_id == Transcript.id)
             .where(Transcript.is_current, TranscriptSegment.id.in_(ids), Recording.id.in_(recording_ids)))
    return {row.id: held.get(story_id, NOTHING).of(recording_id).segment(segment_of(row, {}))
            for story_id, recording_id, row in session.execute(query)}


def name_of(speaker: Speaker) -> str:
    """How a speaker is called on pages: by their name, or else by a number."""
    return speaker.name or f"Speaker {speaker.label}"


def heard_of(session: Session, transcript_ids: Select[str] | Iterable[str]) -> dict[str, tuple[Stretch, ...]]:
    """What somebody heard of each of these transcripts, by its id."""
    found: defaultdict[str, list[Stretch]] = defaultdict(list)
    query = select(HeardStretch.transcript_id, HeardStretch.start_ms, HeardStretch.end_ms)
    for transcript_id, start_ms, end_ms in session.execute(query.where(HeardStretch.transcript_id.in_(transcript_ids))):
        found[transcript_id].append((start_ms, end_ms))
    return {transcript_id: heard.union(stretches) for transcript_id, stretches in found.items()}


def first_words(session: Session, opened: Opened, held: Mapping[str, OfStory]) -> dict[str, str]:
    """What is said first in each recording, by its id: no more of a transcript is read. For others than the team, as
    far as somebody has heard it. `held` is what is withheld of each story."""
    which = _current(opened).subquery()
    query = (select(which.c.recording_id, TranscriptSegment)
             .join(which, which.c.id == TranscriptSegment.transcript_id)
             .where(TranscriptSegment.position < _OPENING_SEGMENTS).order_by(TranscriptSegment.position))
    if opened.asked.is_for_others:
        return _heard_first(session, query, held)
    found: dict[str, str] = {}
    texts = query.with_only_columns(which.c.recording_id, func.substr(TranscriptSegment.text, 1, _OPENING_LETTERS))
    for recording_id, text in session.execute(texts):
        found[recording_id] = f"{found.get(recording_id, '')} {text.strip()}".strip()
    own = [recording_id for one in held.values() for recording_id in one.recordings if recording_id in found]
    rows = session.execute(query.where(which.c.recording_id.in_(own))) if own else ()
    for (recording_id, _), segments in _shown(rows, held).items():
        found[recording_id] = " ".join(segment.text.strip() for segment in segments)[:_OPENING_LETTERS]
    return found


def _heard_first(session: Session, query: Select[str, TranscriptSegment],
                 held: Mapping[str, OfStory]) -> dict[str, str]:
    said = _shown(session.execute(query), held)
    stretches = heard_of(session, [transcript_id for _, transcript_id in said])
    return {recording_id: heard.heard_first(words_of(segments), stretches.get(transcript_id, ()))
            for (recording_id, transcript_id), segments in said.items()}


def _shown(rows: Iterable[Any], held: Mapping[str, OfStory]) -> dict[tuple[str, str], list[Segment]]:
    """Segments without what is withheld, by their recording and transcript."""
    of = {recording_id: own for one in held.values() for recording_id, own in one.recordings.items()}
    said: defaultdict[tuple[str, str], list[Segment]] = defaultdict(list)
    for recording_id, row in rows:
        said[recording_id, row.transcript_id].append(of.get(recording_id, Withholding()).segment(segment_of(row, {})))
    return said


def _current(opened: Opened) -> Select[str, str]:
    """The ids of the transcripts that people read, and of their recordings, where the words are cleared."""
    return (select(Transcript.id, Transcript.recording_id).join(Recording, Recording.id == Transcript.recording_id)
            .where(Transcript.is_current, Recording.story_id.in_(opened.cleared[Content.WORDS])))


def current_of(session: Session, recording_id: str) -> Transcript | None:
    """The transcript of a recording that people read; None while there is none."""
    return session.scalar(select(Transcript).where(Transcript.recording_id == recording_id, Transcript.is_current))


def words_of_transcript(session: Session, transcript_id: str, *which: ColumnElement[bool]) -> tuple[Word, ...]:
    """The words of these of its segments as they are now, in order."""
    query = select(TranscriptSegment).where(TranscriptSegment.transcript_id == transcript_id, *which)
    return words_of(segment_of(row, {}) for row in session.scalars(query.order_by(TranscriptSegment.position)))


def segments_of(session: Session, transcript_id: str) -> list[Segment]:
    """All of a transcript as it is kept, with what is withheld: for rules, and never to be shown."""
    query = select(TranscriptSegment).where(TranscriptSegment.transcript_id == transcript_id)
    return [segment_of(row, {}) for row in session.scalars(query.order_by(TranscriptSegment.position))]
