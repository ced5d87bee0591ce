"""WebKitGTK through WebKitWebDriver, on a screen that nobody sees.

The driver's own MiniBrowser forgets everything when it ends, so `webkit_browser.py` stands in for it.
"""

import http.client
import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

from tests.e2e.installation import free_port
from tests.engines.engine import Engine, until

# Debian's own Python sees the bindings of its libraries.
PYTHON = "/usr/bin/python3"
BROWSER = Path(__file__).parent / "webkit_browser.py"
_SEEN = "import gi; gi.require_version('Gtk', '3.0'); gi.require_version('WebKit2', '4.1')"
_WAYS = {
    "Navigate": "POST /url", "ExecuteScript": "POST /execute/sync", "ExecuteAsyncScript": "POST /execute/async",
    "ElementClick": "POST /element/{id}/click", "ElementSendKeys": "POST /element/{id}/value",
    "NewWindow": "POST /window/new", "SwitchToWindow": "POST /window", "GetWindowHandle": "GET /window",
    "CloseWindow": "DELETE /window",
}


def find() -> str | None:
    """The driver, where all that it needs is there too; or None."""
    ready = shutil.which("Xvfb") and Path(PYTHON).exists() \
        and subprocess.run([PYTHON, "-c", _SEEN], stderr=subprocess.DEVNULL).returncode == 0
    return shutil.which("WebKitWebDriver") if ready else None


class Screen:
    """An X server that draws nowhere."""

    def __init__(self) -> None:
        read, write = os.pipe()
        self._process = subprocess.Popen(
            ["Xvfb", "-displayfd", str(write), "-screen", "0", "500x900x24", "-nolisten", "tcp"], pass_fds=[write],
            stderr=subprocess.DEVNULL)
        os.close(write)
        with os.fdopen(read) as answer:
            self.name = f":{answer.readline().strip()}"

    def close(self) -> None:
        self._process.kill()
        self._process.wait()


class WebKit(Engine):
    """Its databases, caches and cookies are in its folder."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self._screen = Screen()
        self._session = ""

    def open(self) -> None:
        port = free_port()
        self._driver = http.client.HTTPConnection("127.0.0.1", port, timeout=90)
        self._start([find() or "", f"--port={port}"], DISPLAY=self._screen.name)
        until(self._listens, "WebKitWebDriver does not listen")
        browser = {"binary": PYTHON, "args": [str(BROWSER), str(self.folder)]}
        wanted = {"alwaysMatch": {"webkitgtk:browserOptions": browser, "timeouts": {"script": 60_000}}}
        self._session = self._ask("POST", "/session", {"capabilities": wanted})["sessionId"]

    def command(self, name: str, **values: Any) -> Any:
        method, path = _WAYS[name].format(**values).split()
        return self._ask(method, f"/session/{self._session}{path}", values if method == "POST" else None)

    def close(self) -> None:
        super().close()
        self._screen.close()

    def _ask(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        self._driver.request(method, path, None if body is None else json.dumps(body))
        answer = self._driver.getresponse()
        value = json.loads(answer.read())["value"]
        if answer.status != 200:
            raise RuntimeError(f"{path}: {value['error']}: {value['message']}")
        return value

    def _listens(self) -> bool:
        try:
            return self._ask("GET", "/status") is not None
        except OSError:
            self._driver.close()
            return False
