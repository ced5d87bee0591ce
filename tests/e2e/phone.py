"""A researcher's phone: a Chromium with a folder of its own, real speech on its microphone, and a network to lose."""

import os
import signal
import time
from pathlib import Path

from playwright.sync_api import BrowserContext, Page, Playwright, expect

from tests.chromium import ARGUMENTS, PATIENCE_MS, find

SIZE = {"width": 360, "height": 740}
PIN = "274951"


class Phone:
    """`speech` is a WAV file that the microphone hears from the moment it is opened."""

    def __init__(self, playwright: Playwright, folder: Path, speech: Path, address: str) -> None:
        self._playwright, self._folder, self._speech, self._address = playwright, folder, speech, address
        self._context: BrowserContext | None = None
        self.page: Page

    def open(self, *, network: bool, between: Path | None = None) -> None:
        """Start the browser, with what it kept from the last time. `between` is a script that runs before the app."""
        context = self._playwright.chromium.launch_persistent_context(
            self._folder, executable_path=find(), headless=True, viewport=SIZE, has_touch=True,
            args=[*ARGUMENTS, "--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream",
                  f"--use-file-for-fake-audio-capture={self._speech}"],
        )
        context.set_default_timeout(PATIENCE_MS)
        context.set_offline(not network)
        if between is not None:
            context.add_init_script(path=between)
        self._context, self.page = context, context.pages[0]
        self.page.goto(f"{self._address}/collect/")

    @classmethod
    def beside(cls, phone: "Phone", page: Page) -> "Phone":
        """Another tab of the same phone."""
        tab = cls(phone._playwright, phone._folder, phone._speech, phone._address)
        tab._context, tab.page = phone._context, page
        return tab

    @property
    def context(self) -> BrowserContext:
        assert self._context is not None
        return self._context

    def find_network(self) -> None:
        self.context.set_offline(False)

    def kill(self) -> None:
        """SIGKILL to every process of this browser, as when a battery dies."""
        mine = self._processes()
        assert mine, "no browser was found to kill"
        while mine := [process for process in mine if _kill(process)]:
            time.sleep(0.1)
        self._context = None

    def _processes(self) -> list[int]:
        command = f"--user-data-dir={self._folder}".encode()
        return [int(path.parent.name) for path in Path("/proc").glob("[0-9]*/cmdline") if command in _read(path)]

    def close(self) -> None:
        if self._context is not None:
            self._context.close()

    def button(self, name: str, *, exact: bool = True) -> None:
        self.page.get_by_role("button", name=name, exact=exact).click()

    def link(self, name: str, *, exact: bool = True) -> None:
        self.page.get_by_role("link", name=name, exact=exact).click()

    def heading(self, name: str) -> None:
        """Wait for a page by its heading."""
        expect(self.page.get_by_role("heading", level=1, name=name)).to_be_visible()

    def choose_pin(self, pin: str = PIN) -> None:
        """The first thing that the app asks of whoever signed in on this phone."""
        self.heading("Choose a PIN for Earshot")
        self.page.get_by_label("New PIN or password").fill(pin)
        self.page.get_by_label("The same once more").fill(pin)
        self.button("Use this PIN")

    def unlock(self, pin: str = PIN) -> None:
        """From the first page of a phone that was opened anew."""
        self.link("Unlock")
        self.page.get_by_label("Your PIN or password").fill(pin)
        self.button("Unlock")

    def check(self) -> None:
        """What is looked at once a day before a conversation: the microphone hears the speech at its side."""
        self.heading("Before you start")
        self.says("We can hear you.")
        self.button("Start the conversation")

    def start_story(self, name: str, *, place: str = "") -> None:
        """From the first page, once the phone was checked: one person, who says yes to everything."""
        self.page.get_by_label("Just one person").check()
        self.button("Continue")
        self.page.get_by_label("A name for this story").fill(name)
        self.button("Continue")
        self.page.get_by_label("Place").fill(place)
        self.button("Continue")
        self.button("Start the questions")
        for number in range(1, 7):
            self.says(f"Question {number} of 6")
            self.button("Yes")
        self.page.get_by_label("Their own").check()
        self.button("Continue")
        self.page.get_by_label("They tapped their answers here").check()
        self.button("Continue")
        self.button("This is right. Carry on")
        self.button("Skip this")
        self.says("Not recording")

    def says(self, words: str) -> None:
        expect(self.page.get_by_text(words).first).to_be_visible()


def _kill(process: int) -> bool:
    """Whether there was still such a process to kill."""
    try:
        os.kill(process, signal.SIGKILL)
    except ProcessLookupError:
        return False
    return True


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""
