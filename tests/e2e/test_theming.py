"""Theming at speed, by keyboard alone and on a phone, while somebody else does the same: in real browsers."""

from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from server.auth import COOKIE
from server.domain.access import Role
from server.domain.transcript import Word
from server.models.theme import Tagging
from server.models.transcript import Transcript, TranscriptSegment
from server.services import sign_in, withdrawals
from tests import makers
from tests.api.live import LiveServer
from tests.chromium import PATIENCE_MS
from tests.e2e.everyone import PHONE

pytestmark = pytest.mark.xdist_group("browser")

PASSAGES = 10
# Choose a passage to its end, put a theme used last, make it, and go on to the next one.
KEYS = ("Shift+End", "1", "Enter", "ArrowDown")


@pytest.fixture
def here(app: Flask, session: Session) -> Iterator[SimpleNamespace]:
    """A story of ten passages, and two commissioners: Mo, who has put Waiting on something before, and Ada."""
    project = makers.make_project(session, "Waiting for a bed")
    researcher = makers.make_person(session, project, Role.RESEARCHER)
    mo, ada = (makers.make_person(session, project, Role.COMMISSIONER, name=name) for name in ("Mo", "Ada"))
    for name in ("Being told", "Nights"):
        makers.make_theme(session, project, name)
    story = makers.make_story(session, project, researcher)
    makers.tag(session, makers.make_theme(session, project, "Waiting"), mo, makers.add_quote(session, story))
    recording = makers.add_recording(session, story, "first words")
    recording.playback_sha256 = None
    transcript = session.scalars(select(Transcript).where(Transcript.recording_id == recording.id)).one()
    transcript.segments = []
    session.flush()
    transcript.segments = [_segment(number) for number in range(PASSAGES)]
    session.flush()
    found = {"page": f"/stories/{story.id}", "story": story.id, "mo": sign_in.start(session, mo),
             "ada": sign_in.start(session, ada), "researcher": makers.viewer_of(session, researcher)}
    session.commit()
    with LiveServer(app) as live:
        yield SimpleNamespace(url=live.url, session=session, **found)


def _segment(number: int) -> TranscriptSegment:
    start = number * 2000
    words = tuple(Word(f" {word}", start + 400 * place, start + 400 * place + 350, 0.9)
                  for place, word in enumerate(f"We waited number {number}.".split()))
    return TranscriptSegment(position=number, start_ms=start, end_ms=words[-1].end_ms,
                             text=f" We waited number {number}.", words=words)


@pytest.fixture
def sit_down(desk: Browser, here: SimpleNamespace) -> Iterator[SimpleNamespace]:
    """Opens the story for one of them, in a browser of their own. Pages that are loaded are counted."""
    contexts: list[BrowserContext] = []

    def opened(token: str, **wishes: object) -> Page:
        context = desk.new_context(base_url=here.url, **wishes)  # type: ignore[arg-type]
        contexts.append(context)
        context.set_default_timeout(PATIENCE_MS)
        context.add_cookies([{"name": COOKIE, "value": token, "url": here.url}])
        page = context.new_page()
        page.goto(here.page)
        expect(page.locator("[data-start][role=button]")).to_have_count(1)
        page.evaluate("window.stays = true")
        return page

    yield SimpleNamespace(open=opened)
    for context in contexts:
        context.close()


def _mark(page: Page, name: str):  # type: ignore[no-untyped-def]
    return page.locator(".passage__mark", has_text=name)


def test_ten_passages_are_themed_with_four_keys_each_and_no_page_is_loaded(here, sit_down) -> None:
    page = sit_down.open(here.mo)
    page.locator("[data-start]").first.focus()
    for number in range(PASSAGES):
        for key in KEYS:
            page.keyboard.press(key)
        expect(_mark(page, "Waiting")).to_have_count(number + 1)
    expect(page.locator("#theming-news")).to_have_text("Made, with Waiting.")
    page.keyboard.press("Control+z")
    expect(_mark(page, "Waiting")).to_have_count(PASSAGES - 1)

    # Several on one passage: one by its key, one found by a few letters, one that is new; then without a connection.
    page.keyboard.press("Shift+Home")
    page.keyboard.press("1")
    page.keyboard.press("e")
    page.keyboard.type("bei")
    page.keyboard.press("Enter")
    page.keyboard.type("Transport")
    page.keyboard.press("Enter")
    page.context.set_offline(True)
    page.keyboard.press("Enter")
    expect(page.get_by_text("It is not saved: there is no connection. Your choice is kept.")).to_be_visible()
    page.context.set_offline(False)
    page.keyboard.press("Enter")
    expect(_mark(page, "Being told, Transport, Waiting")).to_have_count(1)
    expect(page.locator("[data-start]:focus")).to_have_count(1)
    assert page.evaluate("window.stays") is True


def test_two_people_see_each_others_work_within_seconds_and_keep_all_of_it(here, sit_down) -> None:
    """fault 25"""
    mo, ada = sit_down.open(here.mo), sit_down.open(here.ada, viewport=PHONE, has_touch=True)
    mo.locator("[data-start]").first.focus()
    for key in KEYS:
        mo.keyboard.press(key)
    expect(_mark(ada, "Waiting")).to_contain_text("Mo", timeout=15_000)
    expect(ada.locator("#theming-news")).to_have_text("Mo put “Waiting” on an excerpt.")
    for page in (mo, ada):
        _mark(page, "Waiting").first.click()
        page.locator(".passage").get_by_role("link", name="Change themes of this excerpt").click()
    theirs = [page.locator(".passage .chooser__key", has_text=name)
              for page, name in ((mo, "Nights"), (ada, "Being told"))]
    for key in theirs:
        key.dispatch_event("click")  # without waiting for what comes of the other
    for page in (mo, ada):
        expect(_mark(page, "Being told, Nights, Waiting")).to_be_visible(timeout=15_000)
        assert page.evaluate("window.stays") is True
    here.session.rollback()
    assert len(here.session.scalars(select(Tagging).where(Tagging.excerpt_id.is_not(None))).all()) == 3
    withdrawals.withdraw(here.session, here.researcher, here.story)
    here.session.commit()
    for page in (mo, ada):
        expect(page.get_by_role("heading", name="This story is not here any more")).to_be_visible(timeout=15_000)
        assert "waited" not in page.inner_text("body")
