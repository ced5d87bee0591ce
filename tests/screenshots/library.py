"""What people see in the library: administrator, commissioner, board member, analyst, and a researcher's register."""

import re

from playwright.sync_api import Page, expect

from tests.screenshots.album import Album
from tests.screenshots.windows import go_to

SECONDS_FOR_SPEECH = 900


def work_and_people(page: Page, album: Album) -> None:
    go_to(page, "Work")
    for _ in range(60):
        if page.locator("progress").count():
            break
        page.wait_for_timeout(1000)
        page.reload()
    album.take(page, "library-work")
    go_to(page, "People")
    page.get_by_role("link", name="Invite somebody").click()
    page.get_by_label("Commissioner").check()
    page.get_by_label("Who is it for?").fill("Sam")
    page.get_by_role("button", name="Make the invitation").click()
    ready = page.get_by_role("heading", level=1, name="The invitation is ready")
    album.take(page, "library-invitation", top=ready)


def wait_for_speech(page: Page) -> None:
    """Until the worker has written down every recording and cut every excerpt."""
    done, quiet = page.get_by_role("heading", name="Everything is done"), 0
    go_to(page, "Work")
    for _ in range(SECONDS_FOR_SPEECH // 2):
        quiet = quiet + 1 if done.count() else 0
        if quiet > 5:  # excerpts are asked for a moment after the last transcript
            return
        page.wait_for_timeout(2000)
        page.reload()
    raise SystemExit(f"The worker is not done:\n{page.locator('main').inner_text()}")


def stories_and_themes(page: Page, album: Album) -> None:
    go_to(page, "Stories")
    album.take(page, "library-stories")
    page.get_by_role("link", name="Josie").click()
    _choose(page, "kept", "fridge")
    page.locator("[data-picker]:not([hidden])").get_by_role("combobox").fill("Small things that worked")
    page.keyboard.press("Enter")
    album.take(page, "library-excerpt")
    go_to(page, "Themes")
    page.get_by_role("link", name="Told last").click()
    album.take(page, "library-theme", top=page.get_by_role("heading", level=1))


def _choose(page: Page, first: str, last: str) -> None:
    """Draw over words of the transcript, so that the form for an excerpt opens beside them."""
    page.locator("[data-controls]:not([hidden])").first.wait_for()
    words = page.locator("[data-transcript] [data-start]")
    ends = [words.filter(has_text=re.compile(f"^{word}")).first for word in (first, last)]
    ends[0].evaluate("word => window.scrollTo(0, word.getBoundingClientRect().top + scrollY - 300)")
    start, end = (each.bounding_box() for each in ends)
    assert start, f"no word {first} is on the page"
    assert end, f"no word {last} is on the page"
    page.mouse.move(start["x"] + 1, start["y"] + start["height"] / 2)
    page.mouse.down()
    page.mouse.move(end["x"] + end["width"] - 1, end["y"] + end["height"] / 2, steps=5)
    page.mouse.up()
    expect(page.locator("[data-picker]:not([hidden])")).to_be_visible()


def correcting(page: Page, album: Album) -> None:
    """A passage that is open to be corrected, while it plays."""
    go_to(page, "Stories")
    page.get_by_role("link", name="Josie").click()
    page.get_by_role("link", name="Correct the words").click()
    page.locator("[data-words][role=button]").nth(1).click()
    page.get_by_role("button", name="Play", exact=True).click()
    page.locator("textarea").focus()
    page.locator(".word--playing").first.wait_for()
    album.take(page, "library-correcting", top=page.locator("[data-player]"))


def stories_on_a_phone(page: Page, album: Album) -> None:
    go_to(page, "Stories")
    album.take(page, "phone-library-stories")
    page.get_by_role("link", name="Amara").click()
    album.take(page, "phone-library-story", top=page.get_by_role("heading", name="Listen and read").first)


def provocation(page: Page, question: str, album: Album) -> None:
    go_to(page, "Provocations")
    page.get_by_role("link", name=question).click()
    album.take(page, "library-provocation")
    page.get_by_role("link", name="Choose and order the evidence").click()
    album.take(page, "library-arrange", top=page.get_by_role("heading", level=1))


def presenting(page: Page, question: str, album: Album) -> None:
    """A voice, and the word that is said."""
    go_to(page, "Provocations")
    page.get_by_role("link", name=question).click()
    page.get_by_role("button", name="Present", exact=True).click()
    page.get_by_role("button", name="Next", exact=True).wait_for()  # the page listens to keys from now on
    page.keyboard.press("PageDown")
    page.keyboard.press("PageDown")
    page.locator(".slide:not([hidden]) .word--playing").wait_for()
    page.wait_for_timeout(4000)
    album.take(page, "library-presenting")


def exports(page: Page, album: Album) -> None:
    go_to(page, "Export")
    album.take(page, "library-export")


def withdraw(page: Page, name: str, album: Album) -> None:
    go_to(page, "Register")
    album.take(page, "library-register")
    page.get_by_role("link", name=f"Record a withdrawal of the story of {name}").click()
    page.get_by_label("Delete everything").check()
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("button", name="Yes, delete everything").click()
    page.wait_for_url("**/withdrawn")
