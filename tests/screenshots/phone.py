"""What a researcher sees on a phone with no signal, and a participant on their own."""

from playwright.sync_api import Page, expect

from server.services.demo import FOLDER
from tests.e2e.phone import PIN
from tests.screenshots.album import Album

NAME, PLACE = "Rosa", "Community kitchen"
QUOTE = "She sat down first, and then she asked me."
PHOTO, PHOTO_SHOWS = FOLDER / "photos" / "kettle.jpg", "A kettle and two cups"


def collect(page: Page, album: Album) -> None:
    """A story is collected with no network, as far as its receipt."""
    page.goto("/collect/")
    page.get_by_label("New PIN or password").fill(PIN)
    page.get_by_label("The same once more").fill(PIN)
    album.take(page, "phone-pin")
    _press(page, "Use this PIN")
    page.get_by_role("button", name="Start a conversation").wait_for()
    album.take(page, "phone-home")
    page.context.set_offline(True)
    _press(page, "Start a conversation")
    _look_the_phone_over(page)
    page.get_by_label("Just one person").check()
    _press(page, "Continue")
    page.get_by_label("A name for this story").fill(NAME)
    _press(page, "Continue")
    page.get_by_label("Place").fill(PLACE)
    _press(page, "Continue")
    _choose_easy_words(page)
    _agree(page, album)
    _press(page, "This is right. Carry on")
    _press(page, "Skip this")
    _record(page, album)
    page.get_by_role("link", name="Finish").click()
    page.get_by_role("link", name="Finish this story").click()
    _heading(page, "Give them their receipt")
    album.take(page, "phone-receipt")
    page.get_by_role("link", name="Done").click()
    page.get_by_role("link", name="See what is on this phone").click()
    _heading(page, "What is on this phone")
    album.take(page, "phone-outbox")


def _look_the_phone_over(page: Page) -> None:
    _heading(page, "Before you start")
    page.locator(".actions .button").click()


def _choose_easy_words(page: Page) -> None:
    _heading(page, "Which words are best for you?")
    if page.get_by_label("English").count():
        page.get_by_label("English").check()
    page.get_by_label("Short sentences and pictures").check()
    _press(page, "Continue")
    while page.get_by_role("button", name="Next").count():
        _press(page, "Next")
    _press(page, "Start the questions")


def _agree(page: Page, album: Album) -> None:
    for number in range(1, 7):
        expect(page.get_by_text(f"Question {number} of 6")).to_be_visible()
        if number == 4:
            page.mouse.move(180, 20)  # off the answer to the question before
            album.take(page, "phone-consent")
        _press(page, "Yes")
    page.get_by_label("Their own").check()
    _press(page, "Continue")
    page.get_by_label("They tapped their answers here").check()
    _press(page, "Continue")
    _heading(page, "Check this with them")


def _record(page: Page, album: Album) -> None:
    _press(page, "Record")
    page.wait_for_timeout(14_000)
    album.take(page, "phone-recorder")
    _press(page, "Stop")
    expect(page.get_by_text("The recording is saved on this phone.")).to_be_visible()
    page.get_by_role("link", name="Photo").click()
    page.get_by_label("Choose a photo").set_input_files(PHOTO)
    page.get_by_label("Nobody", exact=True).check()
    page.get_by_label("What does it show?").fill(PHOTO_SHOWS)
    _press(page, "Save this photo")
    page.get_by_role("link", name="Quote").click()
    page.get_by_label("Their words, just as they said them").fill(QUOTE)
    _press(page, "Save this quote")
    expect(page.get_by_text("The quote is saved on this phone")).to_be_visible()


def send(page: Page) -> str:
    """The phone finds a network. The receipt code is given back."""
    page.context.set_offline(False)
    _press(page, "Try now")
    expect(page.get_by_text("Everything is sent")).to_be_visible()
    page.get_by_role("link", name="Show the receipt").first.click()
    return page.locator(".code").inner_text()


def look_up_receipt(page: Page, code: str, album: Album) -> None:
    page.goto("/receipt")
    page.get_by_label("Code on your receipt").fill(code)
    _press(page, "See my receipt")
    page.get_by_label("Type the name you are called in your story").fill(NAME)
    _press(page, "Open my receipt")
    _heading(page, "Thank you for your story")
    album.take(page, "phone-participant-receipt")


def change_an_answer(page: Page, album: Album) -> None:
    """What they said yes to, and a way to say no. Nothing is changed."""
    page.get_by_role("link", name="Change my answers").click()
    album.take(page, "phone-participant-change")
    page.go_back()


def look_again(page: Page, album: Album) -> None:
    """The page behind the receipt, after the story was withdrawn."""
    page.reload()
    _heading(page, "Your story was withdrawn")
    page.evaluate("window.scrollTo(0, 0)")  # a page that is loaded again stays where it was
    album.take(page, "phone-participant-withdrawn")


def _press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def _heading(page: Page, name: str) -> None:
    expect(page.get_by_role("heading", level=1, name=name)).to_be_visible()
