"""Everyone can use every screen of the phone app: read out, by keyboard, small, enlarged, from right to left."""

import re
from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Playwright, Route, expect
from sqlalchemy.orm import Session

from server.auth import COOKIE
from server.domain.access import Role
from server.models.people import Membership
from server.services import sign_in
from tests import makers
from tests.api.live import LiveServer
from tests.chromium import ARGUMENTS, PATIENCE_MS, find
from tests.e2e.everyone import PHONE, Eyes
from tests.e2e.phone import PIN
from tests.media.pictures import photo

pytestmark = pytest.mark.xdist_group("browser")

# Screens that nobody passes on the way through a story. Add a new screen's address here.
BESIDE = ["#/projects", "#/language", "#/outbox", "#/sending", "#/phone", "#/nowhere"]
# Screens that are seen with nothing on the phone.
ALONE = ["#/unlock", "#/pin", "#/unlock/forgotten", "#/sign-out", "#/delete-everything"]
BESIDE_A_STORY = ["#/story/{story}", "#/story/{story}/quote", "#/story/{story}/photo", "#/story/{story}/finish",
                  "#/story/{story}/receipt", "#/story/{story}/joining", "#/story/{story}/take-back",
                  "#/story/{story}/delete/{part}", "#/story/{story}/delete/nothing"]

WAYS = ["signed", "spoken", "paper"]

REFUSED = '{"type":"about:blank","title":"","status":422,"code":"invalid","message":"Something in it is too long."}'


@pytest.fixture
def here(app: Flask, session: Session) -> Iterator[SimpleNamespace]:
    """Earshot, and the tokens of a researcher in two projects and of a person in none."""
    project = makers.make_project(session, "Waiting for a bed")
    other = makers.make_project(session, "Leaving hospital after a long stay, and what came after it")
    researcher = makers.make_person(session, project, Role.RESEARCHER)
    session.add(Membership(person_id=researcher.id, project_id=other.id, role=Role.RESEARCHER.value))
    tokens = {"researcher": sign_in.start(session, researcher),
              "nobody": sign_in.start(session, makers.make_person(session))}
    session.commit()
    with LiveServer(app) as live:
        yield SimpleNamespace(url=live.url, tokens=tokens)


@pytest.fixture(scope="module")
def hand(playwright_driver: Playwright) -> Iterator[Browser]:
    """A browser with a microphone that beeps."""
    browser = playwright_driver.chromium.launch(executable_path=find(), headless=True, args=[
        *ARGUMENTS, "--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream"])
    yield browser
    browser.close()


class Hand:
    """Somebody with a phone whose browser asks for a language."""

    def __init__(self, browser: Browser, here: SimpleNamespace, language: str) -> None:
        self._browser, self._here, self._language = browser, here, language
        self.contexts: list[BrowserContext] = []

    def turn_on(self, *, plain: bool = False) -> BrowserContext:
        """`plain` is a phone set to let nothing move, and to show its owner's own few colours."""
        context = self._browser.new_context(
            viewport=PHONE, locale=self._language, has_touch=True, base_url=self._here.url, service_workers="block",
            reduced_motion="reduce" if plain else "no-preference", forced_colors="active" if plain else "none")
        self.contexts.append(context)
        context.set_default_timeout(PATIENCE_MS)
        return context

    def open(self, who: str = "", *, plain: bool = False) -> Eyes:
        """The app as `who` sees it; without a name, signed out."""
        context = self.turn_on(plain=plain)
        if who:
            context.add_cookies([{"name": COOKIE, "value": self._here.tokens[who], "url": self._here.url}])
        eyes = Eyes(context.new_page())
        eyes.page.goto("/collect/")
        expect(eyes.page.locator("main:not([aria-busy]) h1")).to_be_focused()
        if who:
            self._choose_a_pin(eyes)
        return eyes

    def _choose_a_pin(self, eyes: Eyes) -> None:
        eyes.look("choosing a PIN")
        for number in (1, 2):
            eyes.tab_to(f":nth-match(main .field input, {number})")
            eyes.page.keyboard.type(PIN)
        eyes.page.keyboard.press("Enter")
        expect(eyes.page.locator("input")).to_have_count(0)
        expect(eyes.page.locator("h1")).to_be_focused()


@pytest.fixture(params=["en-GB", pytest.param("ur-PK", marks=pytest.mark.slow)])
def somebody(request: pytest.FixtureRequest, hand: Browser, here: SimpleNamespace) -> Iterator[Hand]:
    """A person who reads from left to right, and one who reads from right to left."""
    person = Hand(hand, here, request.param)
    yield person
    for context in person.contexts:
        context.close()


