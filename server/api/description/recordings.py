"""Recordings in segments: the shapes, and the address."""

from typing import Any

from server.api.description.operations import CSRF, DEVICE_TIME, SIGNED_IN, UNSAFE, answer, in_path, operation
from server.api.description.schemas import COUNT, ID, SHA256, TIME, Schema, reference, rows, shape, text
from server.domain.manifest import Ended, Gathering
from server.domain.sent_manifest import MOST_MARKERS, MOST_NUMBER, MOST_PARTS, MOST_SEGMENTS

_NUMBER: Schema = COUNT | {"maximum": MOST_PARTS}
_MS: Schema = COUNT | {"maximum": MOST_NUMBER}
_SEGMENT = shape(
    "One run of the phone's recorder.", id=ID, number=_NUMBER | {"description": "From 0 up, in this order."},
    sha256=SHA256, bytes={"type": "integer", "minimum": 1, "maximum": MOST_NUMBER}, type=text(120),
    offset_ms=_MS | {"description": "From the start of the first segment to the start of this one, gaps included."},
    duration_ms=_MS | {"description": "How much sound there is."}, ended={"enum": [ended.value for ended in Ended]})
_MARKER = shape(
    "A moment that was marked: a prompt of the guide, a theme, both or neither.", ("prompt_id", "theme_id"), id=ID,
    at_ms=_MS | {"description": "In the sound that there is: segments end to end, gaps not counted."},
    prompt_id=ID | {"type": ["string", "null"]}, theme_id=ID | {"type": ["string", "null"]})

RECORDING_SCHEMAS: dict[str, Schema] = {
    "Manifest": shape(
        "What a recording in segments is made of. `id` is the recording's, which its segments name as `recording_id`.",
        id=ID, story_id=ID, position=_NUMBER, started_at=TIME,
        segments=rows(_SEGMENT) | {"minItems": 1, "maxItems": MOST_SEGMENTS},
        markers=rows(_MARKER) | {"maxItems": MOST_MARKERS}),
    "Gathered": shape(
        "How far a recording has come. `joining`: all that is awaited is here, and is being made one. `complete`: it "
        "is made. Where an administrator had it made of what came, the rest stays missing from it, and is taken in "
        "and receipted when it comes; so is its manifest, where it was made before that came.",
        id=ID, state={"enum": [state.value for state in Gathering]},
        missing=rows(shape("A segment that is not here, or not in this recording.", id=ID, number=COUNT, bytes=COUNT))),
}

RECORDING_PATHS: dict[str, Any] = {
    "/recordings/{recording_id}": {
        "parameters": [in_path("recording_id")],
        "put": operation(
            "put_manifest", "parts", "Send the manifest of a recording in segments, before, between or after them",
            {"201": answer("Kept.", "Receipt"), "200": answer("It was kept before: the first receipt.", "Receipt"),
             "202": answer("Held, and shown to nobody, until its story has come.", "HeldReceipt")},
            (*UNSAFE, "same_id_other_content", "withdrawn", "use_refused", "manifest_mismatch", "not_found", "invalid",
             "bad_request", "wrong_content_type", "too_large"),
            parameters=[CSRF, DEVICE_TIME],
            requestBody={"required": True, "content": {"application/json": {"schema": reference("Manifest")}}}),
        "get": operation(
            "get_recording", "parts", "How far a recording has come, and which segments have not",
            {"200": answer("So far.", "Gathered")}, (*SIGNED_IN, "not_found", "withdrawn")),
    },
}
