"""Machines that are network namespaces of this one, joined by a bridge."""

import os
import secrets
import signal
import subprocess
import time
from contextlib import suppress
from pathlib import Path


def why_not() -> str | None:
    """Why there can be no such machines here; None when there can."""
    if os.geteuid() != 0:
        return "only root makes network namespaces"
    trial = f"earshot-{secrets.token_hex(3)}"
    made = subprocess.run(["ip", "netns", "add", trial], capture_output=True, text=True, check=False)
    if made.returncode:
        return f"no network namespaces here: {made.stderr.strip()}"
    ip("netns", "del", trial)
    return None


def ip(*words: str) -> None:
    subprocess.run(["ip", *words], check=True, capture_output=True)


class Network:
    """A bridge with an address of its own, `address`, and machines `at` it. Gone when the block is left."""

    def __init__(self) -> None:
        self._mark = secrets.token_hex(3)
        self._net = f"10.{secrets.randbelow(200) + 20}.{secrets.randbelow(250)}"
        self._bridge = f"br-{self._mark}"
        self._machines: list[Machine] = []
        self.address, self.range = f"{self._net}.1", f"{self._net}.0/24"

    def __enter__(self) -> "Network":
        ip("link", "add", self._bridge, "type", "bridge")
        ip("addr", "add", f"{self.address}/24", "dev", self._bridge)
        ip("link", "set", self._bridge, "up")
        return self

    def __exit__(self, *_: object) -> None:
        for machine in self._machines:
            machine.stop()
            ip("netns", "del", machine.name)
        ip("link", "del", self._bridge)

    def machine(self) -> "Machine":
        number = len(self._machines) + 1
        found = Machine(f"earshot-{self._mark}-{number}", f"v{self._mark}-{number}", f"{self._net}.{number + 10}")
        ip("netns", "add", found.name)
        ip("link", "add", found.plug, "type", "veth", "peer", "name", "eth0", "netns", found.name)
        ip("link", "set", found.plug, "master", self._bridge, "up")
        ip("-n", found.name, "addr", "add", f"{found.address}/24", "dev", "eth0")
        ip("-n", found.name, "link", "set", "eth0", "up")
        ip("-n", found.name, "link", "set", "lo", "up")
        self._machines.append(found)
        return found


class Machine:
    """One machine. `plug` is its cable to the bridge."""

    def __init__(self, name: str, plug: str, address: str) -> None:
        self.name, self.plug, self.address = name, plug, address
        self._started: list[subprocess.Popen[bytes]] = []

    def start(self, command: list[str], environment: dict[str, str], folder: Path, log: Path) -> None:
        with log.open("ab") as sink:
            self._started.append(subprocess.Popen(
                ["ip", "netns", "exec", self.name, *command], cwd=folder, env=environment, stdin=subprocess.DEVNULL,
                stdout=sink, stderr=subprocess.STDOUT, start_new_session=True))

    def unplug(self) -> None:
        ip("link", "set", self.plug, "down")

    def plug_in(self) -> None:
        ip("link", "set", self.plug, "up")

    def stop(self) -> None:
        """SIGKILL for every process on it, as when somebody pulls the plug."""
        while pids := self._pids():
            for pid in pids:
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            for process in self._started:
                process.wait()
            time.sleep(0.01)
        self._started.clear()

    def _pids(self) -> list[int]:
        found = subprocess.run(["ip", "netns", "pids", self.name], check=True, capture_output=True, text=True)
        return [int(pid) for pid in found.stdout.split()]
