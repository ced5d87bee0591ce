"""A recording in segments, as it comes over the network: in any order, and made one only when it is whole."""

import json
import os
import random
from functools import partial
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from server.domain.consent import Use
from server.domain.ids import new_id
from server.models.segment import RecordingGap, RecordingMarker, RecordingSegment
from server.models.story import Recording
from server.models.work import Job
from server.parts import parts
from tests.api.phone import Phone, sound
from tests.api.test_arrivals import withdraw
from tests.media.test_decode import film
from tests.segments import Run, manifest_body, marker
from tests.storing import join_what_waits

SEED = int(os.environ.get("RECORDINGS_SEED") or random.SystemRandom().getrandbits(32))


def runs() -> list[Run]:
    return [Run(sound("webm", 2), 2000, "interrupted", stopped_ms=42_000), Run(sound("ogg", 1), 1000)]


def test_a_recording_waits_for_the_segment_that_is_missing_and_says_which(phone: Phone, session: Session,
                                                                          app: Flask) -> None:
    first, second = runs()
    body = manifest_body(phone.send_story(), [first, second])
    kept = phone.put("recordings", body)
    assert (kept.status_code, kept.json["kind"], kept.json["id"]) == (201, "manifest", body["id"])
    phone.upload_segment(body, second)
    found = phone.gathered(body["id"]).json
    assert found == {"id": body["id"], "state": "waiting_for_segments",
                     "missing": [{"id": first.id, "number": 0, "bytes": len(first.content)}]}
    assert session.query(Recording).count() == 0
    phone.upload_segment(body, first)
    assert phone.gathered(body["id"]).json == {"id": body["id"], "state": "joining", "missing": []}
    assert join_what_waits(app) == 1
    assert phone.gathered(body["id"]).json["state"] == "complete"
    made = session.query(Recording).one()
    assert made.id == body["id"]
    assert abs(made.duration_ms - 3000) < 100
    assert made.sha256 in parts().store
    assert {first.sha256, second.sha256} <= set(session.scalars(select(RecordingSegment.sha256)))
    assert all(run.sha256 in parts().store for run in (first, second))


def test_one_segment_is_the_recording_as_it_came(phone: Phone, session: Session, app: Flask) -> None:
    run = Run(sound(), 2000)
    body = manifest_body(phone.send_story(), [run], markers=[marker(700)])
    phone.upload_segment(body, run)
    assert phone.put("recordings", body).status_code == 201
    assert join_what_waits(app) == 0
    made = session.query(Recording).one()
    assert (made.id, made.sha256, made.size, made.container) == (body["id"], run.sha256, len(run.content), "matroska")
    assert session.query(RecordingMarker).one().at_ms == 700
    assert session.query(RecordingGap).count() == 0
    assert set(session.scalars(select(Job.kind))) == {"store", "playback", "transcribe"}


def test_receipts_tell_of_segments_and_of_the_manifest(phone: Phone, app: Flask) -> None:
    first, second = runs()
    body = manifest_body(phone.send_story(), [first, second])
    content = json.dumps(body).encode()
    kept = phone.put_bytes("recordings", body["id"], content)
    for run in (first, second):
        phone.upload_segment(body, run)
        receipt = phone.receipt(run.id).json
        assert (receipt["kind"], receipt["sha256"], receipt["bytes"]) == ("segment", run.sha256, len(run.content))
    join_what_waits(app)
    receipt = phone.receipt(body["id"]).json
    assert {name: receipt[name] for name in ("id", "kind", "sha256", "bytes")} == {
        name: kept.json[name] for name in ("id", "kind", "sha256", "bytes")}
    told = [change["receipt"] for change in phone.browser.get("/api/v1/changes?after=0").json["changes"]
            if change["kind"] == "receipt"]
    assert {(one["id"], one["kind"]) for one in told} >= {
        (body["id"], "manifest"), (first.id, "segment"), (second.id, "segment")}


def test_in_whatever_order_and_however_often_it_is_sent_there_is_one_recording(phone: Phone, session: Session,
                                                                              app: Flask) -> None:
    """faults 16, 21, 24"""
    print(f"RECORDINGS_SEED={SEED}")
    chance = random.Random(SEED)
    made = [Run(sound(kind, 1), 1000, stopped_ms=100) for kind in ("webm", "ogg", "mp4")]
    body = manifest_body(new_id(), made)
    consent, story = phone.consent_body(body["story_id"]), phone.story_body(body["story_id"])
    steps = [partial(phone.put, *sent) for sent in (("consents", consent), ("stories", story), ("recordings", body))]
    steps += [partial(send_some, phone, body, run, chance) for run in made for _ in range(3)]
    steps *= 2
    chance.shuffle(steps)
    for step in steps:
        answer = step()
        assert answer.status_code in (200, 201, 202, 204), answer.json
        assert session.query(Recording).count() <= 1
        if chance.random() < 0.3:
            join_what_waits(app)
    for run in made:
        while phone.receipt(run.id).status_code != 200:
            send_some(phone, body, run, chance)
    join_what_waits(app)
    assert phone.gathered(body["id"]).json == {"id": body["id"], "state": "complete", "missing": []}
    assert session.query(Recording).one().id == body["id"]
    assert session.query(RecordingGap).count() == 2


