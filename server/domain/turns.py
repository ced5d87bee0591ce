"""Who speaks when, as a machine guesses it from the voices, and what that says about the segments of a transcript.

Speakers are numbered from 1 in the order in which they first speak. It is always a guess, which a person may correct.
"""

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from server.domain.transcript import Word

_MAJORITY = 0.75
_COVERED = 0.5


@dataclass(frozen=True, slots=True)
class Turn:
    """One voice, for a while. `is_clear` is False where it could as well be another's, or nobody can tell."""

    start_ms: int
    end_ms: int
    speaker: int
    is_clear: bool = True


@dataclass(frozen=True, slots=True)
class Said:
    """A segment of a transcript, as far as it matters here."""

    start_ms: int
    end_ms: int
    words: tuple[Word, ...] = ()

    @property
    def stretches(self) -> list[tuple[int, int]]:
        """When it was said: word by word, since a segment may run across a pause. A word lasts at least a moment."""
        return [(word.start_ms, max(word.end_ms, word.start_ms + 1)) for word in self.words] or [
            (self.start_ms, max(self.end_ms, self.start_ms + 1))
        ]


def speakers_of(segments: Sequence[Said], turns: Sequence[Turn]) -> list[int | None]:
    """For each segment who says it, by turns in their order; None where that is not clear.

    It is clear where one voice has three quarters of what turns tell about the segment's words, and they tell about
    half of them at least. A turn that is not clear counts as somebody else's.
    """
    ends = [turn.end_ms for turn in turns]
    return [_speaker(segment, turns, ends) for segment in segments]


def _speaker(segment: Said, turns: Sequence[Turn], ends: Sequence[int]) -> int | None:
    stretches = segment.stretches
    shares: dict[tuple[int, bool], int] = {}
    for start, end in stretches:
        for turn, shared in _within(start, end, turns, ends):
            key = turn.speaker, turn.is_clear
            shares[key] = shares.get(key, 0) + shared
    told, length = sum(shares.values()), sum(end - start for start, end in stretches)
    clear = {speaker: share for (speaker, is_clear), share in shares.items() if is_clear}
    if not clear or told < _COVERED * length:
        return None
    best = max(clear, key=clear.__getitem__)
    return best if clear[best] >= _MAJORITY * told else None


def same_voices(turns: Sequence[Turn], known: Sequence[tuple[int, int, str]]) -> dict[int, str]:
    """Which of the turns' speakers are somebody who is known to speak then: from, to (ms), who.

    That needs more than half of what is known of the time that they speak. No two are the same person.
    """
    ends = [turn.end_ms for turn in turns]
    shared: dict[tuple[int, str], int] = {}
    told: dict[int, int] = {}
    for start, end, who in known:
        for turn, both in _within(start, end, turns, ends):
            shared[turn.speaker, who] = shared.get((turn.speaker, who), 0) + both
            told[turn.speaker] = told.get(turn.speaker, 0) + both
    same: dict[int, str] = {}
    for (speaker, who), both in sorted(shared.items(), key=lambda found: -found[1]):
        if speaker not in same and who not in same.values() and 2 * both > told[speaker]:
            same[speaker] = who
    return same


def _within(start: int, end: int, turns: Sequence[Turn], ends: Sequence[int]) -> Iterator[tuple[Turn, int]]:
    """The turns that reach into a stretch, and for how many milliseconds. Looks at no others, since there are many."""
    place = bisect_right(ends, start)
    while place < len(turns) and turns[place].start_ms < end:
        yield turns[place], min(end, turns[place].end_ms) - max(start, turns[place].start_ms)
        place += 1


def to_json(turns: Sequence[Turn]) -> dict[str, Any]:
    """Plain values that `from_json` turns back into the same turns."""
    return {"turns": [[turn.start_ms, turn.end_ms, turn.speaker, turn.is_clear] for turn in turns]}


def from_json(value: Mapping[str, Any]) -> list[Turn]:
    """Raises KeyError or ValueError where it is not what `to_json` makes."""
    return [Turn(start_ms, end_ms, speaker, is_clear) for start_ms, end_ms, speaker, is_clear in value["turns"]]
