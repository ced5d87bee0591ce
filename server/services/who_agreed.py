"""How everybody's agreement to a story stands now, and whose yes is missing. It holds no word of the story and no name.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy.orm import Session

from server.domain import consent as rules
from server.domain.consent import FOREVER, Standing, Use
from server.services import consents


@dataclass(frozen=True)
class Stand:
    """One person's agreement to one use. A yes ends or has ended at `until`; None where it has no end or is no yes."""

    standing: Standing
    until: datetime | None


@dataclass(frozen=True)
class WhoAgreed:
    """`stands` has those who told the story in their order, by their ids, then whoever else was asked; None is for
    records that name nobody. `missing` are those whose yes a use waits for, where it does."""

    stands: Mapping[str | None, Mapping[Use, Stand]]
    missing: Mapping[Use, tuple[str | None, ...]]


def of_story(session: Session, story_id: str) -> WhoAgreed:
    """The caller has checked that the story may be seen."""
    history, now = consents.history_of(session, story_id), datetime.now(UTC)
    found = {person: {use: Stand(standing, _until(standing, rules.ends_by(person, history).get(use)))
                      for use, standing in uses.items()}
             for person, uses in rules.standings(history, now).items()}
    return WhoAgreed(found, rules.still_to_agree(history, now))


def _until(standing: Standing, end: datetime | None) -> datetime | None:
    has_end = standing in (Standing.GRANTED, Standing.EXPIRED) and end != FOREVER
    return end if has_end else None
