"""What somebody looks for: words, "phrases", the beginnings of words (wait*), and what must not be there (-bus).

Whatever else is written is plain text, and nothing is wrong. Words are compared as `server/domain/folded_words.py`
folds them: without capitals and accents. In scripts that put no spaces between words each character is one, and those
that follow each other are looked for as they follow each other.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from server.domain.folded_words import Token, tokens
from server.domain.written_words import is_spaceless

LONGEST = 200
# A longer word is found by its beginning: PostgreSQL keeps no word of more than 2,046 bytes.
_LONGEST_WORD = 100
_SHORTEST_BEGINNING = 2
_MOST_DIGITS = 18
_OPENING, _CLOSING = '"“„«', '"”“»'
_ITEM = re.compile(rf'(?P<no>(?<!\S)-)?(?:[{_OPENING}](?P<phrase>[^{_OPENING}{_CLOSING}]+)[{_CLOSING}]'
                   rf'|(?P<word>[^\s{_OPENING}{_CLOSING}]+))')


@dataclass(frozen=True)
class Term:
    """Words that follow each other, folded. With `is_prefix` the last is how one begins. `is_not`: they must not be
    there."""

    keys: tuple[str, ...]
    is_prefix: bool = False
    is_not: bool = False

    def is_at(self, said: Sequence[str], place: int) -> bool:
        """Whether the words begin at this place in others."""
        *first, last = self.keys
        found = said[place:place + len(self.keys)]
        return (len(found) == len(self.keys) and list(found[:-1]) == first
                and (found[-1].startswith(last) if self.is_prefix else found[-1] == last))


@dataclass(frozen=True)
class Query:
    """Every term must be there, but for those that must not."""

    terms: tuple[Term, ...] = ()

    @property
    def wanted(self) -> tuple[Term, ...]:
        return tuple(term for term in self.terms if not term.is_not)

    @property
    def unwanted(self) -> tuple[Term, ...]:
        return tuple(term for term in self.terms if term.is_not)

    @property
    def is_empty(self) -> bool:
        """Whether it looks for nothing: what must not be there is nothing to look for."""
        return not self.wanted

    def finds(self, text: str) -> bool:
        """Whether a text is what it looks for: the rule that every index keeps to."""
        said = keys_of(text)

        def has(term: Term) -> bool:
            return any(term.is_at(said, place) for place in range(len(said)))

        return not self.is_empty and all(map(has, self.wanted)) and not any(map(has, self.unwanted))


@dataclass(frozen=True)
class Piece:
    """A stretch of a text, which is what was looked for where it `is_found`."""

    text: str
    is_found: bool


@dataclass(frozen=True)
class HitTurn:
    """Which page of what was found is asked for: the newest, or the one beside a passage's number, on its older side or
    on its newer one."""

    beside: int | None = None
    is_newer: bool = False


def read_turn(older: str | None, newer: str | None) -> HitTurn:
    """The page that an address asks for; the newest where it makes no sense."""
    for written, is_newer in ((older, False), (newer, True)):
        if written and written.isascii() and written.isdigit() and len(written) <= _MOST_DIGITS:
            return HitTurn(int(written), is_newer)
    return HitTurn()


def parse(text: str) -> Query:
    """What this looks for."""
    found = []
    for item in _ITEM.finditer(text[:LONGEST]):
        written = item["phrase"] or item["word"]
        keys = keys_of(written)
        if keys:
            is_prefix = (written.endswith("*") and len(keys[-1]) >= _SHORTEST_BEGINNING
                         and not is_spaceless(keys[-1][0]))
            found.append(Term(keys, is_prefix, bool(item["no"])))
    return Query(tuple(dict.fromkeys(found)))


def keys_of(text: str) -> tuple[str, ...]:
    """The words of a text in order, as they are compared."""
    return tuple(_key(token) for token in tokens(text))


def marked(text: str, query: Query) -> tuple[Piece, ...]:
    """The text in pieces, with what was looked for in it apart."""
    said = tokens(text)
    keys = [_key(token) for token in said]
    ends = [0] * len(said)  # of each word that something wanted begins with: how many are found there
    for term in query.wanted:
        for place in range(len(said)):
            if term.is_at(keys, place):
                ends[place] = max(ends[place], len(term.keys))
    pieces: list[Piece] = []
    done, place = 0, 0
    while place < len(said):
        last = place + ends[place]
        if last == place:
            place += 1
            continue
        between = place
        while between < last:  # what begins within goes on from there
            last = max(last, between + ends[between])
            between += 1
        pieces += [Piece(text[done:said[place].start], False), Piece(text[said[place].start:said[last - 1].end], True)]
        done, place = said[last - 1].end, last
    pieces.append(Piece(text[done:], False))
    return tuple(piece for piece in pieces if piece.text)


def shortened(pieces: Sequence[Piece], most: int) -> tuple[Piece, ...]:
    """About so many letters of it, around the first that was found, cut between words."""
    if sum(len(piece.text) for piece in pieces) <= most:
        return tuple(pieces)
    first = next((number for number, piece in enumerate(pieces) if piece.is_found), 0)
    before = "".join(piece.text for piece in pieces[:first])
    start = 0 if len(before) <= most // 3 else before.find(" ", len(before) - most // 3) + 1 or len(before)
    kept = [Piece(("…" if start else "") + before[start:], False)]
    left = most - len(kept[0].text)
    for piece in pieces[first:]:
        if len(piece.text) > left and not piece.is_found:
            end = piece.text.rfind(" ", 0, max(left, 0) + 1)
            kept.append(Piece(piece.text[:max(end, 0)] + "…", False))
            break
        kept.append(piece)
        left -= len(piece.text)
    return tuple(piece for piece in kept if piece.text)


def _key(token: Token) -> str:
    return token.key[:_LONGEST_WORD]
