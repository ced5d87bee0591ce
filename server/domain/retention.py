"""How long a project keeps stories, and when each one goes.

A story goes a number of months after it was told. Nobody loses one unseen: it goes no sooner than 30 days after the
period was last changed, and no sooner than 30 days after the story came, however long ago a phone says it was told.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from server.domain.errors import Invalid
from server.domain.narrowing import months_after

NOTICE = timedelta(days=30)
WARNED_BEFORE = timedelta(days=60)
# A hundred years: longer than anybody who tells a story is asked to think ahead.
MOST_MONTHS = 1200


class Cause(StrEnum):
    """Why a story ended."""

    ASKED = "asked"
    RETENTION = "retention"  # the project keeps stories no longer than that


class State(StrEnum):
    """How near its end a story is."""

    KEPT = "kept"
    DUE_SOON = "due_soon"
    DUE = "due"


@dataclass(frozen=True)
class Period:
    """How long a project keeps stories, and since when it says so. No months: for good."""

    months: int | None
    set_at: datetime | None = None


def goes_at(period: Period, told_at: datetime, received_at: datetime) -> datetime | None:
    """When a story goes; None for never. One cannot have been told after it came, whatever a phone's clock said."""
    if period.months is None:
        return None
    moments = [months_after(min(told_at, received_at), period.months), received_at + NOTICE]
    if period.set_at is not None:
        moments.append(period.set_at + NOTICE)
    return max(moments)


def state_of(goes: datetime | None, now: datetime) -> State:
    """How near that is."""
    if goes is None or goes > now + WARNED_BEFORE:
        return State.KEPT
    return State.DUE_SOON if goes > now else State.DUE


def may_be_due(period: Period, by: datetime) -> datetime | None:
    """No story that was told after this moment goes by then; None where none does at all. A sieve for a query, which
    is a few days too wide: months are of different lengths."""
    if period.months is None or (period.set_at is not None and period.set_at + NOTICE > by):
        return None
    if period.months > (by.year - 1) * 12:
        return None
    return months_after(by, -period.months) + timedelta(days=4)


def read_months(text: str) -> int | None:
    """From what somebody typed: a whole number of months, or nothing for good. Raises Invalid."""
    text = text.strip()
    if not text:
        return None
    if text.isascii() and text.isdigit() and len(text) <= len(str(MOST_MONTHS)) and 1 <= int(text) <= MOST_MONTHS:
        return int(text)
    raise Invalid(fields={"months": f"Write a whole number of months from 1 to {MOST_MONTHS:,}, or leave it empty."})
