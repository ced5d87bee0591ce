"""Look at screens of the phone app as everybody needs them: read out, by keyboard, in a small window, enlarged."""

from pathlib import Path
from typing import Any

from playwright.sync_api import Page, ViewportSize, expect

from tests.e2e.installation import ROOT

SCRIPTS = [ROOT / "pwa" / "node_modules" / "axe-core" / "axe.min.js", Path(__file__).with_name("eyes.js")]
PHONE, SMALL = ViewportSize(width=360, height=740), ViewportSize(width=320, height=568)
TWICE = "document.documentElement.style.fontSize = '212.5%'"
ONCE = "document.documentElement.style.fontSize = ''"
MOST_STOPS = 60
LONG = "Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch"


class Eyes:
    """Looks at screens, and remembers all that is wrong, named by the screen it is on."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.wrong: list[str] = []
        for script in SCRIPTS:
            page.add_init_script(path=script)

    @property
    def address(self) -> str:
        return str(self.page.evaluate("location.href"))

    def look(self, name: str = "", *, begins: bool = True) -> None:
        """Look at what is shown now, at each size. `begins` is false for what came up within a screen."""
        name = name or self.page.evaluate("location.hash.replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, '…')") or "#/"
        if begins:
            self._note(name, "eyes.begins()")
        self._note(name, "eyes.rules()")
        self._note(name, "eyes.room()")
        self.page.set_viewport_size(SMALL)
        self._note(f"{name} at 320 px", "eyes.room()")
        self.page.set_viewport_size(PHONE)
        self.page.evaluate(TWICE)
        self._note(f"{name} with text twice as large", "eyes.room()")
        self.page.evaluate(ONCE)

    def look_plainly(self) -> None:
        """Nothing moves, and what can be pressed is told from the rest without a colour."""
        name = self.page.evaluate("location.hash")
        for question in ("eyes.still()", "eyes.edges()"):
            self._note(name, question)

    def shape(self, selector: str) -> dict[str, Any]:
        """What is left of the first part that `selector` finds for whoever sees no colours."""
        shape: dict[str, Any] = self.page.locator(selector).first.evaluate("part => eyes.shape(part)")
        return shape

    def visit(self, address: str) -> None:
        """Look at the screen at an address of the app, such as `#/outbox`."""
        before = self.address
        self.page.evaluate("address => { location.hash = address; }", address)
        self.arrive(before)
        self.look()

    def tab_to(self, selector: str) -> None:
        """Press Tab until the keyboard is on what `selector` finds first."""
        wanted = self.page.locator(selector).first
        for _ in range(MOST_STOPS):
            self._kind()
            if wanted.evaluate("part => part === document.activeElement"):
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"the keyboard never comes to {selector}")

    def press(self, selector: str) -> None:
        self.tab_to(selector)
        self.page.keyboard.press("Enter")

    def follow(self, selector: str) -> None:
        """Press a link, and wait for the screen it leads to."""
        before = self.address
        self.press(selector)
        self.arrive(before)

    def go_on(self) -> None:
        """By keyboard alone: fill what is empty, take the first of what may be chosen, press what leads onward."""
        before = self.address
        for _ in range(MOST_STOPS):
            kind = self._kind()
            if kind == "empty":
                self.page.keyboard.insert_text(LONG)
            elif kind == "choice":
                self.page.keyboard.press("Space")
            elif kind == "onward":
                self.page.keyboard.press("Enter")
                self.arrive(before)
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"nothing leads on from {before}")

    def arrive(self, before: str) -> None:
        """Wait for a screen other than the one at the address `before`."""
        expect(self.page).not_to_have_url(before)
        expect(self.page.locator("h1")).to_be_focused()

    def _kind(self) -> str:
        """What may be done where the keyboard is. What is wrong there is noted."""
        at = self.page.evaluate("eyes.keyboard()")
        self.wrong += [f"{self.address} on {at['at']}: {each}" for each in at["wrong"]]
        return str(at["kind"])

    def _note(self, name: str, question: str) -> None:
        self.wrong += [f"{name}: {each}" for each in self.page.evaluate(question)]
