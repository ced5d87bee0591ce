"""Passkeys in a real browser, whose devices are virtual ones that keep real keys (WebAuthn over CDP)."""

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, CDPSession, Page
from sqlalchemy.orm import Session

from server.models.people import Person
from server.models.second_step import Passkey
from tests.api.live import LiveServer
from tests.chromium import PATIENCE_MS
from tests.makers import make_person

PASSWORD = "four words in a row"


@dataclass
class Device:
    """A person at a browser with one authenticator in it."""

    page: Page
    cdp: CDPSession
    authenticator: str
    url: str

    def sign_in_with_password(self, person: Person) -> None:
        self.page.goto(f"{self.url}/sign-in?next=/account")
        self.page.get_by_label("Email address").fill(person.email)
        self.page.locator("#password").fill(PASSWORD)
        self.page.get_by_role("button", name="Sign in", exact=True).click()

    def add_passkey(self, name: str) -> None:
        self.page.goto(f"{self.url}/account")
        self.page.get_by_label("Which device is it on?").fill(name)
        self.page.get_by_role("button", name="Add a passkey").click()

    def sign_in_with_passkey(self) -> None:
        self.page.context.clear_cookies()
        self.page.goto(f"{self.url}/sign-in?next=/account")
        self.page.get_by_role("button", name="Sign in with a passkey").click()

    def credentials(self) -> list[dict[str, Any]]:
        answer = self.cdp.send("WebAuthn.getCredentials", {"authenticatorId": self.authenticator})
        return list(answer["credentials"])

    def turn_counter_back(self, to: int) -> None:
        """What a copy of this device made earlier would have: the same key, and an old counter."""
        credential = self.credentials()[0]
        named = {"authenticatorId": self.authenticator, "credentialId": credential["credentialId"]}
        self.cdp.send("WebAuthn.removeCredential", named)
        self.cdp.send("WebAuthn.addCredential", {"authenticatorId": self.authenticator,
                                                 "credential": {**credential, "signCount": to}})


@pytest.fixture
def live(app: Flask) -> Iterator[LiveServer]:
    with LiveServer(app) as server:
        yield server


@pytest.fixture
def person(session: Session) -> Person:
    person = make_person(session, name="Ada Lind", password=PASSWORD)
    session.commit()
    session.refresh(person)
    session.expunge(person)
    session.rollback()
    return person


def _only_passkey(session: Session) -> Passkey:
    """The one passkey there is. The session lets go of the database at once, or nobody else could write."""
    passkey = session.query(Passkey).one()
    session.expunge(passkey)
    session.rollback()
    return passkey


@pytest.fixture
def device(desk: Browser, live: LiveServer) -> Iterator[Device]:
    context = desk.new_context()
    context.set_default_timeout(PATIENCE_MS)
    page = context.new_page()
    cdp = context.new_cdp_session(page)
    cdp.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
               "isUserVerified": True, "automaticPresenceSimulation": True}
    made = cdp.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    yield Device(page, cdp, made["authenticatorId"], f"http://localhost:{live.port}")
    context.close()


def _is_signed_in(page: Page) -> None:
    """Waits for the account page of the person."""
    page.get_by_role("heading", name="Your account").wait_for()
    assert page.locator(".frame-header__name").inner_text() == "Ada Lind"


def test_a_passkey_is_added_and_then_signs_in_by_itself(device: Device, person: Person, session: Session) -> None:
    device.sign_in_with_password(person)
    device.add_passkey("My work laptop")
    device.page.get_by_text("The passkey is added").wait_for()
    assert device.page.get_by_role("heading", name="My work laptop").is_visible()
    assert len(device.credentials()) == 1
    device.sign_in_with_passkey()
    _is_signed_in(device.page)
    assert _only_passkey(session).sign_count == device.credentials()[0]["signCount"]


def test_the_same_device_gets_no_second_passkey_of_the_same_person(device: Device, person: Person) -> None:
    device.sign_in_with_password(person)
    device.add_passkey("My work laptop")
    device.page.get_by_text("The passkey is added").wait_for()
    device.add_passkey("Again")
    device.page.get_by_text("has one of your passkeys already").wait_for()


def test_a_copied_passkey_is_refused_and_stopped_and_its_owner_is_told(
        device: Device, person: Person, session: Session, caplog: pytest.LogCaptureFixture) -> None:
    """fault 46"""
    device.sign_in_with_password(person)
    device.add_passkey("My work laptop")
    device.page.get_by_text("The passkey is added").wait_for()
    device.sign_in_with_passkey()
    _is_signed_in(device.page)
    device.turn_counter_back(0)
    with caplog.at_level(logging.WARNING):
        device.sign_in_with_passkey()
        device.page.get_by_role("link", name="seems to have been copied").wait_for()
    passkey = _only_passkey(session)
    assert passkey.stopped_at is not None
    assert passkey.id in caplog.text

    # The real device, with a counter that grew, is not let in either: nobody knows which of the two is the copy.
    device.turn_counter_back(1000)
    device.sign_in_with_passkey()
    device.page.get_by_role("link", name="did not sign you in").wait_for()
    device.sign_in_with_password(person)
    assert device.page.get_by_text("Somebody may have copied it").is_visible()


def test_a_device_that_has_no_passkey_says_so_and_nothing_is_lost(device: Device, person: Person) -> None:
    refusing = "navigator.credentials.get = () => Promise.reject(new DOMException('no', 'NotAllowedError'))"
    device.page.add_init_script(refusing)
    device.sign_in_with_passkey()
    device.page.get_by_text("carry on without a passkey").wait_for()


def test_without_a_script_the_pages_say_what_passkeys_need(desk: Browser, live: LiveServer, person: Person) -> None:
    context = desk.new_context(java_script_enabled=False)
    page = context.new_page()
    device = Device(page, None, "", f"http://localhost:{live.port}")  # type: ignore[arg-type]
    device.sign_in_with_password(person)
    assert page.get_by_text("with JavaScript turned on").is_visible()
    assert not page.get_by_role("button", name="Add a passkey").is_visible()
    context.close()
