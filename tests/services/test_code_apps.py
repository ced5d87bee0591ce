"""Codes from an app and recovery codes, on both databases."""

import time
from datetime import UTC, datetime, timedelta

import pyotp
import pytest
from flask import Flask
from sqlalchemy.orm import Session

from server.domain.access import Viewer
from server.domain.errors import Invalid, NotFound, SignInFailed, TooManyAttempts
from server.models.second_step import CodeApp, RecoveryCode
from server.services import code_apps
from tests.makers import make_person, viewer_of
from tests.services.together import together

# What a test may need of one step on a busy machine.
SPARE_SECONDS = 4


@pytest.fixture
def viewer(session: Session) -> Viewer:
    return viewer_of(session, make_person(session))


def code_for(session: Session, viewer: Viewer, steps: int = 0) -> str:
    """What the app shows, so many steps of half a minute from now."""
    secret = session.query(CodeApp.secret).filter_by(person_id=viewer.person_id).scalar()
    return pyotp.TOTP(secret).at(datetime.now(UTC), counter_offset=steps)


def turn_on(session: Session, viewer: Viewer) -> list[str]:
    """Codes turned on with the oldest code that still counts, so that the newer ones are left for a test.

    It counts for as long as the step lasts in which it is typed; a step that is about to end is waited for.
    """
    code_apps.begin(session, viewer)
    left = code_apps.STEP_SECONDS - time.time() % code_apps.STEP_SECONDS
    time.sleep(left + 0.1 if left < SPARE_SECONDS else 0)
    return code_apps.confirm(session, viewer, code_for(session, viewer, -1))


def _is_taken(session: Session, viewer: Viewer, code: str, browser: str | None = "here") -> bool:
    try:
        code_apps.check(session, viewer.person_id, code, browser)
    except SignInFailed:
        return False
    return True


def test_codes_count_only_once_one_was_typed(session: Session, viewer: Viewer) -> None:
    """fault 46"""
    code_apps.begin(session, viewer)
    assert not code_apps.is_on(session, viewer.person_id)
    assert not _is_taken(session, viewer, code_for(session, viewer))
    with pytest.raises(Invalid):
        code_apps.confirm(session, viewer, "000000x")
    assert not code_apps.is_on(session, viewer.person_id)
    assert len(code_apps.confirm(session, viewer, code_for(session, viewer))) == 10
    assert code_apps.is_on(session, viewer.person_id)
    assert code_apps.state(session, viewer).recovery_codes_left == 10


def test_the_app_gets_a_secret_by_camera_or_by_hand(session: Session, viewer: Viewer) -> None:
    code_apps.begin(session, viewer)
    found = code_apps.set_up(session, viewer)
    assert len(found.secret) == 32
    parsed = pyotp.parse_uri(found.address)
    assert (parsed.secret, parsed.issuer) == (found.secret, "Earshot")


def test_a_secret_is_shown_no_more_once_codes_are_on_or_an_hour_has_passed(session: Session, viewer: Viewer) -> None:
    turn_on(session, viewer)
    with pytest.raises(NotFound):
        code_apps.set_up(session, viewer)
    with pytest.raises(NotFound):
        code_apps.begin(session, viewer)
    other = viewer_of(session, make_person(session))
    code_apps.begin(session, other)
    session.query(CodeApp).filter_by(person_id=other.person_id).update(
        {"created_at": datetime.now(UTC) - timedelta(hours=2)})
    with pytest.raises(NotFound):
        code_apps.set_up(session, other)


def test_a_code_is_taken_once(session: Session, viewer: Viewer) -> None:
    """fault 46"""
    turn_on(session, viewer)
    code = code_for(session, viewer)
    assert _is_taken(session, viewer, f" {code[:3]} {code[3:]} ")
    assert not _is_taken(session, viewer, code)


def test_the_code_that_turned_codes_on_does_not_sign_in(session: Session, viewer: Viewer) -> None:
    """fault 46"""
    turn_on(session, viewer)
    assert not _is_taken(session, viewer, code_for(session, viewer, -1))


