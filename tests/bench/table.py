"""The one table in which every measurement is a row."""

import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

_WIDTHS = (58, 14, 44, 8)


@dataclass(frozen=True)
class Row:
    """What was measured, the figure, what it is held against, and the figure as a multiple of that."""

    what: str
    figure: str
    against: str = ""
    ratio: float | None = None


def head() -> str:
    titles = _line("what", "figure", "held against", "ratio")
    return f"{titles}\n{'-' * len(titles)}"


def line(row: Row) -> str:
    return _line(row.what, row.figure, row.against, "" if row.ratio is None else f"{row.ratio:.2f}")


def _line(what: str, figure: str, against: str, ratio: str) -> str:
    first, second, third, fourth = _WIDTHS
    return f"{what:<{first}}{figure:>{second}}  {against:<{third}}{ratio:>{fourth}}"


def median(values: Iterable[float]) -> float:
    return statistics.median(values)


def percentile(values: Sequence[float], share: int) -> float:
    """The value that this many of a hundred do not exceed."""
    return sorted(values)[min(len(values) - 1, len(values) * share // 100)]
