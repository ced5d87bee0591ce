"""Whether an answer agrees to less than the same person did before, and for how long a yes lasts."""

from calendar import monthrange
from collections.abc import Iterable, Mapping
from datetime import datetime

from server.domain.consent import FOREVER, Use

Yeses = Mapping[Use, datetime]


def yeses(answers: Mapping[str, object], until: Mapping[str, str]) -> dict[Use, datetime]:
    """Until when each yes holds, of answers as they are stored: by the names of uses, moments in ISO 8601."""
    return {use: datetime.fromisoformat(until[use.value]) if use.value in until else FOREVER
            for use in Use if answers.get(use.value) is True}


def is_narrower(before: Iterable[tuple[str | None, Yeses]], participant_id: str | None, now: Yeses) -> bool:
    """Whether somebody's answers do not agree to something that the same person did before, or not for as long.

    `before` are the story's earlier answers and whose they are; those that name nobody may be anybody's.
    """
    theirs = [earlier for whose, earlier in before if whose == participant_id or None in (whose, participant_id)]
    return any(use not in now or now[use] < end for earlier in theirs for use, end in earlier.items())


def ends_of(answers: Mapping[Use, bool], given_at: datetime, months: int | None) -> dict[str, str]:
    """When each yes ends, by the names of uses in ISO 8601, where a wording's yes lasts this many months."""
    if months is None:
        return {}
    return {use.value: months_after(given_at, months).isoformat() for use in Use if answers.get(use) is True}


def months_after(moment: datetime, months: int) -> datetime:
    """The same day so many months later, or the last day of a month that is shorter."""
    number = moment.month - 1 + months
    year, month = moment.year + number // 12, number % 12 + 1
    return moment.replace(year=year, month=month, day=min(moment.day, monthrange(year, month)[1]))
