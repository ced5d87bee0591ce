"""A phone that was shut out: refused at every address, and whatever was used to sign in on it ends (faults 12, 32)."""

import re
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from server.domain.access import Role, Viewer
from server.domain.ids import new_id
from server.models.device import Device, DeviceUse
from server.models.people import AccessKey, Person, SignedIn
from server.services import access_keys, revocations
from tests.api.conftest import Place
from tests.api.phone import Phone
from tests.conftest import Browser
from tests.makers import make_person, viewer_of

REPORT = {"label": "Ward phone", "app_version": "0.3.0", "unsent": 4, "unsent_bytes": 5_000_000,
          "oldest_unsent_at": "2026-05-04T12:00:00+01:00"}


@pytest.fixture
def administrator(session: Session, place: Place) -> Viewer:
    found = viewer_of(session, make_person(session, place.project, Role.ADMINISTRATOR))
    session.commit()
    return found


@pytest.fixture
def device_id(phone: Phone) -> str:
    """A phone that has said what it holds."""
    found = new_id()
    assert phone.browser.put(f"/api/v1/devices/{found}", json=REPORT, headers={"Device-Id": found}).status_code == 200
    return found


@pytest.fixture
def revoke(session: Session, place: Place, administrator: Viewer) -> Callable[[str], None]:
    def done(device_id: str) -> None:
        revocations.revoke(session, administrator, place.project_id, device_id)
        session.commit()

    return done


def addresses(app: Flask) -> list[tuple[str, str]]:
    """Every address and method that is described."""
    return [(method, re.sub(r"<[^>]+>", lambda _: new_id(), rule.rule)) for rule in app.url_map.iter_rules()
            if rule.rule.startswith("/api/v1/") for method in sorted(rule.methods or ())
            if not (method == "OPTIONS" and rule.provide_automatic_options)
            and not (method == "HEAD" and "GET" in (rule.methods or ()))]


def test_it_is_refused_at_every_address_whoever_is_signed_in(
        app: Flask, phone: Phone, device_id: str, revoke: Callable[[str], None], session: Session,
        sign_in_as: Callable[[Person], Browser], place: Place) -> None:
    """fault 32"""
    revoke(device_id)
    for method, address in addresses(app):
        for browser in (phone.browser, sign_in_as(place.researcher), app.test_client()):
            answer = browser.open(address, method=method, headers={"Device-Id": device_id})
            assert answer.status_code == 403, (method, address)
            assert method == "HEAD" or answer.json["code"] == "device_revoked"
    assert session.query(SignedIn).count() == 0, "a session that is used on it afterwards ends, too"


def test_the_sessions_that_were_used_on_it_end_at_once_and_no_other(
        phone: Phone, device_id: str, revoke: Callable[[str], None], place: Place,
        sign_in_as: Callable[[Person], Browser]) -> None:
    """fault 32"""
    laptop = sign_in_as(place.researcher)
    revoke(device_id)
    assert phone.browser.get("/api/v1/session").status_code == 401
    assert phone.browser.get("/account").status_code == 302
    assert laptop.get("/account").status_code == 200


def test_a_key_that_was_used_on_it_ends(app: Flask, session: Session, place: Place, device_id: str,
                                        revoke: Callable[[str], None]) -> None:
    """fault 32"""
    used, other = (access_keys.make(session, viewer_of(session, place.researcher), name)[1] for name in "ab")
    session.commit()
    program = app.test_client(use_cookies=False)
    for key, more in ((used, {"Device-Id": device_id}), (other, {})):
        assert program.get("/api/v1/session", headers={"Authorization": f"Bearer {key}"} | more).status_code == 200
    revoke(device_id)
    session.expire_all()
    assert [row.name for row in session.query(AccessKey)] == ["b"]


def test_a_phone_of_before_that_sends_no_header_is_known_by_its_report(
        phone: Phone, revoke: Callable[[str], None], session: Session) -> None:
    """fault 14, fault 32"""
    device_id = new_id()
    phone.put("devices", REPORT | {"id": device_id})
    revoke(device_id)
    assert session.query(SignedIn).count() == 0
    answer = phone.put("devices", REPORT | {"id": device_id})
    assert (answer.status_code, answer.json["code"]) == (403, "device_revoked")


def test_what_it_may_still_hold_stays_written_down(phone: Phone, device_id: str, revoke: Callable[[str], None],
                                                   session: Session) -> None:
    """fault 12, fault 32"""
    revoke(device_id)
    phone.browser.put(f"/api/v1/devices/{device_id}", json=REPORT | {"unsent": 0}, headers={"Device-Id": device_id})
    session.expire_all()
    row = session.get_one(Device, device_id)
    assert (row.unsent, row.unsent_bytes) == (4, 5_000_000)


def test_let_in_again_it_works_once_somebody_has_signed_in_on_it(
        session: Session, place: Place, device_id: str, revoke: Callable[[str], None], administrator: Viewer,
        sign_in_as: Callable[[Person], Browser]) -> None:
    revoke(device_id)
    revocations.allow(session, administrator, place.project_id, device_id)
    session.commit()
    browser = sign_in_as(place.researcher)
    answer = browser.put(f"/api/v1/devices/{device_id}", json=REPORT | {"unsent": 0}, headers={"Device-Id": device_id})
    assert (answer.status_code, answer.json["unsent"]) == (200, 0)


@pytest.mark.parametrize("sent", ["", "no-uuid", "'; drop table device", "é".encode().decode("latin-1")])
def test_an_id_that_is_none_says_nothing(phone: Phone, session: Session, sent: str) -> None:
    assert phone.browser.get("/api/v1/session", headers={"Device-Id": sent}).status_code == 200
    assert session.query(DeviceUse).count() == 0


def test_a_phone_that_is_used_again_and_again_is_noted_once(phone: Phone, session: Session) -> None:
    device_id = new_id()
    for _ in range(3):
        assert phone.browser.get("/api/v1/changes", headers={"Device-Id": device_id}).status_code == 200
    assert session.query(DeviceUse).count() == 1
    assert session.query(Device).count() == 0, "only what a phone says of itself makes it known"
