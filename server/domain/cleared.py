"""What may be shown, played or exported: values that only `server/services/clearing.py` makes.

Pages, players, provocations and exports take these and nothing else, so that a word that was not agreed to
has no way out. Ids are UUID strings, times are whole milliseconds from the start of the recording.
"""

from dataclasses import dataclass
from datetime import date, datetime

from server.domain.consent import Audience, People
from server.domain.excerpt import words_of
from server.domain.heard import Stretch, are_heard
from server.domain.transcript import Segment, Word


@dataclass(frozen=True)
class ClearedTheme:
    """`colour` names one in the palette, `kind` says what sort of thing it is about; either may be empty."""

    id: str
    name: str
    colour: str = ""
    kind: str = ""


@dataclass(frozen=True)
class ClearedTagging:
    """A theme that one person put on something, for the team alone. `by` is that person's name, and `region` a part of
    a photo as `left,top,width,height` in thousandths of it, or empty for the whole."""

    theme: ClearedTheme
    person_id: str
    by: str
    region: str = ""


@dataclass(frozen=True)
class ClearedGap:
    """A stretch that is not in the sound. `reason` is how the part before it ended, or that part number `part` of
    `parts` is not in it; nobody knows how many there are while `parts` is None, nor how long it is where `length_ms`
    is 0."""

    at_ms: int
    length_ms: int
    reason: str
    part: int | None
    parts: int | None


@dataclass(frozen=True)
class ClearedMarker:
    """A moment the researcher marked, with what was asked then, if anything, and a theme, if they chose one."""

    at_ms: int
    prompt: str
    theme: ClearedTheme | None


@dataclass(frozen=True)
class ClearedPlace:
    """A moment in another recording of the same story."""

    recording_id: str
    at_ms: int


@dataclass(frozen=True)
class ClearedRecording:
    """A recording whose sound may be played. `transcript` is None while there is none to show. Markers go with the
    words, gaps with the sound. `belongs_at` is where it is missing, if it is a part that came later."""

    id: str
    story_id: str
    duration_ms: int | None
    playback_sha256: str | None
    transcript: "ClearedTranscript | None"
    gaps: tuple[ClearedGap, ...] = ()
    markers: tuple[ClearedMarker, ...] = ()
    belongs_at: ClearedPlace | None = None


@dataclass(frozen=True)
class ClearedUnfinished:
    """A recording that came, or is coming, in parts and cannot be played. Parts are numbered from 1; nobody knows how
    many there are while `count` is None. `may_go_on`: it is made of what came, and there may be more."""

    id: str
    story_id: str
    count: int | None
    came: int
    missing: tuple[int, ...]
    unplayable: tuple[int, ...]
    may_go_on: bool = False


@dataclass(frozen=True)
class ClearedTranslation:
    """A machine's English, beside what was said. Its passages have times of their own, and no words."""

    model: str
    passages: tuple[Segment, ...]


@dataclass(frozen=True)
class ClearedTranscript:
    """The words of a recording as they are now: the machine's, its `number`-th try, after `version` corrections.

    `heard` are the stretches that somebody listened to or corrected, apart from each other and in order.
    """

    id: str
    recording_id: str
    language: str
    model: str
    segments: tuple[Segment, ...]
    number: int = 1
    version: int = 0
    heard: tuple[Stretch, ...] = ()
    translation: ClearedTranslation | None = None

    @property
    def is_checked(self) -> bool:
        """Whether people heard every word of it."""
        return are_heard(words_of(self.segments), self.heard)


@dataclass(frozen=True)
class ClearedExcerpt:
    """A passage. `may_play` says whether its sound is cleared too; `clip_sha256` names its own few seconds.

    For the team alone: it is a draft while nobody has heard every word of it, and it is flagged where `changed_text` is
    what the transcript says there now.
    """

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
    is_draft: bool = False
    changed_text: str | None = None
    taggings: tuple[ClearedTagging, ...] = ()


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
    taggings: tuple[ClearedTagging, ...] = ()


@dataclass(frozen=True)
class ClearedPhoto:
    """`people` says who can be seen in it, where the phone asked."""

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
    people: People | None = None
    taggings: tuple[ClearedTagging, ...] = ()


# What can carry a theme and be evidence.
ClearedPart = ClearedExcerpt | ClearedQuote | ClearedPhoto


@dataclass(frozen=True)
class ClearedStory:
    """A story as one audience may have it. Parts that are not cleared for it are not in it.

    `reaches` are all the audiences that may have anything of the story. `opening` are the person's own first words: a
    quote that was written down, or what they said first; it may be empty. `told_by` are the names of those who told it,
    where the phone named them.
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
    unfinished: tuple[ClearedUnfinished, ...] = ()
    told_by: tuple[str, ...] = ()

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
