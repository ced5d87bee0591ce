"""A segment that was lost on the phone leaves the others a lower number than they were announced with."""

from functools import partial

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from server.models.segment import RecordingSegment
from tests.api.phone import Phone
from tests.api.test_recordings import runs
from tests.segments import Run, manifest_body
from tests.storing import join_what_waits


@pytest.mark.parametrize("manifest_comes", [0, 1, 2])
def test_segments_after_one_that_was_lost_on_the_phone_are_taken_and_joined_in_the_order_of_the_manifest(
    phone: Phone, session: Session, app: Flask, manifest_comes: int
) -> None:
    """fault 30"""
    first, second = runs()
    announced = manifest_body(phone.send_story(), [Run(b"lost", 500), first, second])
    body = manifest_body(announced["story_id"], [first, second], recording_id=announced["id"])
    sending = [partial(phone.upload_segment, announced, run) for run in (second, first)]
    sending.insert(manifest_comes, partial(phone.put, "recordings", body))
    assert [send().status_code for send in sending] == [
        201 if number == manifest_comes else 204 for number in range(3)]
    assert join_what_waits(app) == 1
    assert phone.gathered(body["id"]).json == {"id": body["id"], "state": "complete", "missing": []}
    session.expire_all()
    parts_in_order = session.query(RecordingSegment).order_by(RecordingSegment.number).all()
    assert [(part.number, part.id) for part in parts_in_order] == [(0, first.id), (1, second.id)]
    assert parts_in_order[0].start_ms == 0
    assert parts_in_order[1].start_ms
