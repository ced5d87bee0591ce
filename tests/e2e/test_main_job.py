"""From the kitchen table to the board table: one story, all the way, and then gone.

Real parts throughout: Chromium with real speech on its microphone, web and worker as processes, real Whisper.
"""

import csv
import io
import re
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, Playwright, expect

from server.domain.access import Role
from tests.e2e.installation import Installation
from tests.e2e.people import People
from tests.e2e.phone import Phone
from tests.e2e.speech import Speech, as_microphone, real_speech

QUOTE = "Nobody rang us. We found the bed empty."
PHOTO = "A chair beside a window at night"
NAME = "Rosa"
QUESTION = "Who tells a family that somebody has been moved?"
THEME = "Being told"


@pytest.fixture
def people(installation: Installation) -> People:
    return People(installation)


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    """A photo that says where it was taken."""
    picture, exif = Image.new("RGB", (1200, 900), (120, 90, 60)), Image.Exif()
    exif[0x010F] = "CANARY-CAMERA"
    exif.get_ifd(0x8825)[29] = "2026:05:04"
    picture.save(tmp_path / "chair.jpg", exif=exif)
    return tmp_path / "chair.jpg"


@pytest.mark.xdist_group("browser")
def test_a_story_goes_from_a_phone_with_no_signal_to_a_board_and_is_gone_when_it_is_withdrawn(
    installation: Installation, people: People, playwright_driver: Playwright, desk: Browser, photo: Path,
    tmp_path: Path,
) -> None:
    """fault 1"""
    speech = real_speech()
    phone = Phone(playwright_driver, tmp_path / "phone", as_microphone(speech, tmp_path / "speech.wav"),
                  installation.address)
    try:
        _collect_with_no_network(phone, installation, people, speech, photo)
        _send(phone, installation)
    finally:
        phone.close()
    commissioner = people.at_desk(desk, Role.COMMISSIONER)
    _excerpt_and_theme(commissioner, people, speech)
    _make_a_provocation(commissioner, people)
    board = people.at_desk(desk, Role.BOARD_MEMBER)
    _present(board, people, speech)
    analyst = people.at_desk(desk, Role.ANALYST)
    assert any(speech.words[1] in row["text"].lower() for row in _csv(analyst, people) if row["kind"] == "excerpt")
    _withdraw(people.at_desk(desk, Role.RESEARCHER), people)
    _all_is_gone(installation, people, commissioner, board, analyst)
    try:
        _phone_has_forgotten(phone)
    finally:
        phone.close()


def _collect_with_no_network(phone: Phone, installation: Installation, people: People, speech: Speech,
                             photo: Path) -> None:
    """Sign in once; then, with no network and no server: consent, record, photo, quote, and a killed browser."""
    phone.open(network=True)
    people.sign_in(phone.page, Role.RESEARCHER)
    phone.page.goto(f"{installation.address}/collect/")
    phone.choose_pin()
    phone.heading("Waiting for a bed")
    phone.page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    phone.close()
    installation.stop("web")
    phone.open(network=False)
    phone.heading("Waiting for a bed")

    phone.button("Start a conversation")
    phone.check()
    phone.start_story(NAME, place="Northgate")

    phone.button("Record")
    phone.page.wait_for_timeout((speech.seconds + 2) * 1000)
    phone.button("Pause")
    phone.says("Paused. Not recording.")
    phone.button("Carry on")
    phone.button("Stop")
    phone.says("The recording is saved on this phone.")
    phone.link("Photo")
    phone.page.get_by_label("Choose a photo").set_input_files(photo)
    phone.page.get_by_label("Nobody").check()
    phone.page.get_by_label("What does it show?").fill(PHOTO)
    phone.button("Save this photo")
    phone.link("Quote")
    phone.page.get_by_label("Their words, just as they said them").fill(QUOTE)
    phone.button("Save this quote")
    phone.says("The quote is saved on this phone")

    phone.button("Record more")
    phone.page.wait_for_timeout(6000)
    phone.kill()
    phone.open(network=False)
    phone.says("Recovered recording, ")
    phone.unlock()
    phone.button("Go on recording")
    phone.page.wait_for_timeout(4000)
    phone.page.get_by_role("button", name="What happened?").click()
    phone.says("Question marked at ")
    phone.button("Stop")
    phone.says("The recording is saved on this phone.")
    phone.page.goto(f"{installation.address}/collect/#/")
    phone.says("1 story is only on this phone")


def _send(phone: Phone, installation: Installation) -> None:
    """The server and the network come back, and everything is confirmed by its hash."""
    installation.start_web()
    installation.start_worker()
    phone.find_network()
    phone.link("See what is on this phone")
    phone.button("Try now")
    expect(phone.page.get_by_text("Sent and checked").first).to_be_visible()
    phone.page.goto(f"{installation.address}/collect/#/")
    phone.says("Everything is sent")


def _phone_has_forgotten(phone: Phone) -> None:
    """The phone that sent it hears of the withdrawal, and keeps nothing of it either."""
    phone.open(network=True)
    phone.unlock()
    phone.says("1 story was withdrawn")
    phone.link("See what is on this phone")
    phone.says("No stories are kept here yet.")
    assert NAME not in phone.page.inner_text("body")


