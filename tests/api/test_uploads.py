"""Recordings and photos over tus: what is kept, what is refused, and how far it has come."""


import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from server.domain.consent import Use
from server.domain.ids import new_id
from server.models.story import Photo, Recording
from server.models.upload import Upload
from server.models.work import Job
from server.parts import parts
from server.storage.staging import Staging
from tests.api.phone import Phone, picture, sound


def test_a_recording_sent_in_pieces_is_kept_whole(phone: Phone, session: Session) -> None:
    content, part_id, story_id = sound(), new_id(), phone.send_story()
    announced = phone.announce(story_id, content, part_id=part_id)
    assert (announced.status_code, announced.headers["Upload-Offset"]) == (201, "0")
    url = announced.headers["Location"]
    assert url == f"/api/v1/uploads/{part_id}"
    half = len(content) // 2
    assert phone.patch(url, 0, content[:half]).headers["Upload-Offset"] == str(half)
    assert phone.receipt(part_id).status_code == 404
    last = phone.patch(url, half, content[half:])
    assert (last.status_code, last.headers["Upload-Offset"]) == (204, str(len(content)))
    waits = phone.ask_for_receipt(part_id)
    assert (waits.status_code, waits.json) == (202, {"id": part_id, "kind": "recording", "state": "being_stored"})
    assert waits.headers["Retry-After"] == "1"
    assert session.get_one(Recording, part_id).stored_at is None
    receipt = phone.receipt(part_id).json
    row = session.get_one(Recording, part_id)
    assert row.stored_at is not None
    assert staged() == set()
    assert receipt["sha256"] == row.sha256
    assert (receipt["kind"], receipt["bytes"]) == ("recording", len(content))
    assert parts().store.open(row.sha256).read() == content
    assert (row.story_id, row.container, row.position) == (story_id, "matroska", 0)
    assert 1900 < row.duration_ms < 2100


def test_an_arrived_recording_asks_for_its_work_once(phone: Phone, session: Session) -> None:
    part_id = new_id()
    phone.upload(phone.send_story(), sound(), part_id=part_id)
    assert set(session.execute(select(Job.kind, Job.subject_id))) == {
        ("store", part_id), ("playback", part_id), ("transcribe", part_id)}


def test_a_recording_nobody_may_transcribe_is_only_made_playable(phone: Phone, session: Session) -> None:
    phone.upload(phone.send_story({Use.RECORD, Use.BOARD}), sound())
    assert set(session.scalars(select(Job.kind))) == {"store", "playback"}


def test_a_photo_is_kept_as_it_was_taken(phone: Phone, session: Session) -> None:
    part_id = new_id()
    sent = phone.upload(phone.send_story(), picture(), kind="photo", part_id=part_id, description="Chairs, in a row",
                        position="3")
    assert sent.status_code == 204
    row = session.get_one(Photo, part_id)
    assert (row.description, row.position, row.derivative_sha256) == ("Chairs, in a row", 3, None)
    assert parts().store.open(row.sha256).read() == picture()
    assert set(session.scalars(select(Job.kind))) == {"store", "photo"}


def test_the_answer_to_the_last_piece_may_be_lost(phone: Phone, session: Session) -> None:
    """fault 21"""
    content, part_id, story_id = sound(), new_id(), phone.send_story()
    url = phone.announce(story_id, content, part_id=part_id).headers["Location"]
    phone.patch(url, 0, content)
    assert phone.head(url).headers["Upload-Offset"] == str(len(content))
    again = phone.announce(story_id, content, part_id=part_id)
    assert (again.status_code, again.headers["Upload-Offset"]) == (200, str(len(content)))
    assert phone.patch(url, len(content), b"").status_code == 204
    assert phone.receipt(part_id).status_code == 200
    assert phone.head(url).headers["Upload-Offset"] == str(len(content))
    assert session.query(Recording).count() == 1
    assert sorted(session.scalars(select(Job.kind))) == ["playback", "store", "transcribe"]


def test_announcing_again_finds_the_same_upload_and_how_far_it_came(phone: Phone) -> None:
    content, part_id, story_id = sound(), new_id(), phone.send_story()
    first = phone.announce(story_id, content, part_id=part_id)
    phone.patch(first.headers["Location"], 0, content[:100])
    again = phone.announce(story_id, content, part_id=part_id)
    assert again.status_code == 200
    assert again.headers["Location"] == first.headers["Location"]
    assert again.headers["Upload-Offset"] == "100"


def test_another_file_under_the_same_id_is_refused(phone: Phone) -> None:
    """fault 23"""
    content, part_id, story_id = sound(), new_id(), phone.send_story()
    phone.announce(story_id, content, part_id=part_id)
    other = phone.announce(story_id, content + b"!", part_id=part_id)
    assert (other.status_code, other.json["code"]) == (409, "same_id_other_content")
    phone.patch(f"/api/v1/uploads/{part_id}", 0, content)
    late = phone.announce(story_id, sound("ogg"), part_id=part_id)
    assert (late.status_code, late.json["code"]) == (409, "same_id_other_content")


def test_a_piece_for_another_place_is_refused(phone: Phone) -> None:
    content = sound()
    url = phone.announce(phone.send_story(), content).headers["Location"]
    phone.patch(url, 0, content[:50])
    for wrong in (0, 49, 51, 10**17):
        answer = phone.patch(url, wrong, content[50:])
        assert (answer.status_code, answer.json["code"]) == (409, "wrong_offset")
    assert phone.head(url).headers["Upload-Offset"] == "50"


