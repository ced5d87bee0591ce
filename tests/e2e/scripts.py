"""The scripts that a phone waits for before the app's first screen."""

from pathlib import Path

from playwright.sync_api import BrowserContext

from tests.e2e.installation import ROOT

BUILT = ROOT / "pwa" / "dist" / "collect"
MOST_KB = 120


def first_load(context: BrowserContext, address: str) -> list[Path]:
    """The built files that a browser asks for on its first visit, until nothing more is asked for."""
    asked: set[str] = set()
    page = context.new_page()
    page.on("response", lambda answer: answer.request.resource_type == "script" and asked.add(answer.url))
    page.goto(address)
    page.get_by_role("heading", level=1).first.wait_for()
    page.wait_for_load_state("networkidle")
    page.close()
    return sorted(BUILT / url.removeprefix(address) for url in asked)


def compressed_kb(files: list[Path], ending: str) -> float:
    """What they weigh as they are sent: `.gz` or `.br`. A kB is 1,000 bytes."""
    return sum(Path(f"{file}{ending}").stat().st_size for file in files) / 1000
