"""Recordings in segments stay as they are, and wait for every segment until somebody decides otherwise."""

import pytest

from migrations.taking_back import WouldLose
from tests.migrations.conftest import Step
from tests.migrations.old_rows import ID, NOON, RECORDING, STORY, OldDatabase, digest


def add_manifest(old: OldDatabase) -> None:
    old.add_project()
    old.add_story()
    old.insert("recording_manifest", id=RECORDING, story_id=STORY, position=0, started_at=NOON, segments=[],
               body_sha256=digest("manifest"), body_bytes=10, received_at=NOON)


def test_no_segment_of_what_is_there_is_left_out(old: OldDatabase, step: Step) -> None:
    add_manifest(old)
    before = old.everything()
    step.up()
    [row] = old.rows("recording_manifest")
    assert row == before["recording_manifest"][0] | {"left_out": []}
    step.back()
    assert old.everything() == before


def test_what_was_left_out_keeps_the_step_from_being_taken_back(old: OldDatabase, step: Step) -> None:
    add_manifest(old)
    step.up()
    old.run(f"UPDATE recording_manifest SET left_out = '[\"{ID(60)}\"]'")
    with pytest.raises(WouldLose, match="1 of recording_manifest"):
        step.back()
    assert old.rows("recording_manifest")[0]["left_out"] == [ID(60)]
