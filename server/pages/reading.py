"""A cleared story laid out for reading: how it opens, how long it is, and its words with the excerpts among them."""

from collections.abc import Sequence
from dataclasses import dataclass

from server.domain.cleared import ClearedExcerpt, ClearedRecording, ClearedStory, ClearedTheme
from server.domain.consent import Audience
from server.domain.excerpt import words_of
from server.domain.lanes import lanes
from server.domain.transcript import Segment, SpokenBy
from server.pages.whose import Put, Whose

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
class Mark:
    """An excerpt as it is drawn under its words, in one of the lanes, with the themes that are shown of it."""

    excerpt: ClearedExcerpt
    lane: int
    puts: tuple[Put, ...]

    @property
    def colour(self) -> str:
        """That of its first theme. May be empty."""
        return self.puts[0].theme.colour if self.puts else ""

    @property
    def people(self) -> list[str]:
        """Who put a theme on it, each once."""
        return list(dict.fromkeys(name for put in self.puts for name in put.names))


@dataclass(frozen=True)
class ReadWord:
    """A word on the page. `passages` are the excerpts that begin with it; `lines` are drawn under it, the lowest first,
    each with whether the one before it is drawn under the word before too."""

    text: str
    space_before: bool
    start_ms: int
    end_ms: int
    lines: tuple[tuple[Mark, bool], ...]
    passages: tuple[Mark, ...]


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
    def passages(self) -> tuple[Mark, ...]:
        return tuple(passage for word in self.words for passage in word.passages)

    @property
    def depth(self) -> int:
        """How many lanes are drawn under its words."""
        return max((mark.lane + 1 for word in self.words for mark, _ in word.lines), default=0)

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


def segments_of(recording: ClearedRecording, excerpts: Sequence[ClearedExcerpt], by: Whose) -> list[ReadSegment]:
    """The transcript with the recording's excerpts drawn in it, as far as they are shown."""
    segments = recording.transcript.segments if recording.transcript else ()
    own = sorted((excerpt for excerpt in excerpts if excerpt.recording_id == recording.id and by.shows(excerpt)),
                 key=lambda excerpt: (excerpt.start_ms, -excerpt.end_ms))
    depths = lanes([(excerpt.start_ms, excerpt.end_ms) for excerpt in own])
    marks = [Mark(excerpt, lane, tuple(by.puts(excerpt))) for excerpt, lane in zip(own, depths, strict=True)]
    waiting = list(reversed(marks))
    voices = [None, *(segment.speaker for segment in segments)]
    return [_segment(segment, marks, waiting, is_last=segment is segments[-1], is_new_voice=segment.speaker != before)
            for segment, before in zip(segments, voices, strict=False)]


def _segment(segment: Segment, marks: Sequence[Mark], waiting: list[Mark], *, is_last: bool,
             is_new_voice: bool) -> ReadSegment:
    """Marks that are `waiting` for the word they begin with, the next one last, are taken from there."""
    near = [mark for mark in marks if mark.excerpt.start_ms <= segment.end_ms
            and segment.start_ms <= mark.excerpt.end_ms]
    words: list[ReadWord] = []
    said = words_of([segment])
    for word in said:
        ends_all = is_last and word is said[-1]
        begins = []
        while waiting and (ends_all or waiting[-1].excerpt.start_ms < max(word.end_ms, word.start_ms + 1)):
            begins.append(waiting.pop())
        before = {mark.excerpt.id for mark, _ in words[-1].lines} if words else set()
        lines = tuple((mark, mark.excerpt.id in before) for mark in near
                      if mark.excerpt.start_ms <= word.start_ms and word.end_ms <= mark.excerpt.end_ms)
        words.append(ReadWord(word.text.strip(), word.text[:1].isspace(), word.start_ms, word.end_ms,
                              tuple(sorted(lines, key=lambda line: -line[0].lane)), tuple(begins)))
    return ReadSegment(segment.start_ms, segment.end_ms, tuple(words), segment.language,
                       segment.speaker if is_new_voice else None)
