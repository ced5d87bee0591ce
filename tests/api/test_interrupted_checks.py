"""A machine short of memory ends the child that looks at a file: nothing against the file, unless it never stops."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from server.models.segment import RecordingSegment
from server.models.story import Recording
from server.models.upload import Upload
from tests.api.phone import Phone
from tests.isolation.killing import children_killed, long_sound
from tests.segments import Run, manifest_body

DAYS_AGO = datetime.now(UTC) - timedelta(days=2)


def _announced(phone: Phone, kind: str) -> tuple[str, str]:
    """The address of a file whose every byte but the last is here, and its id."""
    content, story_id = long_sound(), phone.send_story()
    run = Run(content, 11 * 3600 * 1000)
    body, more = manifest_body(story_id, [run]), {}
    if kind == "segment":
        assert phone.put("recordings", body).status_code == 201
        more = {"recording_id": body["id"], "number": "0"}
    url = phone.announce(story_id, content, kind=kind, part_id=run.id, **more).headers["Location"]
    assert phone.patch(url, 0, content[:-1]).status_code == 204
    return url, run.id


def _send_last_byte(phone: Phone, url: str) -> tuple[int, str | None]:
    answer = phone.patch(url, len(long_sound()) - 1, long_sound()[-1:])
    return answer.status_code, (answer.json or {}).get("code")


@pytest.mark.parametrize("kind", ["segment", "recording"])
def test_a_file_whose_check_was_killed_is_asked_for_again_and_kept_as_what_it_is(phone: Phone, session: Session,
                                                                                 kind: str) -> None:
    """fault 37"""
    url, part_id = _announced(phone, kind)
    with children_killed():
        assert _send_last_byte(phone, url) == (503, "unavailable")
    assert phone.head(url).headers["Upload-Offset"] == str(len(long_sound()) - 1)
    assert _send_last_byte(phone, url) == (204, None)
    assert phone.receipt(part_id).status_code == 200
    row = session.get_one(RecordingSegment if kind == "segment" else Recording, part_id)
    assert row.container == "flac"


@pytest.mark.parametrize(("times", "since", "is_final"), [
    (9, DAYS_AGO, False), (10, datetime.now(UTC), False), (10, DAYS_AGO, True)])
def test_a_file_is_damaged_only_when_its_check_is_killed_often_and_for_more_than_a_day(
        phone: Phone, session: Session, times: int, since: datetime, is_final: bool) -> None:
    url, part_id = _announced(phone, "recording")
    _interrupted_before(session, part_id, times, since)
    with children_killed():
        assert _send_last_byte(phone, url) == ((422, "audio_damaged") if is_final else (503, "unavailable"))
    session.rollback()
    left = session.scalar(select(Upload).where(Upload.part_id == part_id).execution_options(populate_existing=True))
    assert (left is None) if is_final else (left is not None and left.details["interrupted"]["times"] == times + 1)


def test_a_segment_whose_check_never_ends_is_kept_as_one_that_cannot_be_played(phone: Phone, session: Session) -> None:
    url, part_id = _announced(phone, "segment")
    _interrupted_before(session, part_id, 10, DAYS_AGO)
    with children_killed():
        assert _send_last_byte(phone, url) == (204, None)
    assert phone.receipt(part_id).status_code == 200
    assert session.get_one(RecordingSegment, part_id).container is None


def _interrupted_before(session: Session, part_id: str, times: int, since: datetime) -> None:
    row = session.scalars(select(Upload).where(Upload.part_id == part_id)).one()
    row.details = row.details | {"interrupted": {"since": since.isoformat(), "times": times}}
    session.commit()
