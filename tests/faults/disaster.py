"""An installation as it runs in earnest, people who go on writing, and everything that its machine keeps."""

import json
import os
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from server.config import ROOT, Settings
from server.domain.ids import new_id
from tests.api.gunicorn import Gunicorn
from tests.api.phone import Phone, metadata
from tests.faults.crowd import JSON
from tests.faults.sender import Answer, Sender

PATIENCE_SECONDS = 120


def environment(settings: Settings) -> dict[str, str]:
    return os.environ | {"EARSHOT_DATA": str(settings.data_dir), "DATABASE_URL": settings.database_url,
                         "SWEEP_SECONDS": "0.3", "WHISPER_DIR": str(settings.whisper_dir)}


def command(settings: Settings, *arguments: str) -> str:
    """What an operator types, in a process of its own; what it says."""
    ended = subprocess.run([sys.executable, "-m", "flask", "--app", "server", *arguments], cwd=ROOT, check=False,
                           env=environment(settings), capture_output=True, text=True)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    return ended.stdout


class Running:
    """Web and worker, whose logs are in the folder of the installation."""

    def __init__(self, settings: Settings) -> None:
        self._log = (settings.data_dir / "worker.log").open("wb")
        self._worker = subprocess.Popen([sys.executable, "-m", "server.jobs.worker"], cwd=ROOT, stderr=self._log,
                                        stdout=self._log, env=environment(settings))
        named = {name: value for name, value in environment(settings).items() if name == "DATABASE_URL"}
        self.web = Gunicorn(settings.data_dir, "--capture-output", "--error-logfile",
                            str(settings.data_dir / "web.log"), "--access-logfile",
                            str(settings.data_dir / "access.log"), **named)

    def __enter__(self) -> "Running":
        return self

    def __exit__(self, *_: object) -> None:
        self._worker.terminate()
        self._worker.wait(timeout=30)
        self._log.close()
        self.web.__exit__()


@dataclass
class Writer:
    """Somebody who sends one story after the other until told to stop. `sent` is what was answered, in order."""

    sender: Sender
    project_id: str
    wording_id: str
    sent: list[tuple[str, bytes, dict[str, Any]]] = field(default_factory=list)
    stopping: threading.Event = field(default_factory=threading.Event)

    def __enter__(self) -> "Writer":
        self._thread = threading.Thread(target=self._go_on)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stopping.set()
        self._thread.join()

    def put(self, folder: str, body: dict[str, Any]) -> Answer:
        address, content = f"/api/v1/{folder}/{body['id']}", json.dumps(body).encode()
        answer = self.sender.request("PUT", address, JSON, content)
        assert answer.status in (200, 201), answer
        self.sent.append((address, content, json.loads(answer.body)))
        return answer

    def wait_for_more(self, count: int = 6) -> None:
        enough, deadline = len(self.sent) + count, time.monotonic() + PATIENCE_SECONDS
        while len(self.sent) < enough and time.monotonic() < deadline:
            time.sleep(0.05)
        assert len(self.sent) >= enough

    def _go_on(self) -> None:
        phone = Phone(None, self.project_id, self.wording_id)  # type: ignore[arg-type]
        while not self.stopping.is_set():
            story_id = new_id()
            for folder, body in (("consents", phone.consent_body(story_id)), ("stories", phone.story_body(story_id)),
                                 ("quotes", phone.quote_body(story_id, f"Said on {story_id}"))):
                self.put(folder, body)


def send_file(sender: Sender, story_id: str, content: bytes, sha256: str, kind: str = "photo") -> str:
    """Announce and send a file, and wait until the server says that it is stored; its id."""
    part_id = new_id()
    named = metadata({"id": part_id, "kind": kind, "story_id": story_id, "sha256": sha256, "type": "image/jpeg",
                      "started_at": "2026-05-04T12:00:00+01:00", "position": "0", "description": ""})
    announced = sender.request("POST", "/api/v1/uploads", {"Upload-Length": str(len(content)),
                                                           "Upload-Metadata": named})
    assert announced.status == 201, announced
    assert sender.patch(f"/api/v1/uploads/{part_id}", 0, content).status == 204
    until(lambda: sender.request("GET", f"/api/v1/receipts/{part_id}", {}).status == 200)
    return part_id


def until(happened: Any) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not happened():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.1)


def files_with(folder: Path, marks: list[bytes]) -> list[str]:
    """The files, of whatever kind, in which one of these can be read."""
    return [str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()
            and any(mark in path.read_bytes() for mark in marks)]
