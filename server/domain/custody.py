"""Custody: what a partner collected in a project stays with it, and others may have it on the terms that it set.

This is apart from consent, which participants give and partners cannot widen, and from an embargo, which is put where
somebody is worried about a person's safety.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from enum import StrEnum

from server.domain.access import Role
from server.domain.consent import FOREVER, NEVER
from server.domain.errors import Invalid

NAME_LETTERS = 120
REASON_LETTERS = 500

# What a partner's lead may have its own people do. Nobody runs the project for a partner.
ROLES_OF_PARTNERS = (Role.CUSTODIAN, Role.RESEARCHER, Role.COMMISSIONER, Role.ANALYST, Role.BOARD_MEMBER)


class Choice(StrEnum):
    """What a partner says of one story."""

    AS_ALL = ""  # as it says of all that it keeps
    KEPT = "kept"  # nobody but its people may have it
    SHARED = "shared"  # others may have it now


class Sharing(StrEnum):
    """On which terms others may have what a partner keeps."""

    AT_ONCE = "at_once"
    FROM = "from"
    NOT = "not"


class Override(StrEnum):
    """What an administrator did in the place of a partner, and had to say why."""

    TERMS = "terms"  # changed what it says of all
    STORY = "story"  # chose for one story
    LEAD = "lead"  # invited somebody to lead it
    LEFT = "left"  # ended its part in the project


@dataclass(frozen=True)
class Terms:
    """The terms of a partner: nobody but its people may have what it keeps until `others_from`."""

    others_from: datetime

    @property
    def day(self) -> date | None:
        """The first day, in UTC, on which others may have it."""
        return self.others_from.date() if self.sharing is Sharing.FROM else None

    @property
    def sharing(self) -> Sharing:
        if self.others_from == FOREVER:
            return Sharing.NOT
        return Sharing.AT_ONCE if self.others_from == NEVER else Sharing.FROM


def others_from(terms: Terms, choice: Choice) -> datetime:
    """From when others may have a story: FOREVER for not at all, NEVER for always."""
    match choice:
        case Choice.KEPT:
            return FOREVER
        case Choice.SHARED:
            return NEVER
        case Choice.AS_ALL:
            return terms.others_from


def read_terms(sharing: str, from_day: Mapping[str, str]) -> Terms:
    """The terms from what was written: `from_day` is {"day", "month", "year"}. The day begins in UTC.

    Raises Invalid, for `sharing` or `from`.
    """
    if sharing not in set(Sharing):
        raise Invalid(fields={"sharing": "Choose who may have these stories."})
    match Sharing(sharing):
        case Sharing.AT_ONCE:
            return Terms(NEVER)
        case Sharing.NOT:
            return Terms(FOREVER)
        case Sharing.FROM:
            return Terms(datetime.combine(_day(from_day), time(), UTC))


def _day(written: Mapping[str, str]) -> date:
    try:
        year, month, day = (int(written.get(part, "").strip()) for part in ("year", "month", "day"))
        if not 2000 <= year <= 2200:
            raise ValueError
        return date(year, month, day)
    except ValueError:
        raise Invalid(fields={"from": "Write a day, a month and a year, like 1 9 2027."}) from None
