"""Recordings that came whole stay as they are; those in segments come beside them, and go with the step."""

from tests.migrations.conftest import Step
from tests.migrations.old_rows import ID, NOON, RECORDING, STORY, OldDatabase, digest

SEGMENT = {"id": ID(50), "number": 0, "sha256": digest("sound"), "bytes": 1000, "type": "audio/webm",
           "offset_ms": 0, "duration_ms": 900, "ended": "stopped"}


def test_recordings_stay_and_segments_come(old: OldDatabase, step: Step) -> None:
    old.add_project()
    old.add_story()
    before = old.everything()
    step.up()
    old.insert("recording_manifest", id=RECORDING, story_id=STORY, position=0, started_at=NOON, segments=[SEGMENT],
               body_sha256=digest("manifest"), body_bytes=10, received_at=NOON)
    old.insert("recording_segment", id=ID(50), recording_id=RECORDING, story_id=STORY, number=0,
               sha256=digest("sound"), size=1000, container="matroska", duration_ms=900, started_at=NOON,
               received_at=NOON)
    old.insert("recording_gap", recording_id=RECORDING, number=0, at_ms=900, length_ms=42_000, reason="interrupted")
    old.insert("recording_marker", recording_id=RECORDING, id=ID(51), saved_at_ms=400,
               prompt_text="Who “helped” – naïf?")
    [manifest] = old.rows("recording_manifest")
    assert (manifest["segments"], manifest["completed_at"]) == ([SEGMENT], None)
    assert old.rows("recording") == before["recording"]
    step.back()
    assert old.everything() == before
