"""What a recording in segments is made of: what the phone says, what has come of it, and where each moment is in the
sound that there is.

Phones count in whole milliseconds that are on disk, decoders in those that can be heard; the two differ a little.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
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
UNREADABLE = "unreadable"
# Where no phone said what there is: between segments whose numbers do not follow each other, and at the end.
NOT_KNOWN = "not_known"
MAY_GO_ON = "may_go_on"

# By so much, in ms or as a share, may a decoder hear less than a phone counted, and nothing be missing: a phone counts
# by its stopwatch, and a page that slept meanwhile works its length out from bytes.
_TOLERATED_MS, _TOLERATED_SHARE = 2000, 0.05

_MILLISECOND = timedelta(milliseconds=1)
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
class Came:
    """A segment that is in the store, of a recording whose manifest has not come. `number` is what it was announced
    with, and `duration_ms` what can be heard of it; None where nothing can."""

    id: str
    number: int
    sha256: str
    size: int
    started_at: datetime
    duration_ms: int | None


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
    """A stretch that is not in the sound. `segment` is the number of the one that should be there, if that is why.
    A length of 0 is one that nobody knows."""

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


def list_of_what_came(parts: Iterable[Came]) -> list[ListedSegment]:
    """The list that no phone sent: by number, then by when they began.

    Two that were announced with one number get two. A number that nothing came with stays free. Between neighbours the
    recording had stopped for as long as the phone's wall clock says.
    """
    found: list[ListedSegment] = []
    before: Came | None = None
    for part in sorted(parts, key=lambda part: (part.number, part.started_at, part.id)):
        number, offset_ms = part.number, 0
        if found:
            last = found[-1]
            number, offset_ms = max(number, last.number + 1), last.offset_ms + last.duration_ms
            if before and before.duration_ms is not None and number == last.number + 1:
                offset_ms += max(0, (part.started_at - before.started_at) // _MILLISECOND - before.duration_ms)
        found.append(ListedSegment(part.id, number, part.sha256, part.size, offset_ms, part.duration_ms or 0,
                                   Ended.STOPPED))
        before = part
    return found


def told_after_all(made: Sequence[ListedSegment], sent: Sequence[ListedSegment]) -> list[ListedSegment]:
    """The list of what came, once the phone's own has come: all that the phone says of each, but the numbers by which
    the recording was made. One that it was made without keeps its number where that is free."""
    numbers = {segment.id: segment.number for segment in made}
    free = max([*numbers.values(), *(segment.number for segment in sent)]) + 1
    found = [segment for segment in made if segment.id not in {other.id for other in sent}]
    for segment in sent:
        number = numbers.get(segment.id, segment.number)
        if segment.id not in numbers and number in numbers.values():
            number, free = free, free + 1
        found.append(replace(segment, number=number))
    return sorted(found, key=lambda segment: segment.number)


def count(numbers: Iterable[int]) -> int:
    """How many segments a list with these numbers speaks of."""
    return max(numbers) + 1


def unread_ms(counted_ms: int, heard_ms: int) -> int:
    """How much sound of a segment cannot be read: what the phone counted beyond what was heard, where that is too much
    to be a difference between clocks."""
    lost = counted_ms - heard_ms
    return lost if lost > max(_TOLERATED_MS, counted_ms * _TOLERATED_SHARE) else 0


def gaps(segments: Sequence[ListedSegment], heard: Heard, left_out: Mapping[str, str] | None = None, *,
         may_go_on: bool = False) -> list[Gap]:
    """What is not in the sound, in order: where the recording had stopped, and segments that are not in it or end too
    soon. A file that breaks off does not say where, so that is at the segment's end. `left_out` says by its id why
    one that could be played is not, `may_go_on` that nobody knows whether this is all."""
    found: list[Gap] = []
    at_ms = 0
    for before, segment, following in zip([None, *segments], segments, [*segments[1:], None], strict=False):
        if segment.number > (before.number + 1 if before else 0):
            found.append(Gap(at_ms, 0, NOT_KNOWN))
        stretch = heard[segment.number]
        if stretch is None:
            reason = (left_out or {}).get(segment.id, UNPLAYABLE)
            found.append(Gap(at_ms, segment.duration_ms, reason, segment.number))
        else:
            at_ms = stretch.end_ms
            if unread := unread_ms(segment.duration_ms, at_ms - stretch.start_ms):
                found.append(Gap(at_ms, unread, UNREADABLE, segment.number))
        stopped_for = following.offset_ms - segment.offset_ms - segment.duration_ms if following else 0
        if stopped_for > 0:
            found.append(Gap(at_ms, stopped_for, segment.ended.value))
    return [*found, Gap(at_ms, 0, MAY_GO_ON)] if may_go_on else found


def position(segments: Sequence[ListedSegment], heard: Heard, saved_at_ms: int) -> int:
    """Where a moment is in the sound. One in a segment that cannot be played is where that would begin, and one after
    all that could be read of its segment is at the end of that."""
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
