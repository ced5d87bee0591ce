"""Many phones that find the network again at the same moment, and send what they hold."""

import hashlib
import http.client
import json
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from server.domain.ids import new_id
from tests.api.phone import CHUNK, TOLD_AT, metadata, receipt_code
from tests.faults.files import small_sound

# What a phone does not take as an answer, but tries again after.
NOT_NOW = frozenset({423, 429, 500, 502, 503, 504})
TRIES = 20
JSON = {"Content-Type": "application/json"}


@dataclass
class Heard:
    """What came back to all phones: every status, and the seconds that each JSON push took until it was answered."""

    statuses: list[int] = field(default_factory=list)
    pushes: list[float] = field(default_factory=list)
    unanswered: int = 0

    @property
    def server_errors(self) -> list[int]:
        return [status for status in self.statuses if status >= 500]


@dataclass(frozen=True)
class CrowdPlace:
    """Where they collect."""

    port: int
    project_id: str
    wording_id: str


def reconnect(place: CrowdPlace, keys: list[str]) -> Heard:
    """One phone for each key, all at once. Each reads the feed and sends a consent, a story, a quote and a sound."""
    heard, gate = Heard(), threading.Barrier(len(keys))
    phones = [_CrowdPhone(place, key, number, heard) for number, key in enumerate(keys)]

    def run(phone: "_CrowdPhone") -> None:
        gate.wait()
        phone.run()

    threads = [threading.Thread(target=run, args=(phone,)) for phone in phones]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return heard


class _CrowdPhone:
    def __init__(self, place: CrowdPlace, key: str, number: int, heard: Heard) -> None:
        self._place, self._heard, self._number = place, heard, number
        self._headers = {"Authorization": f"Bearer {key}", "Tus-Resumable": "1.0.0"}
        self._connection = http.client.HTTPConnection("127.0.0.1", place.port, timeout=120)

    def run(self) -> None:
        story_id = new_id()
        self._send("GET", "/changes?after=0")
        for folder, body in self._bodies(story_id):
            started = time.perf_counter()
            self._send("PUT", f"/{folder}/{body['id']}", json.dumps(body).encode(), JSON)
            self._heard.pushes.append(time.perf_counter() - started)
        self._upload(story_id, small_sound(self._number, samples=2000))
        self._connection.close()

    def _bodies(self, story_id: str) -> list[tuple[str, dict[str, Any]]]:
        place = self._place
        uses = ("record", "transcribe", "commissioners", "board", "publication", "photos")
        return [
            ("consents", {"id": new_id(), "project_id": place.project_id, "story_id": story_id,
                          "wording_id": place.wording_id, "answers": dict.fromkeys(uses, True), "how": "spoken",
                          "for_whom": "self", "given_at": TOLD_AT}),
            ("stories", {"id": story_id, "project_id": place.project_id, "pseudonym": "Amal", "told_at": TOLD_AT,
                         "place": "Northgate", "receipt_code": receipt_code(story_id),
                         "conversation": {"id": new_id(), "started_at": TOLD_AT, "place": "Northgate"}}),
            ("quotes", {"id": new_id(), "story_id": story_id, "text": "Nobody told us.", "written_at": TOLD_AT}),
        ]

    def _upload(self, story_id: str, content: bytes) -> None:
        part_id = new_id()
        announced = {"id": part_id, "kind": "recording", "story_id": story_id, "started_at": TOLD_AT,
                     "sha256": hashlib.sha256(content).hexdigest()}
        length = {"Upload-Length": str(len(content))}
        self._send("POST", "/uploads", b"", length | {"Upload-Metadata": metadata(announced)})
        self._send("PATCH", f"/uploads/{part_id}", content, {"Upload-Offset": "0", "Content-Type": CHUNK})

    def _send(self, method: str, path: str, body: bytes = b"", headers: dict[str, str] | None = None) -> None:
        """Until it is answered with something that is final. Raises AssertionError when it is refused."""
        status = _tried(lambda: self._once(method, path, body, headers or {}))
        assert 200 <= status < 300, f"{method} {path}: {status}"

    def _once(self, method: str, path: str, body: bytes, headers: dict[str, str]) -> int:
        try:
            self._connection.request(method, f"/api/v1{path}", body, self._headers | headers)
            answer = self._connection.getresponse()
            answer.read()
        except (OSError, http.client.HTTPException):
            self._connection.close()
            self._heard.unanswered += 1
            return 503
        self._heard.statuses.append(answer.status)
        return answer.status


def _tried(once: Callable[[], int]) -> int:
    for number in range(TRIES):
        status = once()
        if status not in NOT_NOW:
            break
        time.sleep(0.05 * (number + 1))
    return status
