"""A newer app is published while people are at work: nothing of theirs is cut off, and nothing that waits is lost."""

import re
import shutil
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Page, Playwright, TimeoutError, expect
from sqlalchemy.orm import Session

from server.domain.access import Role
from server.services import sign_in
from tests import makers
from tests.api.live import LiveServer
from tests.chromium import PATIENCE_MS
from tests.e2e.installation import ROOT
from tests.e2e.phone import Phone
from tests.e2e.speech import as_microphone, real_speech

OFFER = "Open the newer one"
SECOND = "meta[name=build][content=second]"
UNDER_A_WORKER = "() => navigator.serviceWorker.controller !== null"
WORKER = "(await navigator.serviceWorker.getRegistration('/collect/'))"


@pytest.fixture
def published(app: Flask, tmp_path: Path) -> Path:
    """A copy of the built app, which is what the server gives out."""
    folder = tmp_path / "dist"
    shutil.copytree(ROOT / "pwa" / "dist", folder)
    app.config["BUILT_FOLDER"] = folder
    return folder / "collect"


@pytest.fixture
def server(app: Flask, published: Path) -> Iterator[LiveServer]:
    with LiveServer(app) as live:
        yield live


@pytest.fixture
def link(session: Session, server: LiveServer) -> str:
    """Signs a researcher in."""
    project = makers.make_project(session, "Waiting for a bed")
    token = sign_in.make_link(session, makers.make_person(session, project, Role.RESEARCHER))
    session.commit()
    return f"{server.url}/sign-in/link/{token}"


@pytest.fixture
def phone(playwright_driver: Playwright, server: LiveServer, tmp_path: Path) -> Iterator[Phone]:
    speech = as_microphone(real_speech(), tmp_path / "speech.wav")
    one = Phone(playwright_driver, tmp_path / "phone", speech, server.url)
    one.open(network=True)
    yield one
    one.close()


@pytest.mark.slow
@pytest.mark.xdist_group("browser")
def test_a_newer_app_waits_for_a_recording_and_for_the_outbox_and_then_for_a_tap(
    phone: Phone, link: str, published: Path, server: LiveServer
) -> None:
    """fault 13, fault 14"""
    _open_signed_in(phone, link, server)
    _begin_a_story(phone)
    phone.page.context.route("**/api/v1/uploads*", lambda _held: None)
    phone.button("Record")
    _recorded(phone, 2)

    _publish_another(published)
    phone.page.evaluate(f"async () => {WORKER}.update()")
    _wait_until_fetched(phone.page)
    other = phone.page.context.new_page()
    other.goto(f"{server.url}/collect/")
    other.get_by_role("heading", level=1, name="Waiting for a bed").wait_for()
    _recorded(phone, 4)
    assert not _offered(other)
    assert other.locator(SECOND).count() == 0

    with phone.page.context.expect_event("request", lambda asked: "/api/v1/uploads" in asked.url):
        phone.button("Stop")
        phone.says("The recording is saved on this phone.")
    assert not _offered(other)
    phone.page.context.unroute_all()  # lets go what was held
    _take(other)
    _offered_in_a_tab_that_was_left_behind(phone)
    phone.unlock()
    phone.says("Rosa")


@pytest.mark.xdist_group("browser")
def test_a_page_that_was_opened_past_the_worker_comes_under_it(phone: Phone) -> None:
    """fault 13: for a newer app waits only for the pages of the older one"""
    phone.page.wait_for_function(UNDER_A_WORKER)
    before = phone.page.evaluate("performance.timeOrigin")
    phone.context.new_cdp_session(phone.page).send("Page.reload", {"ignoreCache": True})
    phone.page.wait_for_function("before => performance.timeOrigin > before", arg=before)
    phone.page.wait_for_function(UNDER_A_WORKER)


def _offered_in_a_tab_that_was_left_behind(phone: Phone) -> None:
    """It goes on with the older app, until somebody taps."""
    assert phone.page.locator(SECOND).count() == 0
    phone.page.evaluate("location.hash = '#/'")
    phone.button(OFFER)
    phone.page.locator(SECOND).wait_for(state="attached")


def _take(page: Page) -> None:
    """Tap the offer. Where something else begins to be sent in the same moment, it goes and is made again."""
    offer, second = page.get_by_role("button", name=OFFER), page.locator(SECOND)
    for _ in range(6):
        offer.or_(second).first.wait_for(state="attached")
        if offer.count():
            offer.click()
        with suppress(TimeoutError):
            return second.wait_for(state="attached", timeout=PATIENCE_MS / 6)
    second.wait_for(state="attached")


def _open_signed_in(phone: Phone, link: str, server: LiveServer) -> None:
    phone.page.goto(link)
    phone.button("Sign in")
    phone.page.wait_for_url(lambda address: "/sign-in" not in address)
    phone.page.goto(f"{server.url}/collect/")
    phone.choose_pin()
    phone.heading("Waiting for a bed")
    phone.page.wait_for_function(UNDER_A_WORKER)


def _begin_a_story(phone: Phone) -> None:
    phone.button("Start a conversation")
    phone.button("Start", exact=False)
    phone.start_story("Rosa", place="Northgate")


def _recorded(phone: Phone, seconds: int) -> None:
    """So many seconds or more, for each is shown for a moment only."""
    expect(phone.page.get_by_text(re.compile(f"^0:(0[{seconds}-9]|[1-5][0-9])$"))).to_be_visible()


def _publish_another(published: Path) -> None:
    """What differs in another build: the shell, and the service worker that names it by its hash."""
    for name in ("index.html", "service-worker.js"):
        for ending in (".br", ".gz"):
            (published / f"{name}{ending}").unlink(missing_ok=True)
    shell = published / "index.html"
    shell.write_text(shell.read_text().replace("<head>", '<head><meta name="build" content="second">'))
    worker = published / "service-worker.js"
    text = worker.read_text()
    changed = re.sub(r'("?url"?:\s*["`\']index\.html["`\'],\s*"?revision"?:\s*["`\'])|'
                     r'("?revision"?:\s*["`\'])(?=[0-9a-f]+["`\'],\s*"?url"?:\s*["`\']index\.html)', r"\1\2b", text)
    assert changed != text, "the shell was not found in the worker's list"
    worker.write_text(changed)


def _wait_until_fetched(page: Page) -> None:
    page.wait_for_function(f"async () => Boolean({WORKER}.waiting)")


def _offered(page: Page) -> bool:
    return page.get_by_role("button", name=OFFER).count() > 0
