"""What a recording in segments is made of: what the phone says, what has come of it, and where each moment is in the
sound that there is.

Phones count in whole milliseconds that are on disk, decoders in those that can be heard; the two differ a little.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID, uuid5


class Ended(StrEnum):
    """Why a segment is not longer than it is."""

    STOPPED = "stopped"
    INTERRUPTED = "interrupted"
    SILENCE = "silence"
    MICROPHONE_LOST = "microphone_lost"
    HIDDEN = "hidden"
    FULL = "full"
    FAILED = "failed"
    RECOVERED = "recovered"


# Beside how a segment ended, why a stretch is not in the sound.
UNPLAYABLE = "unplayable"
LEFT_OUT = "left_out"
CAME_LATER = "came_later"

_STANDING_ALONE = UUID("5e0c3f0e-93b5-4d36-8e0e-6a8f2b3c7d14")


class Gathering(StrEnum):
    """How far a recording in segments has come."""

    WAITING = "waiting_for_segments"
    JOINING = "joining"
    COMPLETE = "complete"


@dataclass(frozen=True)
class ListedSegment:
    """A segment as its manifest has it. `offset_ms` is from the start of the first one, with the gaps; `duration_ms` is
    how much of it the phone has."""

    id: str
    number: int
    sha256: str
    size: int
    offset_ms: int
    duration_ms: int
    ended: Ended

    @property
    def file(self) -> tuple[str, str, int]:
        """What the segment that arrives must be. Its place is the manifest's to say: one before it may have been lost
        on the phone after it was announced."""
        return self.id, self.sha256, self.size


@dataclass(frozen=True)
class SentMarker:
    """A moment that was marked. `saved_at_ms` counts the segments end to end, without gaps."""

    id: str
    saved_at_ms: int
    prompt_id: str | None
    theme_id: str | None


@dataclass(frozen=True)
class SentManifest:
    id: str
    story_id: str
    position: int
    started_at: datetime
    segments: tuple[ListedSegment, ...]
    markers: tuple[SentMarker, ...]


@dataclass(frozen=True)
class Stretch:
    """Where a segment is in the joined sound."""

    start_ms: int
    end_ms: int


# By the number of the segment; None where it cannot be played.
Heard = Mapping[int, Stretch | None]


@dataclass(frozen=True)
class Gap:
    """A stretch that is not in the sound. `segment` is the number of the one that should be there, if that is why."""

    at_ms: int
    length_ms: int
    reason: str
    segment: int | None = None


def missing(segments: Iterable[ListedSegment], stored: Iterable[str]) -> list[ListedSegment]:
    """Those that have not come, of which the ids are not among those stored."""
    there = set(stored)
    return [segment for segment in segments if segment.id not in there]


def fits(segments: Iterable[ListedSegment], file: tuple[str, str, int]) -> bool:
    """Whether a file with this id, SHA-256 and size is one of the recording."""
    return file in {segment.file for segment in segments}


def recording_of_its_own(segment_id: str) -> str:
    """The id of the recording that this segment is when its own recording was made without it: always the same, so
    that it can be made only once. (UUID version 5, RFC 9562.)"""
    return str(uuid5(_STANDING_ALONE, segment_id))


def laid_end_to_end(lengths: Sequence[int | None]) -> dict[int, Stretch | None]:
    """Where each segment is when those that can be played follow each other. Lengths are in the order of numbers."""
    heard: dict[int, Stretch | None] = {}
    end = 0
    for number, length in enumerate(lengths):
        heard[number] = None if length is None else Stretch(end, end + length)
        end += length or 0
    return heard


def gaps(segments: Sequence[ListedSegment], heard: Heard, left_out: Mapping[str, str] | None = None) -> list[Gap]:
    """What is not in the sound, in order: where the recording had stopped, and segments that are not in it. `left_out`
    says by its id why one that could be played is not."""
    found: list[Gap] = []
    at_ms = 0
    for segment, following in zip(segments, [*segments[1:], None], strict=True):
        stretch = heard[segment.number]
        if stretch is None:
            reason = (left_out or {}).get(segment.id, UNPLAYABLE)
            found.append(Gap(at_ms, segment.duration_ms, reason, segment.number))
        else:
            at_ms = stretch.end_ms
        stopped_for = following.offset_ms - segment.offset_ms - segment.duration_ms if following else 0
        if stopped_for > 0:
            found.append(Gap(at_ms, stopped_for, segment.ended.value))
    return found


def position(segments: Sequence[ListedSegment], heard: Heard, saved_at_ms: int) -> int:
    """Where a moment is in the sound. One in a segment that cannot be played is where that would begin."""
    begins_ms = at_ms = 0
    for segment in segments:
        stretch, into_ms = heard[segment.number], saved_at_ms - begins_ms
        if stretch is not None:
            at_ms = min(stretch.start_ms + into_ms, stretch.end_ms)
        if into_ms < segment.duration_ms:
            break
        begins_ms += segment.duration_ms
    return at_ms


def to_json(segment: ListedSegment) -> dict[str, Any]:
    """Plain values that `from_json` turns back into an equal segment."""
    return asdict(segment) | {"ended": segment.ended.value}


def from_json(value: Mapping[str, Any]) -> ListedSegment:
    """Raises KeyError where a field is missing."""
    return ListedSegment(id=value["id"], number=value["number"], sha256=value["sha256"], size=value["size"],
                         offset_ms=value["offset_ms"], duration_ms=value["duration_ms"], ended=Ended(value["ended"]))
