"""Who agreed to what, use by use. For the register by name, people together where it stands the same for them; for the
page of a story by their number alone, since whoever reads it needs to know what is missing and not who said no."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from server.domain.consent import Standing, Use
from server.services.who_agreed import Stand, WhoAgreed

_SOMEBODY_ELSE = "somebody else who was asked"
_NOBODY_NAMED = "a record that does not say whose it is"


@dataclass(frozen=True)
class Group:
    """The people whose agreement stands like this."""

    standing: Standing
    until: datetime | None
    names: tuple[str, ...]


@dataclass(frozen=True)
class UseStands:
    """One use. Where somebody agrees and others do not, it waits for the yes of those who are `missing`."""

    use: Use
    groups: tuple[Group, ...]
    missing: tuple[str, ...]
    holds: bool


@dataclass(frozen=True)
class UseCounts:
    """One use: how many of how many people agree to it now, and of how many the yes is missing that it waits for. Where
    all agree, `until` when."""

    use: Use
    agree: int
    people: int
    missing: int
    until: datetime | None

    @property
    def holds(self) -> bool:
        return 0 < self.people == self.agree


def counted(found: WhoAgreed) -> list[UseCounts]:
    """In the order asked."""
    return [_counts(use, found) for use in Use]


def _counts(use: Use, found: WhoAgreed) -> UseCounts:
    stands = [stands[use] for stands in found.stands.values()]
    yeses = [stand for stand in stands if stand.standing is Standing.GRANTED]
    ends = [stand.until for stand in yeses if stand.until is not None]
    return UseCounts(use, len(yeses), len(stands), len(found.missing.get(use, ())) if yeses else 0,
                     min(ends, default=None) if len(yeses) == len(stands) else None)


def shown(found: WhoAgreed, told_by: Sequence[str], pseudonym: str) -> list[UseStands]:
    """In the order asked. `told_by` are the names of those who told it in their order, `pseudonym` the story's own."""
    names = _names(list(found.stands), told_by, pseudonym)
    return [_use(use, found, names) for use in Use]


def _use(use: Use, found: WhoAgreed, names: dict[str | None, str]) -> UseStands:
    groups: dict[Stand, list[str]] = {}
    for person, stands in found.stands.items():
        groups.setdefault(stands[use], []).append(names[person])
    missing = tuple(names[person] for person in found.missing.get(use, ()))
    some_agree = any(stand.standing is Standing.GRANTED for stand in groups)
    holds = bool(groups) and all(stand.standing is Standing.GRANTED for stand in groups)
    return UseStands(use, tuple(Group(stand.standing, stand.until, tuple(people)) for stand, people in groups.items()),
                     missing if some_agree else (), holds)


def _names(people: Sequence[str | None], told_by: Sequence[str], pseudonym: str) -> dict[str | None, str]:
    """Whoever is alone is called as their story is. Those who told it come first, in the order of their names."""
    if len(people) == 1 and len(told_by) <= 1:
        return {people[0]: pseudonym}
    named: dict[str | None, str] = dict(zip(people, told_by, strict=False))
    return {person: _NOBODY_NAMED if person is None else named.get(person, _SOMEBODY_ELSE) for person in people}
