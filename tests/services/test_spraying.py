"""Passwords guessed at many accounts, from many places, and many at once; and those who are locked out by it.

Tries are counted without hashing anything, so that hundreds of them take no time.
"""

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from server.domain import known_browsers
from server.domain.errors import TooManyAttempts
from server.models.people import Person, SignInAttempt
from server.services import sign_in
from tests.makers import make_person
from tests.services.together import together
from tests.signing_in import signs_in

PASSWORD = "four words in a row"


@pytest.fixture
def person(session: Session) -> Person:
    return make_person(session, password=PASSWORD)


def _tries_left(session: Session, email: str, address: str, browser: str = "") -> int:
    """How many wrong tries are let through before the next is refused."""
    for number in range(100):
        try:
            sign_in.begin_try(session, email, address, browser)
        except TooManyAttempts:
            return number
    return 100


def test_ten_wrong_tries_stop_an_account_from_any_address(session: Session, person: Person) -> None:
    """fault 46"""
    for number in range(10):
        sign_in.begin_try(session, person.email, f"10.0.0.{number}")
    with pytest.raises(TooManyAttempts):
        signs_in(session, person.email.upper(), PASSWORD, "10.9.9.9")


def test_one_password_tried_on_many_accounts_stops_the_address(session: Session, person: Person) -> None:
    """fault 46"""
    for number in range(sign_in.ALLOWED_FROM_ADDRESS):
        sign_in.begin_try(session, f"someone{number}@example.org", "10.0.0.1")
    with pytest.raises(TooManyAttempts):
        signs_in(session, person.email, PASSWORD, "10.0.0.1")
    assert signs_in(session, person.email, PASSWORD, "10.0.0.2") is person


def test_all_addresses_of_one_ipv6_network_are_one(session: Session, person: Person) -> None:
    """fault 46"""
    for number in range(sign_in.ALLOWED_FROM_ADDRESS):
        sign_in.begin_try(session, f"someone{number}@example.org", f"2001:db8:0:7::{number:x}")
    with pytest.raises(TooManyAttempts):
        signs_in(session, person.email, PASSWORD, "2001:db8::7:ffff:ffff:ffff:ffff")
    assert signs_in(session, person.email, PASSWORD, "2001:db8:0:8::1") is person


def test_when_many_accounts_fail_from_many_addresses_each_gets_fewer_tries(session: Session) -> None:
    """fault 46"""
    assert _tries_left(session, "before@example.org", "10.1.0.1") == sign_in.ALLOWED_FOR_ACCOUNT
    for number in range(sign_in.MANY):
        sign_in.begin_try(session, f"someone{number}@example.org", f"10.2.0.{number}")
    assert _tries_left(session, "after@example.org", "10.1.0.2") == sign_in.ALLOWED_FOR_ACCOUNT_UNDER_ATTACK
    left = [_tries_left(session, f"other{number}@example.org", "10.1.0.3") for number in range(4)]
    assert sum(left) == sign_in.ALLOWED_FROM_ADDRESS_UNDER_ATTACK


def test_no_single_account_or_address_can_make_it_look_like_an_attack(session: Session) -> None:
    """fault 46"""
    for number in range(sign_in.ALLOWED_FROM_ADDRESS):
        sign_in.begin_try(session, f"someone{number}@example.org", "10.0.0.1")
    assert _tries_left(session, "calm@example.org", "10.1.0.1") == sign_in.ALLOWED_FOR_ACCOUNT


def test_a_stranger_locks_no_browser_that_the_person_has_used(session: Session, person: Person) -> None:
    """fault 46"""
    browser = known_browsers.remember("", person.id, person.password_hash)
    assert _tries_left(session, person.email, "10.0.0.1") == sign_in.ALLOWED_FOR_ACCOUNT
    assert signs_in(session, person.email, PASSWORD, "10.0.0.1", browser) is person
    for number in range(sign_in.MANY):
        sign_in.begin_try(session, f"someone{number}@example.org", f"10.2.0.{number}")
    assert signs_in(session, person.email, PASSWORD, "10.0.0.1", browser) is person


def test_a_known_browser_may_not_guess_for_ever_either(session: Session, person: Person) -> None:
    """fault 46"""
    browser = known_browsers.remember("", person.id, person.password_hash)
    assert _tries_left(session, person.email, "10.0.0.1", browser) == sign_in.ALLOWED_IN_KNOWN_BROWSER
    assert signs_in(session, person.email, PASSWORD, "10.0.0.1") is person


def test_a_browser_known_to_one_person_is_a_stranger_to_others(session: Session, person: Person) -> None:
    """fault 46"""
    browser = known_browsers.remember("", person.id, person.password_hash)
    other = make_person(session, password="another four words")
    for number in range(sign_in.ALLOWED_FOR_ACCOUNT):
        sign_in.begin_try(session, other.email, f"10.0.0.{number}")
    with pytest.raises(TooManyAttempts):
        sign_in.begin_try(session, other.email, "10.9.9.9", browser)


def test_those_who_sign_in_use_up_nothing(session: Session, person: Person) -> None:
    for _ in range(3):
        signs_in(session, person.email, PASSWORD)
    assert session.query(SignInAttempt).all() == []


def test_an_unknown_account_is_limited_like_a_known_one(session: Session, person: Person) -> None:
    """fault 46"""
    known = _tries_left(session, person.email, "10.0.0.1")
    assert _tries_left(session, "nobody@example.org", "10.0.0.2") == known


def test_a_refusal_says_how_long_to_wait(session: Session, person: Person) -> None:
    """fault 46"""
    _tries_left(session, person.email, "10.0.0.1")
    session.query(SignInAttempt).update({"at": datetime.now(UTC) - timedelta(minutes=10)})
    with pytest.raises(TooManyAttempts) as refusal:
        sign_in.begin_try(session, person.email, "10.0.0.1")
    assert 290 <= refusal.value.wait_seconds <= 300


@pytest.mark.parametrize(("minutes", "are_kept"), [(16, True), (61, False)])
def test_tries_count_for_a_quarter_of_an_hour_and_are_forgotten_after_one(
    session: Session, person: Person, minutes: int, are_kept: bool
) -> None:
    _tries_left(session, person.email, "10.0.0.1")
    session.query(SignInAttempt).update({"at": datetime.now(UTC) - timedelta(minutes=minutes)})
    assert signs_in(session, person.email, PASSWORD) is person
    assert bool(session.query(SignInAttempt).all()) is are_kept


def test_tries_at_the_same_moment_are_no_more_than_allowed(app: Flask, session: Session, person: Person) -> None:
    """fault 46"""
    email = person.email

    def attempt(session: Session) -> bool:
        try:
            sign_in.begin_try(session, email, "10.0.0.1")
        except TooManyAttempts:
            return False
        return True

    assert sum(together(app, [attempt] * 16)) == sign_in.ALLOWED_FOR_ACCOUNT
