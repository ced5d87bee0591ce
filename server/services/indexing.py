"""What can be searched of each story, kept as it is shown: whatever is withheld, or gone, is not in the index.

Who may find it is asked when somebody searches (`server/services/searching.py`). The index follows a story in the
transaction that changes it, and what is missing from it the sweep has made.
"""

import hashlib
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import delete, exists, func, insert, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from server.domain.search_query import keys_of
from server.domain.transcript import Segment
from server.domain.withdrawal_step import Place
from server.domain.work import Held, Kind
from server.models.search import SearchPassage, SearchStory
from server.models.story import Photo, Quote, Recording, Story
from server.models.theme import Excerpt
from server.models.transcript import Transcript, TranscriptSegment
from server.services import recording_rows, transcript_rows, withholding, work
from server.services.search_index import PLACE_BITS, index_of
from server.services.withholding import OfStory

# What is said; an excerpt of it; one of which nothing else was written down; and what was written.
SAID, EXCERPT, ALONE, QUOTE, PHOTO = "said", "excerpt", "alone", "quote", "photo"
# Counted up whenever words are folded, or put into the index, in another way: all of it is made again.
RULES = 1
_TIE_BITS = 16
_LAST_PLACE = (1 << PLACE_BITS) - 1
_LAST_SECOND = (1 << 32) - 1
_AT_ONCE = 1000


@dataclass(frozen=True)
class _Passage:
    kind: str
    part_id: str
    segment_id: int | None
    text: str


class Index:
    """What a withdrawal looks for."""

    place = Place.INDEX

    def let_go(self, session: Session, story_id: str) -> None:
        forget(session, story_id)

    def is_there(self, session: Session, story_id: str) -> bool:
        return bool(session.scalar(select(or_(exists().where(SearchPassage.story_id == story_id),
                                              exists().where(SearchStory.story_id == story_id)))))


def forget(session: Session, story_id: str) -> None:
    """Nothing of the story is found any more, in the caller's transaction."""
    for table in (SearchPassage, SearchStory):
        session.execute(delete(table).where(table.story_id == story_id)
                        .execution_options(synchronize_session=False))


def ask(session: Session, story_id: str) -> None:
    """Have the story found as it is shown now, in the caller's transaction. The caller holds the story.

    Only what is not in the index as it should be is written, so that a corrected word costs one row.
    """
    session.flush()
    story = session.get(Story, story_id)
    if story is None:
        return forget(session, story_id)
    number = _number(session, story)
    wanted = {(number << PLACE_BITS) + _LAST_PLACE - place: row
              for place, row in enumerate(_rows(session, story)) if place <= _LAST_PLACE}
    rows = session.execute(select(SearchPassage.id, SearchPassage.made_of).where(SearchPassage.story_id == story_id))
    there = {row.id: row.made_of for row in rows}
    gone = [id for id, made_of in there.items() if id not in wanted or wanted[id]["made_of"] != made_of]
    for first in range(0, len(gone), _AT_ONCE):
        session.execute(delete(SearchPassage).where(SearchPassage.id.in_(gone[first:first + _AT_ONCE]))
                        .execution_options(synchronize_session=False))
    new = [{"id": id, **row} for id, row in wanted.items() if there.get(id) != row["made_of"]]
    if new:
        session.execute(insert(SearchPassage), new)


def ask_for_missing(session: Session) -> int:
    """Have stories put into the index that are not in it, or by older rules, such as after a restore; how many."""
    stories = session.execute(
        select(Story.id, Story.project_id).outerjoin(SearchStory, SearchStory.story_id == Story.id)
        .where(or_(SearchStory.story_id.is_(None), SearchStory.rules != RULES)).limit(_AT_ONCE)).all()
    for story_id, project_id in stories:
        work.request_again(session, kind=Kind.INDEX, subject_id=story_id, story_id=story_id, project_id=project_id)
    return len(stories)


def ask_for_all(session: Session) -> int:
    """Have every story looked at again, so many in each round of the sweep, and what looks words up made anew at once;
    how many stories there are. What is found meanwhile is what was found before."""
    index_of(session).rebuild(session.connection())
    session.execute(update(SearchStory).values(rules=0))
    ask_for_missing(session)
    return session.scalars(select(func.count(Story.id))).one()


def settle(session: Session, story_id: str, held: Held) -> None:
    """Put a story into the index, as a worker's result. Raises FenceLost."""
    work.hold(session, held, story_id)
    ask(session, story_id)
    work.forget(session, held)


