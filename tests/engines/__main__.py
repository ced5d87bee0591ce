"""Find Firefox and WebKitGTK for the tests, or get them: `python -m tests.engines` does both and says what it did.

Only Debian's packages bring them, so without the right to install those the tests that need them are skipped.
"""

import os
import shutil
import subprocess
import sys

from tests.engines import firefox, webkit

PACKAGES = {
    "Firefox": (firefox.find, ["firefox-esr"]),
    "WebKitGTK": (webkit.find, ["webkit2gtk-driver", "xvfb", "python3-gi", "gir1.2-webkit2-4.1"]),
}


def install(packages: list[str]) -> None:
    """Get them from Debian, or do nothing where that cannot be done."""
    if shutil.which("apt-get") is None or os.geteuid() != 0:
        return
    for words in (["update"], ["install", "-y", "--no-install-recommends", *packages]):
        subprocess.run(["apt-get", *words], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                       env=os.environ | {"DEBIAN_FRONTEND": "noninteractive"})


def main() -> int:
    for name, (find, packages) in PACKAGES.items():
        if find() is None:
            print(f"Setting up {name} from Debian's packages", flush=True)
            install(packages)
        missing = f"none, so tests that need it are skipped. It comes with {', '.join(packages)}"
        print(f"{name} for the tests: {find() or missing}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
