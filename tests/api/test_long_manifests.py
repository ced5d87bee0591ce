"""A recording of a whole day is stopped and marked many times: its manifest is longer than other JSON may be."""

import json
from typing import Any

from sqlalchemy.orm import Session

from server.domain.ids import new_id
from server.domain.sent_manifest import MOST_BYTES, MOST_MARKERS, MOST_NUMBER, MOST_SEGMENTS
from server.models.segment import RecordingManifest, RecordingMarker
from tests.api.phone import Phone
from tests.segments import Run, manifest_body, marker


def longest(story_id: str, segments: int = MOST_SEGMENTS, markers: int = MOST_MARKERS) -> dict[str, Any]:
    """A manifest with as much in it as there may be, and everything in that as long as it may be."""
    body = manifest_body(story_id, [Run(b"sound", MOST_NUMBER, "microphone_lost") for _ in range(segments)], markers=[
        marker(MOST_NUMBER, new_id(), new_id()) for _ in range(markers)])
    for segment in body["segments"]:
        segment.update(bytes=MOST_NUMBER, offset_ms=MOST_NUMBER, type="\u2013" * 120)
    return body


def test_a_manifest_at_its_limits_is_taken_and_one_beyond_them_is_not(phone: Phone, session: Session) -> None:
    story_id = phone.send_story()
    body = longest(story_id)
    content = json.dumps(body).encode()
    assert MOST_BYTES / 2 < len(content) < MOST_BYTES
    assert phone.put_bytes("recordings", body["id"], content).status_code == 201
    session.expire_all()
    kept = session.get_one(RecordingManifest, body["id"])
    assert (len(kept.segments), kept.body_bytes) == (MOST_SEGMENTS, len(content))
    assert session.query(RecordingMarker).count() == MOST_MARKERS
    for beyond in (longest(story_id, segments=MOST_SEGMENTS + 1), longest(story_id, markers=MOST_MARKERS + 1)):
        assert phone.put("recordings", beyond).json["code"] == "invalid"
    answer = phone.put_bytes("recordings", new_id(), b" " * (MOST_BYTES + 1))
    assert (answer.status_code, answer.json["code"]) == (413, "too_large")
