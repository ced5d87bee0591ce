"""The words of a segment once a person has written what it says, each with its times.

A word that was kept has exactly the times and the probability it had. The same word in capitals, or with other
punctuation, has its times; its probability goes, since a person wrote it. Words in place of others share out the time
of those by their length, and words put in between share the pause there, which may be nothing. What the machine took
for a word stays one wherever it was kept; `server/domain/written_words.py` says what a word is in what is new.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from server.domain.transcript import Segment, Word
from server.domain.word_alignment import matches
from server.domain.written_words import Unit, units


@dataclass(frozen=True, slots=True)
class _Block:
    """Words of the machine that are written as these units, and no others: nearly always one of each.

    `start` and `end` are places in the text of all words joined.
    """

    words: tuple[Word, ...]
    ends: tuple[int, ...]
    units: tuple[int, ...]
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Kept:
    """A block that the new text has too: as these of its units, the last not included."""

    block: int
    first: int
    last: int


def words_of(segment: Segment) -> tuple[Word, ...]:
    """The words of a segment, each with letters in it. One without word times shares its time out among them."""
    said, space = [], ""
    for word in segment.words:
        if word.text.strip():
            said.append(replace(word, text=space + word.text))
        space = "" if word.text.strip() else " "
    return tuple(said) or _share_out(segment.text, units(segment.text), 0, segment.start_ms, segment.end_ms)


def rewritten(segment: Segment, text: str) -> tuple[Word, ...]:
    """The words of the segment when it says this, which is tidied text. Joined they are the text."""
    words = words_of(segment)
    before = "".join(word.text for word in words)
    old_units, new_units = units(before), units(text)
    blocks = list(_blocks(words, old_units))
    found: list[Word] = []
    block = unit = place = 0
    earliest = segment.start_ms
    for kept in [*_kept(blocks, old_units, new_units), _Kept(len(blocks), len(new_units), len(new_units))]:
        gone = [word for item in blocks[block:kept.block] for word in item.words]
        coming = blocks[kept.block].words[0].start_ms if kept.block < len(blocks) else segment.end_ms
        new = new_units[unit:kept.first]
        found += _share_out(text, new, place, *_room(gone, earliest, coming))
        place = new[-1].end if new else place
        same = new_units[kept.first:kept.last]
        if same:
            found += _written(blocks[kept.block], before, text, place, same)
            place, earliest = same[-1].end, found[-1].end_ms
        block, unit = kept.block + 1, kept.last
    return tuple(found)


def _blocks(words: Sequence[Word], written: Sequence[Unit]) -> Iterator[_Block]:
    """Words and units that cover the same letters, as few of each together as can be."""
    spans: list[tuple[int, int]] = []
    place = 0
    for word in words:
        said = word.text.strip()
        start = place + word.text.index(said)
        spans.append((start, start + len(said)))
        place += len(word.text)
    first_word = first_unit = 0
    while first_word < len(words):
        last_word, last_unit = first_word, first_unit
        while spans[last_word][1] != written[last_unit].end:
            if spans[last_word][1] < written[last_unit].end:
                last_word += 1
            else:
                last_unit += 1
        yield _Block(tuple(words[first_word:last_word + 1]),
                     tuple(end for _, end in spans[first_word:last_word + 1]),
                     tuple(range(first_unit, last_unit + 1)), spans[first_word][0], spans[last_word][1])
        first_word, first_unit = last_word + 1, last_unit + 1


def _kept(blocks: Sequence[_Block], old_units: Sequence[Unit], new_units: Sequence[Unit]) -> list[_Kept]:
    """The blocks that the new text has whole, in order."""
    partner = dict(matches(old_units, new_units))
    found = []
    for number, block in enumerate(blocks):
        partners = [partner.get(unit) for unit in block.units]
        first = partners[0]
        if first is not None and partners == list(range(first, first + len(partners))):
            found.append(_Kept(number, first, first + len(partners)))
    return found


def _written(block: _Block, before: str, text: str, place: int, same: Sequence[Unit]) -> list[Word]:
    """The words of a block that was kept, as these units of the text. `place` is where the text before them ends."""
    start, end = same[0].start, same[-1].end
    if before[block.start:block.end] != text[start:end]:
        return [Word(text[place:end], block.words[0].start_ms, max(word.end_ms for word in block.words))]
    ends = [one - block.start + start for one in block.ends]
    starts = [place, *ends[:-1]]
    return [replace(word, text=text[start:end]) for word, start, end in zip(block.words, starts, ends, strict=True)]


def _room(gone: Sequence[Word], earliest: int, latest: int) -> tuple[int, int]:
    """From when to when new words are: in the time of those that are gone, or in the pause there."""
    start = gone[0].start_ms if gone else min(earliest, latest)
    end = max(word.end_ms for word in gone) if gone else latest
    return start, max(start, min(end, max(latest, start)))


def _share_out(text: str, written: Sequence[Unit], place: int, start_ms: int, end_ms: int) -> tuple[Word, ...]:
    """These words of the text with the time between two moments, each as much as it has letters."""
    whole = sum(len(unit.text) for unit in written)
    found, said = [], 0
    for unit in written:
        begins = start_ms + (end_ms - start_ms) * said // whole
        said += len(unit.text)
        found.append(Word(text[place:unit.end], begins, start_ms + (end_ms - start_ms) * said // whole))
        place = unit.end
    return tuple(found)
