"""Whether what is shown of a part of a story could point at one family, seen beside everything else that is shown.

Nobody's name is needed for that: a place, a month and a theme can be enough where few stories share them. Facts that
do it together are called quasi-identifiers, and a part is safe among k others that share them: k-anonymity (Samarati
and Sweeney, "Protecting privacy when disclosing information: k-anonymity and its enforcement through generalization
and suppression", SRI 1998; Sweeney, "k-anonymity: a model for protecting privacy", 2002). k is five here, as statistics
of health services suppress numbers under five. Of all facts that are rare together, those are named of which none can
be left out, so that somebody sees what to change: minimal uniques, as Elliot, Manning and Ford find them ("A
computational algorithm for handling the special uniques problem", 2002).

It is a warning, no promise: who knows a family knows more of it than is counted here.
"""

import hashlib
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from server.domain.folded_words import folded, tokens
from server.domain.suggested_redactions import Lists, find

# Fewer stories than these that share something could point at one family.
ENOUGH = 5
# Words of a passage that are looked for in other stories: more would make everybody wait.
WORDS_LOOKED_FOR = 12


class Kind(StrEnum):
    """What sort of thing is known of a part, those first that are left out first where others say enough."""

    LANGUAGE = "language"
    GROUP = "group"
    PHOTO = "photo"
    MONTH = "month"
    THEME = "theme"
    PLACE = "place"
    FACE = "face"
    WORD = "word"


_TELLS_ALONE = (Kind.FACE, Kind.WORD)


@dataclass(frozen=True)
class Fact:
    """One thing that is known of a part: `value` is what it is the same by, `name` what it is called on a page."""

    kind: Kind
    value: str
    name: str = ""


@dataclass(frozen=True)
class Warning:
    """Facts that fewer than `ENOUGH` stories share; how many do is not told. No facts at all: so few stories are shown
    that each stands out."""

    facts: tuple[Fact, ...]


Shared = Callable[[frozenset[Fact]], int]


def warnings(facts: Iterable[Fact], shared: Shared) -> tuple[Warning, ...]:
    """What could point at one family. `shared` says how many stories, this one too, have all of some facts; it may stop
    counting at `ENOUGH`. The more stories share something, the fewer warnings there are, and what one story alone has
    always warns."""
    known = sorted(set(facts), key=lambda fact: (list(Kind).index(fact.kind), fact.value))
    found = [Warning((fact,)) for fact in known
             if fact.kind in _TELLS_ALONE and shared(frozenset({fact})) < ENOUGH]
    found += _rare_together([fact for fact in known if fact.kind not in _TELLS_ALONE], shared)
    return _as_one(found or _rare_together(known, shared))


def facts_sha256(found: Collection[Warning]) -> str:
    """What tells these warnings from others: somebody who looked at them is asked again when it changes."""
    facts = sorted({f"{fact.kind}:{fact.value}" for warning in found for fact in warning.facts})
    return hashlib.sha256("\n".join(facts).encode()).hexdigest()


def telling_words(text: str, lists: Lists, is_occupation: Callable[[str], bool],
                  but: Iterable[str] = ()) -> Mapping[str, str]:
    """Words that may tell who somebody is: names of people, places and organisations, numbers and dates, and what
    people do for a living. How they are written, by how they are compared; the first few. `but` stand for others."""
    left_out = {folded(words) for words in but}
    found: dict[str, str] = {}
    for words in (*_names(text, lists), *_occupations(text, is_occupation)):
        if (key := folded(words)) and key not in left_out:
            found.setdefault(key, words)
    return dict(list(found.items())[:WORDS_LOOKED_FOR])


def _names(text: str, lists: Lists) -> Iterator[str]:
    yield from (text[start:end] for (start, end), _ in find(text, lists))


def _occupations(text: str, is_occupation: Callable[[str], bool]) -> Iterator[str]:
    yield from (text[one.start:one.end] for one in tokens(text) if is_occupation(one.key))


def _rare_together(known: list[Fact], shared: Shared) -> list[Warning]:
    """One warning where all of these together are rare: of those of which none can be left out."""
    rare = frozenset(known)
    if shared(rare) >= ENOUGH:
        return []
    for fact in known:
        if shared(rare - {fact}) < ENOUGH:
            rare = rare - {fact}
    return [Warning(tuple(fact for fact in reversed(known) if fact in rare))]


def _as_one(found: list[Warning]) -> tuple[Warning, ...]:
    """Words that are rare by themselves are named in one warning, and nobody reads it a dozen times."""
    of_words = [one for one in found if len(one.facts) == 1 and one.facts[0].kind is Kind.WORD]
    if not of_words:
        return tuple(found)
    words = tuple(fact for one in of_words for fact in one.facts)
    return (Warning(words), *(one for one in found if one not in of_words))
