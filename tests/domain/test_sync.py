"""A phone's clock, the hash of what it sends, and receipt codes."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.domain.sync import EARLIEST, LATEST, Body, PhoneClock, instant, receipt_code_hash

OFFSETS = st.integers(-1439, 1439).map(lambda minutes: timezone(timedelta(minutes=minutes)))
NOW = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)


def clock(gap: timedelta) -> PhoneClock:
    """A phone's clock that is behind by the gap."""
    return PhoneClock.at((NOW - gap).isoformat(), NOW)


@pytest.mark.parametrize("minutes", [0, 4.9, -4.9])
def test_a_clock_within_five_minutes_is_left_alone(minutes: float) -> None:
    assert clock(timedelta(minutes=minutes)) == PhoneClock()
    assert clock(timedelta(minutes=minutes)).notices() == ()


@pytest.mark.parametrize(("gap", "words"), [
    (timedelta(days=3 * 365.25), "about 3 years behind"),
    (timedelta(days=-366), "about 1 year ahead"),
    (timedelta(days=60), "about 2 months behind"),
    (timedelta(days=8), "about 1 week behind"),
    (timedelta(days=-2), "about 2 days ahead"),
    (timedelta(hours=1), "about 1 hour behind"),
    (timedelta(minutes=-6), "about 6 minutes ahead"),
])
def test_a_wrong_clock_is_told_in_plain_words(gap: timedelta, words: str) -> None:
    """fault 31"""
    [notice] = clock(gap).notices()
    assert notice.code == "clock_wrong"
    assert words in notice.message
    assert notice.message.endswith("Set the date and time on the phone to automatic.")


def test_what_a_wrong_clock_dated_is_put_right() -> None:
    """fault 31"""
    three_years = timedelta(days=3 * 365)
    assert clock(three_years).right(NOW - three_years - timedelta(hours=2)) == NOW - timedelta(hours=2)


@given(st.datetimes(timezones=st.just(UTC)), st.datetimes(timezones=st.just(UTC)))
def test_no_clock_and_no_date_leads_out_of_the_calendar(device: datetime, moment: datetime) -> None:
    """fault 31"""
    right = PhoneClock.at(device.isoformat(), NOW).right(moment)
    assert right == moment or EARLIEST <= right <= LATEST


@given(st.text())
def test_any_text_is_an_instant_of_ours_or_none(text: str) -> None:
    moment = instant(text)
    assert moment is None or EARLIEST <= moment <= LATEST


@given(st.datetimes(min_value=datetime(1970, 1, 3), max_value=datetime(9999, 12, 28), timezones=OFFSETS))
def test_every_moment_from_1970_on_is_read_with_its_offset(moment: datetime) -> None:
    assert instant(moment.isoformat()) == moment


@pytest.mark.parametrize("text", [None, 5, "", "2026-05-04", "2026-05-04T12:00:00", "1969-12-31T23:59:59+00:00",
                                  "0001-01-01T00:00:00+14:00", "9999-12-31T23:00:00-12:00", "+010000-01-01T00:00:00Z"])
def test_a_time_without_offset_or_outside_the_calendar_is_none(text: object) -> None:
    assert instant(text) is None


def test_a_receipt_code_is_the_same_however_it_was_typed() -> None:
    right = receipt_code_hash("0123456789ABCDEFGHJKMNPQRS")
    for typed in ("0123-4567-89AB-CDEF-GHJK-MNPQ-RS", " 0123456789abcdefghjkmnpqrs ", "oi23456789 abcdefghjkmnpqrs"):
        assert receipt_code_hash(typed) == right
    assert receipt_code_hash("1123456789ABCDEFGHJKMNPQRS") != right


def test_a_body_is_known_by_every_one_of_its_bytes() -> None:
    assert Body.of(b"{}") != Body.of(b"{} ")
    assert Body.of(b"").sha256 == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
