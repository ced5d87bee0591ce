"""Correcting words while they are heard: in a real browser, by keyboard alone, without a line, on a phone."""

import hashlib
import io
import re
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
from server.models.transcript import HeardStretch, Transcript, TranscriptSegment
from server.services import sign_in, withdrawals
from tests import makers, recordings
from tests.api.live import LiveServer
from tests.chromium import PATIENCE_MS
from tests.e2e.everyone import PHONE, SCRIPTS

pytestmark = pytest.mark.xdist_group("browser")

SAID = ["We wated all night.", "Nobody told us anything.", "Then a nurse came."]


@pytest.fixture
def here(app: Flask, session: Session) -> Iterator[SimpleNamespace]:
    """A recording of three passages, four words each, half a second a word, with sound that plays."""
    project = makers.make_project(session, "Waiting for a bed")
    researcher = makers.make_person(session, project, Role.RESEARCHER)
    mo = makers.make_person(session, project, Role.COMMISSIONER, name="Mo")
    story = makers.make_story(session, project, researcher)
    recording = makers.add_recording(session, story, "first words")
    sound = recordings.demo().path.read_bytes()
    app.extensions["earshot"].store.put(io.BytesIO(sound))
    recording.playback_sha256, recording.duration_ms = hashlib.sha256(sound).hexdigest(), 30_000
    transcript = session.scalars(select(Transcript).where(Transcript.recording_id == recording.id)).one()
    transcript.segments = []
    session.flush()
    transcript.segments = [_segment(number, text) for number, text in enumerate(SAID)]
    session.flush()
    found = {"address": f"/recordings/{recording.id}/transcript", "transcript": transcript.id,
             "story": story.id, "researcher": makers.viewer_of(session, researcher),
             "segments": [row.id for row in transcript.segments], "token": sign_in.start(session, mo)}
    session.commit()
    with LiveServer(app) as live:
        yield SimpleNamespace(url=live.url, session=session, **found)


def _segment(number: int, text: str) -> TranscriptSegment:
    start = number * 2000
    words = tuple(Word(f" {word}", start + 500 * place, start + 500 * place + 450, 0.9)
                  for place, word in enumerate(text.split()))
    return TranscriptSegment(position=number, start_ms=start, end_ms=words[-1].end_ms, text=f" {text}", words=words)


def texts(here: SimpleNamespace) -> list[str]:
    here.session.rollback()
    query = select(TranscriptSegment.text).where(TranscriptSegment.transcript_id == here.transcript)
    found = [text.strip() for text in here.session.scalars(query.order_by(TranscriptSegment.position))]
    here.session.rollback()
    return found


@pytest.fixture
def sit_down(desk: Browser, here: SimpleNamespace) -> Iterator[SimpleNamespace]:
    """Opens the editor in a window of its own."""
    contexts: list[BrowserContext] = []

    def open_editor(**wishes: object) -> Page:
        context = desk.new_context(base_url=here.url, **{"viewport": {"width": 1280, "height": 800}, **wishes})  # type: ignore[arg-type]
        contexts.append(context)
        context.set_default_timeout(PATIENCE_MS)
        context.add_cookies([{"name": COOKIE, "value": here.token, "url": here.url}])
        for script in SCRIPTS:
            context.add_init_script(path=script)
        page = context.new_page()
        page.goto(here.address)
        expect(page.locator("[data-words][role=button]")).to_have_count(3)
        return page

    yield SimpleNamespace(open=open_editor)
    for context in contexts:
        context.close()


def words(page: Page, number: int):  # type: ignore[no-untyped-def]
    return page.locator("[data-segment]").nth(number).locator("[data-words]")


def saved(page: Page) -> None:
    expect(page.locator("[data-standing]")).to_have_text("All changes are saved")


