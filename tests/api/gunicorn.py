"""The app as it runs in earnest, in processes of its own."""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

from server.config import ROOT


class Gunicorn:
    """Serves the installation in a folder on a free port, with more options of gunicorn's and settings if given."""

    def __init__(self, folder: Path, *options: str, application: str = "server:create_app()", **settings: str) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.host = f"127.0.0.1:{self.port}"
        self.url = f"http://{self.host}"
        command = [sys.executable, "-m", "gunicorn", application, "--bind", self.host, "--threads", "4",
                   "--log-level", "warning", *options]
        environment = {key: value for key, value in os.environ.items() if key != "DATABASE_URL"}
        self._process = subprocess.Popen(command, cwd=ROOT, start_new_session=True,
                                         env=environment | {"EARSHOT_DATA": str(folder)} | settings)
        self._wait()

    def __enter__(self) -> "Gunicorn":
        return self

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        self._process.wait(timeout=20)

    @property
    def pid(self) -> int:
        """The first process; those that answer are its children."""
        return self._process.pid

    def kill(self) -> None:
        """Stop every process at once, as a power cut would."""
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait(timeout=20)

    def connect(self) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.port), timeout=20)

    def _wait(self) -> None:
        for _ in range(300):
            try:
                self.connect().close()
            except ConnectionRefusedError:
                time.sleep(0.1)
            else:
                return
        raise TimeoutError("gunicorn did not start")
