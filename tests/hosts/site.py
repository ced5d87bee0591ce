"""Earshot on several machines, which have only PostgreSQL and S3 in common."""

import os
import sys
import time
from pathlib import Path

import requests

from server.config import ROOT
from tests.buckets import CREDENTIALS
from tests.hosts.network import Machine

PORT = 8000
PATIENCE_SECONDS = 120
# So that what a killed machine held is free again soon.
SOON = {"LEASE_SECONDS": "3", "HEARTBEAT_SECONDS": "0.5", "SWEEP_SECONDS": "0.5", "S3_DEADLINE_SECONDS": "2"}
WEB = [sys.executable, "-m", "gunicorn", "--worker-class", "gthread", "--workers", "1", "--threads", "8",
       "--no-control-socket", "--log-level", "warning", "server:create_app()"]
WORKER = [sys.executable, "-m", "server.jobs.worker"]


class Host:
    """A machine with a data folder of its own. With `is_web` it answers phones too; its worker serves `lines`."""

    def __init__(self, machine: Machine, folder: Path, shared: dict[str, str], lines: str, *, is_web: bool) -> None:
        self.machine, self.folder, self.is_web = machine, folder, is_web
        unset = {"DATABASE_URL", "QUEUE_URL", "STORE_URL"}
        self._environment = {name: value for name, value in os.environ.items() if name not in unset} | SOON | shared | {
            "EARSHOT_DATA": str(folder), "WHISPER_DIR": str(folder / "no-whisper"), "WORK_LINES": lines, **CREDENTIALS}
        folder.mkdir(parents=True)
        self._log = folder / "log"
        self._log.touch()

    @property
    def address(self) -> str:
        return f"http://{self.machine.address}:{PORT}"

    def start(self) -> None:
        if self.is_web:
            self._start([*WEB, "--bind", f"{self.machine.address}:{PORT}"])
        self._start(WORKER)

    def run(self, lines: str) -> None:
        """Python of a test's own, on this machine and with its settings."""
        self._start([sys.executable, "-c", lines])

    def kill(self) -> None:
        self.machine.stop()

    def vanish(self) -> None:
        """Without a word to those it talked with, as when the power goes."""
        self.machine.unplug()
        self.machine.stop()
        self.machine.plug_in()

    def wait(self) -> None:
        """Until it answers, where it is a web host."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while self.is_web and not self._answers():
            assert time.monotonic() < deadline, self.log()
            time.sleep(0.1)

    def log(self) -> str:
        """What its processes have printed."""
        return self._log.read_text()

    def staged(self) -> list[str]:
        """Names of what still lies in the staging folder."""
        return sorted(path.name for path in (self.folder / "uploads").glob("*")
                      if not path.name.startswith(".place") and path.suffix != ".lock")

    def _start(self, command: list[str]) -> None:
        self.machine.start(command, self._environment, ROOT, self._log)

    def _answers(self) -> bool:
        try:
            return requests.get(f"{self.address}/healthz", timeout=2).status_code == 200
        except requests.RequestException:
            return False
