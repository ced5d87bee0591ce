"""What a phone that ran the first version (0.1.0) kept: one story, whole, that was never sent."""

import base64
import hashlib
import json
from pathlib import Path
from typing import Any

from tests.media.sounds import encoded, notes

# Puts `given[0]` into a database of the first shape and keeps it open, as a tab does that nobody closed.
KEEP = (Path(__file__).parent / "first_version.js").read_text()
STORY, CONSENT, QUOTE, RECORDING = (f"01900000-0000-7000-8000-00000000000{number}" for number in range(4))
TOLD_AT = "2026-11-21T10:00:00.000+00:00"
WORDS = "They said he had gone home."


def rows(person_id: str, project_id: str, wording_id: str) -> dict[str, list[dict[str, Any]]]:
    """The rows of each store. Bytes are written in base64."""
    answers = dict.fromkeys(("record", "transcribe", "commissioners", "board", "publication", "photos"), True)
    mine = {"storyId": STORY, "personId": person_id}
    named = {"pseudonym": "Rosa", "place": "Northgate"}
    code = "0123456789ABCDEFGHJKMNPQRS"
    sound = encoded("webm", notes(4))
    half = len(sound) // 2
    bodies = {
        "consent": {"id": CONSENT, "project_id": project_id, "story_id": STORY, "wording_id": wording_id,
                    "answers": answers, "how": "spoken", "for_whom": "self", "given_at": TOLD_AT},
        "story": {"id": STORY, "project_id": project_id, "conversation": {"id": CONSENT, "started_at": TOLD_AT,
                  "place": "Northgate"}, "pseudonym": "Rosa", "told_at": TOLD_AT, "place": "Northgate",
                  "receipt_code": code},
        "quote": {"id": QUOTE, "story_id": STORY, "text": WORDS, "written_at": TOLD_AT},
    }
    return {
        "people": [{"id": person_id, "name": "Researcher", "seenAt": TOLD_AT}],
        "projects": [{"id": project_id, "name": "Waiting for a bed", "introduction": "", "isDemo": False, "prompts": [],
                      "places": [], "wording": {"id": wording_id, "version": 1, "title": "", "introduction": "",
                                                "uses": []}}],
        "stories": [{"id": STORY, "projectId": project_id, "personId": person_id, "conversationId": CONSENT, **named,
                     "toldAt": TOLD_AT, "receiptCode": code}],
        "consents": [{"id": CONSENT, "projectId": project_id, "storyId": STORY, "wordingId": wording_id,
                      "answers": answers, "how": "spoken", "forWhom": "self", "givenAt": TOLD_AT}],
        "quotes": [{"id": QUOTE, "storyId": STORY, "text": WORDS, "writtenAt": TOLD_AT, "position": 0}],
        "recordings": [{"id": RECORDING, "storyId": STORY, "state": "sealed", "ended": "stopped",
                        "type": "audio/webm;codecs=opus", "startedAt": TOLD_AT, "durationMs": 4000,
                        "size": len(sound), "chunks": 2, "position": 1, "released": False}],
        "chunks": [{"partId": RECORDING, "number": number, "bytes": base64.b64encode(piece).decode(),
                    "size": len(piece), "untilMs": 2000 * (number + 1)}
                   for number, piece in enumerate((sound[:half], sound[half:]))],
        "outbox": [*(_waiting(kind, body["id"], json.dumps(body, separators=(",", ":")).encode(), mine)
                     for kind, body in bodies.items()),
                   _waiting("recording", RECORDING, sound, mine, position=1)],
    }


def _waiting(kind: str, part_id: str, content: bytes, owner: dict[str, str], position: int = 0) -> dict[str, Any]:
    return {"id": part_id, "kind": kind, **owner, "sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content),
            "body": None if kind == "recording" else content.decode(), "position": position, "state": "waiting",
            "attempts": 0, "nextTryAt": 0, "code": None, "message": None, "sentBytes": 0, "receipt": None,
            "notices": [], "createdAt": TOLD_AT}
