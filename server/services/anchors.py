"""Excerpts whose words changed under them: they keep what they say, and their makers see both and choose.

An excerpt is flagged while the transcript says something else in its place. Whoever keeps its words takes the flag off
for that text: it is remembered, and only other words flag the excerpt again.
"""

from datetime import UTC, datetime

from sqlalchemy import or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from server.domain import anchor
from server.domain.access import ROLES_THAT_MAY, Permission, Viewer, require
from server.domain.audit import Action
from server.domain.cleared import ClearedExcerpt
from server.domain.consent import Audience
from server.domain.errors import Invalid
from server.domain.hashes import sha256_of
from server.domain.transcript import Word
from server.domain.work import Kind
from server.models.people import Membership
from server.models.story import Recording, Story
from server.models.theme import Excerpt
from server.models.transcript import Transcript
from server.services import audit, clearing, erasures, indexing, locks, quotable, redactions, transcript_rows, work

# How many are told of at once: whoever looked at these is told of the next.
MOST_FLAGGED = 10
_ASK_AGAIN = "The words were corrected again while you were reading. Look at them, then choose."
_NOTHING_LEFT = "Nothing is said there any more. Keep the words as they are, or delete the excerpt."
_THERE_ALREADY = "There is already an excerpt of exactly these words. Delete one of the two."


def check(session: Session, transcript_id: str, viewer: Viewer | None = None) -> list[str]:
    """After a transcript has changed: find what is withheld in it, flag the excerpts whose words are not what it says
    now, take the flags of others off, and let drafts be quoted that were heard; the ids of all that are flagged. Of a
    transcript that is not current nothing is said.
    The viewer is whoever changed something, if anybody did.

    The caller holds the story.
    """
    transcript = session.get_one(Transcript, transcript_id)
    if not transcript.is_current:
        return []
    redactions.settle(session, transcript.recording_id)
    excerpts = session.scalars(select(Excerpt).where(Excerpt.recording_id == transcript.recording_id)
                               .order_by(Excerpt.start_ms, Excerpt.end_ms)).all()
    spoken = quotable.spoken_under_excerpts(session, transcript) if excerpts else ()
    for row in excerpts:
        _compare(row, anchor.words_now(spoken, row.words, row.start_ms, row.end_ms))
    session.flush()
    quotable.settle(session, viewer, transcript.recording_id)
    indexing.ask(session, _story_of(session, transcript))
    return [row.id for row in excerpts if row.changed_at is not None]


def take(session: Session, viewer: Viewer, excerpt_id: str, seen: str) -> None:
    """Let an excerpt say what the transcript says now: a draft, unless that was heard. Its sound is cut anew where its
    times are others. `seen` is the hash of the words that the viewer was shown.

    Raises NotFound, or Invalid where there is nothing to take. Taking them twice changes nothing.
    """
    row, found = _flagged(session, viewer, excerpt_id)
    if row.changed_at is None or row.changed_text is None:
        return
    if seen != anchor.hash_of(found.changed_text or ""):
        raise Invalid(_ASK_AGAIN)
    words = _words_now(session, row)
    if not words:
        raise Invalid(_NOTHING_LEFT)
    before = row.start_ms, row.end_ms
    try:
        with session.begin_nested():
            _say(row, words)
    except IntegrityError:
        raise Invalid(_THERE_ALREADY) from None
    quotable.settle(session, viewer, row.recording_id)
    audit.note(session, viewer.person_id, Action.CHANGED, "excerpt", row.id, found.project_id, story=row.story_id,
               words="taken")
    indexing.ask(session, row.story_id)
    if before != (row.start_ms, row.end_ms):
        _cut_again(session, row, found.project_id)


def keep(session: Session, viewer: Viewer, excerpt_id: str, seen: str) -> None:
    """Let an excerpt say what it says, whatever the transcript says now. Raises as `take`."""
    row, found = _flagged(session, viewer, excerpt_id)
    if row.changed_at is None or row.changed_text is None:
        return
    if seen != anchor.hash_of(found.changed_text or ""):
        raise Invalid(_ASK_AGAIN)
    row.changed_at, row.changed_words = None, None
    session.flush()
    quotable.settle(session, viewer, row.recording_id)
    audit.note(session, viewer.person_id, Action.CHANGED, "excerpt", row.id, found.project_id, story=row.story_id,
               words="kept")