def send_some(phone: Phone, body: dict[str, Any], run: Run, chance: random.Random) -> TestResponse:
    """Announce a segment, and send as much of what is left as comes through before the connection is cut."""
    number = str(next(one["number"] for one in body["segments"] if one["id"] == run.id))
    announced = phone.announce(body["story_id"], run.content, kind="segment", part_id=run.id, number=number,
                               recording_id=body["id"])
    offset = int(announced.headers["Upload-Offset"])
    if offset == len(run.content):
        return announced
    end = chance.choice([len(run.content), chance.randint(offset, len(run.content))])
    return phone.patch(announced.headers["Location"], offset, run.content[offset:end])


def test_everything_before_its_story_is_held_and_let_in_with_it(phone: Phone, session: Session, app: Flask) -> None:
    """fault 24"""
    first, second = runs()
    body = manifest_body(new_id(), [first, second])
    phone.upload_segment(body, second)
    held = phone.put("recordings", body)
    assert (held.status_code, held.json["held"], held.json["kind"]) == (202, True, "manifest")
    assert phone.gathered(body["id"]).status_code == 404
    assert phone.receipt(body["id"]).status_code == 202
    phone.send_story(story_id=body["story_id"])
    assert [one["id"] for one in phone.gathered(body["id"]).json["missing"]] == [first.id, second.id]
    phone.upload_segment(body, first)
    assert join_what_waits(app) == 1
    assert session.query(Recording).one().id == body["id"]


def test_a_manifest_of_what_nobody_agreed_to_is_refused_or_dropped(phone: Phone, session: Session) -> None:
    """faults 24, 41"""
    body = manifest_body(new_id(), runs())
    assert phone.put("recordings", body).status_code == 202
    phone.send_story({Use.BOARD}, story_id=body["story_id"])
    assert phone.receipt(body["id"]).status_code == 404
    again = phone.put("recordings", body)
    assert (again.status_code, again.json["code"]) == (422, "use_refused")


@pytest.mark.parametrize("change", [{"sha256": "0" * 64}, {"part_id": None}])
def test_a_segment_that_is_not_as_the_manifest_says_is_refused_before_it_is_sent(
    phone: Phone, change: dict[str, str | None]
) -> None:
    """fault 30"""
    first, second = runs()
    body = manifest_body(phone.send_story(), [first, second])
    phone.put("recordings", body)
    values = {"part_id": first.id, "kind": "segment", "recording_id": body["id"], "number": "0"} | change
    answer = phone.announce(body["story_id"], first.content, **values)
    assert (answer.status_code, answer.json["code"]) == (422, "manifest_mismatch")


def test_a_manifest_without_a_segment_that_came_is_refused_and_a_right_one_is_kept(phone: Phone) -> None:
    """fault 30"""
    first, second = runs()
    body = manifest_body(phone.send_story(), [first, second])
    phone.upload_segment(body, second)
    wrong = phone.put("recordings", manifest_body(body["story_id"], [first], recording_id=body["id"]))
    assert (wrong.status_code, wrong.json["code"]) == (422, "manifest_mismatch")
    assert phone.put("recordings", body).status_code == 201


def test_a_segment_on_its_way_when_another_manifest_comes_is_refused_when_it_is_whole(phone: Phone) -> None:
    first, second = runs()
    body = manifest_body(phone.send_story(), [first, second])
    other = phone.announce(body["story_id"], second.content, kind="segment", recording_id=body["id"], number="7")
    phone.put("recordings", body)
    answer = phone.patch(other.headers["Location"], 0, second.content)
    assert (answer.status_code, answer.json["code"]) == (422, "manifest_mismatch")
    assert phone.head(other.headers["Location"]).status_code == 404


def test_the_same_manifest_again_gets_the_same_answer_and_another_is_refused(phone: Phone) -> None:
    """fault 23"""
    body = manifest_body(phone.send_story(), runs())
    first, again = phone.put("recordings", body), phone.put("recordings", body)
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json == first.json
    other = phone.put("recordings", body | {"position": 1})
    assert (other.status_code, other.json["code"]) == (409, "same_id_other_content")


def test_a_recording_comes_whole_or_in_segments_and_never_both_ways(phone: Phone) -> None:
    """faults 14, 23"""
    story_id, run = phone.send_story(), Run(sound(), 2000)
    whole = new_id()
    phone.upload(story_id, run.content, part_id=whole)
    assert phone.gathered(whole).json == {"id": whole, "state": "complete", "missing": []}
    as_segments = phone.put("recordings", manifest_body(story_id, [run], recording_id=whole))
    assert (as_segments.status_code, as_segments.json["code"]) == (409, "same_id_other_content")
    segment = phone.announce(story_id, run.content, kind="segment", recording_id=whole, number="0")
    assert (segment.status_code, segment.json["code"]) == (409, "same_id_other_content")
    body = manifest_body(story_id, [run])
    phone.put("recordings", body)
    as_whole = phone.announce(story_id, run.content, part_id=body["id"])
    assert (as_whole.status_code, as_whole.json["code"]) == (409, "same_id_other_content")