def test_a_story_is_collected_by_keyboard_alone_and_every_screen_on_the_way_is_for_everyone(somebody: Hand) -> None:
    eyes = somebody.open("researcher")
    eyes.look()
    while "#/story/" not in eyes.address:
        eyes.go_on()
        eyes.look()
        if eyes.address.endswith("#/consent/how"):
            _see_each_way_to_agree(eyes)
    story = eyes.address.partition("#/story/")[2]
    _record(eyes)
    _write_a_quote(eyes)
    _take_a_photo(eyes)
    eyes.follow('a[href$="/finish"]')
    part = eyes.page.locator('a[href*="/delete/"]').first.get_attribute("href") or ""
    for address in [*BESIDE, *BESIDE_A_STORY]:
        eyes.visit(address.format(story=story, part=part.rpartition("/")[2]))
    assert not eyes.wrong, "\n".join(eyes.wrong)


def test_what_goes_wrong_is_for_everyone_too(somebody: Hand) -> None:
    signed_out = somebody.open()
    signed_out.look("signed out")
    signed_out.visit("#/language")
    nobody = somebody.open("nobody")
    nobody.look("without a project")

    eyes = somebody.open("researcher")
    eyes.visit("#/outbox")
    for address in ALONE:
        eyes.visit(address)
    eyes.visit("#/")
    while eyes.page.locator("main input[type=text]").count() == 0:
        eyes.go_on()
    _send_nothing(eyes, "input")
    eyes.page.context.set_offline(True)
    _refuse_everything(eyes)
    while "#/story/" not in eyes.address:
        eyes.go_on()
    _be_refused_the_microphone(eyes)
    _send_nothing(eyes, "textarea")
    _be_refused_by_the_server(eyes)
    assert not [wrong for each in (signed_out, nobody, eyes) for wrong in each.wrong]


def test_nothing_moves_and_no_state_is_told_by_colour_alone_where_a_phone_is_set_so(
    hand: Browser, here: SimpleNamespace,
) -> None:
    person = Hand(hand, here, "en-GB")
    waiting = Eyes(person.turn_on(plain=True).new_page())
    waiting.page.route("**/api/**", lambda _route: None)
    waiting.page.goto("/collect/")
    expect(waiting.page.locator("main[aria-busy] .bone")).to_have_count(3)
    assert waiting.page.evaluate("eyes.still()") == []

    eyes = person.open("researcher", plain=True)
    assert eyes.page.evaluate("matchMedia('(forced-colors: active)').matches")
    while "#/story/" not in eyes.address:
        eyes.look_plainly()
        eyes.go_on()
        if eyes.address.endswith("#/consent/2"):
            _see_which_answer_was_given(eyes)
    off = eyes.shape(".state")
    eyes.press("button.big")
    expect(eyes.page.locator(".state.on")).to_be_visible()
    on = eyes.shape(".state")
    quiet, loud = eyes.page.locator(".bars span").first.evaluate("bar => eyes.heights(bar, 'lit')")
    assert loud > 2 * quiet
    eyes.look_plainly()
    for cue in ("words", "pictures", "edge"):
        assert on[cue] != off[cue], f"{cue}: recording looks as it does when nothing is recorded"
    eyes.press("button.second.big")
    eyes.follow('a[href$="/quote"]')
    _say_what_is_missing_plainly(eyes)
    assert not eyes.wrong, "\n".join(eyes.wrong)
    for context in person.contexts:
        context.close()


def test_a_language_is_chosen_by_its_own_name_and_stays_chosen(hand: Browser, here: SimpleNamespace) -> None:
    person = Hand(hand, here, "fr-FR")
    page = person.open("researcher").page
    for name, tag, direction in (("اردو", "ur", "rtl"), ("Cymraeg", "cy", "ltr"), ("English", "en-GB", "ltr")):
        page.locator('a[href="#/language"]').click()
        page.get_by_role("button", name=name).click()
        expect(page.locator(f'html[lang="{tag}"][dir="{direction}"]')).to_be_attached()
        expect(page.locator("main .button.main")).to_be_visible()
        page.reload()
        expect(page.locator(f'html[lang="{tag}"]')).to_be_attached()
    person.contexts[0].close()