def flagged_for(session: Session, viewer: Viewer, project_id: str) -> list[ClearedExcerpt]:
    """The flagged excerpts of a project that are for this person to look at: those that they made, and those whose
    makers cannot any more; the first MOST_FLAGGED to change. Raises NotFound."""
    require(viewer, Permission.TAG, project_id)
    able = select(Membership.person_id).where(
        Membership.project_id == project_id, Membership.role.in_(ROLES_THAT_MAY[Permission.TAG]))
    ids = select(Excerpt.id).where(Excerpt.changed_at.is_not(None),
                                   or_(Excerpt.made_by == viewer.person_id, Excerpt.made_by.not_in(able)))
    ids = ids.join(Story, Story.id == Excerpt.story_id).where(Story.project_id == project_id)
    theirs = set(session.scalars(ids.order_by(Excerpt.changed_at, Excerpt.id).limit(MOST_FLAGGED)))
    if not theirs:
        return []
    holding = Story.id.in_(select(Excerpt.story_id).where(Excerpt.id.in_(theirs)))
    parts = clearing.list_parts(session, viewer, project_id, Audience.COMMISSIONERS, holding)
    return [part for part in parts if isinstance(part, ClearedExcerpt) and part.id in theirs]


def _story_of(session: Session, transcript: Transcript) -> str:
    return session.get_one(Recording, transcript.recording_id).story_id


def _compare(row: Excerpt, now: tuple[Word, ...]) -> None:
    text = anchor.text_of(now)
    if anchor.is_same(now, row.text):
        row.changed_at, row.changed_text, row.changed_words = None, None, None
    elif row.changed_text != text:
        row.changed_at, row.changed_text, row.changed_words = datetime.now(UTC), text, now


def _flagged(session: Session, viewer: Viewer, excerpt_id: str) -> tuple[Excerpt, ClearedExcerpt]:
    """The excerpt, with its story's turn, for somebody who may change it. Raises NotFound."""
    found = clearing.get_excerpt(session, viewer, excerpt_id, Audience.COMMISSIONERS)
    require(viewer, Permission.TAG, found.project_id)
    locks.take_story(session, found.story_id)
    found = clearing.get_excerpt(session, viewer, excerpt_id, Audience.COMMISSIONERS)  # it may have gone meanwhile
    return session.get_one(Excerpt, excerpt_id, populate_existing=True), found


def _words_now(session: Session, row: Excerpt) -> tuple[Word, ...]:
    transcript = transcript_rows.current_of(session, row.recording_id)
    if transcript is None:
        return ()
    spoken = quotable.spoken_under_excerpts(session, transcript, Excerpt.id == row.id)
    return anchor.words_now(spoken, row.words, row.start_ms, row.end_ms)


def _say(row: Excerpt, words: tuple[Word, ...]) -> None:
    """Give it these words and their times; words without any length are said at the times it had."""
    text = "".join(word.text for word in words).strip()
    start_ms, end_ms = words[0].start_ms, max(word.end_ms for word in words)
    if start_ms < end_ms:
        row.start_ms, row.end_ms = start_ms, end_ms
    row.text, row.words, row.text_sha256, row.quotable_at = text, words, sha256_of(text), None
    row.changed_at, row.changed_text, row.changed_words = None, None, None


def _cut_again(session: Session, row: Excerpt, project_id: str) -> None:
    """Have its sound cut at its new times; what there was goes."""
    clip, row.clip_sha256 = row.clip_sha256, None
    session.flush()
    work.drop(session, row.id, Kind.CLIP)
    work.request(session, kind=Kind.CLIP, subject_id=row.id, story_id=row.story_id, project_id=project_id)
    if clip is not None:
        erasures.ask(session, [clip], project_id)
