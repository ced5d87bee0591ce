"""The phone's own lock, in a real browser: what a finder sees, what a researcher can do, and what nobody loses."""

import re
import wave
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Playwright, expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from server.auth import COOKIE
from server.domain.access import Role
from server.models.device import Device
from server.models.people import Person
from server.models.project import Project
from server.models.story import Story
from server.services import sign_in
from tests import makers
from tests.api.live import LiveServer
from tests.e2e.phone import PIN, Phone

pytestmark = pytest.mark.xdist_group("browser")

PROJECT, PASSWORD, NEW_PIN = "Waiting for a bed", "four words in a row", "kitchen door"


@pytest.fixture
def project(session: Session) -> Project:
    made = makers.make_project(session, PROJECT)
    session.commit()
    return made


@pytest.fixture
def researcher(session: Session, project: Project) -> Person:
    made = makers.make_person(session, project, Role.RESEARCHER, password=PASSWORD)
    session.commit()
    return made


@pytest.fixture
def phone(app: Flask, session: Session, researcher: Person, playwright_driver: Playwright,
          tmp_path: Path) -> Iterator[Phone]:
    token = sign_in.start(session, researcher)
    session.commit()
    with wave.open(str(tmp_path / "quiet.wav"), "wb") as sound:
        sound.setparams((1, 2, 48_000, 0, "NONE", ""))
        sound.writeframes(b"\x01\x02" * 48_000)
    with LiveServer(app) as live:
        made = Phone(playwright_driver, tmp_path / "phone", tmp_path / "quiet.wav", live.url)
        made.open(network=True)
        _sign_in(made, token)
        made.page.reload()
        made.choose_pin()
        made.heading(PROJECT)
        made.page.evaluate("navigator.serviceWorker.ready.then(() => true)")
        yield made
        made.close()


def test_a_phone_that_is_found_shows_counts_and_no_word_and_can_still_begin_a_conversation(
    phone: Phone, session: Session, researcher: Person,
) -> None:
    """faults 32 and 33: nothing is lost by wrong PINs, and what was captured while locked comes with the rest"""
    _without_network(phone)
    _tell(phone, "Rosa")
    phone.kill()
    phone.open(network=False)
    # A browser writes a new sign-in down half a minute later, so a killed one may not have it.
    _sign_in(phone, sign_in.start(session, researcher))
    session.commit()
    phone.says("1 story is only on this phone")
    for address in ("#/", "#/outbox", f"#{phone.page.url.partition('#')[2]}", "#/phone"):
        phone.page.evaluate("address => { location.hash = address }", address)
        assert "Rosa" not in phone.page.inner_text("body")

    _tell(phone, "Bea")
    phone.page.evaluate("location.hash = '#/'")
    phone.says("2 stories are only on this phone")
    phone.link("Unlock")
    for wrong in range(4):
        phone.page.get_by_label("Your PIN or password").fill(f"9999{wrong}0")
        phone.button("Unlock")
        phone.says("That is not the PIN. Nothing is lost.")
        expect(phone.page.get_by_label("Your PIN or password")).to_have_value("")
    phone.says("Too many wrong PINs. Try again in")
    expect(phone.page.get_by_text("Too many wrong PINs")).to_have_count(0)
    phone.page.get_by_label("Your PIN or password").fill(PIN)
    phone.button("Unlock")
    phone.heading(PROJECT)
    phone.page.evaluate("location.hash = '#/outbox'")
    phone.says("Rosa")
    phone.says("Bea")
    phone.find_network()
    phone.button("Try now")
    phone.says("Everything is sent")
    assert sorted(session.scalars(select(Story.pseudonym))) == ["Bea", "Rosa"]


@pytest.mark.slow
def test_a_phone_that_was_revoked_reads_and_sends_nothing_and_deletes_nothing(
    phone: Phone, session: Session, researcher: Person,
) -> None:
    """fault 32"""
    phone.page.evaluate("location.hash = '#/outbox'")
    phone.button("Try now")
    expect(phone.page.get_by_text("Earshot last answered")).to_be_visible()
    _without_network(phone)
    _tell(phone, "Rosa")
    device = _device(session, phone)
    device.revoked_at = datetime.now(UTC)
    session.commit()
    phone.page.evaluate("location.hash = '#/outbox'")
    phone.find_network()
    phone.button("Try now")
    phone.says("This phone was shut out")
    phone.says("Rosa")
    session.expire_all()
    assert session.scalars(select(Story)).all() == []
    device = _device(session, phone)
    device.revoked_at = None
    session.commit()
    phone.page.reload()
    phone.says("You are signed out")
    _sign_in(phone, sign_in.start(session, researcher))
    session.commit()
    phone.page.reload()
    phone.page.evaluate("location.hash = '#/'")
    phone.unlock()
    phone.says("Everything is sent")


