"""What a person does in a browser, said in the commands of W3C WebDriver."""

import os
import signal
import subprocess
import time
from abc import ABC, abstractmethod
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeVar

ELEMENT = "element-6066-11e4-a52e-4f735466cecf"
SECONDS = 60
T = TypeVar("T")
# Finds the first thing a person can see whose words are these, or begin so.
FIND = (Path(__file__).parent / "find.js").read_text()


class Engine(ABC):
    """A browser with a folder. `open` starts it with what it kept; `kill` is an empty battery."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.folder.mkdir(parents=True, exist_ok=True)
        self._process: subprocess.Popen[bytes] | None = None

    @abstractmethod
    def open(self) -> None:
        """Start the browser and a session."""

    @abstractmethod
    def command(self, name: str, **values: Any) -> Any:
        """One WebDriver command by its name in the standard, without spaces. Raises RuntimeError."""

    def go(self, address: str) -> None:
        self.command("Navigate", url=address)

    def run(self, script: str, *values: Any) -> Any:
        """The value of an async function's body, which finds `values` in `given`."""
        body = f"const given = [...arguments], done = given.pop(); (async () => {{ {script} }})().then(" \
               "value => done({value: value ?? null}), fault => done({fault: String(fault)}))"
        answer = self.command("ExecuteAsyncScript", script=body, args=list(values))
        if "fault" in answer:
            raise RuntimeError(answer["fault"])
        return answer["value"]

    def button(self, name: str) -> None:
        self._click(self._find("button", name))

    def link(self, name: str) -> None:
        self._click(self._find("a", name))

    def choose(self, label: str) -> None:
        self._click(self._find("label", label))

    def fill(self, label: str, text: str) -> None:
        field = self._find("field", label)
        self.command("ElementSendKeys", id=field, text=text, value=list(text))

    def heading(self, name: str) -> None:
        """Wait for a page by its heading."""
        self._find("h1", name)

    def says(self, words: str) -> None:
        """Wait until the page says this somewhere."""
        self._find("main *, [role=status], [role=alert]", words)

    def text(self) -> str:
        return str(self.run("return document.body.innerText"))

    def new_tab(self) -> str:
        """Open another tab and go to it. Gives the name of the one that was left."""
        left = str(self.command("GetWindowHandle"))
        self.command("SwitchToWindow", handle=self.command("NewWindow", type="tab")["handle"])
        return left

    def close_tab(self, name: str) -> None:
        """Close a tab that was left, and stay in this one."""
        here = self.command("GetWindowHandle")
        self.command("SwitchToWindow", handle=name)
        self.command("CloseWindow")
        self.command("SwitchToWindow", handle=here)

    def kill(self) -> None:
        """SIGKILL to every process of this browser at once."""
        assert self._process is not None
        group = self._process.pid
        os.killpg(group, signal.SIGKILL)
        self._process.wait()
        until(lambda: not _living(group), "the browser lives on")
        self._process = None

    def close(self) -> None:
        """End it if it still runs. What it kept stays."""
        with suppress(ProcessLookupError):
            if self._process is not None:
                self.kill()

    def _start(self, command: list[str], **environment: str) -> None:
        with (self.folder / "browser.log").open("ab") as log:
            self._process = subprocess.Popen(command, stdout=log, stderr=log, start_new_session=True,
                                             env=os.environ | environment)

    def _find(self, kind: str, words: str) -> str:
        found = until(lambda: self.command("ExecuteScript", script=FIND, args=[kind, words]), lambda: self._lost(words))
        return str(found[ELEMENT])

    def _click(self, element: str) -> None:
        self.command("ElementClick", id=element)

    def _lost(self, words: str) -> str:
        return f"not found: {words!r} in\n{self.text()}"


def until(look: Callable[[], T], otherwise: str | Callable[[], str]) -> T:
    """What `look` gives once it gives something. Raises AssertionError after a while."""
    deadline = time.monotonic() + SECONDS
    while not (found := look()):
        if time.monotonic() > deadline:
            raise AssertionError(otherwise if isinstance(otherwise, str) else otherwise())
        time.sleep(0.1)
    return found


def _living(group: int) -> bool:
    """Whether a process of this group is neither gone nor only waiting to be counted."""
    for path in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            state, _, of = path.read_text().rpartition(")")[2].split()[:3]
            if int(of) == group and state != "Z":
                return True
    return False
