"""Recordings that came whole stay as they are; those in segments come beside them, and keep the step."""

import pytest

from migrations.taking_back import WouldLose
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
    with pytest.raises(WouldLose, match="1 of recording_manifest, 1 of recording_segment"):
        step.back()
    assert [len(rows) for name, rows in old.everything().items() if name.startswith("recording_")] == [1, 1, 1, 1]
    for table in ("recording_marker", "recording_gap", "recording_segment", "recording_manifest"):
        old.run(f"DELETE FROM {table}")
    step.back()
    assert old.everything() == before


def test_a_segment_on_its_way_in_keeps_the_step_from_being_taken_back(old: OldDatabase, step: Step) -> None:
    old.add_project()
    old.add_story()
    step.up()
    old.add_upload()
    old.run("UPDATE upload SET kind = 'segment'")
    with pytest.raises(WouldLose, match="1 of upload"):
        step.back()
    assert len(old.rows("upload")) == 1