def test_words_are_corrected_by_keyboard_alone_while_the_sound_goes_on(here, sit_down) -> None:
    page = sit_down.open()
    words(page, 0).focus()
    page.keyboard.press("Space")
    expect(page.locator(".word--playing").first).to_be_visible()
    page.keyboard.press("Enter")
    field = page.locator("textarea")
    expect(field).to_be_focused()
    page.keyboard.press("Home")
    for _ in range(5):
        page.keyboard.press("ArrowRight")
    page.keyboard.type("i")
    expect(field).to_have_value("We waited all night.")
    assert page.evaluate("!document.querySelector('audio').paused")
    saved(page)
    assert texts(here)[0] == "We waited all night."

    page.keyboard.press("Control+Enter")
    assert page.evaluate("document.querySelector('audio').paused")
    at = page.evaluate("document.querySelector('audio').currentTime")
    page.keyboard.press("Control+Enter")
    # Asked at once: half a second later it has gone on past where it began again.
    assert page.evaluate("document.querySelector('audio').currentTime") < max(at - 1, 0.5)

    page.keyboard.press("Enter")
    expect(page.locator("textarea")).to_have_value("Nobody told us anything.")
    page.keyboard.press("End")
    page.keyboard.press("Escape")
    page.keyboard.press("l")
    expect(page.locator("textarea")).to_have_value("Nobody told us anything. [laughs]")
    page.keyboard.press("Home")
    for _ in range(6):
        page.keyboard.press("ArrowRight")
    page.keyboard.press("Shift+Enter")
    expect(page.locator("[data-segment]")).to_have_count(4)
    expect(page.locator("textarea")).to_have_value("told us anything. [laughs]")
    page.keyboard.press("Home")
    page.keyboard.press("Backspace")
    expect(page.locator("[data-segment]")).to_have_count(3)
    saved(page)
    assert texts(here)[1] == "Nobody told us anything. [laughs]"

    page.keyboard.press("Escape")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keys")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_what_was_done_is_undone_and_done_again(here, sit_down) -> None:
    page = sit_down.open()
    words(page, 2).click()
    page.keyboard.press("End")
    page.keyboard.type(" At last.")
    saved(page)
    page.keyboard.press("Control+z")
    expect(page.locator("textarea")).to_have_value("Then a nurse came.")
    assert texts(here)[2] == "Then a nurse came."
    page.keyboard.press("Control+Shift+Z")
    expect(page.locator("textarea")).to_have_value("Then a nurse came. At last.")
    page.keyboard.press("Control+a")
    page.keyboard.press("Delete")
    expect(page.locator("[data-standing]")).to_contain_text("This passage has no words.")
    page.keyboard.press("Escape")
    expect(page.locator("[data-segment]")).to_have_count(2)
    page.get_by_role("button", name="Undo").click()
    expect(page.locator("[data-segment]")).to_have_count(3)
    expect(words(page, 2)).to_have_text("Then a nurse came. At last.")


def test_words_stay_here_without_a_line_and_through_a_reload_and_are_sent_when_it_is_back(here, sit_down) -> None:
    page = sit_down.open()
    page.on("dialog", lambda dialog: dialog.accept())
    words(page, 1).click()
    page.keyboard.press("End")
    page.context.set_offline(True)
    page.keyboard.type(" Not a word.")
    expect(page.locator("[data-standing]")).to_contain_text("Not saved: no connection.")
    assert texts(here)[1] == SAID[1]
    page.route("**/corrections", lambda route: route.abort())
    page.context.set_offline(False)
    page.reload()
    expect(words(page, 1)).to_have_text("Nobody told us anything. Not a word.")
    expect(page.locator("[data-standing]")).to_contain_text("Not saved: no connection.")
    expect(page.locator(".line--current")).to_have_attribute("data-segment", str(here.segments[1]))
    page.unroute("**/corrections")
    page.evaluate("window.dispatchEvent(new Event('online'))")
    saved(page)
    assert texts(here)[1] == "Nobody told us anything. Not a word."
    assert page.evaluate("Object.keys(sessionStorage).filter((key) => key.startsWith('earshot-draft'))") == []


def test_a_story_that_is_withdrawn_meanwhile_leaves_no_words_in_the_tab(here, sit_down) -> None:
    page = sit_down.open()
    page.on("dialog", lambda dialog: dialog.accept())
    words(page, 1).click()
    page.context.set_offline(True)
    page.keyboard.type("Not a word. ")
    expect(page.locator("[data-standing]")).to_contain_text("Not saved: no connection.")
    withdrawals.withdraw(here.session, here.researcher, here.story)
    here.session.commit()
    page.context.set_offline(False)
    expect(page.locator("[data-editor]")).to_have_count(0)
    assert page.evaluate("Object.values(sessionStorage).filter((kept) => kept.includes('Not a word'))") == []


