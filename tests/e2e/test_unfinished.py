"""Conversations that are not finished, in a real browser: nobody's answers are lost, or end up under another's name."""

import wave
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Playwright, expect
from sqlalchemy.orm import Session

from server.auth import COOKIE
from server.domain.access import Role
from server.services import sign_in
from tests import makers
from tests.api.live import LiveServer
from tests.e2e.phone import PIN, Phone

pytestmark = pytest.mark.xdist_group("browser")

PROJECT = "Waiting for a bed"


@pytest.fixture
def phone(app: Flask, session: Session, playwright_driver: Playwright, tmp_path: Path) -> Iterator[Phone]:
    """A researcher's phone that is signed in, unlocked and was looked over today."""
    token = sign_in.start(session, makers.make_person(session, makers.make_project(session, PROJECT), Role.RESEARCHER))
    session.commit()
    with wave.open(str(tmp_path / "quiet.wav"), "wb") as sound:
        sound.setparams((1, 2, 48_000, 0, "NONE", ""))
        sound.writeframes(b"\x01\x02" * 48_000)
    with LiveServer(app) as live:
        made = Phone(playwright_driver, tmp_path / "phone", tmp_path / "quiet.wav", live.url)
        made.open(network=True)
        made.page.context.add_cookies([{"name": COOKIE, "value": token, "url": live.url, "expires": 4_000_000_000}])
        made.page.reload()
        made.choose_pin()
        made.heading(PROJECT)
        made.page.evaluate("localStorage.setItem('earshot.checked', new Date().toDateString())")
        yield made
        made.close()


@pytest.mark.slow
def test_nobodys_answers_are_lost_to_another_tab_or_to_a_conversation_begun_while_locked(phone: Phone) -> None:
    page = phone.page
    _name(phone, "Rosa")
    other = Phone.beside(phone, page.context.new_page())
    other.page.goto(page.url.split("#")[0])
    other.unlock()
    other.says("You are having a conversation in another tab")
    other.button("Go on here")
    other.says("The other tab is still open")
    other.button("Start a conversation")
    other.start_story("Sam")
    other.page.close()
    phone.button("Continue")
    phone.button("Start the questions")
    _answer(phone)
    phone.button("This is right. Carry on")
    phone.button("Skip this")
    phone.says("Not recording")
    page.evaluate("location.hash = '#/outbox'")
    for told in ("Rosa", "Sam"):
        phone.says(told)

    page.evaluate("location.hash = '#/'")
    _name(phone, "Maya")
    page.goto(page.url.split("#")[0] + "#/")
    page.reload()
    phone.says("You can go on with that once Earshot is unlocked")
    _name(phone, "Noor")
    page.evaluate("location.hash = '#/'")
    phone.unlock()
    asked = page.get_by_text("You were asking for consent")
    expect(asked).to_have_count(2)
    phone.button("Start a conversation")
    expect(page.get_by_role("alert").filter(has_text="You had not finished with Noor")).to_be_visible()
    expect(asked).to_have_count(2)
    page.get_by_role("button", name="Go on asking").click()
    phone.says("Question 1 of 6")
    page.evaluate("location.hash = '#/new/name'")
    expect(page.get_by_label("A name for this story")).to_have_value("Maya")


@pytest.mark.slow
def test_unlocking_in_place_leads_back_to_the_page_and_never_to_somebody_elses_answers(phone: Phone) -> None:
    page = phone.page
    other = Phone.beside(phone, page.context.new_page())
    _name(phone, "Rosa")
    _lock_elsewhere(phone, other)
    page.evaluate("location.hash = '#/'")
    phone.button("Start a conversation")
    page.get_by_label("Just one person").check()
    phone.button("Continue")
    phone.heading("What should we call them?")
    _lock_elsewhere(phone, other)
    _unlock_here(phone)
    phone.heading("What should we call them?")
    page.get_by_label("A name for this story").fill("Noor")
    phone.button("Continue")
    page.evaluate("location.hash = '#/'")
    for name in ("Rosa", "Noor"):
        phone.says(f"You had not finished with {name}")
    page.reload()
    page.evaluate("location.hash = '#/new/name'")
    _unlock_here(phone)
    phone.heading("Whom do you want to go on with?")
    _throw_away(phone, "Noor")
    phone.button("Go on asking")
    _answer(phone)
    expect(page.get_by_role("button", name="This is right. Carry on")).to_be_visible()
    _lock_elsewhere(phone, other)
    _unlock_here(phone)
    phone.button("This is right. Carry on")
    phone.button("Skip this")
    phone.says("Not recording")
    phone.heading("Rosa")


def _lock_elsewhere(phone: Phone, other: Phone) -> None:
    """Somebody locks the phone in another tab, and every tab is locked."""
    other.page.goto(phone.page.url.split("#")[0] + "#/")
    other.unlock()
    other.heading(PROJECT)
    other.page.evaluate("location.hash = '#/phone'")
    other.button("Lock Earshot now")
    expect(phone.page.get_by_label("Your PIN or password")).to_be_visible()


def _unlock_here(phone: Phone) -> None:
    """On the page where it was locked."""
    phone.page.get_by_label("Your PIN or password").fill(PIN)
    phone.button("Unlock")


def _name(phone: Phone, name: str) -> None:
    """Begins to ask one person, from the first page."""
    phone.button("Start a conversation")
    phone.page.get_by_label("Just one person").check()
    phone.button("Continue")
    phone.page.get_by_label("A name for this story").fill(name)
    phone.button("Continue")
    phone.heading("Where are you?")


def _answer(phone: Phone) -> None:
    """Yes to everything, by tapping."""
    for number in range(1, 7):
        phone.says(f"Question {number} of 6")
        phone.button("Yes")
    phone.page.get_by_label("Their own").check()
    phone.button("Continue")
    phone.page.get_by_label("They tapped their answers here").check()
    phone.button("Continue")


def _throw_away(phone: Phone, name: str) -> None:
    """It is asked once more, with the name."""
    one = phone.page.locator("section.notice").filter(has_text=f"You had not finished with {name}")
    one.get_by_role("button", name="Throw their answers away").click()
    expect(phone.page.get_by_role("button", name="Keep their answers")).to_be_focused()
    phone.button("Keep their answers")
    expect(one.get_by_role("button", name="Throw their answers away")).to_be_focused()
    one.get_by_role("button", name="Throw their answers away").click()
    phone.button(f"Throw away the answers of {name}")
    expect(phone.page.get_by_text(name)).to_have_count(0)
