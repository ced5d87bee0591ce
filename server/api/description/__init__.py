"""The interface for phones and integrators as one OpenAPI 3.1 document."""

from typing import Any

from server import auth
from server.api.description.feed_schemas import FEED_SCHEMAS
from server.api.description.json_paths import JSON_PATHS
from server.api.description.phones import PHONE_PATHS, PHONE_SCHEMAS
from server.api.description.recordings import RECORDING_PATHS, RECORDING_SCHEMAS
from server.api.description.schemas import SCHEMAS
from server.api.description.tus_paths import TUS_PATHS

PREFIX = "/api/v1"

INTRODUCTION = """\
What a phone sends and receives.

**Order.** A consent, then its story, then the story's quotes, recordings and photos is best. A story, quote or file
that comes before what it belongs to is held, answered with `202`, and shown to nobody. It is let in when the rest has
come; what then turns out not to be agreed to is dropped. So ask for its receipt, and keep the phone's copy until then.

**Changes.** `GET /changes` is one ordered feed of everything a device needs and of what became of what it sent. Keep
`next`, and ask for what came after it.

**Sending again is always safe.** The phone makes every id (UUID version 7). The same id with the same bytes gets the
first receipt again; the same id with other bytes gets `409 same_id_other_content`; anything of a withdrawn story gets
`410 withdrawn`, for ever, and the phone should delete its copy.

**Segments.** A recording is one file, or several segments with a manifest, in any order. It is made once every segment
that the manifest lists is stored; `GET /recordings/{id}` says which are not. A segment that is not as listed gets
`422 manifest_mismatch`.

**Receipts.** A receipt carries the SHA-256 of what the server holds. Only when it is the phone's own hash may the phone
let go of its copy.

**Signing in.** People sign in at `/sign-in`; the session is a cookie. Every request that changes something carries the
CSRF token from `GET /session` in `X-CSRF-Token`. Other programs send a key instead, which its person makes on their
account page: `Authorization: Bearer ear_…`. With a key there is no CSRF token, and a cookie is not looked at.

**Phones** say which they are with every request: `Device-Id`, the id that they report themselves under. One that an
administrator has shut out gets `403 device_revoked` everywhere, and the sessions and keys that it used end.

**Refusals** are problem details (RFC 9457) with a stable `code`. Keys that are not described here are ignored, both
ways: expect new ones.
"""

DOCUMENT: dict[str, Any] = {
    "openapi": "3.1.0",
    "info": {
        "title": "Earshot",
        "version": "1",
        "summary": "Stories from phones, with the consents they are shared under.",
        "description": INTRODUCTION,
        "license": {"name": "Apache 2.0", "identifier": "Apache-2.0"},
    },
    "servers": [{"url": PREFIX}],
    "security": [{"session": []}, {"key": []}],
    "tags": [
        {"name": "phone", "description": "Who collects, and for which projects"},
        {"name": "parts", "description": "What is sent as JSON, and receipts for everything"},
        {"name": "files", "description": "Recordings and photos, over tus 1.0.0 (tus.io/protocols/resumable-upload)"},
        {"name": "description", "description": "This document"},
    ],
    "paths": JSON_PATHS | PHONE_PATHS | RECORDING_PATHS | TUS_PATHS,
    "components": {
        "schemas": SCHEMAS | PHONE_SCHEMAS | RECORDING_SCHEMAS | FEED_SCHEMAS,
        "securitySchemes": {
            "session": {"type": "apiKey", "in": "cookie", "name": auth.COOKIE},
            "key": {"type": "http", "scheme": "bearer", "description": "Made on the account page; runs for a year."},
        },
    },
}
