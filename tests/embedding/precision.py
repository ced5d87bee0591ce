"""How good suggestions are: of the five nearest to three passages of a topic, how many are of that topic."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from itertools import combinations
from statistics import mean

from server.embedding.alike import most_like
from tests.embedding.talk import SENTENCES, TOPICS

AT = 5


@dataclass(frozen=True)
class Precision:
    """Shares from 0 to 1: of what is found, of what would be found by chance, and of what is suggested, which is only
    what stands out."""

    found: float
    by_chance: float
    suggested: float


def precision(vectors: bytes, chosen_in: Collection[str], found_in: Collection[str],
              like: Callable[..., list] = most_like) -> Precision:
    """For each topic and each three of its sentences in some languages, what is found in some languages. Where fewer
    than five others are of the topic, as many count as there are."""
    found, chance, suggested = [], [], []
    for topic in TOPICS:
        own = [place for place, (name, language, _) in enumerate(SENTENCES)
               if name == topic and language in chosen_in]
        for chosen in combinations(own[:5], 3):
            out = {place for place, (_, language, _) in enumerate(SENTENCES) if language not in found_in} - {*chosen}
            rest = [place for place in range(len(SENTENCES)) if place not in out and place not in chosen]
            right = [place for place in rest if SENTENCES[place][0] == topic]
            near = [one.number for one in like(vectors, chosen, out, AT)]
            most = min(AT, len(right))
            found.append(sum(place in right for place in near[:most]) / most)
            chance.append(len(right) / len(rest))
            suggested.append(sum(place in right for place in near) / max(1, len(near)))
    return Precision(mean(found), mean(chance), mean(suggested))
