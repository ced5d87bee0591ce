"""Passages of stories as numbers, by which they are compared: kept for as long as commissioners may read the words,
and gone with them.

They are made of words as they are shown, so of nothing that is withheld. What is withheld later takes all of a story's
with it at once. Whatever is missing, or of words that were corrected since, is found by the sweep.
"""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, String, and_, cast, delete, exists, or_, select, union
from sqlalchemy.orm import InstrumentedAttribute, Session

from server.domain.consent import Audience, Content
from server.domain.hashes import sha256_of
from server.domain.suggestion import Spoken, passages_of
from server.domain.withdrawal_step import Place
from server.domain.work import Held, Kind, State
from server.embedding import DIMENSIONS, MODEL
from server.models.consent import Clearance
from server.models.project import Project
from server.models.story import Quote, Recording, Story
from server.models.suggestion import PassageVectors
from server.models.transcript import Correction, Speaker, Transcript, TranscriptSegment
from server.models.work import Attempt, Job
from server.services import transcript_rows, withholding, work
from server.services.clearances import holds_now

# Somebody who corrects a transcript is left to finish.
_QUIET = timedelta(minutes=2)
# How many stories one round of the sweep asks for.
_AT_ONCE = 200


@dataclass(frozen=True)
class Source:
    """A recording or quote, with its passages as they are shown; `version` says which words they are of."""

    id: str
    version: str
    passages: tuple[Spoken, ...]

    @property
    def text_sha256(self) -> str:
        return sha256_of(json.dumps([passage.text for passage in self.passages]))


class Vectors:
    """What was made of a story to compare it with others."""

    place = Place.EMBEDDINGS

    def let_go(self, session: Session, story_id: str) -> None:
        session.execute(delete(PassageVectors).where(PassageVectors.story_id == story_id))

    def is_there(self, session: Session, story_id: str) -> bool:
        return bool(session.scalar(select(exists().where(PassageVectors.story_id == story_id))))


def forget(session: Session, story_id: str) -> None:
    """Let go of what was made of a story, since it may show less than before, and have what is left made anew. The
    caller holds the story."""
    if Vectors().is_there(session, story_id):
        Vectors().let_go(session, story_id)
        _ask(session, story_id)


def forget_project(session: Session, project_id: str) -> None:
    """Let go of everything that was made of a project's stories, and of the work on it: what is being made now finds
    its fence lost."""
    jobs = select(Job.id).where(Job.project_id == project_id, Job.kind == Kind.EMBED)
    session.execute(delete(Attempt).where(Attempt.job_id.in_(jobs)))
    session.execute(delete(Job).where(Job.id.in_(jobs)))
    session.execute(delete(PassageVectors).where(PassageVectors.project_id == project_id))


def settle(session: Session, now: datetime) -> int:
    """Let go of what commissioners may not read any more, and ask for what is missing or of other words than are there
    now; for how many stories."""
    story_id, of_recording = PassageVectors.story_id, exists().where(Recording.id == PassageVectors.source_id)
    session.execute(delete(PassageVectors).where(or_(
        ~_is_cleared(story_id, Content.QUOTE),
        and_(of_recording, or_(~_is_cleared(story_id, Content.WORDS), ~_is_cleared(story_id, Content.AUDIO))),
        PassageVectors.project_id.in_(select(Project.id).where(~Project.suggests_themes)))
    ).execution_options(synchronize_session=False))
    busy = exists().where(Job.kind == Kind.EMBED, Job.subject_id == Story.id,
                          Job.state.in_((State.WAITING, State.RUNNING, State.BLOCKED, State.FAILED)))
    wanted = (select(Story.id).join(Project, Project.id == Story.project_id)
              .where(Project.suggests_themes, ~busy,
                     Story.id.in_(union(_unread_recordings(now), _unread_quotes()))).limit(_AT_ONCE))
    found = session.scalars(wanted).all()
    for missing_id in found:
        _ask(session, missing_id)
    return len(found)


def wanted(session: Session, story_id: str) -> list[Source]:
    """What of a story is to be compared and is not yet, as it is now: nothing where nobody may read it."""
    story = session.get(Story, story_id, populate_existing=True)
    if story is None or not session.scalar(select(Project.suggests_themes).where(Project.id == story.project_id)):
        return []
    done = {row.source_id: row.version for row in session.execute(
        select(PassageVectors.source_id, PassageVectors.version)
        .where(PassageVectors.story_id == story_id, PassageVectors.model == MODEL))}
    return [source for source in (*_recordings(session, story_id), *_quotes(session, story_id))
            if done.get(source.id) != source.version]


