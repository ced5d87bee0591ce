"""The one place where a story becomes something that may be shown.

Everything that leaves (page, list, count, media address, provocation, export) comes from here as a `Cleared…` value.
Each query asks for the clearance rows of the audience in SQL, so what is not cleared is never even loaded.
A commissioner who looks at what a board will see gets what is cleared for both.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from sqlalchemy import ColumnElement, Select, and_, exists, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session, selectinload

from server.domain.access import Viewer, audiences
from server.domain.cleared import (
    ClearedExcerpt,
    ClearedForPublication,
    ClearedPhoto,
    ClearedQuote,
    ClearedRecording,
    ClearedStory,
    ClearedTheme,
    ClearedTranscript,
)
from server.domain.consent import Audience, Content
from server.domain.errors import NotFound
from server.domain.transcript import Segment, Word
from server.models.consent import Clearance, ConsentRecord
from server.models.project import ConsentWording
from server.models.story import Photo, Quote, Recording, Story
from server.models.theme import Excerpt, Tagging, Theme
from server.models.transcript import Transcript


@dataclass(frozen=True)
class StoryFilter:
    """What a list of stories leaves out. None leaves out nothing."""

    theme_id: str | None = None
    place: str | None = None
    has: Content | None = None


def list_stories(session: Session, viewer: Viewer, project_id: str, audience: Audience,
                 only: StoryFilter = StoryFilter()) -> list[ClearedStory]:
    """The project's stories as this audience may have them, newest first. Raises NotFound."""
    asked = _asked(viewer, project_id, audience)
    query = _whole_story().where(Story.project_id == project_id, _may(Story.id, asked, Content.QUOTE))
    if only.place:
        query = query.where(Story.place == only.place)
    stories = [_story(session, row, asked) for row in session.scalars(query)]
    return [story for story in stories if _passes(story, only)]


def get_story(session: Session, viewer: Viewer, story_id: str, audience: Audience) -> ClearedStory:
    """One story as this audience may have it. Raises NotFound, whatever the reason."""
    asked = _asked_for_story(session, viewer, story_id, audience)
    row = session.scalar(_whole_story().where(Story.id == story_id, _may(Story.id, asked, Content.QUOTE)))
    if row is None:
        raise NotFound
    return _story(session, row, asked)


def get_recording(session: Session, viewer: Viewer, recording_id: str, audience: Audience) -> ClearedRecording:
    """A recording whose sound this audience may play. Raises NotFound."""
    story_id = session.scalar(select(Recording.story_id).where(Recording.id == recording_id))
    return _pick(get_story(session, viewer, story_id or "", audience).recordings, recording_id)


def get_photo(session: Session, viewer: Viewer, photo_id: str, audience: Audience) -> ClearedPhoto:
    """A photo that this audience may see. Raises NotFound."""
    story_id = session.scalar(select(Photo.story_id).where(Photo.id == photo_id))
    return _pick(get_story(session, viewer, story_id or "", audience).photos, photo_id)


def get_quote(session: Session, viewer: Viewer, quote_id: str, audience: Audience) -> ClearedQuote:
    """A quote that this audience may read. Raises NotFound."""
    story_id = session.scalar(select(Quote.story_id).where(Quote.id == quote_id))
    return _pick(get_story(session, viewer, story_id or "", audience).quotes, quote_id)


def get_excerpt(session: Session, viewer: Viewer, excerpt_id: str, audience: Audience) -> ClearedExcerpt:
    """A passage that this audience may read. Raises NotFound."""
    story_id = session.scalar(select(Excerpt.story_id).where(Excerpt.id == excerpt_id))
    return _pick(get_story(session, viewer, story_id or "", audience).excerpts, excerpt_id)


def list_for_publication(session: Session, viewer: Viewer, project_id: str,
                         theme_id: str | None = None) -> list[ClearedForPublication]:
    """Every quote and excerpt that may be published, with the consent it rests on, in the order they were told."""
    stories = list_stories(session, viewer, project_id, Audience.PUBLICATION)
    wordings = _wordings(session, [story.id for story in stories])
    rows = []
    for story in sorted(stories, key=lambda story: (story.told_on, story.id)):
        passages: tuple[ClearedQuote | ClearedExcerpt, ...] = (*story.quotes, *story.excerpts)
        for part in passages:
            if theme_id is None or theme_id in {theme.id for theme in part.themes}:
                rows.append(_publishable(part, *wordings[story.id]))
    return rows


