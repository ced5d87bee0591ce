"""What phones say of themselves, over HTTP."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from server.domain.ids import new_id
from server.models.device import Device
from server.models.people import Person
from tests.api.phone import Phone
from tests.conftest import Browser

REPORT = {"label": "Chrome on Android", "app_version": "0.3.0", "unsent": 4, "unsent_bytes": 5_000_000,
          "oldest_unsent_at": "2026-05-04T12:00:00+01:00"}


def report(phone: Phone, device_id: str, **changes: object) -> object:
    return phone.put("devices", REPORT | {"id": device_id} | changes)


def test_what_a_phone_holds_is_kept_and_answered(phone: Phone, session: Session) -> None:
    """fault 12"""
    device_id = new_id()
    answer = report(phone, device_id)
    assert answer.status_code == 200
    assert answer.json | {"last_seen_at": None} == REPORT | {
        "oldest_unsent_at": "2026-05-04T11:00:00+00:00", "last_seen_at": None}
    assert datetime.now(UTC) - datetime.fromisoformat(answer.json["last_seen_at"]) < timedelta(minutes=1)
    assert session.get_one(Device, device_id).unsent == 4


def test_a_later_report_takes_the_place_of_the_earlier(phone: Phone, session: Session) -> None:
    device_id = new_id()
    report(phone, device_id)
    answer = report(phone, device_id, unsent=0, unsent_bytes=0, oldest_unsent_at=None)
    assert (answer.status_code, answer.json["oldest_unsent_at"]) == (200, None)
    assert session.query(Device).count() == 1


def test_a_wrong_clock_is_corrected(phone: Phone, session: Session) -> None:
    """fault 31"""
    device_id, now = new_id(), datetime.now(UTC)
    slow = now - timedelta(days=1000)
    phone.put("devices", REPORT | {"id": device_id, "oldest_unsent_at": slow.isoformat()},
              Device_Time=slow.isoformat())
    kept = session.get_one(Device, device_id).oldest_unsent_at
    assert kept is not None
    assert abs(kept - now) < timedelta(minutes=1)


def test_the_phone_of_a_stranger_does_not_exist(phone: Phone, other_phone: Phone, session: Session) -> None:
    """fault 44"""
    device_id = new_id()
    report(phone, device_id)
    answer = report(other_phone, device_id, unsent=0)
    assert (answer.status_code, answer.json["code"]) == (404, "not_found")
    assert session.get_one(Device, device_id).unsent == 4


@pytest.mark.parametrize(("changes", "field"), [
    ({"label": 5}, "label"), ({"label": "x" * 121}, "label"), ({"app_version": None}, "app_version"),
    ({"unsent": -1}, "unsent"), ({"unsent": True}, "unsent"), ({"unsent": "4"}, "unsent"),
    ({"unsent_bytes": 2**60}, "unsent_bytes"), ({"unsent_bytes": 1.5}, "unsent_bytes"),
    ({"oldest_unsent_at": "yesterday"}, "oldest_unsent_at"),
])
def test_an_unclear_report_is_refused_and_says_where(phone: Phone, session: Session, changes: dict[str, object],
                                                     field: str) -> None:
    answer = report(phone, new_id(), **changes)
    assert (answer.status_code, list(answer.json["fields"])) == (422, [field])
    assert session.query(Device).count() == 0


def test_nobody_reports_without_an_account(client: Browser, sign_in_as: Callable[[Person], Browser]) -> None:
    assert client.put(f"/api/v1/devices/{new_id()}", json=REPORT).status_code == 401
