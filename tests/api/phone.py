"""What a phone does, request by request."""

import base64
import hashlib
import io
import json
from collections.abc import Iterable
from functools import cache
from typing import Any

from PIL import Image
from werkzeug.test import TestResponse

from server.domain.consent import Use
from server.domain.ids import new_id
from tests.conftest import Browser
from tests.media.sounds import encoded, notes
from tests.segments import Run
from tests.storing import store_what_waits

CODE_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
TOLD_AT = "2026-05-04T12:00:00+01:00"
CHUNK = "application/offset+octet-stream"


class Phone:
    """One researcher's phone. The `…_body` methods give what is sent, to change before sending."""

    def __init__(self, browser: Browser, project_id: str, wording_id: str) -> None:
        self.browser = browser
        self.project_id = project_id
        self.wording_id = wording_id

    def consent_body(self, story_id: str, uses: Iterable[Use] = tuple(Use), **changes: Any) -> dict[str, Any]:
        agreed = set(uses)
        return {"id": new_id(), "project_id": self.project_id, "story_id": story_id, "wording_id": self.wording_id,
                "answers": {use.value: use in agreed for use in Use}, "how": "spoken", "for_whom": "self",
                "given_at": TOLD_AT} | changes

    def story_body(self, story_id: str, **changes: Any) -> dict[str, Any]:
        return {"id": story_id, "project_id": self.project_id, "pseudonym": "Amal", "told_at": TOLD_AT,
                "conversation": {"id": new_id(), "started_at": TOLD_AT, "place": "Northgate"}, "place": "Northgate",
                "receipt_code": receipt_code(story_id)} | changes

    def quote_body(self, story_id: str, text: str = "Nobody told us.", **changes: Any) -> dict[str, Any]:
        return {"id": new_id(), "story_id": story_id, "text": text, "written_at": TOLD_AT} | changes

    def put(self, folder: str, body: dict[str, Any], **headers: str) -> TestResponse:
        return self.put_bytes(folder, body["id"], json.dumps(body).encode(), **headers)

    def put_bytes(self, folder: str, part_id: str, content: bytes, **headers: str) -> TestResponse:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.browser.put(f"/api/v1/{folder}/{part_id}", data=content,
                                headers={"Content-Type": "application/json"} | named)

    def send_story(self, uses: Iterable[Use] = tuple(Use), *, story_id: str | None = None, **changes: Any) -> str:
        """A consent and its story; the story's id."""
        story_id = story_id or new_id()
        assert self.put("consents", self.consent_body(story_id, uses)).status_code == 201
        assert self.put("stories", self.story_body(story_id, **changes)).status_code == 201
        return story_id

    def announce(self, story_id: str, content: bytes, *, kind: str = "recording", part_id: str | None = None,
                 headers: dict[str, str] | None = None, **changes: str) -> TestResponse:
        """POST /uploads. A change to "-" leaves that piece of metadata out."""
        values = {"id": part_id or new_id(), "kind": kind, "story_id": story_id, "started_at": TOLD_AT,
                  "sha256": hashlib.sha256(content).hexdigest(), "type": "audio/webm", "position": "0"} | changes
        sent = {"Tus-Resumable": "1.0.0", "Upload-Length": str(len(content)), "Upload-Metadata": metadata(values)}
        return self.browser.post("/api/v1/uploads", headers=sent | (headers or {}))

    def patch(self, url: str, offset: int, content: bytes, **headers: str) -> TestResponse:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.browser.patch(url, data=content, headers={
            "Tus-Resumable": "1.0.0", "Upload-Offset": str(offset), "Content-Type": CHUNK} | named)

    def head(self, url: str) -> TestResponse:
        return self.browser.head(url, headers={"Tus-Resumable": "1.0.0"})

    def delete(self, url: str) -> TestResponse:
        return self.browser.delete(url, headers={"Tus-Resumable": "1.0.0"})

    def upload(self, story_id: str, content: bytes, **announced: Any) -> TestResponse:
        """Announce and send a whole file, and have it stored; the answer to the last request."""
        announcement = self.announce(story_id, content, **announced)
        assert announcement.status_code == 201, announcement.json
        answer = self.patch(announcement.headers["Location"], 0, content)
        store_what_waits(self.browser.application)
        return answer

    def upload_segment(self, body: dict[str, Any], run: Run, **announced: Any) -> TestResponse:
        """As `upload`, with a segment of the recording whose manifest this is."""
        number = next(one["number"] for one in body["segments"] if one["id"] == run.id)
        values = {"part_id": run.id, "kind": "segment", "recording_id": body["id"], "number": str(number)}
        return self.upload(body["story_id"], run.content, **(values | announced))

    def gathered(self, recording_id: str) -> TestResponse:
        """How far a recording has come."""
        return self.browser.get(f"/api/v1/recordings/{recording_id}")

    def receipt(self, part_id: str) -> TestResponse:
        """The receipt, once everything that waits for it is stored."""
        store_what_waits(self.browser.application)
        return self.ask_for_receipt(part_id)

    def ask_for_receipt(self, part_id: str) -> TestResponse:
        """The receipt as it stands."""
        return self.browser.get(f"/api/v1/receipts/{part_id}")


def metadata(values: dict[str, str]) -> str:
    return ",".join(f"{key} {base64.b64encode(value.encode()).decode()}"
                    for key, value in values.items() if value != "-")


def receipt_code(seed: str) -> str:
    number = int.from_bytes(hashlib.sha256(seed.encode()).digest())
    return "".join(CODE_LETTERS[number >> 5 * place & 31] for place in range(26))


@cache
def sound(container: str = "webm", seconds: float = 2) -> bytes:
    """A real recording."""
    return encoded(container, notes(seconds))


@cache
def picture(form: str = "JPEG", width: int = 64, height: int = 48) -> bytes:
    """A real photo."""
    sink = io.BytesIO()
    Image.linear_gradient("L").resize((width, height)).convert("RGB").save(sink, form)
    return sink.getvalue()
