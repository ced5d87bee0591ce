"""A whole installation in a folder: web and worker as processes of their own, as the Procfile starts them."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BIN = Path(sys.executable).parent


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Installation:
    """Start and stop web and worker. What they print goes to `web.log` and `worker.log` in the folder."""

    def __init__(self, folder: Path, **environment: str) -> None:
        self.folder = folder
        self.port = free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self.environment = os.environ | {
            "PATH": f"{BIN}:{os.environ['PATH']}", "HOST": "127.0.0.1", "PORT": str(self.port),
            "EARSHOT_DATA": str(folder), "SWEEP_SECONDS": "1",
            "WHISPER_DIR": os.environ.get("WHISPER_DIR", str(ROOT / "var" / "whisper")),
        } | environment
        self._running: dict[str, subprocess.Popen[bytes]] = {}

    def flask(self, *words: str) -> str:
        """Run an operator's command and give what it printed."""
        done = subprocess.run([BIN / "flask", "--app", "server", *words], cwd=ROOT, env=self.environment,
                              check=True, capture_output=True, text=True)
        return done.stdout

    def start_web(self) -> None:
        """Start web and wait until it answers."""
        self._start("web")
        deadline = time.monotonic() + 60
        while not self._answers():
            if time.monotonic() > deadline or self._running["web"].poll() is not None:
                raise RuntimeError(f"web did not start:\n{self.log('web')}")
            time.sleep(0.2)

    def start_worker(self) -> None:
        self._start("worker")

    def pid(self, name: str) -> int:
        """The process that was started for a line of the Procfile; it may have started others."""
        return self._running[name].pid

    def stop(self, name: str) -> None:
        """End one process and all that it started."""
        process = self._running.pop(name, None)
        if process is None:
            return
        os.killpg(process.pid, signal.SIGTERM)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()

    def stop_all(self) -> None:
        for name in list(self._running):
            self.stop(name)

    def log(self, name: str) -> str:
        return (self.folder / f"{name}.log").read_text(errors="replace")

    def _start(self, name: str) -> None:
        """Start one line of the Procfile in a session of its own."""
        lines = dict(line.split(": ", 1) for line in (ROOT / "Procfile").read_text().splitlines())
        with (self.folder / f"{name}.log").open("ab") as log:
            self._running[name] = subprocess.Popen(
                ["sh", "-c", f"exec {lines[name]}"], cwd=ROOT, env=self.environment, stdout=log, stderr=log,
                start_new_session=True)

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.address}/healthz", timeout=2) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False
