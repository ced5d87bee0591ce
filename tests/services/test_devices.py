"""Phones and what they have not sent, on both databases."""

from dataclasses import replace
from types import SimpleNamespace

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from server.domain.access import Role
from server.domain.errors import NotFound
from server.domain.ids import new_id
from server.domain.sent import SentDevice
from server.domain.sync import PhoneClock
from server.models.audit import AuditEntry
from server.models.device import Device
from server.services import devices, people
from tests.makers import NOON, make_person, make_project, record_consent, viewer_of
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


def test_a_phone_passes_to_somebody_who_collects_with_whoever_has_it_and_to_nobody_else(
        session: Session, world: SimpleNamespace) -> None:
    """fault 44"""
    other = make_project(session, "Another")
    colleague = viewer_of(session, make_person(session, world.project, Role.RESEARCHER, name="Lou"))
    administrator = make_person(session, world.project, Role.ADMINISTRATOR)
    sent = phone()
    devices.report(session, viewer_of(session, world.researcher), sent, CLOCK)
    record_consent(session, other, world.researcher, new_id())  # for whom they collect no more
    for person in (make_person(session, other, Role.RESEARCHER), make_person(session, None), administrator,
                   make_person(session, world.project, Role.ANALYST)):
        with pytest.raises(NotFound):
            devices.report(session, viewer_of(session, person), sent, CLOCK)
    devices.report(session, colleague, sent, CLOCK)
    assert session.get_one(Device, sent.id).person_id == colleague.person_id


def test_the_phone_of_somebody_who_left_passes_to_those_it_collected_with_alone(
        session: Session, world: SimpleNamespace) -> None:
    """fault 44"""
    elsewhere = make_project(session, "Another")
    stranger = viewer_of(session, make_person(session, elsewhere, Role.RESEARCHER))
    colleague = viewer_of(session, make_person(session, world.project, Role.RESEARCHER, name="Lou"))
    administrator = viewer_of(session, make_person(session, world.project, Role.ADMINISTRATOR))
    sent = phone()
    devices.report(session, viewer_of(session, world.researcher), sent, CLOCK)
    record_consent(session, world.project, world.researcher, new_id())
    people.remove_role(session, administrator, world.project.id, world.researcher.id, Role.RESEARCHER)
    for _ in range(2):
        for viewer in (stranger, administrator):
            with pytest.raises(NotFound):
                devices.report(session, viewer, sent, CLOCK)
        people.add_role(session, world.researcher.id, elsewhere.id, Role.COMMISSIONER)  # makes no difference
    devices.report(session, colleague, sent, CLOCK)
    assert session.get_one(Device, sent.id).person_id == colleague.person_id


def test_the_phone_of_somebody_who_left_before_anything_came_passes_to_whoever_collects(
        session: Session, world: SimpleNamespace) -> None:
    """fault 44: it would be nobody's for ever, and nobody could shut it out."""
    administrator = viewer_of(session, make_person(session, world.project, Role.ADMINISTRATOR))
    colleague = viewer_of(session, make_person(session, world.project, Role.RESEARCHER, name="Lou"))
    newcomer, sent = viewer_of(session, world.researcher), phone()
    devices.report(session, newcomer, sent, CLOCK)
    people.add_role(session, newcomer.person_id, world.project.id, Role.ANALYST)
    people.remove_role(session, administrator, world.project.id, newcomer.person_id, Role.RESEARCHER)
    with pytest.raises(NotFound):
        devices.report(session, colleague, sent, CLOCK)  # it is listed in the project whose analyst has it
    people.remove_role(session, administrator, world.project.id, newcomer.person_id, Role.ANALYST)
    for viewer in (administrator, world.analyst, viewer_of(session, make_person(session, None))):
        with pytest.raises(NotFound):
            devices.report(session, viewer, sent, CLOCK)
    devices.report(session, colleague, sent, CLOCK)
    assert [found.id for found in devices.list_of_project(session, administrator, world.project.id)] == [sent.id]
    session.commit()
    [entry] = session.scalars(select(AuditEntry).where(AuditEntry.subject_id == sent.id))
    assert (entry.action, entry.person_id, entry.project_id, entry.details) == (
        "passed_on", colleague.person_id, world.project.id, {"had_by": newcomer.person_id})


def test_every_passing_on_is_entered_once(session: Session, world: SimpleNamespace) -> None:
    other = make_person(session, world.project, Role.RESEARCHER, name="Lou")
    sent = phone()
    for person in (world.researcher, other, other):
        devices.report(session, viewer_of(session, person), sent, CLOCK)
    session.commit()
    [entry] = session.scalars(select(AuditEntry).where(AuditEntry.subject_id == sent.id))
    assert (entry.action, entry.kind, entry.person_id, entry.project_id, entry.details) == (
        "passed_on", "device", other.id, world.project.id, {"had_by": world.researcher.id})
