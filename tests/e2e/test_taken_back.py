"""A story that was taken back on a phone which somebody else uses by then: what its pages promise, and that it ends."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, expect

from server.domain.access import Role
from tests.chromium import ARGUMENTS, PATIENCE_MS, find
from tests.e2e.everyone import Eyes
from tests.e2e.installation import Installation
from tests.e2e.kept_stories import KeptStory, keep
from tests.e2e.people import People
from tests.e2e.phone import PIN, SIZE

pytestmark = pytest.mark.xdist_group("browser")

TAKEN_BACK = re.compile("^Taken back on")
LONG_NAME = "Aderyn-Wilhelmina " * 4 + "Llewelyn"


@pytest.fixture
def people(installation: Installation) -> People:
    return People(installation)


@pytest.fixture
def pocket(playwright_driver: Playwright, tmp_path: Path, installation: Installation) -> Iterator[BrowserContext]:
    """A phone's browser, whose downloads need no window to choose a place in."""
    context = playwright_driver.chromium.launch_persistent_context(
        tmp_path / "phone", executable_path=find(), headless=True, viewport=SIZE, has_touch=True, args=ARGUMENTS,
        accept_downloads=True, base_url=installation.address)
    context.set_default_timeout(PATIENCE_MS)
    context.add_init_script("delete window.showSaveFilePicker")
    yield context
    context.close()


@pytest.mark.slow
def test_its_pages_promise_nothing_that_will_not_come_true_and_an_administrator_ends_it_by_a_file(
        people: People, pocket: BrowserContext, desk: Browser) -> None:
    """fault 26, fault 27"""
    story = KeptStory(1, "Rosa")
    people.rename(Role.RESEARCHER, LONG_NAME)
    page = people.sign_in(pocket.pages[0], Role.RESEARCHER)
    page.goto("/account")
    keep(page, people, [story])
    eyes = Eyes(page)
    page.goto("/collect/")
    page.get_by_label("New PIN or password").fill(PIN)
    page.get_by_label("The same once more").fill(PIN)
    page.get_by_role("button", name="Use this PIN").click()
    expect(page.get_by_text("Everything is sent")).to_be_visible()

    # Somebody signs in on it who may withdraw nothing there. Then Rosa takes her story back, by keyboard.
    people.sign_in(page, Role.COMMISSIONER)
    _unlock(page)
    eyes.visit("#/outbox")
    eyes.follow("a[aria-label='Take this story back: Rosa']")
    eyes.press("button:text-is('Yes, take it back')")
    expect(page.get_by_role("heading", level=1, name="It is taken back")).to_be_focused()
    why = (f"The server does not take this from Commissioner. It waits until {LONG_NAME}, or an administrator of the "
           "project, signs in here.")
    expect(page.get_by_role("status").filter(has_text=why)).to_be_visible()
    eyes.look("taken back")
    eyes.follow("a:text-is('See what it waits for')")
    card = page.get_by_role("article").filter(has=page.get_by_role("heading", level=3, name=TAKEN_BACK))
    expect(card).to_contain_text(why)
    expect(page.get_by_role("main")).not_to_contain_text("Rosa")
    eyes.look()

    # A file ends it. What waits here goes with the next who may send it.
    with page.expect_download() as found:
        eyes.press("main article button[aria-label^='Save this to a file: Taken back on']")
    expect(card.get_by_role("status")).to_contain_text("Only the server can open it.")
    admin = people.at_desk(desk, Role.ADMINISTRATOR)
    admin.goto(f"/projects/{people.project_id}/import")
    content = Path(found.value.path()).read_bytes()
    admin.get_by_label("The file").set_input_files({"name": "a.earshot", "mimeType": "", "buffer": content})
    admin.get_by_role("button", name="Bring it in").click()
    expect(admin.get_by_text("A withdrawal: came in.")).to_be_visible()
    people.sign_in(page, Role.ADMINISTRATOR)
    _unlock(page)
    eyes.visit("#/outbox")
    expect(page.get_by_text("Everything is sent")).to_be_visible()
    expect(card).to_have_count(0)
    assert eyes.wrong == []


def _unlock(page: Page) -> None:
    page.goto("/collect/#/unlock")
    page.get_by_label("Your PIN or password").fill(PIN)
    page.get_by_role("button", name="Unlock").click()
    expect(page).not_to_have_url(re.compile("unlock"))