def test_no_code_of_an_earlier_step_is_taken_after_a_later_one(session: Session, viewer: Viewer) -> None:
    """fault 46"""
    turn_on(session, viewer)
    assert _is_taken(session, viewer, code_for(session, viewer, 1))
    assert not _is_taken(session, viewer, code_for(session, viewer))


@pytest.mark.parametrize("steps", [-3, 3, 1000])
def test_a_code_from_long_ago_or_long_ahead_is_refused(session: Session, viewer: Viewer, steps: int) -> None:
    turn_on(session, viewer)
    assert not _is_taken(session, viewer, code_for(session, viewer, steps))


@pytest.mark.parametrize("code", ["", " ", "12345", "1234567", "abcdef", "１２３４５６", "\0"])
def test_what_is_no_code_is_refused(session: Session, viewer: Viewer, code: str) -> None:
    turn_on(session, viewer)
    assert not _is_taken(session, viewer, code)


def test_two_requests_at_once_take_a_code_once(app: Flask, session: Session, viewer: Viewer) -> None:
    """fault 46"""
    turn_on(session, viewer)
    code = code_for(session, viewer)
    taken = together(app, [lambda session: _is_taken(session, viewer, code)] * 4)
    assert sorted(taken) == [False, False, False, True]


def test_two_requests_at_once_take_a_recovery_code_once(app: Flask, session: Session, viewer: Viewer) -> None:
    """fault 46"""
    code = turn_on(session, viewer)[0]
    taken = together(app, [lambda session: _is_taken(session, viewer, code)] * 4)
    assert sorted(taken) == [False, False, False, True]


def test_each_recovery_code_lets_in_once_however_it_is_typed(session: Session, viewer: Viewer) -> None:
    codes = turn_on(session, viewer)
    assert len(set(codes)) == 10
    assert _is_taken(session, viewer, codes[0].upper().replace("-", " ").replace("0", "O").replace("1", "l"))
    assert not _is_taken(session, viewer, codes[0])
    assert code_apps.state(session, viewer).recovery_codes_left == 9
    kept = {row.code_hash for row in session.query(RecoveryCode)}
    assert not kept & set(codes)


def test_the_recovery_code_of_another_person_is_nothing(session: Session, viewer: Viewer) -> None:
    """fault 44"""
    other = viewer_of(session, make_person(session))
    theirs = turn_on(session, other)
    turn_on(session, viewer)
    assert not _is_taken(session, viewer, theirs[0])
    assert _is_taken(session, other, theirs[0])


def test_codes_cannot_be_guessed_for_ever(session: Session, viewer: Viewer) -> None:
    """fault 46"""
    turn_on(session, viewer)
    for _ in range(code_apps.TRIES_OF_STRANGERS):
        assert not _is_taken(session, viewer, "wrong", None)
    with pytest.raises(TooManyAttempts):
        _is_taken(session, viewer, code_for(session, viewer), None)


def test_a_stranger_with_the_password_locks_no_browser_of_the_person(session: Session, viewer: Viewer) -> None:
    """fault 46"""
    turn_on(session, viewer)
    for _ in range(code_apps.TRIES_OF_STRANGERS):
        _is_taken(session, viewer, "wrong", None)
    assert _is_taken(session, viewer, code_for(session, viewer), "here")


def test_codes_are_turned_off_with_a_code(session: Session, viewer: Viewer) -> None:
    codes = turn_on(session, viewer)
    with pytest.raises(Invalid):
        code_apps.remove(session, viewer, "wrong")
    assert code_apps.is_on(session, viewer.person_id)
    code_apps.remove(session, viewer, codes[3])
    assert not code_apps.is_on(session, viewer.person_id)
    assert session.query(RecoveryCode).all() == []


def test_an_open_session_cannot_guess_its_way_to_turning_codes_off(session: Session, viewer: Viewer) -> None:
    """fault 46"""
    codes = turn_on(session, viewer)
    for _ in range(code_apps.TRIES):
        with pytest.raises(Invalid):
            code_apps.remove(session, viewer, "wrong")
    with pytest.raises(TooManyAttempts):
        code_apps.remove(session, viewer, codes[0])
