"""tus-js-client, which nobody here wrote, run in Node and in a browser."""

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.chromium import ROOT

FOLDER = Path(__file__).parent
IN_A_BROWSER = ROOT / "pwa" / "node_modules" / "tus-js-client" / "dist" / "tus.min.js"


def node() -> str | None:
    """The Node of this environment, or else the machine's."""
    beside = Path(sys.executable).with_name("node")
    return str(beside) if beside.exists() else shutil.which("node")


def send_with_node(file: Path, *, kill_after: int | None = None, **options: Any) -> list[dict[str, Any]]:
    """What the client said, line by line. `options` are those of tus-js-client."""
    found = node()
    assert found is not None
    task = json.dumps({"file": str(file), "killAfter": kill_after, "options": options})
    run = subprocess.run([found, str(FOLDER / "send.mjs"), task], capture_output=True, text=True, timeout=60)
    return [json.loads(line) for line in run.stdout.splitlines()] or [{"done": False, "error": run.stderr}]
