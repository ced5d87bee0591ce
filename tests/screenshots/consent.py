"""How consent is kept to: what is withheld and held back, what is due, what goes after a withdrawal, and the record."""

from playwright.sync_api import Page

from tests.screenshots.album import Album
from tests.screenshots.windows import go_to

WORRY = "She said that she has no tablets left until Monday. I have rung the pharmacy."
SECONDS_TO_ERASE = 60


def withholding(page: Page, name: str, album: Album) -> None:
    """The name that is withheld in this story, and where more can be."""
    go_to(page, "Stories")
    page.get_by_role("link", name=name, exact=True).click()
    page.get_by_role("link", name="Withhold names and other words").click()
    album.take(page, "library-withheld", top=page.get_by_role("heading", name="Withheld now"))


def holding_back(page: Page, name: str, album: Album) -> None:
    """The page on which a story is held back. Nothing is saved."""
    go_to(page, "Stories")
    page.get_by_role("link", name=name, exact=True).click()
    page.get_by_role("link", name="Hold this story back").click()
    page.get_by_label("What worries you?").fill(WORRY)
    page.get_by_label("Ash Demo").check()
    album.take(page, "library-hold-back", top=page.get_by_role("heading", level=1))


def what_is_due(page: Page, album: Album) -> None:
    go_to(page, "Settings")
    page.get_by_role("link", name="how long stories are kept").click()
    album.take(page, "library-due", top=page.get_by_role("heading", name="What will be deleted"))


def record_of_processing(page: Page, album: Album) -> None:
    go_to(page, "Settings")
    page.get_by_role("link", name="See the record of processing").click()
    album.take(page, "library-processing", top=page.get_by_role("heading", level=1))


def checklist(page: Page, album: Album) -> None:
    """From the page that says that a story is withdrawn, once no more is waited for than backups and phones."""
    page.get_by_role("link", name="What had to go").click()
    waiting = page.locator(".checklist__step", has=page.get_by_text("Waiting", exact=True))
    for _ in range(SECONDS_TO_ERASE):
        if waiting.count() == waiting.filter(has_text="Phones").count():
            break
        page.wait_for_timeout(1000)
        page.reload()
    page.set_viewport_size({"width": 1280, "height": 900})  # as far as the last row
    album.take(page, "library-checklist", top=page.get_by_role("heading", level=1))
