"""The one place where a story becomes something that may be shown.

Everything that leaves (page, list, count, media address, provocation, export) comes from here as a `Cleared…` value.
One query asks in SQL for the clearance rows of the audience, and every other is for the stories of which that content
may be had: a part that is not cleared is never even loaded, and however many stories are asked for, each kind of part
takes one query. What is withheld of a story is taken out of it last, by `server/services/withholding.py`.
A commissioner who looks at what a board will see gets what is cleared for both.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from server.domain.access import Viewer
from server.domain.cleared import (
    ClearedExcerpt,
    ClearedForPublication,
    ClearedGap,
    ClearedMarker,
    ClearedPart,
    ClearedPhoto,
    ClearedPlace,
    ClearedQuote,
    ClearedRecording,
    ClearedStory,
    ClearedTagging,
    ClearedTheme,
    ClearedTranscript,
    ClearedTranslation,
    ClearedUnfinished,
)
from server.domain.consent import Audience, Content, People
from server.domain.errors import NotFound
from server.domain.theme import Taggable
from server.domain.transcript import Segment
from server.models.segment import RecordingMarker
from server.models.story import Photo, Quote, Recording, Story
from server.models.theme import Excerpt, Theme
from server.models.transcript import Translation
from server.services import (
    clearances,
    consent_wordings,
    participants,
    recording_rows,
    story_rows,
    transcript_rows,
    withholding,
)
from server.services.clearances import Asked, Opened, asked_for, reaches_of, within_reach
from server.services.recording_rows import Stop, Unfinished
from server.services.story_rows import PartRow
from server.services.transcript_rows import Spoken

Part = TypeVar("Part", ClearedRecording, ClearedPhoto, ClearedQuote, ClearedExcerpt)


class Words(Enum):
    """How much is read of what was said: nothing, how a story opens, or every word."""

    NONE = auto()
    OPENING = auto()
    ALL = auto()


def list_stories(session: Session, viewer: Viewer, project_id: str, audience: Audience,
                 ids: Sequence[str], words: Words = Words.OPENING) -> list[ClearedStory]:
    """These of the project's stories as this audience may have them, newest first, usually with no transcripts.

    Raises NotFound.
    """
    found = _cleared(session, Story.id.in_(ids), asked_for(viewer, project_id, audience), words)
    return [story for story in found if story.project_id == project_id]


def list_parts(session: Session, viewer: Viewer, project_id: str, audience: Audience,
               which: ColumnElement[bool]) -> list[ClearedPart]:
    """The excerpts, quotes and photos that this audience may have of the project's stories that `which` picks, story by
    story. Raises NotFound."""
    asked = asked_for(viewer, project_id, audience)
    # With a condition for the project, SQLite would take its index and read every story.
    stories = _cleared(session, which, asked, Words.NONE)
    return [part for story in stories if story.project_id == project_id for part in story.parts]


def get_story(session: Session, viewer: Viewer, story_id: str, audience: Audience,
              words: Words = Words.ALL) -> ClearedStory:
    """One story as this audience may have it. Raises NotFound, whatever the reason."""
    project_id = session.scalar(select(Story.project_id).where(Story.id == story_id, within_reach(viewer, audience)))
    asked = asked_for(viewer, project_id or "", audience)
    for story in _cleared(session, Story.id == story_id, asked, words):
        return story
    raise NotFound


def get_recording(session: Session, viewer: Viewer, recording_id: str, audience: Audience,
                  words: Words = Words.ALL) -> ClearedRecording:
    """A recording whose sound this audience may play. Raises NotFound."""
    return _pick(_story_with(session, viewer, Recording, recording_id, audience, words).recordings, recording_id)


def get_photo(session: Session, viewer: Viewer, photo_id: str, audience: Audience) -> ClearedPhoto:
    """A photo that this audience may see. Raises NotFound."""
    return _pick(_story_with(session, viewer, Photo, photo_id, audience).photos, photo_id)


def get_quote(session: Session, viewer: Viewer, quote_id: str, audience: Audience) -> ClearedQuote:
    """A quote that this audience may read. Raises NotFound."""
    return _pick(_story_with(session, viewer, Quote, quote_id, audience).quotes, quote_id)


def get_excerpt(session: Session, viewer: Viewer, excerpt_id: str, audience: Audience) -> ClearedExcerpt:
    """A passage that this audience may read. Raises NotFound."""
    return _pick(_story_with(session, viewer, Excerpt, excerpt_id, audience).excerpts, excerpt_id)


def get_part(session: Session, viewer: Viewer, kind: Taggable, part_id: str, audience: Audience) -> ClearedPart:
    """Something that can carry a theme, as this audience may have it. Raises NotFound."""
    get: dict[Taggable, Callable[[Session, Viewer, str, Audience], ClearedPart]] = {
        Taggable.EXCERPT: get_excerpt, Taggable.QUOTE: get_quote, Taggable.PHOTO: get_photo}
    return get[kind](session, viewer, part_id, audience)


def list_for_publication(session: Session, viewer: Viewer, project_id: str, ids: Sequence[str],
                         theme_id: str | None = None) -> list[ClearedForPublication]:
    """Every quote and excerpt of these stories that may be published, with the consent it rests on, in the order they
    were told. Raises NotFound."""
    parts = list_parts(session, viewer, project_id, Audience.PUBLICATION, Story.id.in_(ids))
    wordings = consent_wordings.of_stories(session, ids)
    passages = [part for part in parts if not isinstance(part, ClearedPhoto)
                and (theme_id is None or theme_id in {theme.id for theme in part.themes})]
    order = {story_id: number for number, story_id in enumerate(ids)}
    passages.sort(key=lambda part: (order[part.story_id], isinstance(part, ClearedExcerpt)))
    return [_publishable(part, *wordings[part.story_id]) for part in passages]


def _cleared(session: Session, which: ColumnElement[bool], asked: Asked, words: Words) -> list[ClearedStory]:
    """The stories that `which` picks, newest first, each with the parts that every audience asked may have."""
    opened = clearances.opened(session, which, asked)
    ids = opened.ids
    if not ids:
        return []
    recordings = story_rows.parts(session, Recording, opened)
    quotes = story_rows.parts(session, Quote, opened)
    photos = story_rows.parts(session, Photo, opened)
    excerpts = story_rows.parts(session, Excerpt, opened)
    transcripts = transcript_rows.current(session, opened) if words is Words.ALL else {}
    held = withholding.of_stories(session, ids)
    first_words = transcript_rows.first_words(session, opened, held) if words is not Words.NONE else {}
    unfinished = recording_rows.unfinished(session, opened) if words is not Words.NONE else {}
    marks = _Marks.read(session, opened) if words is Words.ALL else _Marks({}, {}, {})
    taggings, reaches = _taggings(session, ids, asked), reaches_of(session, ids)
    unheard = recording_rows.not_listened_to(session, ids)
    told_by = participants.names_by_story(session, ids, held)
    playable = frozenset(opened.cleared[Content.AUDIO])
    cleared = []
    for row in opened.stories:
        names = told_by.get(row.id, {})
        source = _Source(row, names, taggings, unheard, row.id in playable, is_for_team=not asked.is_for_others)
        said = [quote.text for quote in quotes[row.id]] + [first_words.get(item.id, "") for item in recordings[row.id]]
        cleared.append(ClearedStory(
            id=row.id, project_id=row.project_id, pseudonym=row.pseudonym, place=row.place, told_on=row.told_on,
            received_at=row.received_at, reaches=reaches[row.id], opening=next(filter(None, said), ""),
            told_by=tuple(names.values()),
            recordings=tuple(marks.recording(item, transcripts.get(item.id), item.id not in unheard)
                             for item in recordings[row.id]),
            unfinished=tuple(map(_unfinished, unfinished.get(row.id, ()))),
            quotes=tuple(map(source.quote, quotes[row.id])),
            photos=tuple(source.photo(item) for item in photos[row.id] if item.derivative_sha256 is not None),
            excerpts=tuple(map(source.excerpt, excerpts[row.id])),
        ))
    return withholding.applied(session, cleared, held)


def _transcript(found: Spoken) -> ClearedTranscript:
    row = found.row
    return ClearedTranscript(id=row.id, recording_id=row.recording_id, language=row.language, model=row.model,
                             segments=found.segments, number=row.number, version=row.version, heard=found.heard,
                             translation=_translation(found.translation) if found.translation else None)


def _translation(row: Translation) -> ClearedTranslation:
    passages = (Segment(text=text, start_ms=start_ms, end_ms=end_ms) for start_ms, end_ms, text in row.passages)
    return ClearedTranslation(model=row.model, passages=tuple(passages))


def _taggings(session: Session, ids: Sequence[str], asked: Asked) -> dict[str, tuple[ClearedTagging, ...]]:
    """What everybody put on each part of these stories, by the part's id. Themes that were retired are the team's."""
    return {part_id: tuple(ClearedTagging(_theme(row.theme), row.person_id, row.by, row.region) for row in found
                           if not (asked.is_for_others and row.theme.retired_at))
            for part_id, found in story_rows.taggings(session, ids).items()}


def _theme(row: Theme) -> ClearedTheme:
    return ClearedTheme(row.id, row.name, row.colour, row.kind)


@dataclass(frozen=True)
class _Marks:
    """Gaps and markers, by the id of their recording."""

    stops: Mapping[str, list[Stop]]
    markers: Mapping[str, list[tuple[RecordingMarker, Theme | None]]]
    places: Mapping[str, ClearedPlace]

    @classmethod
    def read(cls, session: Session, opened: Opened) -> "_Marks":
        stops = recording_rows.stops(session, opened)
        places = {stop.filled_by: ClearedPlace(stop.gap.recording_id, stop.gap.at_ms)
                  for found in stops.values() for stop in found if stop.filled_by}
        return cls(stops, recording_rows.markers(session, opened), places)

    def recording(self, row: Recording, spoken: Spoken | None, is_ready: bool) -> ClearedRecording:
        return ClearedRecording(
            id=row.id, story_id=row.story_id, duration_ms=row.duration_ms,
            playback_sha256=row.playback_sha256 if is_ready else None,
            transcript=_transcript(spoken) if spoken else None,
            belongs_at=self.places.get(row.id), gaps=tuple(map(_gap, self.stops.get(row.id, ()))),
            markers=tuple(ClearedMarker(marker.at_ms or 0, marker.prompt_text,
                                        _theme(theme) if theme else None)
                          for marker, theme in self.markers.get(row.id, ())))


def _gap(stop: Stop) -> ClearedGap:
    part = None if stop.gap.segment is None else stop.gap.segment + 1
    return ClearedGap(stop.gap.at_ms, stop.gap.length_ms, stop.gap.reason, part, stop.parts)


def _unfinished(found: Unfinished) -> ClearedUnfinished:
    return ClearedUnfinished(id=found.id, story_id=found.story_id, count=found.count, came=found.came,
                             missing=found.missing, unplayable=found.unplayable, may_go_on=found.may_go_on)


@dataclass(frozen=True)
class _Source:
    """A story's name, place and date, to put on each of its parts, and the names of those who told it, by their ids.

    `may_play` says whether its sound is cleared; of the recordings in `unheard` nothing is played yet. Only the team is
    told of what was not heard, or has changed, and who put which theme on what.
    """

    story: Story
    names: participants.Names
    taggings: dict[str, tuple[ClearedTagging, ...]]
    unheard: frozenset[str]
    may_play: bool
    is_for_team: bool

    def quote(self, row: Quote) -> ClearedQuote:
        """In the name of whoever said it, where that is known."""
        pseudonym = self.names.get(row.participant_id or "", self.story.pseudonym)
        return ClearedQuote(text=row.text, pseudonym=pseudonym, **self._of(row))

    def photo(self, row: Photo) -> ClearedPhoto:
        return ClearedPhoto(description=row.description, derivative_sha256=row.derivative_sha256 or "",
                            width=row.width or 0, height=row.height or 0, pseudonym=self.story.pseudonym,
                            people=People(row.people) if row.people else None, **self._of(row))

    def excerpt(self, row: Excerpt) -> ClearedExcerpt:
        is_ready = self.may_play and row.recording_id not in self.unheard
        return ClearedExcerpt(recording_id=row.recording_id, start_ms=row.start_ms, end_ms=row.end_ms, text=row.text,
                              words=row.words, pseudonym=self.story.pseudonym, may_play=self.may_play,
                              clip_sha256=row.clip_sha256 if is_ready else None, is_draft=row.quotable_at is None,
                              changed_text=row.changed_text if self.is_for_team and row.changed_at else None,
                              **self._of(row))

    def _of(self, row: Quote | Photo | Excerpt) -> dict[str, Any]:
        """What every part has."""
        story, put = self.story, self.taggings.get(row.id, ())
        return {"id": row.id, "story_id": story.id, "project_id": story.project_id, "place": story.place,
                "told_on": story.told_on, "themes": tuple(dict.fromkeys(one.theme for one in put)),
                "taggings": put if self.is_for_team else ()}


def _story_with(session: Session, viewer: Viewer, part: type[PartRow], part_id: str, audience: Audience,
                words: Words = Words.NONE) -> ClearedStory:
    """The story that a part belongs to. Raises NotFound."""
    story_id = session.scalar(select(part.story_id).join(Story, Story.id == part.story_id).where(
        part.id == part_id, within_reach(viewer, audience, part)))
    return get_story(session, viewer, story_id or "", audience, words)


def _pick(parts: Iterable[Part], part_id: str) -> Part:
    for part in parts:
        if part.id == part_id:
            return part
    raise NotFound


def _publishable(part: ClearedQuote | ClearedExcerpt, title: str, version: int) -> ClearedForPublication:
    times = (part.start_ms, part.end_ms) if isinstance(part, ClearedExcerpt) else (None, None)
    return ClearedForPublication(
        kind="excerpt" if isinstance(part, ClearedExcerpt) else "quote", id=part.id, text=part.text,
        themes=tuple(theme.name for theme in part.themes), pseudonym=part.pseudonym, place=part.place,
        told_on=part.told_on, story_id=part.story_id, start_ms=times[0], end_ms=times[1],
        wording_title=title, wording_version=version,
    )
