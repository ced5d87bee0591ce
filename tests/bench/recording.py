"""Three hours of recording in a minute or two: a simulated clock, real chunks, the real recorder, Chromium's real disk.

Every second brings a chunk of 8 kB, as Opus at 64 kbit/s does. Of each tenth of the recording the figures show what one
chunk waited for the disk and what the page holds in memory, so that what grows with the length is seen.
"""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from playwright.sync_api import CDPSession, Page, Route, sync_playwright

from tests.bench.table import Row, median
from tests.chromium import ARGUMENTS, find
from tests.e2e.installation import ROOT

HOURS, SECONDS = 3, 3 * 60 * 60
TENTHS = 10
PAGE = '<!doctype html><title>Recording</title><script type="module" src="three-hours.js"></script>'
# A name of this machine itself, which browsers trust as they trust https. Nothing is fetched from it.
ADDRESS = "http://localhost/"


def rows() -> Iterator[Row]:
    with TemporaryDirectory() as folder, _page(Path(folder)) as (page, control):
        page.evaluate("recording.start()")
        took, held = [], []
        for _ in range(TENTHS):
            took.append(median(page.evaluate(f"recording.record({SECONDS // TENTHS})")))
            held.append(_memory(control))
        end = page.evaluate("recording.stop()")
    if (end["chunks"], end["savedMs"], end["hashed"]) != (SECONDS, SECONDS * 1000, True):
        raise RuntimeError(f"not everything was kept: {end}")
    of = f"{HOURS} h of recording, {SECONDS:,} chunks: "
    yield Row(f"{of}ms until one is on disk", f"{took[-1]:.1f} ms", f"{took[0]:.1f} ms in the first tenth",
              took[-1] / took[0])
    yield Row(f"{of}memory of the page", f"{held[-1]:.1f} MB", f"{held[0]:.1f} MB after the first tenth",
              held[-1] / held[0])
    yield Row(f"{of}until it is ended", f"{end['tookMs']:.0f} ms")


@contextmanager
def _page(folder: Path) -> Iterator[tuple[Page, CDPSession]]:
    """A page with the recorder, in a browser that keeps its databases on disk."""
    subprocess.run(
        [ROOT / "pwa" / "node_modules" / ".bin" / "vite", "build", "--config", "tests/bench/vite.config.ts", "--outDir",
         folder / "built", "--emptyOutDir", "--logLevel", "error"],
        cwd=ROOT / "pwa", check=True)

    def answer(route: Route) -> None:
        if route.request.url.endswith(".js"):
            route.fulfill(path=folder / "built" / "three-hours.js", content_type="text/javascript")
        else:
            route.fulfill(body=PAGE, content_type="text/html")

    with sync_playwright() as driver:
        context = driver.chromium.launch_persistent_context(
            folder / "browser", executable_path=find(), headless=True, args=ARGUMENTS)
        context.set_default_timeout(600_000)
        context.route("**/*", answer)
        page = context.pages[0]
        page.goto(ADDRESS)
        page.wait_for_function("() => 'recording' in globalThis")
        yield page, context.new_cdp_session(page)
        context.close()


def _memory(control: CDPSession) -> float:
    """Megabytes that the page holds once what it let go is swept up: objects, and bytes in buffers."""
    control.send("HeapProfiler.collectGarbage")
    heap: dict[str, Any] = control.send("Runtime.getHeapUsage")
    return sum(heap[name] for name in ("usedSize", "embedderHeapUsedSize", "backingStorageSize")) / 1_000_000