def _excerpt_and_theme(page: Page, people: People, speech: Speech) -> None:
    """The transcript holds what was said; a click on a word plays it; a passage becomes an excerpt with a theme."""
    page.goto(f"/projects/{people.project_id}/themes/new")
    page.get_by_label("Name", exact=True).fill(THEME)
    page.get_by_role("button", name="Add the theme").click()
    _open_story_once_transcribed(page, people)
    transcript = page.locator("[data-transcript]").first
    said = transcript.inner_text().lower()
    assert re.search(".*".join(map(re.escape, speech.words)), said, re.DOTALL), said
    cut_off = page.locator("[data-transcript]").nth(1)
    expect(cut_off.locator(".stop").first).to_be_visible()
    expect(cut_off.get_by_text("What happened?")).to_be_visible()
    expect(page.get_by_text(QUOTE).first).to_be_visible()
    picture = page.get_by_alt_text(PHOTO, exact=True).get_attribute("src") or ""
    shown = page.request.get(picture)
    assert shown.ok
    assert b"CANARY-CAMERA" not in shown.body()

    words = transcript.locator("[data-start]")
    spoken = [word.strip(" ,.?!").lower() for word in words.all_inner_texts()]
    first = spoken.index(speech.words[1])
    page.get_by_role("button", name="Captions").first.click()
    words.nth(first).click()
    expect(transcript.locator(".word--playing")).to_be_visible()
    expect(page.locator("[data-caption]").first).to_contain_text(re.compile(re.escape(speech.words[1]), re.IGNORECASE))
    words.nth(first).focus()
    for _ in range(3):
        page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("e")
    page.keyboard.type(THEME[:5])
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Make an excerpt", exact=True).click()
    expect(page.get_by_text("The excerpt is made.")).to_be_visible()
    page.get_by_role("link", name="Open it", exact=True).click()
    _say_that_it_was_heard(page)


def _say_that_it_was_heard(page: Page) -> None:
    """A board has a passage once somebody has listened to all of it: what was played counts, or else they say so."""
    said = page.get_by_role("button", name="I have listened to this passage")
    if said.count():
        said.click()
    expect(page.get_by_text("Heard by")).to_be_visible()


def _open_story_once_transcribed(page: Page, people: People) -> None:
    page.goto(f"/projects/{people.project_id}/stories")
    page.get_by_role("link", name=NAME).first.click()
    for _ in range(120):
        if page.locator("[data-transcript]").count() == 2 and page.get_by_alt_text(PHOTO, exact=True).count():
            return
        page.wait_for_timeout(1000)
        page.reload()
    raise AssertionError(page.locator("main").inner_text())


def _make_a_provocation(page: Page, people: People) -> None:
    page.goto(f"/projects/{people.project_id}/provocations/new")
    page.get_by_label("Question").fill(QUESTION)
    page.get_by_role("button", name="Save and choose evidence").click()
    for kind in ("excerpt", "quote", "photo"):
        page.get_by_role("button", name=re.compile(f"^Add {kind}:")).click()
    page.get_by_role("button", name="Open it to the board").click()
    page.get_by_role("button", name="I have looked at these. Open it to the board").click()
    expect(page.get_by_text("The board can open it now.")).to_be_visible()


def _present(page: Page, people: People, speech: Speech) -> None:
    """A board member is shown the question, then hears the passage with its words in step, reads, and sees."""
    page.goto(f"/projects/{people.project_id}/provocations")
    page.get_by_role("link", name=QUESTION).click()
    _wait_for_the_clip(page)
    page.get_by_role("button", name="Present", exact=True).click()
    expect(page.get_by_role("heading", level=2, name=QUESTION)).to_be_visible()
    expect(page.get_by_role("button", name="Next")).to_be_visible()
    page.keyboard.press("PageDown")
    playing = page.locator(".slide:not([hidden]) .word--playing")
    expect(playing).to_be_visible()
    assert speech.words[1] in page.locator(".slide:not([hidden])").inner_text().lower()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_text(QUOTE)).to_be_visible()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_alt_text(PHOTO, exact=True)).to_be_visible()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("heading", name="What will you do?")).to_be_visible()


def _wait_for_the_clip(page: Page) -> None:
    """The worker cuts an excerpt's own few seconds once it is made."""
    address = page.locator("audio").first.get_attribute("src") or ""
    for _ in range(60):
        if page.request.get(address).ok:
            return
        page.wait_for_timeout(500)
    raise AssertionError("the clip was never cut")


def _csv(page: Page, people: People) -> list[dict[str, str]]:
    answer = page.request.get(f"/projects/{people.project_id}/exports/quotes.csv")
    assert answer.ok
    return list(csv.DictReader(io.StringIO(answer.body().decode("utf-8-sig"), newline="")))


def _withdraw(page: Page, people: People) -> None:
    page.goto(f"/projects/{people.project_id}/register")
    page.get_by_role("link", name=f"Record a withdrawal of the story of {NAME}").click()
    page.get_by_label("Delete everything").check()
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("button", name="Yes, delete everything").click()
    page.wait_for_url("**/withdrawn")


def _all_is_gone(installation: Installation, people: People, commissioner: Page, board: Page, analyst: Page) -> None:
    """Every page is empty at once; a moment later no stored byte is left but the note that it was withdrawn."""
    story_pages = [f"/projects/{people.project_id}/{name}" for name in ("stories", "themes", "provocations")]
    for page, addresses in ((commissioner, story_pages), (board, story_pages[1:])):
        for address in addresses:
            page.goto(address)
            text = page.locator("body").inner_text()
            assert not [words for words in (NAME, QUOTE, PHOTO) if words in text], address
    board.goto(f"/projects/{people.project_id}/provocations")
    board.get_by_role("link", name=QUESTION).click()
    expect(board.get_by_text("There is nothing to show here now.")).to_be_visible()
    assert _csv(analyst, people) == []
    for _ in range(60):
        left = [path for path in (installation.folder / "media").rglob("*") if path.is_file()]
        if [path.parent.name for path in left] == ["withdrawals"]:
            note = left[0].read_text()
            assert not [words for words in (NAME, QUOTE, PHOTO) if words in note]
            return
        board.wait_for_timeout(500)
    raise AssertionError(f"bytes are left in the store: {left}")
