"""Excerpts: passages that a commissioner chose from a transcript, each with its own few seconds of sound."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import delete, exists, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from server.domain import excerpt as rules
from server.domain.access import Permission, Viewer, require
from server.domain.audit import Action
from server.domain.cleared import ClearedExcerpt
from server.domain.consent import Audience
from server.domain.errors import Invalid, NotFound
from server.domain.hashes import sha256_of
from server.domain.ids import new_id
from server.domain.theme import Taggable
from server.domain.work import Kind
from server.models.collection import CollectionItem
from server.models.note import Note
from server.models.provocation import Evidence
from server.models.reidentification import ReidentificationLook
from server.models.story import Recording, Story
from server.models.theme import Excerpt, Tagging
from server.models.work import Attempt, Job
from server.services import (
    audit,
    clearing,
    erasures,
    indexing,
    locks,
    media,
    notes,
    quotable,
    taggings,
    transcript_rows,
    work,
)

_OTHER_WORDS = "There is an excerpt here with the words that were said before. Delete it first, then choose again."


@dataclass(frozen=True)
class Chosen:
    """What somebody pointed at. The server finds the words; milliseconds from the start of the recording."""

    recording_id: str
    start_ms: int
    end_ms: int


def make(session: Session, viewer: Viewer, chosen: Chosen, theme_ids: Sequence[str] = (),
         new_theme: str = "") -> ClearedExcerpt:
    """The excerpt of the words that the stretch touches, made once however often it is asked for.

    Its text is the transcript's as it is kept, and shown of it is what is shown of that. It is a draft until every word
    of it was heard. Themes are put on it beside those it has. Raises NotFound, or Invalid when the stretch holds no
    words.
    """
    locks.take_story(session, _story_of(session, chosen.recording_id))
    recording = clearing.get_recording(session, viewer, chosen.recording_id, Audience.COMMISSIONERS)
    project_id = session.scalar(select(Story.project_id).where(Story.id == recording.story_id)) or ""
    require(viewer, Permission.TAG, project_id)
    if recording.transcript is None:
        raise Invalid("There are no words to choose from yet. Wait until the transcript is there.")
    said = transcript_rows.segments_of(session, recording.transcript.id)
    passage = rules.cut(said, chosen.start_ms, chosen.end_ms)
    excerpt_id = _insert(session, viewer, recording.story_id, recording.id, passage)
    work.request(session, kind=Kind.CLIP, subject_id=excerpt_id, story_id=recording.story_id, project_id=project_id)
    audit.note(session, viewer.person_id, Action.MADE, "excerpt", excerpt_id, project_id, story=recording.story_id)
    quotable.settle(session, viewer, recording.id)
    indexing.ask(session, recording.story_id)
    taggings.add(session, viewer, taggings.Part(Taggable.EXCERPT, excerpt_id), theme_ids, new_theme)
    return clearing.get_excerpt(session, viewer, excerpt_id, Audience.COMMISSIONERS)


def get(session: Session, viewer: Viewer, excerpt_id: str) -> ClearedExcerpt:
    """An excerpt for whoever this person is: commissioner, board member or analyst. Raises NotFound."""
    return media.as_whoever(lambda audience: clearing.get_excerpt(session, viewer, excerpt_id, audience))


def count_provocations(session: Session, viewer: Viewer, excerpt_id: str) -> int:
    """How many provocations rest on the excerpt. Raises NotFound."""
    _deletable(session, viewer, excerpt_id)
    query = select(func.count(Evidence.provocation_id.distinct())).where(Evidence.excerpt_id == excerpt_id)
    return session.scalar(query) or 0


def delete_excerpt(session: Session, viewer: Viewer, excerpt_id: str) -> str:
    """Let go of an excerpt, its themes, its notes, its place in provocations and its clip; the id of its story.

    The recording and the transcript stay as they are. Raises NotFound.
    """
    locks.take_story(session, _deletable(session, viewer, excerpt_id).story_id)
    excerpt = _deletable(session, viewer, excerpt_id)  # somebody may have deleted or withdrawn it meanwhile
    session.execute(delete(Tagging).where(Tagging.excerpt_id == excerpt_id))
    for owner in (Evidence, CollectionItem, ReidentificationLook):
        session.execute(delete(owner).where(owner.excerpt_id == excerpt_id))
    notes.forget(session, excerpt_id)
    jobs = select(Job.id).where(Job.kind == Kind.CLIP, Job.subject_id == excerpt_id)
    session.execute(delete(Attempt).where(Attempt.job_id.in_(jobs)))
    session.execute(delete(Job).where(Job.id.in_(jobs)))
    clip = session.scalar(select(Excerpt.clip_sha256).where(Excerpt.id == excerpt_id))
    session.execute(delete(Excerpt).where(Excerpt.id == excerpt_id))
    indexing.ask(session, excerpt.story_id)
    audit.note(session, viewer.person_id, Action.REMOVED, "excerpt", excerpt_id, excerpt.project_id,
               story=excerpt.story_id)
    if clip is not None:
        erasures.ask(session, [clip], excerpt.project_id)
    return excerpt.story_id


def take_back(session: Session, viewer: Viewer, excerpt_id: str, theme_ids: Sequence[str], *, was_made: bool) -> str:
    """Take off the themes that this person has just put on it, and let go of the excerpt too if they have just made it
    and nobody has done anything with it since; the id of its story. Raises NotFound."""
    story_id = taggings.take_back(session, viewer, taggings.Part(Taggable.EXCERPT, excerpt_id), theme_ids)
    mine = select(Excerpt.id).where(
        Excerpt.id == excerpt_id, Excerpt.made_by == viewer.person_id, ~exists().where(Note.subject_id == excerpt_id),
        *(~exists().where(row.excerpt_id == excerpt_id) for row in (Tagging, Evidence, CollectionItem)))
    if was_made and session.scalar(mine) is not None:
        delete_excerpt(session, viewer, excerpt_id)
    return story_id


def _story_of(session: Session, recording_id: str) -> str:
    return session.scalar(select(Recording.story_id).where(Recording.id == recording_id)) or ""


def _deletable(session: Session, viewer: Viewer, excerpt_id: str) -> ClearedExcerpt:
    found = clearing.get_excerpt(session, viewer, excerpt_id, Audience.COMMISSIONERS)
    require(viewer, Permission.TAG, found.project_id)
    return found


def _insert(session: Session, viewer: Viewer, story_id: str, recording_id: str, passage: rules.Passage) -> str:
    row = Excerpt(id=new_id(), story_id=story_id, recording_id=recording_id, start_ms=passage.start_ms,
                  end_ms=passage.end_ms, text=passage.text, words=passage.words, text_sha256=sha256_of(passage.text),
                  clip_sha256=None, made_by=viewer.person_id, made_at=datetime.now(UTC))
    try:
        with session.begin_nested():
            session.add(row)
            session.flush()
    except IntegrityError:
        same = select(Excerpt).where(Excerpt.recording_id == recording_id, Excerpt.start_ms == passage.start_ms,
                                     Excerpt.end_ms == passage.end_ms)
        found = session.scalar(same)
        if found is None:
            raise NotFound from None
        if found.text != passage.text:
            raise Invalid(_OTHER_WORDS) from None
        return found.id
    return row.id
