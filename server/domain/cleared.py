"""What may be shown, played or exported: values that only `server/services/clearing.py` makes.

Pages, players, provocations and exports take these and nothing else, so that a word that was not agreed to
has no way out. Ids are UUID strings, times are whole milliseconds from the start of the recording.
"""

from dataclasses import dataclass
from datetime import date, datetime

from server.domain.consent import Audience
from server.domain.transcript import Segment, Word


@dataclass(frozen=True)
class ClearedTheme:
    id: str
    name: str


@dataclass(frozen=True)
class ClearedRecording:
    """A recording whose sound may be played. `transcript` is None while there is none to show."""

    id: str
    story_id: str
    duration_ms: int | None
    playback_sha256: str | None
    transcript: "ClearedTranscript | None"


@dataclass(frozen=True)
class ClearedTranscript:
    id: str
    recording_id: str
    language: str
    model: str
    segments: tuple[Segment, ...]


@dataclass(frozen=True)
class ClearedExcerpt:
    """A passage. `may_play` says whether its sound is cleared too; `clip_sha256` names its own few seconds."""

    id: str
    story_id: str
    project_id: str
    recording_id: str
    start_ms: int
    end_ms: int
    text: str
    words: tuple[Word, ...]
    themes: tuple[ClearedTheme, ...]
    pseudonym: str
    place: str
    told_on: date
    may_play: bool
    clip_sha256: str | None


@dataclass(frozen=True)
class ClearedQuote:
    id: str
    story_id: str
    project_id: str
    text: str
    themes: tuple[ClearedTheme, ...]
    pseudonym: str
    place: str
    told_on: date


@dataclass(frozen=True)
class ClearedPhoto:
    id: str
    story_id: str
    project_id: str
    description: str
    derivative_sha256: str
    width: int
    height: int
    themes: tuple[ClearedTheme, ...]
    pseudonym: str
    place: str
    told_on: date


# What can carry a theme and be evidence.
ClearedPart = ClearedExcerpt | ClearedQuote | ClearedPhoto


@dataclass(frozen=True)
class ClearedStory:
    """A story as one audience may have it. Parts that are not cleared for it are not in it.

    `reaches` are all the audiences that may have anything of the story. `opening` are the person's own first words: a
    quote that was written down, or what they said first; it may be empty.
    """

    id: str
    project_id: str
    pseudonym: str
    place: str
    told_on: date
    received_at: datetime
    reaches: frozenset[Audience]
    opening: str
    recordings: tuple[ClearedRecording, ...]
    quotes: tuple[ClearedQuote, ...]
    photos: tuple[ClearedPhoto, ...]
    excerpts: tuple[ClearedExcerpt, ...]

    @property
    def parts(self) -> tuple[ClearedPart, ...]:
        return (*self.excerpts, *self.quotes, *self.photos)


@dataclass(frozen=True)
class ClearedForPublication:
    """One row of an export of quotes: words, where they come from, and the consent they rest on."""

    kind: str
    id: str
    text: str
    themes: tuple[str, ...]
    pseudonym: str
    place: str
    told_on: date
    story_id: str
    start_ms: int | None
    end_ms: int | None
    wording_title: str
    wording_version: int