def test_two_who_change_the_same_passage_both_see_both_and_choose(here, sit_down) -> None:
    one, other = sit_down.open(), sit_down.open()
    words(one, 0).click()
    one.keyboard.press("End")
    one.keyboard.type(" In the cold.")
    saved(one)
    words(other, 0).click()
    other.keyboard.press("End")
    other.keyboard.type(" Alone.")
    choice = other.get_by_role("group", name=re.compile("^Somebody else changed this passage"))
    expect(choice).to_contain_text("We wated all night. In the cold.")
    expect(choice).to_contain_text("We wated all night. Alone.")
    choice.get_by_role("button", name="Put mine in its place").click()
    saved(other)
    assert texts(here)[0] == "We wated all night. Alone."


def test_what_was_listened_to_is_noted_and_shown_in_words(here, sit_down) -> None:
    page = sit_down.open()
    heard = page.locator("[data-segment]").nth(0).locator("[data-heard]")
    expect(heard).to_have_text("Not heard yet")
    page.get_by_role("link", name="Play from 0:00").click()
    expect(page.locator(".line--said").nth(0)).to_have_attribute("data-segment", str(here.segments[1]))
    page.get_by_role("button", name="Pause").click()
    expect(heard).to_have_text("Heard by you")
    expect(page.locator("[data-heard-line]")).to_have_text("1 of 3 passages have been heard.")
    [stretch] = here.session.scalars(select(HeardStretch))
    assert stretch.start_ms < 250
    assert 1900 < stretch.end_ms < 6000
    page.get_by_role("button", name="Next not heard").click()
    expect(page.locator(".line--current")).to_have_attribute("data-segment", str(here.segments[1]))


def test_listening_on_the_storys_page_counts_too(here, sit_down) -> None:
    page = sit_down.open()
    page.get_by_role("link", name="Back to the story").click()
    page.get_by_role("button", name="Play", exact=True).click()
    expect(page.locator("[data-clock]")).to_contain_text("0:01 of")
    with page.expect_response("**/heard") as answer:
        page.get_by_role("button", name="Pause").click()
    assert answer.value.ok
    [stretch] = here.session.scalars(select(HeardStretch))
    assert stretch.start_ms < 250
    assert stretch.end_ms > 600


def test_a_speaker_is_named_once_for_every_passage(here, sit_down) -> None:
    page = sit_down.open()
    for number in (0, 2):
        words(page, number).click()
        page.locator("[data-speaker-choice]").select_option("Somebody else" if number == 0 else "Speaker 1")
        expect(page.locator("[data-segment]").nth(number).locator("[data-speaker-name]")).to_have_text("Speaker 1")
    page.locator("summary", has_text="Who speaks").click()
    page.get_by_label("Name of Speaker 1").fill("Amal")
    page.get_by_role("button", name="Save name").click()
    expect(page.locator("[data-lines] [data-speaker-name]")).to_have_text(["Amal", "", "Amal"])
    page.reload()
    expect(page.locator("[data-lines] [data-speaker-name]")).to_have_text(["Amal", "", "Amal"])


@pytest.mark.parametrize("window", [PHONE, {"width": 1280, "height": 800}], ids=["phone", "desk"])
def test_the_editor_is_for_everyone(here, sit_down, window) -> None:
    page = sit_down.open(viewport=window, has_touch=window is PHONE)
    assert _wrong(page) == []
    (words(page, 1).tap if window is PHONE else words(page, 1).click)()
    page.get_by_role("button", name="[cries]").click()
    expect(page.locator("textarea")).to_be_focused()
    saved(page)
    assert "[cries]" in texts(here)[1]
    assert _wrong(page) == []
    page.get_by_role("button", name="Keys").click()
    assert _wrong(page) == []


def _wrong(page: Page) -> list[str]:
    """By the rules, and what is hard to touch or too wide below the frame that every page has."""
    room = [each for each in page.evaluate("eyes.room()") if 'class="frame-' not in each and "project-bar" not in each]
    return [*page.evaluate("eyes.rules()"), *room]
