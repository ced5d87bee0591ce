"""A whole installation, real browsers and real speech."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Playwright, expect, sync_playwright

from tests.chromium import ARGUMENTS, PATIENCE_MS, find
from tests.e2e.installation import Installation

expect.set_options(timeout=PATIENCE_MS)


@pytest.fixture(scope="session")
def playwright_driver() -> Iterator[Playwright]:
    with sync_playwright() as driver:
        yield driver


@pytest.fixture(scope="session")
def desk(playwright_driver: Playwright) -> Iterator[Browser]:
    """A browser on somebody's desk."""
    browser = playwright_driver.chromium.launch(
        executable_path=find(), headless=True,
        args=[*ARGUMENTS, "--autoplay-policy=no-user-gesture-required"])
    yield browser
    browser.close()


@pytest.fixture
def installation(tmp_path: Path) -> Iterator[Installation]:
    """Web on an empty, migrated database. The worker is not started."""
    whole = Installation(tmp_path / "data")
    whole.folder.mkdir()
    whole.flask("migrate")
    whole.start_web()
    yield whole
    whole.stop_all()
