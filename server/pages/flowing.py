"""The words of a recording in order, with what is to be known at a moment of it: where it stopped, what was marked, and
what a computer makes of it in English."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, replace

from server.domain.cleared import ClearedGap, ClearedMarker, ClearedRecording
from server.domain.transcript import Segment
from server.pages.reading import ReadSegment


@dataclass(frozen=True)
class Item:
    """One of the first three, and the others None. `english` are the passages of the translation that end with it."""

    segment: ReadSegment | None = None
    gap: ClearedGap | None = None
    marker: ClearedMarker | None = None
    english: tuple[Segment, ...] = ()


def flow_of(recording: ClearedRecording, segments: Sequence[ReadSegment]) -> list[Item]:
    """A gap parts the words that were said before it from those after; a marker parts no segment, and comes before or
    after the one it is in, whichever is nearer."""
    left = list(segments)
    flow: list[Item] = []
    notes: list[ClearedGap | ClearedMarker] = sorted([*recording.gaps, *recording.markers], key=_order)
    for note in notes:
        if isinstance(note, ClearedGap):
            before, left = _parted(left, note.at_ms)
            flow += [Item(segment=segment) for segment in before] + [Item(gap=note)]
        else:
            while left and left[0].start_ms + left[0].end_ms < 2 * note.at_ms:
                flow.append(Item(segment=left.pop(0)))
            flow.append(Item(marker=note))
    flow += [Item(segment=segment) for segment in left]
    translation = recording.transcript.translation if recording.transcript else None
    return _with_english(flow, translation.passages) if translation else flow


def _with_english(flow: list[Item], passages: Sequence[Segment]) -> list[Item]:
    """Each passage under the last of the segments that were said in its time: those whose middle is before its end."""
    places = [place for place, item in enumerate(flow) if item.segment]
    middles = [item.segment.start_ms + item.segment.end_ms for item in flow if item.segment]
    for passage in passages if places else ():
        place = places[max(0, bisect_left(middles, 2 * passage.end_ms) - 1)]
        flow[place] = replace(flow[place], english=(*flow[place].english, passage))
    return flow


def _order(note: ClearedGap | ClearedMarker) -> tuple[int, bool]:
    """What was marked at the moment a recording went on comes after the gap."""
    return note.at_ms, isinstance(note, ClearedMarker)


def _parted(segments: list[ReadSegment], at_ms: int) -> tuple[list[ReadSegment], list[ReadSegment]]:
    """The words before a moment and those after it. A word belongs where most of it is."""
    before: list[ReadSegment] = []
    after: list[ReadSegment] = []
    for segment in segments:
        place = sum(word.start_ms + word.end_ms < 2 * at_ms for word in segment.words)
        first, second = segment.words[:place], segment.words[place:]
        if first:
            before.append(segment if not second else replace(segment, words=first, end_ms=first[-1].end_ms))
        if second:
            starts_ms = max(at_ms, second[0].start_ms)  # a word that is thought to begin before the gap cannot
            after.append(segment if not first else replace(segment, words=second, start_ms=starts_ms))
    return before, after
