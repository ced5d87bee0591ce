"""Whose voices a project has heard, beside whom it hopes to hear: only numbers that may be shown
(`server/domain/suppression.py`)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum

from server.domain import suppression
from server.domain.suppression import Count, Shown, apart, overlapping

MOST_WANTED = 100_000
MOST_TARGETS = 100
PLACE_LENGTH = 120
SILENT = ""  # the key of those who said nothing of themselves
_ROWS = 40
_MISSING = 6
_QUARTERS = 12


class Dimension(StrEnum):
    """What people and stories are counted by."""

    GROUP = "group"
    PLACE = "place"
    ORGANISATION = "organisation"
    LANGUAGE = "language"


class Counts(StrEnum):
    """What a target is a number of."""

    PEOPLE = "people"
    STORIES = "stories"


@dataclass(frozen=True)
class Target:
    """How many people or stories are hoped for. `value` is the id of a group or an organisation, or a place or a
    language as it is called."""

    dimension: Dimension
    value: str
    counts: Counts
    wanted: int


@dataclass(frozen=True)
class Row:
    """One row of a table. Its name is empty for those who said nothing of themselves."""

    key: str
    name: str
    shown: Shown
    target: Target | None = None

    @property
    def heard(self) -> int:
        """What is shown of what its target counts, or of people; 0 where that is too few to show."""
        counts = self.target.counts if self.target else Counts.PEOPLE
        return (self.shown.people if counts is Counts.PEOPLE else self.shown.stories) or 0

    @property
    def share(self) -> float | None:
        """How much of its target was heard for certain; None where it has no target."""
        return self.heard / self.target.wanted if self.target else None


@dataclass(frozen=True)
class Chart:
    """One question: by what is counted, and its rows."""

    dimension: Dimension
    rows: tuple[Row, ...]

    @property
    def longest(self) -> int:
        """What its longest bar stands for."""
        return max((max(row.heard, row.target.wanted if row.target else 0) for row in self.rows), default=0)


@dataclass(frozen=True)
class Quarter:
    """Three months that are over, from `begins` on; None is all of the time before the others."""

    begins: datetime | None
    shown: Shown
    so_far: Shown


@dataclass(frozen=True)
class Voices:
    """What the page has. `missing` are the rows that are furthest from their targets, the furthest first."""

    charts: tuple[Chart, ...]
    quarters: tuple[Quarter, ...]
    missing: tuple[tuple[Dimension, Row], ...]
    has_targets: bool

    @property
    def is_empty(self) -> bool:
        """Whether there is no number in it at all."""
        rows = [row.shown for chart in self.charts for row in chart.rows] + [one.shown for one in self.quarters]
        return all(row.people is None for row in rows)


@dataclass(frozen=True)
class Counted:
    """What was counted of the stories that somebody may have, by dimension and key; of what has no key, nothing.
    `quarters` are by their place in `quarters_before`."""

    whole: Count = field(default_factory=Count)
    by: Mapping[Dimension, Mapping[str, Count]] = field(default_factory=dict)
    quarters: Mapping[int, Count] = field(default_factory=dict)


def quarters_before(now: datetime) -> list[datetime]:
    """When the last quarters began, the oldest first; the last is the one that goes on."""
    year, quarter = now.astimezone(UTC).year, (now.astimezone(UTC).month - 1) // 3
    back = [divmod(year * 4 + quarter - number, 4) for number in range(_QUARTERS, -1, -1)]
    return [datetime(year, quarter * 3 + 1, 1, tzinfo=UTC) for year, quarter in back]


def voices_of(counted: Counted, named: Mapping[Dimension, Mapping[str, str]], targets: Sequence[Target], secret: str,
              now: datetime) -> Voices:
    """The page, from what was counted. `named` are the rows that are there whatever was counted, with their names, in
    order; places and languages have others, where they are enough."""
    charts = tuple(_chart(dimension, counted, named.get(dimension, {}), targets, secret) for dimension in Dimension)
    missing = [(chart.dimension, row) for chart in charts for row in chart.rows
               if row.share is not None and row.share < 1]
    missing.sort(key=lambda found: found[1].share or 0)
    return Voices(charts, _quarters(counted, secret, now), tuple(missing[:_MISSING]), bool(targets))


def _chart(dimension: Dimension, counted: Counted, names: Mapping[str, str], targets: Sequence[Target],
           secret: str) -> Chart:
    wanted = {target.value: target for target in targets if target.dimension is dimension}
    found = counted.by.get(dimension, {})
    # What has neither a name nor a target is there only once its number may be shown: a row alone says "at least one".
    kept = [*names, *(value for value in wanted if value not in names and dimension is not Dimension.GROUP)]
    silent = [SILENT] if dimension is Dimension.GROUP and names else []
    keys = [*kept, *silent, *(sorted(key for key in found if key not in names and key not in wanted and key != SILENT)
                              if dimension in (Dimension.PLACE, Dimension.LANGUAGE) else ())]
    shown = suppression.shown(
        {key: found.get(key, Count()) for key in keys}, counted.whole,
        lambda key, what: suppression.threshold(secret, dimension, key, what),
        overlapping(SILENT) if dimension is Dimension.GROUP else apart)
    rows = [Row(key, names.get(key, key), shown[key], wanted.get(key)) for key in keys
            if key in names or key in wanted or key == SILENT or shown[key].people is not None]
    others = sorted(rows[len(kept) + len(silent):], key=lambda row: -(row.shown.people or 0))
    return Chart(dimension, tuple([*rows[:len(kept) + len(silent)], *others][:max(_ROWS, len(kept) + len(silent))]))


def _quarters(counted: Counted, secret: str, now: datetime) -> tuple[Quarter, ...]:
    """Without the one that goes on: what is in it is what the others leave of the whole, and known to nobody."""
    begins = [None, *quarters_before(now)[:-1]]
    counts = {str(begin): counted.quarters.get(number, Count()) for number, begin in enumerate(begins)}
    shown = list(suppression.shown(
        counts, counted.whole, lambda key, what: suppression.threshold(secret, "quarter", key, what)).values())
    rows = [Quarter(begin, one, so_far) for begin, one, so_far in zip(
        begins, shown, suppression.so_far(shown), strict=True)]
    first = next((number for number, row in enumerate(rows) if row.shown.people is not None), len(rows))
    return tuple(rows[first:])
