"""What the phone app costs before its first screen is there, and Lighthouse's verdict on it."""

import json
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from playwright.sync_api import BrowserContext, sync_playwright

from server.domain.access import Role
from tests.bench.table import Row, median
from tests.chromium import ARGUMENTS, find
from tests.e2e.installation import ROOT, Installation, free_port
from tests.e2e.people import People
from tests.e2e.scripts import MOST_KB, compressed_kb, first_load

RUNS = 3
LIMITS = {"performance": 95, "accessibility": 100, "best-practices": 100}


def rows() -> Iterator[Row]:
    with TemporaryDirectory() as folder, _served(Path(folder)) as (installation, context, port):
        address = f"{installation.address}/collect/"
        yield from _scripts(context, address)
        runs = [_lighthouse(address, port) for _ in range(RUNS)]
    for name, limit in LIMITS.items():
        score = 100 * median(run["categories"][name]["score"] for run in runs)
        yield Row(f"Lighthouse, median of {RUNS}: {name}", f"{score:.0f}", f"at least {limit}",
                  score / limit)
    for name in ("first-contentful-paint", "largest-contentful-paint", "total-blocking-time"):
        value = median(run["audits"][name]["numericValue"] for run in runs)
        yield Row(f"Lighthouse, median of {RUNS}: {name}", f"{value:.0f} ms", "a slow phone on slow 4G")


@contextmanager
def _served(folder: Path) -> Iterator[tuple[Installation, BrowserContext, int]]:
    """An installation, a browser in which a researcher signed in, and the port on which Lighthouse reaches it."""
    installation, port = Installation(folder / "data"), free_port()
    installation.folder.mkdir()
    installation.flask("migrate")
    installation.start_web()
    try:
        people = People(installation)
        with sync_playwright() as driver:
            context = driver.chromium.launch_persistent_context(
                folder / "phone", executable_path=find(), headless=True,
                args=[*ARGUMENTS, f"--remote-debugging-port={port}"])
            people.sign_in(context.pages[0], Role.RESEARCHER)
            yield installation, context, port
            context.close()
    finally:
        installation.stop_all()


def _scripts(context: BrowserContext, address: str) -> Iterator[Row]:
    files = first_load(context, address)
    for name, ending in (("gzip", ".gz"), ("brotli", ".br")):
        size = compressed_kb(files, ending)
        yield Row(f"first load of /collect/, {len(files)} scripts: {name}", f"{size:.1f} kB", f"at most {MOST_KB} kB",
                  size / MOST_KB)


def _lighthouse(address: str, port: int) -> dict[str, Any]:
    """One run of Lighthouse, as it reports it, in the browser that listens on this port."""
    program = ROOT / "pwa" / "node_modules" / ".bin" / "lighthouse"
    done = subprocess.run(
        [program, address, f"--port={port}", "--quiet", "--output=json", "--no-enable-error-reporting",
         f"--only-categories={','.join(LIMITS)}"],
        check=True, capture_output=True, text=True, env=os.environ)
    found: dict[str, Any] = json.loads(done.stdout)
    return found
