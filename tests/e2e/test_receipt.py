"""A participant at their receipt in a real browser, with a keyboard alone: each form comes through as browsers send it.

Browsers say where a form comes from, and forms of other sites are refused. A client in a test says whatever it is told.
"""

import re
from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser, Locator, Page, expect
from sqlalchemy.orm import Session

from server.domain.consent import Scope, Use
from server.models.consent import PartialWithdrawal
from server.services import consents
from tests.api.live import LiveServer
from tests.chromium import PATIENCE_MS
from tests.pages.opened_receipts import CODE, told_by_amal

MOST_TABS = 40


@pytest.fixture
def live(app: Flask) -> Iterator[LiveServer]:
    with LiveServer(app) as server:
        yield server


@pytest.fixture
def page(desk: Browser, live: LiveServer) -> Iterator[Page]:
    """A phone's browser in which nobody is signed in."""
    context = desk.new_context(base_url=live.url, viewport={"width": 360, "height": 740}, locale="en-GB")
    context.set_default_timeout(PATIENCE_MS)
    yield context.new_page()
    context.close()


def _press(page: Page, target: Locator) -> None:
    """Go to it as somebody does who has no mouse, and press Enter."""
    _go_to(page, target)
    page.keyboard.press("Enter")


def _go_to(page: Page, target: Locator) -> None:
    expect(target).to_be_visible()
    for _ in range(MOST_TABS):
        if target.evaluate("element => element === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"the keyboard does not reach it: {target}")


def _heading(page: Page, words: str) -> None:
    expect(page.get_by_role("heading", level=1, name=words)).to_be_visible()


@pytest.mark.xdist_group("browser")
def test_a_participant_opens_their_receipt_says_no_to_a_use_and_takes_back_their_voice_by_keyboard(
    page: Page, session: Session,
) -> None:
    story_id = told_by_amal(session).id
    session.rollback()
    page.goto("/receipt")
    _go_to(page, page.get_by_label("Code on your receipt"))
    page.keyboard.type(CODE.lower())
    page.keyboard.press("Enter")

    expect(page.get_by_text("This receipt is locked")).to_be_visible()
    _go_to(page, page.get_by_label("Type the name you are called in your story"))
    page.keyboard.type("amal")
    page.keyboard.press("Enter")
    _heading(page, "Thank you for sharing your story")
    plan = page.locator(".answers > div").filter(has_text="plan the service")
    expect(plan.locator("dd")).to_have_text("Yes")

    _press(page, page.get_by_role("link", name="Change my answers"))
    _press(page, page.get_by_role("button", name=re.compile("^Say no.*plan the service")))
    expect(page.get_by_role("alert")).to_contain_text("You now say no to this")
    _press(page, page.get_by_role("link", name="Back to my receipt"))
    expect(plan.locator("dd")).to_have_text("No")
    assert consents.agreed_uses(session, story_id) == {Use.RECORD}
    session.rollback()

    _press(page, page.get_by_role("link", name="Take back only a part"))
    _press(page, page.get_by_role("link", name="Delete my voice and photos, keep my words"))
    _press(page, page.get_by_role("button", name="Yes, delete my voice and photos"))
    _heading(page, "It is done")
    part = session.query(PartialWithdrawal).one()
    assert (part.story_id, part.scope) == (story_id, Scope.WORDS_ONLY)
    session.rollback()
    _press(page, page.get_by_role("link", name="Go to my receipt"))
    expect(page.get_by_text("Voice and photos were taken back on")).to_be_visible()

    _press(page, page.get_by_role("button", name="Close my receipt"))
    expect(page.get_by_text("This receipt is locked")).to_be_visible()