def _asked(viewer: Viewer, project_id: str, audience: Audience) -> frozenset[Audience]:
    """The audiences that something must be cleared for, for this viewer to have it. Raises NotFound."""
    mine = audiences(viewer, project_id)
    if audience in mine:
        return frozenset({audience})
    if audience is Audience.BOARD and Audience.COMMISSIONERS in mine:
        return frozenset({Audience.BOARD, Audience.COMMISSIONERS})
    raise NotFound


def _asked_for_story(session: Session, viewer: Viewer, story_id: str, audience: Audience) -> frozenset[Audience]:
    project_id = session.scalar(select(Story.project_id).where(Story.id == story_id))
    return _asked(viewer, project_id or "", audience)


def _may(story_id: InstrumentedAttribute[str], asked: Iterable[Audience], content: Content) -> ColumnElement[bool]:
    """SQL: the story has a clearance row for this content and every audience asked."""
    return and_(*(
        exists().where(Clearance.story_id == story_id, Clearance.audience == audience.value,
                       Clearance.content == content.value)
        for audience in sorted(asked)
    ))


def _whole_story() -> Select[Story]:
    parts = (selectinload(Story.recordings), selectinload(Story.quotes), selectinload(Story.photos))
    return select(Story).options(*parts).order_by(Story.told_at.desc(), Story.id)


def _story(session: Session, row: Story, asked: frozenset[Audience]) -> ClearedStory:
    may = _contents(session, row.id, asked)
    themes = _themes(session, row)
    source = _Source(row, themes)
    recordings = row.recordings if may & {Content.AUDIO, Content.WORDS} else []
    transcripts = _transcripts(session, recordings) if Content.WORDS in may else {}
    excerpts = _excerpts(session, row.id) if Content.WORDS in may else []
    audience = Audience.BOARD if Audience.BOARD in asked else next(iter(asked))
    return ClearedStory(
        id=row.id, project_id=row.project_id, audience=audience, pseudonym=row.pseudonym, place=row.place,
        told_on=row.told_on, received_at=row.received_at,
        recordings=tuple(_recording(item, transcripts.get(item.id)) for item in recordings if Content.AUDIO in may),
        quotes=tuple(source.quote(item) for item in row.quotes if Content.QUOTE in may),
        photos=tuple(source.photo(item) for item in row.photos
                     if Content.PHOTO in may and item.derivative_sha256 is not None),
        excerpts=tuple(source.excerpt(item, may_play=Content.AUDIO in may) for item in excerpts),
    )


def _contents(session: Session, story_id: str, asked: frozenset[Audience]) -> set[Content]:
    """The kinds of content of a story that every audience asked may have."""
    rows = session.scalars(select(Clearance).where(Clearance.story_id == story_id))
    cleared = {(Audience(row.audience), Content(row.content)) for row in rows}
    return {content for content in Content if all((audience, content) in cleared for audience in asked)}


def _transcripts(session: Session, recordings: Sequence[Recording]) -> dict[str, ClearedTranscript]:
    query = (select(Transcript).options(selectinload(Transcript.segments))
             .where(Transcript.recording_id.in_([recording.id for recording in recordings])))
    return {row.recording_id: _transcript(row) for row in session.scalars(query)}


def _transcript(row: Transcript) -> ClearedTranscript:
    segments = tuple(
        Segment(text=item.text, start_ms=item.start_ms, end_ms=item.end_ms,
                words=tuple(Word(*word) for word in item.words))
        for item in row.segments
    )
    return ClearedTranscript(id=row.id, recording_id=row.recording_id, language=row.language, model=row.model,
                             segments=segments)


def _excerpts(session: Session, story_id: str) -> list[Excerpt]:
    order = (Excerpt.recording_id, Excerpt.start_ms, Excerpt.end_ms)
    return list(session.scalars(select(Excerpt).where(Excerpt.story_id == story_id).order_by(*order)))


def _recording(row: Recording, transcript: ClearedTranscript | None) -> ClearedRecording:
    return ClearedRecording(id=row.id, story_id=row.story_id, duration_ms=row.duration_ms, media_sha256=row.sha256,
                            playback_sha256=row.playback_sha256, transcript=transcript)