def scope_of(project_id: str, *, is_for_team: bool) -> str:
    """A word that every passage of a project has, and those that others than its team may find."""
    return f"={'t' if is_for_team else 'o'}{project_id.replace('-', '').lower()}"


def _number(session: Session, story: Story) -> int:
    """The story's place among all, given when it first comes into the index."""
    number = session.scalar(select(SearchStory.number).where(SearchStory.story_id == story.id))
    told = min(max(int((story.told_at - datetime(1970, 1, 1, tzinfo=UTC)).total_seconds()), 0), _LAST_SECOND)
    if number is not None:
        if number >> _TIE_BITS == told:
            session.execute(update(SearchStory).where(SearchStory.number == number).values(rules=RULES))
            return number
        forget(session, story.id)
    number = (told << _TIE_BITS) + zlib.crc32(story.id.encode()) % (1 << _TIE_BITS)
    while True:  # those told in the same second stand in any order
        try:
            with session.begin_nested():
                session.execute(insert(SearchStory).values(number=number, story_id=story.id, rules=RULES))
            return number
        except IntegrityError:
            number += 1


def _rows(session: Session, story: Story) -> Iterator[dict[str, object]]:
    """What is to be in the index, in the order of the story. What holds no word takes its place too: other passages
    keep theirs when it is corrected."""
    for item in _passages(session, story.id):
        scopes = [scope_of(story.project_id, is_for_team=True)]
        if item.kind != SAID:
            scopes.append(scope_of(story.project_id, is_for_team=False))
        tokens = (*keys_of(item.text), *scopes)
        made_of = "\n".join((item.kind, item.part_id, str(item.segment_id), *tokens))
        yield {"story_id": story.id, "kind": item.kind, "part_id": item.part_id, "segment_id": item.segment_id,
               "tokens": tokens, "made_of": hashlib.blake2b(made_of.encode(), digest_size=8).hexdigest()}


def _passages(session: Session, story_id: str) -> Iterator[_Passage]:
    held = withholding.of_story(session, story_id)
    recordings = session.execute(
        select(Recording.id, Transcript.id).select_from(Recording)
        .outerjoin(Transcript, (Transcript.recording_id == Recording.id) & Transcript.is_current)
        .where(Recording.story_id == story_id).order_by(*recording_rows.IN_ORDER)).all()
    for recording_id, transcript_id in recordings:
        if transcript_id is not None:
            yield from _said(session, recording_id, transcript_id, held)
    for row in session.scalars(select(Quote).where(Quote.story_id == story_id).order_by(Quote.written_at, Quote.id)):
        yield _Passage(QUOTE, row.id, None, held.text(row.text))
    shown = Photo.story_id == story_id, Photo.derivative_sha256.is_not(None)
    for photo in session.scalars(select(Photo).where(*shown).order_by(Photo.position, Photo.id)):
        yield _Passage(PHOTO, photo.id, None, held.text(photo.description))
    written_down = {recording_id for recording_id, transcript_id in recordings if transcript_id is not None}
    yield from _excerpts(session, story_id, held, written_down)


def _said(session: Session, recording_id: str, transcript_id: str, held: OfStory) -> Iterable[_Passage]:
    # Words with their times are read only where something of them is withheld: they are most of a transcript.
    if held.of(recording_id):
        segments = transcript_rows.segments_of(session, transcript_id)
        found = [(segment.id, held.of(recording_id).segment(segment).text) for segment in segments]
    else:
        query = select(TranscriptSegment.id, TranscriptSegment.text).order_by(TranscriptSegment.position)
        found = [(id, text) for id, text in session.execute(
            query.where(TranscriptSegment.transcript_id == transcript_id))]
    return (_Passage(SAID, recording_id, id, text) for id, text in found)


def _excerpts(session: Session, story_id: str, held: OfStory, written_down: set[str]) -> Iterator[_Passage]:
    for row in session.scalars(select(Excerpt).where(Excerpt.story_id == story_id).order_by(
            Excerpt.recording_id, Excerpt.start_ms, Excerpt.end_ms)):
        said = held.of(row.recording_id).segment(Segment(row.text, row.start_ms, row.end_ms, row.words))
        yield _Passage(EXCERPT if row.recording_id in written_down else ALONE, row.id, None, said.text)
