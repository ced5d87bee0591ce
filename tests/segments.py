"""A recording in segments as a phone makes it: files, and the manifest of them."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from server.domain.ids import new_id

STARTED_AT = "2026-05-04T12:00:00+01:00"


@dataclass(frozen=True)
class Run:
    """One run of the phone's recorder, and how long the recording stopped after it."""

    content: bytes
    duration_ms: int
    ended: str = "stopped"
    stopped_ms: int = 0
    id: str = field(default_factory=new_id)

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()


def manifest_body(story_id: str, runs: Sequence[Run], *, recording_id: str | None = None,
                  markers: Sequence[dict[str, Any]] = (), **changes: Any) -> dict[str, Any]:
    """What the phone sends of them; `id` is the recording's."""
    segments, offset = [], 0
    for number, run in enumerate(runs):
        segments.append({"id": run.id, "number": number, "sha256": run.sha256, "bytes": len(run.content),
                         "type": "audio/webm;codecs=opus", "offset_ms": offset, "duration_ms": run.duration_ms,
                         "ended": run.ended})
        offset += run.duration_ms + run.stopped_ms
    return {"id": recording_id or new_id(), "story_id": story_id, "position": 0, "started_at": STARTED_AT,
            "segments": segments, "markers": list(markers)} | changes


def marker(at_ms: int, prompt_id: str | None = None, theme_id: str | None = None) -> dict[str, Any]:
    return {"id": new_id(), "at_ms": at_ms, "prompt_id": prompt_id, "theme_id": theme_id}
