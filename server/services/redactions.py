"""Withholding words of a story, and lifting that again. What is shown and played follows in the same transaction.

Where words are found in the sound is written down with the recording. A place that was found stays withheld whatever
becomes of the words there, until the redaction is lifted: another machine may hear another name in it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.domain import excerpt as excerpts
from server.domain import redaction as rules
from server.domain.access import Permission, Viewer, require
from server.domain.audit import Action
from server.domain.cleared import ClearedStory
from server.domain.consent import Audience
from server.domain.errors import Invalid, NotFound
from server.domain.export import Stale
from server.domain.folded_words import folded
from server.domain.ids import new_id
from server.domain.redaction import Category, Place, Sound, Term
from server.domain.withholding import Withholding
from server.models.redaction import Redaction
from server.models.story import Participant, Photo, Quote, Recording, Story
from server.models.transcript import Speaker
from server.services import (
    audit,
    clearing,
    derivatives,
    embeddings,
    exports_made,
    indexing,
    locks,
    restriction_log,
    transcript_rows,
    withholding,
)

_CHOOSE = "Choose some words first."
_ALREADY = "These words are withheld already."
_STANDS_FOR = "Write the words themselves, without what stands for words that are withheld already."


@dataclass(frozen=True)
class Stretch:
    """A part of a recording that somebody pointed at; milliseconds from its start."""

    recording_id: str
    start_ms: int
    end_ms: int


@dataclass(frozen=True)
class Asked:
    """What somebody wants withheld: words wherever they are, or with a stretch the words said there, whatever was
    written in `words`. Without a replacement the usual one of the category stands for them."""

    words: str = ""
    replacement: str = ""
    category: Category = Category.NAME
    sound: Sound = Sound.BLEEP
    here: Stretch | None = None


@dataclass(frozen=True)
class Withheld:
    """Words that are withheld, for whoever may see them. `places` are where they are said, each by the id of its
    recording and its start in ms; `written` is how often they are in quotes, names and descriptions. `is_gone` is what
    a computer heard of the sound that was made, None while none has listened."""

    id: str
    words: str
    replacement: str
    category: Category
    sound: Sound
    is_everywhere: bool
    places: tuple[tuple[str, int], ...]
    written: int
    is_gone: bool | None


def make(session: Session, viewer: Viewer, story_id: str, asked: Asked) -> str:
    """Withhold some words of a story; the id of the redaction.

    Raises NotFound, and Invalid where the words or what is to stand for them will not do.
    """
    project_id = _require(session, viewer, story_id)
    locks.take_story(session, story_id)
    before = _as_shown(session, viewer, story_id)
    if asked.here is None and "[" in asked.words:
        raise Invalid(_STANDS_FOR, fields={"words": _STANDS_FOR})
    words = rules.checked_words(_said_there(session, story_id, asked.here) if asked.here else asked.words)
    replacement = rules.checked_replacement(asked.replacement, asked.category, words)
    _require_consistent(session, story_id, words, replacement, asked.here)
    row = Redaction(id=new_id(), story_id=story_id, words=words, words_key=folded(words), replacement=replacement,
                    category=asked.category.value, sound=asked.sound.value, made_by=viewer.person_id,
                    made_at=datetime.now(UTC), checked_at=None, is_gone=None)
    if asked.here is not None:
        row.recording_id, row.start_ms, row.end_ms = asked.here.recording_id, asked.here.start_ms, asked.here.end_ms
    session.add(row)
    session.flush()
    _settle_story(session, story_id)
    changed = _changed(before, _as_shown(session, viewer, story_id))
    exports_made.mark_stale(session, story_id, Stale.WITHHELD, row.made_at, changed)
    restriction_log.ask_to_note(session, row.id, story_id, project_id)
    audit.note(session, viewer.person_id, Action.MADE, "redaction", row.id, project_id, story=story_id)
    return row.id


def lift(session: Session, viewer: Viewer, story_id: str, redaction_id: str) -> None:
    """Show and play these words again. Raises NotFound."""
    project_id = _require(session, viewer, story_id)
    locks.take_story(session, story_id)
    row = session.get(Redaction, redaction_id, populate_existing=True)
    if row is None or row.story_id != story_id:
        raise NotFound
    session.delete(row)
    session.flush()
    _settle_story(session, story_id)
    audit.note(session, viewer.person_id, Action.REMOVED, "redaction", redaction_id, project_id, story=story_id)


def list_of(session: Session, viewer: Viewer, story_id: str) -> list[Withheld]:
    """What is withheld of a story, the newest last, with the words: for whoever may see them. Raises NotFound."""
    _require(session, viewer, story_id)
    held = withholding.of_story(session, story_id)
    places: dict[str, list[tuple[str, int]]] = {}
    query = select(Recording.id, Recording.withheld_words).where(Recording.story_id == story_id)
    for recording_id, found in session.execute(query.order_by(Recording.position, Recording.id)):
        for start, _, which in found:
            places.setdefault(which, []).append((recording_id, start))
    texts = list(_written(session, story_id))
    rows = session.scalars(select(Redaction).where(Redaction.story_id == story_id).order_by(Redaction.id))
    return [Withheld(
        row.id, row.words, held.shown_for(row.id), Category(row.category), Sound(row.sound), row.recording_id is None,
        tuple(places.get(row.id, ())), _count(row, texts), row.is_gone) for row in rows]


def settle(session: Session, recording_id: str) -> None:
    """Find what is withheld in the words of a recording as they are now, and have its sound made again where that is
    more or less than before. Called whenever the words have changed. The caller holds the story."""
    recording = session.get_one(Recording, recording_id)
    rows = {row.id: row for row in session.scalars(
        select(Redaction).where(Redaction.story_id == recording.story_id))}
    if not rows and not recording.withheld_words:
        return
    places = {(start, end, which) for start, end, which in recording.withheld_words if which in rows}
    places |= {(row.start_ms or 0, row.end_ms or 0, row.id) for row in rows.values()
               if row.recording_id == recording_id}
    places |= {(place.start_ms, place.end_ms, place.term.id) for place in _found(session, recording)}
    recording.withheld_words = [list(place) for place in sorted(places)]
    sound = [[start, end, how.value] for start, end, how in rules.stretches(
        (start - rows[which].widened_ms, end + rows[which].widened_ms, Sound(rows[which].sound))
        for start, end, which in places)]
    if sound != recording.withheld:
        recording.withheld = sound
        session.flush()
        derivatives.make_again(session, recording_id)
    session.flush()


def _settle_story(session: Session, story_id: str) -> None:
    for recording_id in session.scalars(select(Recording.id).where(Recording.story_id == story_id)).all():
        settle(session, recording_id)
    indexing.ask(session, story_id)
    embeddings.forget(session, story_id)


def _found(session: Session, recording: Recording) -> list[Place]:
    transcript = transcript_rows.current_of(session, recording.id)
    if transcript is None:
        return []
    terms = tuple(term for term in withholding.terms_of(session, recording.story_id).values() if term.is_everywhere)
    return Withholding(terms).found_in(transcript_rows.segments_of(session, transcript.id))


def _said_there(session: Session, story_id: str, here: Stretch) -> str:
    """The words that are kept of a stretch. Raises NotFound for a recording of another story, and Invalid where nothing
    is said."""
    recording = session.get(Recording, here.recording_id)
    if recording is None or recording.story_id != story_id:
        raise NotFound
    transcript = transcript_rows.current_of(session, here.recording_id)
    if transcript is None:
        raise Invalid(_CHOOSE, fields={"words": _CHOOSE})
    return excerpts.cut(transcript_rows.segments_of(session, transcript.id), here.start_ms, here.end_ms).text


def _require_consistent(session: Session, story_id: str, words: str, replacement: str, here: Stretch | None) -> None:
    """One name has one pseudonym in a story, and nothing is withheld everywhere twice."""
    same = session.scalars(select(Redaction).where(Redaction.story_id == story_id,
                                                   Redaction.words_key == folded(words))).all()
    for row in same:
        if row.recording_id == (here.recording_id if here else None) and (
                here is None or (row.start_ms, row.end_ms) == (here.start_ms, here.end_ms)):
            raise Invalid(_ALREADY, fields={"words": _ALREADY})
        if row.replacement != replacement:
            message = f"{row.replacement} stands for these words elsewhere in this story. Use the same here."
            raise Invalid(message, fields={"replacement": message})


def _require(session: Session, viewer: Viewer, story_id: str) -> str:
    """The project of a story of which the viewer may withhold something. Raises NotFound."""
    story = clearing.get_story(session, viewer, story_id, Audience.COMMISSIONERS, clearing.Words.NONE)
    require(viewer, Permission.REDACT, story.project_id)
    return story.project_id


def _as_shown(session: Session, viewer: Viewer, story_id: str) -> ClearedStory:
    return clearing.get_story(session, viewer, story_id, Audience.COMMISSIONERS)


def _changed(before: ClearedStory, after: ClearedStory) -> list[str]:
    """The ids of all that is not shown or played as it was."""
    there = {one.id: one for one in (*before.parts, *before.recordings)}
    found = [one.id for one in (*after.parts, *after.recordings) if there.get(one.id) != one]
    said = [one.transcript.id for one in after.recordings if one.id in found and one.transcript is not None]
    return [*found, *said, *([after.id] if found or before != after else [])]


def _written(session: Session, story_id: str) -> Iterable[str]:
    """Whatever of a story is written and not said, as it is kept."""
    story = session.get_one(Story, story_id)
    yield from (story.pseudonym, story.place)
    for column in (Quote.text, Photo.description, Participant.pseudonym, Speaker.name):
        yield from session.scalars(select(column).where(column.class_.story_id == story_id))


def _count(row: Redaction, texts: Iterable[str]) -> int:
    if row.recording_id is not None:
        return 0
    alone = Withholding((Term(row.id, row.words, row.replacement),))
    return sum(alone.count(text) for text in texts)
