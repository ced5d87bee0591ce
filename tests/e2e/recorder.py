"""The recorder of one story on one phone, and what it put on disk."""

from pathlib import Path
from typing import Any

from playwright.sync_api import Page, expect

from tests.e2e.phone import Phone

BETWEEN = Path(__file__).with_name("recordings.js")


class Recorder:
    """On the story's page. The phone was opened with `BETWEEN` before the app."""

    def __init__(self, phone: Phone) -> None:
        self.phone = phone

    @property
    def page(self) -> Page:
        return self.phone.page

    def record(self, seconds: int, button: str = "Record") -> None:
        """Record until so many seconds more are on disk."""
        until = seconds + (self.saved if button == "Carry on recording" else 0)
        self.page.get_by_role("button", name=button, exact=button != "Record").first.click()
        expect(self.page.get_by_role("button", name="Pause", exact=True)).to_be_visible()
        self.wait_until_saved(until)

    def wait_until_saved(self, seconds: int) -> None:
        self.page.wait_for_function(
            "least => { const [m, s] = document.querySelector('.figures').innerText.split(':');"
            " return 60 * +m + +s >= least; }", arg=seconds)

    @property
    def saved(self) -> int:
        minutes, seconds = self.page.locator(".figures").inner_text().split(":")
        return 60 * int(minutes) + int(seconds)

    def stop(self) -> None:
        self.phone.button("Stop")
        self.phone.says("The recording is saved on this phone.")

    def stopped_by_itself(self, words: str = "Recording has stopped") -> None:
        """Nobody can miss it: it is said in large letters, and read out."""
        expect(self.page.get_by_role("status").filter(has_text=words)).to_be_visible(timeout=4_000)
        expect(self.page.get_by_text("Recording", exact=True)).to_have_count(0)

    def rows(self, store: str) -> list[dict[str, Any]]:
        return list(self.page.evaluate("store => mic.rows(store)", store))

    def last(self) -> list[dict[str, Any]]:
        """The segments of the newest recording, in order."""
        newest = max(row["id"] for row in self.rows("recordings"))
        mine = [row for row in self.rows("segments") if row["recordingId"] == newest]
        return sorted(mine, key=lambda row: int(row["number"]))

    def ends(self) -> list[str]:
        return [str(row["ended"]) for row in self.last()]
