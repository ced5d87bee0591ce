"""A cleared story laid out for reading: how it opens, how long it is, and its words with the excerpts among them."""

from collections.abc import Sequence
from dataclasses import dataclass

from server.domain.cleared import ClearedExcerpt, ClearedRecording, ClearedStory, ClearedTheme
from server.domain.consent import Audience
from server.domain.excerpt import words_of
from server.domain.transcript import Segment, SpokenBy, Word

OPENING_WORDS = 30
OPENING_LETTERS = 220

_ALLOWED = (
    (Audience.BOARD, "May be shown to the board", "Not for the board"),
    (Audience.PUBLICATION, "May be quoted without a name", "Not to be quoted in print"),
)


@dataclass(frozen=True)
class Allowance:
    """One thing that the person agreed to or did not, in words."""

    words: str
    agreed: bool


@dataclass(frozen=True)
class ReadWord:
    """A word on the page. `passages` are the excerpts that begin with it; `chosen` says that one of them holds it."""

    text: str
    space_before: bool
    start_ms: int
    end_ms: int
    chosen: bool
    passages: tuple[ClearedExcerpt, ...]


@dataclass(frozen=True)
class ReadSegment:
    """`passages` are the excerpts that begin in it. `language` is empty where it is that of the whole transcript, and
    `speaker` is there where somebody else begins to speak."""

    start_ms: int
    end_ms: int
    words: tuple[ReadWord, ...]
    language: str = ""
    speaker: SpokenBy | None = None

    @property
    def passages(self) -> tuple[ClearedExcerpt, ...]:
        return tuple(passage for word in self.words for passage in word.passages)

    @property
    def text(self) -> str:
        return "".join(f" {word.text}" if word.space_before else word.text for word in self.words).strip()


def opening(story: ClearedStory) -> str:
    """The first of the person's own words, as many as are taken in at a glance. May be empty."""
    words = story.opening.split()
    short = " ".join(words[:OPENING_WORDS])[:OPENING_LETTERS].rstrip()
    return short if short == " ".join(words) else f"{short} …"


def length_ms(story: ClearedStory) -> int:
    """How long its recordings are together."""
    return sum(recording.duration_ms or 0 for recording in story.recordings)


def themes_of(story: ClearedStory) -> list[ClearedTheme]:
    """The themes on any of its parts, by name."""
    found = {theme.id: theme for part in story.parts for theme in part.themes}
    return sorted(found.values(), key=lambda theme: theme.name.casefold())


def allowances(reaches: frozenset[Audience]) -> list[Allowance]:
    """What consent allows beyond the commissioners who read this, a few words each."""
    return [Allowance(yes if audience in reaches else no, audience in reaches) for audience, yes, no in _ALLOWED]


def segments_of(recording: ClearedRecording, excerpts: Sequence[ClearedExcerpt]) -> list[ReadSegment]:
    """The transcript with the recording's excerpts marked in it."""
    segments = recording.transcript.segments if recording.transcript else ()
    own = [excerpt for excerpt in excerpts if excerpt.recording_id == recording.id]
    begun: set[str] = set()
    voices = [None, *(segment.speaker for segment in segments)]
    return [_segment(segment, own, begun, is_new_voice=segment.speaker != before)
            for segment, before in zip(segments, voices, strict=False)]


def _segment(segment: Segment, excerpts: Sequence[ClearedExcerpt], begun: set[str], *,
             is_new_voice: bool) -> ReadSegment:
    words = tuple(_word(word, excerpts, begun) for word in words_of([segment]))
    return ReadSegment(segment.start_ms, segment.end_ms, words, segment.language,
                       segment.speaker if is_new_voice else None)


def _word(word: Word, excerpts: Sequence[ClearedExcerpt], begun: set[str]) -> ReadWord:
    holding = [item for item in excerpts if item.start_ms <= word.start_ms and word.end_ms <= item.end_ms]
    begins = tuple(item for item in holding if item.id not in begun)
    begun.update(item.id for item in begins)
    return ReadWord(word.text.strip(), word.text[:1].isspace(), word.start_ms, word.end_ms, bool(holding), begins)