def _see_which_answer_was_given(eyes: Eyes) -> None:
    eyes.page.go_back()
    expect(eyes.page).to_have_url(re.compile("#/consent/1$"))
    chosen, other = eyes.shape('.pair [aria-pressed="true"]'), eyes.shape('.pair [aria-pressed="false"]')
    assert chosen["pictures"] != other["pictures"]
    assert chosen["edge"] != other["edge"]
    eyes.page.go_forward()
    expect(eyes.page.locator("h1")).to_be_focused()


def _say_what_is_missing_plainly(eyes: Eyes) -> None:
    before = eyes.shape("textarea")
    eyes.page.locator("main form .button").first.press("Enter")
    expect(eyes.page.locator("main textarea[aria-invalid]")).to_be_focused()
    eyes.look_plainly()
    assert eyes.shape("textarea")["edge"] != before["edge"]
    assert eyes.page.locator("main .error").first.inner_text()


def _see_each_way_to_agree(eyes: Eyes) -> None:
    """What is asked of whoever signs, speaks or has signed on paper; then back to choosing."""
    for way in WAYS:
        eyes.page.locator(f'input[value="{way}"]').press("Space")
        eyes.follow("main form .button:not(.second)")
        eyes.look(f"agreeing, {way}")
        eyes.visit("#/consent/how")
    eyes.page.locator('input[value="ticked"]').press("Space")


def _refuse_everything(eyes: Eyes) -> None:
    """Say no to each question, look at how that is taken, and start the questions again."""
    while "#/consent/1" not in eyes.address:
        eyes.go_on()
    while eyes.page.locator("main .pair > .button").count() == 2:
        eyes.follow("main .pair > .button:nth-child(2)")
    eyes.look("said no to everything")
    eyes.visit("#/consent/1")


def _record(eyes: Eyes) -> None:
    """Record, pause, go on and stop, with a look at each."""
    for press, then in (("big", ".state.on"), ("big", ".state:not(.on)"), ("big", ".state.on"), ("second.big", "")):
        eyes.press(f"button.{press}")
        if then:
            expect(eyes.page.locator(then)).to_be_visible()
            eyes.look(f"recorder {then}", begins=False)
    expect(eyes.page.locator('a[href$="/finish"]')).to_be_visible()
    eyes.look("recorded", begins=False)


def _write_a_quote(eyes: Eyes) -> None:
    eyes.follow('a[href$="/quote"]')
    eyes.go_on()
    eyes.look()


def _take_a_photo(eyes: Eyes) -> None:
    # A browser that hears of it only with the key press may have opened a window of its own by then.
    eyes.page.on("filechooser", lambda _chooser: None)
    eyes.follow('a[href$="/photo"]')
    eyes.tab_to("input[type=file]:not([capture])")
    with eyes.page.expect_file_chooser() as chooser:
        eyes.page.keyboard.press("Space")
    chooser.value.set_files({"name": "chair.jpg", "mimeType": "image/jpeg", "buffer": photo("JPEG")})
    expect(eyes.page.locator("main img")).to_be_visible()
    eyes.look("photo to check")
    eyes.go_on()
    eyes.look()


def _send_nothing(eyes: Eyes, field: str) -> None:
    """Press the button with nothing written: the field says what is missing, and has the focus."""
    eyes.page.locator("main form .button").first.press("Enter")
    expect(eyes.page.locator(f"main {field}[aria-invalid]")).to_be_focused()
    eyes.look(f"{field} with nothing in it", begins=False)


def _be_refused_the_microphone(eyes: Eyes) -> None:
    eyes.page.evaluate("""() => { navigator.mediaDevices.getUserMedia =
      () => Promise.reject(new DOMException('', 'NotAllowedError')); }""")
    eyes.press("button.big")
    expect(eyes.page.locator(".steps")).to_be_visible()
    eyes.look("no microphone", begins=False)
    eyes.press("main button.second")
    eyes.follow('a[href$="/quote"]')


def _be_refused_by_the_server(eyes: Eyes) -> None:
    """A quote that the server will not have stands in the outbox, and says what it needs."""
    def refuse(route: Route) -> None:
        route.fulfill(status=422, content_type="application/problem+json", body=REFUSED)

    eyes.page.route("**/api/v1/quotes/*", refuse)
    eyes.go_on()
    eyes.page.context.set_offline(False)
    eyes.page.evaluate("location.hash = '#/outbox'")
    eyes.page.locator("main button.second.wide").click()
    expect(eyes.page.locator(".notice.alarm").first).to_be_visible()
    eyes.look("outbox that needs somebody", begins=False)
