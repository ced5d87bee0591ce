"""Find a Chromium for the tests, or get one: `python -m tests.chromium` does both and says what it did.

In this order: `CHROMIUM`, the system's, Debian's package where we may install it, and last the build that
`@sparticuz/chromium` carries inside its npm package, which needs no rights at all.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "chrome")
MAC = Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")
PACKAGE = "@sparticuz/chromium@153.0.0"
FOLDER = ROOT / ".venv" / "chromium"
UNPACK = "import('@sparticuz/chromium').then(async c => console.log(await c.default.executablePath()))"

# A browser that calls home hangs behind a closed network, and so would every test.
ARGUMENTS = [
    "--no-first-run", "--disable-gpu", "--disable-quic", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--no-sandbox",
]

# How long a test waits for a page on a machine that does much else. How fast a page is, the benchmarks say.
PATIENCE_MS = 60_000


def find() -> Path | None:
    """The path of a Chromium, or None."""
    named = os.environ.get("CHROMIUM")
    paths = [named] if named else [shutil.which(name) for name in NAMES] + [str(MAC), str(FOLDER / "chromium")]
    return next((Path(path) for path in paths if path and Path(path).exists()), None)


def install() -> None:
    """Get a Chromium. Raises CalledProcessError when no way works."""
    if shutil.which("apt-get") and os.geteuid() == 0:
        print("Setting up Chromium from Debian's packages", flush=True)
        quiet = {"stdout": subprocess.DEVNULL, "env": os.environ | {"DEBIAN_FRONTEND": "noninteractive"}}
        for words in (["update"], ["install", "-y", "--no-install-recommends", "chromium"]):
            if subprocess.run(["apt-get", *words], **quiet).returncode:  # type: ignore[call-overload]
                break
        else:
            return
    print("Setting up Chromium from npm", flush=True)
    FOLDER.mkdir(parents=True, exist_ok=True)
    (FOLDER / "package.json").write_text("{}")
    subprocess.run(["npm", "install", "--no-audit", "--no-fund", PACKAGE], cwd=FOLDER, check=True)
    done = subprocess.run(["node", "-e", UNPACK], cwd=FOLDER, check=True, capture_output=True, text=True)
    shutil.move(done.stdout.strip(), FOLDER / "chromium")


def main() -> int:
    if find() is None:
        install()
    found = find()
    print(f"Chromium for the tests: {found}" if found else "No Chromium could be set up. Install one and try again.")
    return 0 if found else 1


if __name__ == "__main__":
    sys.exit(main())
