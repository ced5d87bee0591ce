"""A worker killed before each thing it does while it joins segments: the next one makes one recording of them."""

from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from server.models.consent import Erasure
from server.models.segment import RecordingGap, RecordingManifest, RecordingSegment
from server.models.story import Recording
from server.models.work import Job
from server.parts import parts
from tests.api.phone import Phone
from tests.faults.files import small_sound
from tests.faults.test_killed_worker import EVERY_STEP, killed_again_and_again
from tests.segments import Run, manifest_body


@pytest.mark.slow
@EVERY_STEP
def test_segments_become_one_recording_whatever_step_the_worker_is_killed_at(
    app: Flask, session: Session, phone: Phone, data_dir: Path, which: str
) -> None:
    """faults 17, 34, 35"""
    story_id = phone.send_story()
    sent: dict[str, list[Run]] = {}

    def prepare(number: int) -> None:
        runs = [Run(small_sound(2 * number), 100, "interrupted", stopped_ms=900), Run(small_sound(2 * number + 1), 100)]
        body = manifest_body(story_id, runs)
        assert phone.put("recordings", body).status_code == 201
        for run in runs:
            phone.upload_segment(body, run)
        sent[body["id"]] = runs

    steps = killed_again_and_again(data_dir, which, prepare, "join")
    made = {row.id: row for row in session.query(Recording)}
    assert set(made) == set(sent)
    assert all(row.sha256 == row.playback_sha256 and row.sha256 in parts().store for row in made.values())
    assert all(row.completed_at for row in session.query(RecordingManifest))
    assert session.query(RecordingGap).count() == len(sent)
    assert session.query(RecordingSegment).filter(RecordingSegment.start_ms.is_(None)).count() == 0
    assert {state for state, in session.query(Job.state).filter_by(kind="join")} == {"done"}
    assert session.query(Job).filter_by(kind="join").count() == len(sent)
    assert session.query(Erasure).count() == 0
    named = {row.sha256 for row in made.values()} | {run.sha256 for runs in sent.values() for run in runs}
    assert {path.name for path in parts().settings.media_dir.rglob("*") if path.is_file()} == named
    assert steps
