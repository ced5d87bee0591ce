"""What somebody typed as the targets of a project: how many people or stories are hoped for, and of whom."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from server.domain.errors import Invalid
from server.domain.fields import storable
from server.domain.theme import name_key
from server.domain.voice import MOST_TARGETS, MOST_WANTED, PLACE_LENGTH, Counts, Dimension, Target


@dataclass(frozen=True)
class Typed:
    """One row of the form, as it was typed. Where nothing is wanted there is no target."""

    dimension: str
    value: str
    counts: str
    wanted: str


def read_targets(rows: Sequence[Typed]) -> list[Target]:
    """The targets that were typed. Raises Invalid with a sentence for each field that will not do, by its name: what it
    is and the number of its row."""
    wrong: dict[str, str] = {}
    found: list[Target] = []
    seen: set[tuple[str, str]] = set()
    for number, row in enumerate(rows):
        value, wanted = " ".join(row.value.split()), row.wanted.strip().replace(",", "")
        if not wanted and (not value or row.dimension != Dimension.PLACE):
            continue
        problem = _wrong(row, value, wanted, seen, number)
        if problem:
            wrong |= problem
        elif wanted:
            seen.add((row.dimension, name_key(value)))
            found.append(Target(Dimension(row.dimension), value, Counts(row.counts), int(wanted)))
    if len(found) > MOST_TARGETS:
        wrong = {"wanted-0": f"A project can have up to {MOST_TARGETS} targets."}
    if wrong:
        raise Invalid(fields=wrong)
    return found


def _wrong(row: Typed, value: str, wanted: str, seen: set[tuple[str, str]], number: int) -> Mapping[str, str]:
    if row.dimension not in list(Dimension) or row.counts not in list(Counts) or not storable(value):
        return {f"wanted-{number}": "Choose people or stories."}
    if not value:
        what = "a place" if row.dimension == Dimension.PLACE else "a language"
        return {f"value-{number}": f"Say which: {what}."}
    if len(value) > PLACE_LENGTH:
        return {f"value-{number}": f"Make the name of the place shorter. It can have up to {PLACE_LENGTH} letters."}
    if (row.dimension, name_key(value)) in seen:
        return {f"value-{number}": "This is in the list already. Change the number there."}
    if not wanted and row.dimension == Dimension.PLACE:
        return {}
    if not (wanted.isascii() and wanted.isdigit() and 0 < len(wanted) < 10 and 1 <= int(wanted) <= MOST_WANTED):
        return {f"wanted-{number}": f"Write a whole number from 1 to {MOST_WANTED:,}, or leave it empty."}
    return {}
