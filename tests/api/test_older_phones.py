"""Phones change their app when somebody taps, so what an older one sends is still taken."""

import base64

from tests.api.conftest import Place
from tests.api.phone import Phone
from tests.e2e import first_version

FOLDERS = {"consent": "consents", "story": "stories", "quote": "quotes"}


def test_what_a_phone_of_the_first_version_kept_is_taken_as_it_was_written(phone: Phone, place: Place) -> None:
    """fault 14"""
    kept = first_version.rows(place.researcher.id, place.project_id, place.wording_id)
    for entry in kept["outbox"]:
        if entry["kind"] in FOLDERS:
            answer = phone.put_bytes(FOLDERS[entry["kind"]], entry["id"], entry["body"].encode())
            assert (answer.status_code, answer.json["sha256"]) == (201, entry["sha256"]), entry["kind"]
    [recording] = kept["recordings"]
    sound = b"".join(base64.b64decode(chunk["bytes"]) for chunk in kept["chunks"])
    sent = phone.upload(first_version.STORY, sound, part_id=recording["id"], type=recording["type"],
                        started_at=recording["startedAt"], duration_ms=str(recording["durationMs"]), position="1")
    assert sent.status_code == 204
    receipt = phone.receipt(recording["id"]).json
    assert (receipt["kind"], receipt["bytes"]) == ("recording", len(sound))