def _themes(session: Session, row: Story) -> dict[str, tuple[ClearedTheme, ...]]:
    """The themes on each part of a story, by the part's id."""
    on_story = or_(
        Tagging.excerpt_id.in_(select(Excerpt.id).where(Excerpt.story_id == row.id)),
        Tagging.quote_id.in_([quote.id for quote in row.quotes]),
        Tagging.photo_id.in_([photo.id for photo in row.photos]),
    )
    found: dict[str, tuple[ClearedTheme, ...]] = {}
    query = select(Tagging).join(Tagging.theme).options(selectinload(Tagging.theme)).where(on_story)
    for tagging in session.scalars(query.order_by(Theme.name_key)):
        part_id = tagging.excerpt_id or tagging.quote_id or tagging.photo_id or ""
        theme = ClearedTheme(tagging.theme.id, tagging.theme.name)
        found[part_id] = (*found.get(part_id, ()), theme)
    return found


@dataclass(frozen=True)
class _Source:
    """A story's name, place and date, to put on each of its parts."""

    story: Story
    themes: dict[str, tuple[ClearedTheme, ...]]

    def quote(self, row: Quote) -> ClearedQuote:
        story = self.story
        return ClearedQuote(id=row.id, story_id=story.id, project_id=story.project_id, text=row.text,
                            themes=self.themes.get(row.id, ()), pseudonym=story.pseudonym, place=story.place,
                            told_on=story.told_on)

    def photo(self, row: Photo) -> ClearedPhoto:
        story = self.story
        return ClearedPhoto(id=row.id, story_id=story.id, project_id=story.project_id, description=row.description,
                            derivative_sha256=row.derivative_sha256 or "", width=row.width or 0,
                            height=row.height or 0, themes=self.themes.get(row.id, ()), pseudonym=story.pseudonym,
                            place=story.place, told_on=story.told_on)

    def excerpt(self, row: Excerpt, *, may_play: bool) -> ClearedExcerpt:
        story = self.story
        return ClearedExcerpt(id=row.id, story_id=story.id, project_id=story.project_id,
                              recording_id=row.recording_id, start_ms=row.start_ms, end_ms=row.end_ms, text=row.text,
                              words=tuple(Word(*word) for word in row.words), themes=self.themes.get(row.id, ()),
                              pseudonym=story.pseudonym, place=story.place, told_on=story.told_on,
                              may_play=may_play, clip_sha256=row.clip_sha256 if may_play else None)


def _passes(story: ClearedStory, only: StoryFilter) -> bool:
    """Whether what is left of a cleared story passes the filter: a theme on an uncleared part does not count."""
    themes = {theme.id for part in story.parts for theme in part.themes}
    if only.theme_id and only.theme_id not in themes:
        return False
    kinds = {Content.AUDIO: story.recordings, Content.QUOTE: story.quotes, Content.PHOTO: story.photos,
             Content.WORDS: [*story.excerpts, *(item for item in story.recordings if item.transcript)]}
    return only.has is None or bool(kinds[only.has])


Part = TypeVar("Part", ClearedRecording, ClearedPhoto, ClearedQuote, ClearedExcerpt)


def _pick(parts: Iterable[Part], part_id: str) -> Part:
    for part in parts:
        if part.id == part_id:
            return part
    raise NotFound


def _wordings(session: Session, story_ids: Sequence[str]) -> dict[str, tuple[str, int]]:
    """The title and version of the wording that each story's newest consent rests on."""
    query = (select(ConsentRecord.story_id, ConsentWording.title, ConsentWording.version)
             .join(ConsentWording, ConsentWording.id == ConsentRecord.wording_id)
             .where(ConsentRecord.story_id.in_(story_ids)).order_by(ConsentRecord.sequence))
    return {story_id: (title, version) for story_id, title, version in session.execute(query)}


def _publishable(part: ClearedQuote | ClearedExcerpt, title: str, version: int) -> ClearedForPublication:
    times = (part.start_ms, part.end_ms) if isinstance(part, ClearedExcerpt) else (None, None)
    return ClearedForPublication(
        kind="excerpt" if isinstance(part, ClearedExcerpt) else "quote", id=part.id, text=part.text,
        themes=tuple(theme.name for theme in part.themes), pseudonym=part.pseudonym, place=part.place,
        told_on=part.told_on, story_id=part.story_id, start_ms=times[0], end_ms=times[1],
        wording_title=title, wording_version=version,
    )