def store(session: Session, story_id: str, sources: list[Source], vectors: bytes, held: Held) -> None:
    """Keep the vectors of these, as many as they have passages, and finish the job. What has changed meanwhile, or is
    not to be compared any more, is left out, and found by the sweep. Raises FenceLost, and ValueError where there are
    not as many vectors as passages."""
    work.hold(session, held, story_id)
    if len(vectors) != DIMENSIONS * sum(len(source.passages) for source in sources):
        raise ValueError("not as many vectors as passages")
    now = {source.id: source for source in wanted(session, story_id)}
    start = 0
    for source in sources:
        end = start + DIMENSIONS * len(source.passages)
        if now.get(source.id) == source:
            session.execute(delete(PassageVectors).where(PassageVectors.source_id == source.id))
            session.add(PassageVectors(
                source_id=source.id, story_id=story_id, project_id=session.get_one(Story, story_id).project_id,
                model=MODEL, version=source.version, text_sha256=source.text_sha256, vectors=vectors[start:end],
                places=[[passage.start_ms, passage.end_ms] for passage in source.passages]))
        start = end
    session.flush()
    work.finish(session, held)


def _ask(session: Session, story_id: str) -> None:
    project_id = session.scalar(select(Story.project_id).join(Project, Project.id == Story.project_id)
                                .where(Story.id == story_id, Project.suggests_themes))
    if project_id is not None:
        work.request_again(session, kind=Kind.EMBED, subject_id=story_id, story_id=story_id, project_id=project_id)


def _recordings(session: Session, story_id: str) -> list[Source]:
    """The words of each recording, where the team may read and play them: otherwise no excerpt can be made of them."""
    if not _may_have(session, story_id, Content.WORDS, Content.AUDIO):
        return []
    held = withholding.of_story(session, story_id)
    speakers = {row.id: row for row in session.scalars(select(Speaker).where(Speaker.story_id == story_id))}
    found = []
    for row in session.scalars(select(Transcript).join(Recording, Recording.id == Transcript.recording_id)
                               .where(Recording.story_id == story_id, Transcript.is_current)):
        segments = session.scalars(select(TranscriptSegment).where(TranscriptSegment.transcript_id == row.id)
                                   .order_by(TranscriptSegment.position))
        shown = [withholding.shown(held.of(row.recording_id), transcript_rows.segment_of(one, speakers))
                 for one in segments]
        found.append(Source(row.recording_id, f"{row.id}:{row.version}", tuple(passages_of(shown))))
    return found


def _quotes(session: Session, story_id: str) -> list[Source]:
    if not _may_have(session, story_id, Content.QUOTE):
        return []
    held = withholding.of_story(session, story_id)
    rows = session.scalars(select(Quote).where(Quote.story_id == story_id).order_by(Quote.id))
    return [Source(row.id, "", (Spoken(0, 0, held.text(row.text)),)) for row in rows]


def _may_have(session: Session, story_id: str, *contents: Content) -> bool:
    return all(session.scalar(select(exists().where(
        Clearance.story_id == story_id, Clearance.audience == Audience.COMMISSIONERS.value,
        Clearance.content == content.value, holds_now()))) for content in contents)


def _is_cleared(story_id: InstrumentedAttribute[str], content: Content) -> ColumnElement[bool]:
    """SQL: commissioners may have this of the story, those of the organisation that keeps it at least."""
    return exists().where(Clearance.story_id == story_id, Clearance.content == content.value,
                          Clearance.audience == Audience.COMMISSIONERS.value, holds_now())


def _unread_recordings(now: datetime) -> Select[str]:
    """SQL: the stories with a transcript that nobody corrects at the moment and that is not compared as it is."""
    version = Transcript.id + ":" + cast(Transcript.version, String)
    being_corrected = exists().where(Correction.transcript_id == Transcript.id, Correction.made_at > now - _QUIET)
    return (select(Recording.story_id).join(Transcript, Transcript.recording_id == Recording.id)
            .outerjoin(PassageVectors, PassageVectors.source_id == Recording.id)
            .where(Transcript.is_current, _is_other(version), ~being_corrected,
                   _is_cleared(Recording.story_id, Content.WORDS), _is_cleared(Recording.story_id, Content.AUDIO)))


def _unread_quotes() -> Select[str]:
    """SQL: the stories with a quote that is not compared."""
    return (select(Quote.story_id).outerjoin(PassageVectors, PassageVectors.source_id == Quote.id)
            .where(_is_other(None), _is_cleared(Quote.story_id, Content.QUOTE)))


def _is_other(version: ColumnElement[str] | None) -> ColumnElement[bool]:
    """SQL: there are no vectors, or those of another model or of other words."""
    others = [PassageVectors.source_id.is_(None), PassageVectors.model != MODEL]
    return or_(*others, PassageVectors.version != version) if version is not None else or_(*others)
