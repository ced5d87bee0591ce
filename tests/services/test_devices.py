"""Phones and what they have not sent, on both databases."""

from dataclasses import replace
from types import SimpleNamespace

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from server.domain.access import Role
from server.domain.errors import NotFound
from server.domain.ids import new_id
from server.domain.sent import SentDevice
from server.domain.sync import PhoneClock
from server.models.device import Device
from server.services import devices, people
from tests.makers import NOON, make_person, make_project, viewer_of
from tests.services.together import together

CLOCK = PhoneClock()


def phone(**changes: object) -> SentDevice:
    return replace(SentDevice(new_id(), "Firefox on Android", "0.3.0", 2, 900, NOON), **changes)


def test_the_same_phone_ten_times_at_once_is_one_row(app: Flask, session: Session, world: SimpleNamespace) -> None:
    viewer, sent = viewer_of(session, world.researcher), phone()
    together(app, [lambda own: devices.report(own, viewer, sent, CLOCK)] * 10)
    assert session.query(Device).count() == 1


def test_operators_see_phones_with_something_unsent_by_who_reported_last(session: Session,
                                                                         world: SimpleNamespace) -> None:
    """fault 12"""
    viewer = viewer_of(session, world.researcher)
    waiting, empty = phone(), phone(unsent=0)
    for sent in (waiting, empty):
        devices.report(session, viewer, sent, CLOCK)
    [found] = devices.list_with_unsent(session)
    assert (found.id, found.person_name, found.reported.unsent) == (waiting.id, "Sam Okoro", 2)
    other = make_person(session, world.project, Role.RESEARCHER, name="Lou")
    devices.report(session, viewer_of(session, other), waiting, CLOCK)
    assert [found.person_name for found in devices.list_with_unsent(session)] == ["Lou"]


def test_a_phone_is_passed_on_by_somebody_who_left_but_not_taken(session: Session, world: SimpleNamespace) -> None:
    """fault 44"""
    stranger = viewer_of(session, make_person(session, make_project(session, "Another"), Role.RESEARCHER))
    administrator = viewer_of(session, make_person(session, world.project, Role.ADMINISTRATOR))
    sent = phone()
    devices.report(session, viewer_of(session, world.researcher), sent, CLOCK)
    with pytest.raises(NotFound):
        devices.report(session, stranger, sent, CLOCK)
    people.remove_role(session, administrator, world.project.id, world.researcher.id, Role.RESEARCHER)
    devices.report(session, stranger, sent, CLOCK)
    assert session.get_one(Device, sent.id).person_id == stranger.person_id