@pytest.mark.parametrize(("kind", "refused"), [("recording", Use.RECORD), ("photo", Use.PHOTOS)])
def test_a_part_somebody_said_no_to_is_not_even_begun(phone: Phone, session: Session, kind: str, refused: Use) -> None:
    story_id = phone.send_story(set(Use) - {refused})
    answer = phone.announce(story_id, sound(), kind=kind)
    assert (answer.status_code, answer.json["code"]) == (422, "use_refused")
    assert session.query(Upload).count() == 0


def test_a_no_that_comes_while_a_recording_is_sent_stops_it(phone: Phone, session: Session, app: Flask) -> None:
    content, part_id, story_id = sound(), new_id(), phone.send_story()
    url = phone.announce(story_id, content, part_id=part_id).headers["Location"]
    phone.patch(url, 0, content[:-1])
    phone.put("consents", phone.consent_body(story_id, {Use.BOARD}))
    answer = phone.patch(url, len(content) - 1, content[-1:])
    assert (answer.status_code, answer.json["code"]) == (422, "use_refused")
    assert session.query(Recording).count() == session.query(Upload).count() == 0
    assert staged() == set()


def test_a_no_that_comes_before_a_second_announcement_drops_what_was_sent(phone: Phone) -> None:
    content, part_id, story_id = sound(), new_id(), phone.send_story()
    phone.patch(phone.announce(story_id, content, part_id=part_id).headers["Location"], 0, content[:99])
    phone.put("consents", phone.consent_body(story_id, {Use.BOARD}))
    assert phone.announce(story_id, content, part_id=part_id).json["code"] == "use_refused"
    assert staged() == set()


@pytest.mark.parametrize(("kind", "content", "code"), [
    ("recording", b"#EXTM3U\nhttp://example.org/a.ts\n", "unsupported_audio"),
    ("recording", b"<html><script>alert(1)</script>", "unsupported_audio"),
    ("recording", picture(), "unsupported_audio"),
    ("recording", sound()[:60], "audio_damaged"),
    ("photo", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "unsupported_image"),
    ("photo", sound(), "unsupported_image"),
    ("photo", picture("JPEG", 640, 480)[:-900], "image_damaged"),
])
def test_a_file_that_is_not_what_it_says_is_dropped(phone: Phone, session: Session, kind: str, content: bytes,
                                                    code: str) -> None:
    """faults 37, 38, 39"""
    answer = phone.upload(phone.send_story(), content, kind=kind)
    assert (answer.status_code, answer.json["code"]) == (422, code)
    assert session.query(Upload).count() == session.query(Recording).count() == session.query(Photo).count() == 0
    assert staged() == set()


def test_a_recording_cut_short_is_kept_as_far_as_it_goes(phone: Phone) -> None:
    """fault 37"""
    content = sound("webm", 4)
    assert phone.upload(phone.send_story(), content[:len(content) // 2]).status_code == 204


@pytest.mark.parametrize("at", [0, -1])
def test_bytes_other_than_those_announced_are_dropped(phone: Phone, at: int) -> None:
    """fault 30"""
    content, part_id = sound(), new_id()
    changed = bytearray(content)
    changed[at] ^= 1
    url = phone.announce(phone.send_story(), content, part_id=part_id).headers["Location"]
    answer = phone.patch(url, 0, bytes(changed))
    assert (answer.status_code, answer.json["code"]) == (422, "hash_mismatch")
    assert phone.head(url).status_code == 404
    assert phone.receipt(part_id).status_code == 404


def test_an_empty_file_is_refused_at_once(phone: Phone) -> None:
    """fault 37"""
    answer = phone.announce(phone.send_story(), b"")
    assert (answer.status_code, answer.json["code"]) == (422, "empty_file")


@pytest.mark.parametrize(("kind", "limit"), [("recording", 512 * 1024**2), ("photo", 25 * 1024**2)])
def test_a_file_over_the_limit_is_refused_and_the_limit_told(phone: Phone, kind: str, limit: int) -> None:
    story_id = phone.send_story()
    over = phone.announce(story_id, b"x", kind=kind, headers={"Upload-Length": str(limit + 1)})
    assert (over.status_code, over.json["code"], over.headers["Tus-Max-Size"]) == (413, "too_large", str(limit))
    assert phone.announce(story_id, b"x", kind=kind, headers={"Upload-Length": str(limit)}).status_code == 201


def test_more_bytes_than_announced_are_refused_and_none_kept(phone: Phone) -> None:
    content = sound()
    url = phone.announce(phone.send_story(), content).headers["Location"]
    answer = phone.patch(url, 0, content + b"more")
    assert (answer.status_code, answer.json["code"]) == (413, "too_large")
    assert phone.head(url).headers["Upload-Offset"] == "0"


def test_a_photo_under_the_id_of_a_recording_is_another_thing(phone: Phone) -> None:
    part_id, story_id = new_id(), phone.send_story()
    phone.upload(story_id, sound(), part_id=part_id)
    answer = phone.announce(story_id, picture(), kind="photo", part_id=part_id)
    assert (answer.status_code, answer.json["code"]) == (409, "same_id_other_content")


def staged() -> set[str]:
    return Staging(parts().settings.uploads_dir).names()