@pytest.mark.slow
def test_a_forgotten_pin_loses_nothing_for_whoever_knows_the_password(phone: Phone) -> None:
    """fault 33"""
    _tell(phone, "Rosa")
    phone.page.evaluate("location.hash = '#/outbox'")
    phone.says("Everything is sent")
    phone.page.reload()
    phone.page.evaluate("location.hash = '#/unlock/forgotten'")
    phone.heading("Choose a new PIN")
    for password, answer in (("not it at all", "The password is not right"), (PASSWORD, None)):
        phone.page.get_by_label("Your Earshot password").fill(password)
        phone.page.get_by_label("New PIN or password").fill(NEW_PIN)
        phone.page.get_by_label("The same once more").fill(NEW_PIN)
        phone.button("Open with a new PIN")
        if answer:
            phone.says(answer)
    phone.heading(PROJECT)
    phone.page.evaluate("location.hash = '#/outbox'")
    phone.says("Rosa")
    phone.page.reload()
    phone.page.evaluate("location.hash = '#/'")
    phone.unlock(NEW_PIN)
    expect(phone.page.get_by_text("Earshot is locked")).to_be_hidden()


def test_signing_out_says_what_is_only_here_and_deleting_it_takes_a_written_word(phone: Phone) -> None:
    _without_network(phone)
    _tell(phone, "Rosa")
    phone.page.evaluate("location.hash = '#/phone'")
    phone.link("Sign out on this phone")
    phone.says("1 story is only on this phone")
    phone.says("All of it stays here, locked. It is sent when you sign in again")
    phone.button("Sign out")
    phone.says("You are still signed in: Earshot cannot be reached.")
    phone.link("Delete everything on this phone")
    phone.says("Nobody else has any of it. Deleting it cannot be undone.")
    phone.button("Delete everything")
    phone.says("Write DELETE to go on, or keep everything.")
    assert _stories_on_disk(phone) == 1
    phone.page.get_by_label("To go on, write DELETE").fill("DELETE")
    phone.button("Delete everything")
    first = re.compile("Sign in to start|Opening Earshot")
    expect(phone.page.get_by_role("heading", level=1, name=first)).to_be_visible()
    assert _stories_on_disk(phone) == 0


def _sign_in(phone: Phone, token: str) -> None:
    address = phone.page.url.partition("/collect/")[0]
    phone.page.context.add_cookies([{"name": COOKIE, "value": token, "url": address, "expires": 4_000_000_000}])


def _without_network(phone: Phone) -> None:
    phone.page.context.set_offline(True)


def _tell(phone: Phone, name: str) -> None:
    """A story with a quote, from the first page."""
    page = phone.page
    # A killed browser may not have kept that the phone was looked over today.
    page.evaluate("localStorage.setItem('earshot.checked', new Date().toDateString()); location.hash = '#/'")
    phone.button("Start a conversation")
    phone.start_story(name)
    phone.link("Quote")
    page.get_by_label("Their words, just as they said them").fill("Nobody rang us")
    phone.button("Save this quote")
    phone.says("The quote is saved on this phone")


def _device(session: Session, phone: Phone) -> Device:
    return session.scalars(select(Device)).one()


def _stories_on_disk(phone: Phone) -> int:
    return int(phone.page.evaluate("""async () => {
        const opening = indexedDB.open('earshot');
        const database = await new Promise((done) => { opening.onsuccess = () => done(opening.result) });
        const found = database.objectStoreNames.contains('stories')
            ? await new Promise((done) => {
                const asked = database.transaction('stories').objectStore('stories').count();
                asked.onsuccess = () => done(asked.result);
            }) : 0;
        database.close();
        return found;
    }"""))
