"""Phones that send until everything has its receipt, whatever becomes of the servers."""

import hashlib
import json
import random
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import requests

from server.domain.consent import Use
from server.domain.ids import new_id
from tests.api.phone import CHUNK, TOLD_AT, metadata, receipt_code
from tests.hosts.site import PATIENCE_SECONDS

TUS = {"Tus-Resumable": "1.0.0"}


@dataclass(frozen=True)
class File:
    part_id: str
    kind: str
    type: str
    content: bytes

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()


class Phone:
    """One researcher's phone. Each address has a server that it is asked from first, and the others if that is away:
    what a balancer that hashes paths does."""

    def __init__(self, addresses: Sequence[str], key: str, project_id: str, wording_id: str, seed: int) -> None:
        self._addresses, self._random = list(addresses), random.Random(seed)
        self._http = requests.Session()
        self._http.headers["Authorization"] = f"Bearer {key}"
        self._project_id, self._wording_id = project_id, wording_id

    def send(self, files: Sequence[File]) -> None:
        """A consent, its story and these files; returns once the server has a receipt for each."""
        story_id = new_id()
        consent = {"id": new_id(), "project_id": self._project_id, "story_id": story_id, "wording_id": self._wording_id,
                   "answers": {use.value: True for use in Use}, "how": "spoken", "for_whom": "self",
                   "given_at": TOLD_AT}
        story = {"id": story_id, "project_id": self._project_id, "pseudonym": "Amal", "told_at": TOLD_AT,
                 "place": "Northgate", "receipt_code": receipt_code(story_id),
                 "conversation": {"id": new_id(), "started_at": TOLD_AT, "place": "Northgate"}}
        for folder, body in (("consents", consent), ("stories", story)):
            content = json.dumps(body).encode()
            self._until_received(body["id"], hashlib.sha256(content).hexdigest(),
                                 lambda folder=folder, body=body, content=content: self._ask(
                                     "PUT", f"/api/v1/{folder}/{body['id']}", data=content,
                                     headers={"Content-Type": "application/json"}))
        for file in files:
            self._until_received(file.part_id, file.sha256, lambda file=file: self._send_some(story_id, file))

    def _until_received(self, part_id: str, sha256: str, push: Any) -> None:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < deadline:
            try:
                receipt = self._ask("GET", f"/api/v1/receipts/{part_id}")
                if receipt.status_code == 200:
                    assert receipt.json()["sha256"] == sha256
                    return
                if receipt.status_code == 404:
                    push()
            except requests.RequestException:
                pass
            time.sleep(self._random.uniform(0.05, 0.3))
        raise AssertionError(f"no receipt for {part_id}")

    def _send_some(self, story_id: str, file: File) -> None:
        """Announce the file, which finds an upload that has begun, and send pieces from where the server is."""
        announced = {"id": file.part_id, "kind": file.kind, "story_id": story_id, "sha256": file.sha256,
                     "type": file.type, "started_at": TOLD_AT, "position": "0"}
        at = f"/api/v1/uploads/{file.part_id}"
        answer = self._ask("POST", "/api/v1/uploads", at, headers=TUS | {
            "Upload-Length": str(len(file.content)), "Upload-Metadata": metadata(announced)})
        while answer.status_code in (200, 201, 204):
            offset = int(answer.headers["Upload-Offset"])
            if offset == len(file.content):
                return
            piece = file.content[offset:offset + self._random.randrange(1, len(file.content))]
            answer = self._ask("PATCH", at, data=piece,
                               headers=TUS | {"Upload-Offset": str(offset), "Content-Type": CHUNK})

    def _ask(self, method: str, path: str, hashed: str = "", **more: Any) -> requests.Response:
        """From the server that this path belongs to; from another one while that is away."""
        first = hashlib.sha256((hashed or path).encode()).digest()[0] % len(self._addresses)
        turns = self._addresses[first:] + self._addresses[:first]
        for address in turns:
            try:
                return self._http.request(method, address + path, timeout=20, **more)
            except requests.ConnectionError:
                continue
        raise requests.ConnectionError