def test_a_withdrawn_recording_is_refused_for_ever_and_nothing_of_it_stays(phone: Phone, session: Session,
                                                                           app: Flask) -> None:
    """faults 26, 27"""
    first, second = runs()
    body = manifest_body(phone.send_story(), [first, second])
    phone.put("recordings", body)
    phone.upload_segment(body, first)
    withdraw(session, body["story_id"])
    assert phone.put("recordings", body).status_code == 410
    assert phone.gathered(body["id"]).status_code == phone.receipt(first.id).status_code == 410
    late = phone.announce(body["story_id"], second.content, kind="segment", part_id=second.id,
                          recording_id=body["id"], number="1")
    assert late.status_code == 410
    assert session.query(RecordingSegment).count() == 0
    assert "erase" in set(session.scalars(select(Job.kind).where(Job.subject_id == first.sha256)))


def test_a_segment_without_sound_is_kept_and_the_others_are_of_use(phone: Phone, session: Session, app: Flask) -> None:
    """fault 30"""
    first, second = runs()
    spoilt = Run(b"\0" * 500 + sound("webm", 1)[500:], 1000, "recovered", stopped_ms=3000)
    body = manifest_body(phone.send_story(), [first, spoilt, second], markers=[marker(2500), marker(3500)])
    phone.put("recordings", body)
    for run in (spoilt, second, first):
        assert phone.upload_segment(body, run).status_code == 204
    assert phone.receipt(spoilt.id).json["sha256"] == spoilt.sha256
    assert join_what_waits(app) == 1
    made = session.query(Recording).one()
    assert abs(made.duration_ms - 3000) < 100
    gaps = session.query(RecordingGap).order_by(RecordingGap.number).all()
    assert [(gap.length_ms, gap.reason, gap.segment) for gap in gaps] == [
        (42_000, "interrupted", None), (1000, "unplayable", 1), (3000, "recovered", None)]
    assert {gap.at_ms for gap in gaps} == {gaps[0].at_ms}
    in_gap, later = session.query(RecordingMarker).order_by(RecordingMarker.saved_at_ms).all()
    assert (in_gap.at_ms, later.at_ms) == (gaps[0].at_ms, gaps[0].at_ms + 500)


def test_a_recording_without_any_sound_is_kept_and_never_made(phone: Phone, session: Session, app: Flask) -> None:
    """fault 30"""
    spoilt = [Run(bytes([number]) * 800, 1000) for number in (1, 2)]
    body = manifest_body(phone.send_story(), spoilt)
    phone.put("recordings", body)
    for run in spoilt:
        phone.upload_segment(body, run)
    assert join_what_waits(app) == 0
    assert phone.gathered(body["id"]).json["state"] == "complete"
    assert session.query(Recording).count() == 0
    assert all(run.sha256 in parts().store for run in spoilt)


def test_a_segment_that_is_a_film_is_refused_since_nobody_was_asked_about_pictures(phone: Phone) -> None:
    run = Run(film().getvalue(), 1000)
    body = manifest_body(phone.send_story(), [run])
    phone.put("recordings", body)
    answer = phone.upload_segment(body, run)
    assert (answer.status_code, answer.json["code"]) == (422, "unsupported_audio")


def test_a_recording_of_another_project_looks_like_none(phone: Phone, other_phone: Phone) -> None:
    """fault 44"""
    body = manifest_body(phone.send_story(), runs())
    phone.put("recordings", body)
    assert other_phone.gathered(body["id"]).status_code == 404
    assert other_phone.put("recordings", body).status_code == 404
    assert other_phone.receipt(body["id"]).status_code == 404


@pytest.mark.parametrize("wrong", [
    {"segments": []}, {"segments": "none"}, {"markers": [{"id": "x", "at_ms": 1}]},
    {"segments": [{"id": new_id(), "number": 1, "sha256": "0" * 64, "bytes": 1, "type": "", "offset_ms": 0,
                   "duration_ms": 1, "ended": "stopped"}]},
    {"markers": [marker(1) | {"id": "01a1ffdd-0000-7000-8000-000000000001"} for _ in range(2)]},
])
def test_a_manifest_that_makes_no_sense_is_refused_with_what_is_wrong(phone: Phone, wrong: dict) -> None:
    answer = phone.put("recordings", manifest_body(phone.send_story(), runs()) | wrong)
    assert (answer.status_code, answer.json["code"]) == (422, "invalid")
    assert any(name.startswith(next(iter(wrong))) for name in answer.json["fields"])
