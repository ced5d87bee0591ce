"""How long stories are kept, as a rule."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.domain.errors import Invalid
from server.domain.narrowing import months_after
from server.domain.retention import NOTICE, Period, State, goes_at, may_be_due, read_months, state_of

TOLD = datetime(2026, 1, 31, 9, 0, tzinfo=UTC)
LATER = TOLD + timedelta(days=2)
moments = st.datetimes(datetime(2000, 1, 1), datetime(2060, 1, 1), timezones=st.just(UTC))
months = st.integers(1, 1200)


def test_a_story_goes_so_many_months_after_it_was_told() -> None:
    assert goes_at(Period(13), TOLD, LATER) == datetime(2027, 2, 28, 9, 0, tzinfo=UTC)


def test_where_no_period_is_set_none_ever_goes() -> None:
    assert goes_at(Period(None, LATER), TOLD, LATER) is None
    assert state_of(None, LATER) is State.KEPT


def test_a_period_that_is_shortened_takes_no_story_for_thirty_days() -> None:
    shortened = LATER + timedelta(days=700)
    assert goes_at(Period(1, shortened), TOLD, LATER) == shortened + NOTICE


def test_one_that_came_long_after_it_was_told_stays_for_thirty_days() -> None:
    came = TOLD + timedelta(days=4000)
    assert goes_at(Period(12), TOLD, came) == came + NOTICE


def test_a_phone_whose_clock_is_years_ahead_keeps_no_story_for_longer() -> None:
    """fault 31"""
    ahead = TOLD + timedelta(days=9000)
    assert goes_at(Period(12), ahead, TOLD) == months_after(TOLD, 12)


def test_it_is_warned_about_for_sixty_days_before() -> None:
    goes = TOLD + timedelta(days=100)
    assert [state_of(goes, TOLD + timedelta(days=day)) for day in (39, 40, 99, 100, 101)] == [
        State.KEPT, State.DUE_SOON, State.DUE_SOON, State.DUE, State.DUE]


@given(told=moments, came=moments, set_at=st.none() | moments, now=moments, period=months)
def test_none_goes_without_thirty_days_to_see_it_and_none_before_its_time(
        told: datetime, came: datetime, set_at: datetime | None, now: datetime, period: int) -> None:
    goes = goes_at(Period(period, set_at), told, came)
    assert goes is not None
    assert goes >= came + NOTICE
    assert set_at is None or goes >= set_at + NOTICE
    assert goes >= months_after(min(told, came), period)


@given(told=moments, came=moments, set_at=st.none() | moments, now=moments, period=months)
def test_what_a_query_leaves_out_is_not_due(told: datetime, came: datetime, set_at: datetime | None, now: datetime,
                                            period: int) -> None:
    which = Period(period, set_at)
    sieve = may_be_due(which, now)
    if sieve is None or (told > sieve and came > sieve) or came > now - NOTICE:
        assert state_of(goes_at(which, told, came), now) is not State.DUE


@pytest.mark.parametrize(("typed", "means"), [("", None), ("  ", None), ("1", 1), (" 24 ", 24), ("1200", 1200)])
def test_what_may_be_typed(typed: str, means: int | None) -> None:
    assert read_months(typed) == means


@pytest.mark.parametrize("typed", ["0", "-3", "1201", "12000", "two years", "1.5", "²", "٣"])
def test_what_may_not(typed: str) -> None:
    with pytest.raises(Invalid) as refused:
        read_months(typed)
    assert "from 1 to 1,200" in refused.value.fields["months"]
