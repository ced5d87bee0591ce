"""What each change makes of segments: pure, from segments to an edit of them.

A segment keeps its id where its words stay: a split leaves it to the first half, a merge to the first of the two.
"""

from collections.abc import Sequence
from dataclasses import replace

from server.domain.correction_log import Edit, SegmentState
from server.domain.errors import Invalid
from server.domain.kept_words import rewritten
from server.domain.transcript import Segment, Word
from server.domain.written_words import checked_text, joined, tidy

Stretch = tuple[int, int]


def write(state: SegmentState, text: str) -> tuple[SegmentState, ...]:
    """The segment saying this; nothing where it is to say nothing. `text` is tidied."""
    if text == tidy(state.text):
        return (state,)
    words = rewritten(Segment(state.text, state.start_ms, state.end_ms, state.words), text)
    return (replace(state, text=text, words=words),) if words else ()


def split(state: SegmentState, word: int) -> tuple[SegmentState, SegmentState]:
    """The two halves; the second begins with this word. Raises Invalid where one would be empty."""
    words = state.timed_words
    if not 0 < word < len(words):
        raise Invalid("Choose a place between two words.", fields={"word": "This must be between two words."})
    first, second = _with(state, words[:word]), _with(replace(state, id=None), words[word:])
    return replace(first, end_ms=words[word - 1].end_ms), replace(second, start_ms=words[word].start_ms)


def merge(first: SegmentState, second: SegmentState) -> SegmentState:
    """Both as one. Raises Invalid when that is too long."""
    text = checked_text(joined(first.text, second.text))
    speaker = first if first.speaker_id else second
    return replace(first, start_ms=min(first.start_ms, second.start_ms), end_ms=max(first.end_ms, second.end_ms),
                   text=text, words=_respaced([*first.timed_words, *second.timed_words], text),
                   speaker_id=speaker.speaker_id, speaker_suggested=speaker.speaker_suggested)


def adopt(segments: Sequence[SegmentState], other: Sequence[SegmentState], stretch: Stretch) -> Edit | None:
    """Put the words that another transcript has in a stretch in place of those here; None where neither has any.

    What is left of the first and the last segment stays with them. Words of the other that would run into those that
    stay are made shorter, so that times go on in order.
    """
    touched = [place for place, state in enumerate(segments) if _is_in(state, stretch)]
    if touched:
        first, end = touched[0], touched[-1] + 1
    else:
        first = sum(1 for state in segments if state.timed_words and _is_before(state.timed_words[-1], stretch))
        end = first
    before = tuple(segments[first:end])
    head = [word for state in before[:1] for word in state.timed_words if _is_before(word, stretch)]
    tail = [word for state in before[-1:] for word in state.timed_words if _is_after(word, stretch)]
    earliest = head[-1].end_ms if head else segments[first - 1].end_ms if first else 0
    latest = tail[0].start_ms if tail else segments[end].start_ms if end < len(segments) else None
    taken = [_within(words, state, earliest, latest) for state in other
             if (words := [word for word in state.timed_words if _is_within(word, stretch)])]
    if not taken and not any(_is_within(word, stretch) for state in before for word in state.timed_words):
        return None
    return Edit(first, before, _assembled(before, head, taken, tail))


def _assembled(before: Sequence[SegmentState], head: Sequence[Word], taken: list[SegmentState],
               tail: Sequence[Word]) -> tuple[SegmentState, ...]:
    """What stays of the first and the last segment, with what is taken between: as few segments as can be."""
    if not before:
        return tuple(taken)
    first, last = before[0], before[-1]
    parts = list(taken)
    if head:
        start = replace(_with(first, head), end_ms=head[-1].end_ms)
        parts[:1] = [merge(start, replace(parts[0], speaker_id=None))] if parts else [start]
    elif parts:
        parts[0] = _belonging(parts[0], first)
    if tail:
        rest = replace(_with(last, tail), start_ms=tail[0].start_ms)
        if not parts or (last is not first and len(parts) == 1 and (head or first.speaker_id != last.speaker_id)):
            parts.append(rest)
        else:
            own = parts[-1] if parts[-1].id else replace(rest, id=None if last is first else last.id)
            parts[-1] = _belonging(merge(parts[-1], rest), own)
    return tuple(parts)


def _belonging(state: SegmentState, to: SegmentState) -> SegmentState:
    return replace(state, id=to.id, language=to.language, speaker_id=to.speaker_id,
                   speaker_suggested=to.speaker_suggested)


def _within(words: Sequence[Word], state: SegmentState, earliest: int, latest: int | None) -> SegmentState:
    """These words of a segment as one of their own, no earlier and no later than this."""
    def bounded(moment: int) -> int:
        return max(earliest, moment if latest is None else min(moment, latest))

    timed = [replace(word, start_ms=bounded(word.start_ms), end_ms=bounded(word.end_ms)) for word in words]
    found = _with(replace(state, id=None, speaker_suggested=state.speaker_id is not None), timed)
    return replace(found, start_ms=timed[0].start_ms, end_ms=timed[-1].end_ms)


def _with(state: SegmentState, words: Sequence[Word]) -> SegmentState:
    text = tidy("".join(word.text for word in words))
    return replace(state, text=text, words=_respaced(words, text))


def _respaced(words: Sequence[Word], text: str) -> tuple[Word, ...]:
    """The same words with the spaces that they have in the text."""
    found, place = [], 0
    for word in words:
        said = tidy(word.text)
        start = text.index(said, place)
        found.append(replace(word, text=text[place:start + len(said)]))
        place = start + len(said)
    return tuple(found)


def _is_in(state: SegmentState, stretch: Stretch) -> bool:
    """Whether a segment has words in the stretch, or some before it and some after."""
    words = state.timed_words
    if any(_is_within(word, stretch) for word in words):
        return True
    return bool(words) and _is_before(words[0], stretch) and _is_after(words[-1], stretch)


def _is_within(word: Word, stretch: Stretch) -> bool:
    return not _is_before(word, stretch) and not _is_after(word, stretch)


def _is_before(word: Word, stretch: Stretch) -> bool:
    return word.start_ms + word.end_ms < 2 * stretch[0]


def _is_after(word: Word, stretch: Stretch) -> bool:
    return word.start_ms + word.end_ms > 2 * stretch[1]
