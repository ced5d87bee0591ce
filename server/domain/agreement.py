"""How far two people agree on what has a theme, word by word: how often they say the same, and Cohen's kappa, which
takes from that what they would agree on by chance.

Kappa is that of J. Cohen, "A coefficient of agreement for nominal scales", Educational and Psychological Measurement
20 (1960), 37-46. What it is called is from J. R. Landis and G. G. Koch, "The measurement of observer agreement for
categorical data", Biometrics 33 (1977), 159-174.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction


class Reading(StrEnum):
    """What Landis and Koch call a kappa."""

    POOR = "poor"
    SLIGHT = "slight"
    FAIR = "fair"
    MODERATE = "moderate"
    SUBSTANTIAL = "substantial"
    ALMOST_PERFECT = "almost perfect"


_UP_TO = ((Fraction(20, 100), Reading.SLIGHT), (Fraction(40, 100), Reading.FAIR), (Fraction(60, 100), Reading.MODERATE),
          (Fraction(80, 100), Reading.SUBSTANTIAL))


@dataclass(frozen=True)
class Table:
    """How many words have a theme by both, by the first person alone, by the second alone, and by neither."""

    both: int = 0
    first: int = 0
    second: int = 0
    neither: int = 0

    def __add__(self, other: "Table") -> "Table":
        return Table(self.both + other.both, self.first + other.first, self.second + other.second,
                     self.neither + other.neither)

    @property
    def count(self) -> int:
        return self.both + self.first + self.second + self.neither

    @property
    def same(self) -> Fraction | None:
        """The share of words of which both say the same; None of no words."""
        return Fraction(self.both + self.neither, self.count) if self.count else None

    @property
    def prevalence(self) -> Fraction | None:
        """The share of words that have the theme, on average of the two people; None of no words."""
        return Fraction(2 * self.both + self.first + self.second, 2 * self.count) if self.count else None

    @property
    def kappa(self) -> Fraction | None:
        """1 where they agree in everything, 0 where they agree as often as chance would have it, below that where they
        agree less. None where both put the theme on every word or on none: there is nothing to tell chance from."""
        by_first, by_second = self.both + self.first, self.both + self.second
        others_of_first, others_of_second = self.second + self.neither, self.first + self.neither
        by_chance = by_first * others_of_second + others_of_first * by_second
        if by_chance == 0:
            return None
        return Fraction(2 * (self.both * self.neither - self.first * self.second), by_chance)

    @property
    def reading(self) -> Reading | None:
        return None if self.kappa is None else read(self.kappa)


def of(count: int, first: Collection[int], second: Collection[int]) -> Table:
    """The table of so many words, by the numbers of those that each person put the theme on."""
    one, other = set(first), set(second)
    both = len(one & other)
    return Table(both, len(one) - both, len(other) - both, count - len(one | other))


def total(tables: Iterable[Table]) -> Table:
    return sum(tables, Table())


def read(kappa: Fraction) -> Reading:
    """What Landis and Koch call it. Between two of their ranges, such as 0.205, it is the higher."""
    if kappa < 0:
        return Reading.POOR
    return next((reading for most, reading in _UP_TO if kappa <= most), Reading.ALMOST_PERFECT)
