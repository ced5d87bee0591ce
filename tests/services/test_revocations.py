"""Shutting phones out, on both databases."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from server.domain.access import Role, Viewer
from server.domain.errors import DeviceRevoked, NotFound
from server.domain.hashes import sha256_of
from server.domain.ids import new_id
from server.domain.sync import PhoneClock
from server.models.audit import AuditEntry
from server.models.device import Device, DeviceUse
from server.models.people import AccessKey, SignedIn
from server.services import access_keys, devices, operations, people, revocations, sign_in
from tests.makers import make_person, make_project, record_consent, viewer_of
from tests.services.test_devices import phone
from tests.services.together import together

NOW = datetime.now(UTC)


@pytest.fixture
def administrator(session: Session, world: SimpleNamespace) -> Viewer:
    return viewer_of(session, make_person(session, world.project, Role.ADMINISTRATOR, name="Ada"))


def report(session: Session, viewer: Viewer, **changes: object) -> str:
    """A phone that says what it holds; its id."""
    sent = phone(**changes)
    devices.report(session, viewer, sent, PhoneClock())
    session.flush()
    return sent.id


def test_an_administrator_sees_the_phones_of_their_projects_people_the_longest_silent_first(
        session: Session, world: SimpleNamespace, administrator: Viewer) -> None:
    """fault 12"""
    viewer = viewer_of(session, world.researcher)
    fresh, silent = report(session, viewer, label="fresh"), report(session, viewer, label="silent")
    sent = report(session, viewer, label="all sent", unsent=0)
    for device_id, days in ((silent, 8), (sent, 9)):
        session.get_one(Device, device_id).last_seen_at = NOW - timedelta(days=days)
    report(session, viewer_of(session, make_person(session, make_project(session, "Another"), Role.RESEARCHER)))
    found = devices.list_of_project(session, administrator, world.project.id)
    assert [(phone.id, phone.is_silent(NOW)) for phone in found] == [(sent, False), (silent, True), (fresh, False)]
    assert {phone.person_name for phone in found} == {"Sam Okoro"}


def test_the_phone_of_somebody_who_collected_and_left_everything_is_still_there(
        session: Session, world: SimpleNamespace, administrator: Viewer) -> None:
    """fault 12: what it holds is nowhere else."""
    device_id = report(session, viewer_of(session, world.researcher))
    record_consent(session, world.project, world.researcher, new_id())
    people.remove_role(session, administrator, world.project.id, world.researcher.id, Role.RESEARCHER)
    assert devices.get_of_project(session, administrator, world.project.id, device_id).reported.unsent == 2
    other = make_project(session, "Another")
    people.add_role(session, world.researcher.id, other.id, Role.RESEARCHER)
    assert devices.list_of_project(session, administrator, world.project.id) == []


def test_nobody_but_an_administrator_of_its_person_sees_it_or_shuts_it_out(
        session: Session, world: SimpleNamespace, administrator: Viewer) -> None:
    """fault 44"""
    researcher = viewer_of(session, world.researcher)
    device_id = report(session, researcher)
    other = make_project(session, "Another")
    stranger = viewer_of(session, make_person(session, other, Role.ADMINISTRATOR))
    for viewer, project in ((researcher, world.project), (world.commissioner, world.project), (stranger, other),
                            (stranger, world.project), (administrator, other)):
        for act in (revocations.revoke, revocations.allow, devices.get_of_project):
            with pytest.raises(NotFound):
                act(session, viewer, project.id, device_id)
    with pytest.raises(NotFound):
        devices.list_of_project(session, researcher, world.project.id)


def test_shutting_out_ends_what_was_used_on_it_says_who_did_it_and_is_entered_once(
        session: Session, world: SimpleNamespace, administrator: Viewer) -> None:
    """fault 32"""
    researcher = viewer_of(session, world.researcher)
    device_id, other_id = report(session, researcher), report(session, researcher)
    used, unused = (sign_in.start(session, world.researcher) for _ in range(2))
    revocations.note_use(session, researcher, device_id, used)
    revocations.note_use(session, researcher, other_id, unused)
    for _ in range(2):
        revocations.revoke(session, administrator, world.project.id, device_id)
    assert (sign_in.who_is(session, used), sign_in.who_is(session, unused) is None) == (None, False)
    found = devices.get_of_project(session, administrator, world.project.id, device_id)
    assert (found.revoked_by, found.reported.unsent) == ("Ada", 2)
    session.commit()
    entries = session.scalars(select(AuditEntry).where(AuditEntry.subject_id == device_id)).all()
    assert [(entry.action, entry.person_id, entry.details) for entry in entries] == [
        ("revoked", administrator.person_id, {"sessions": 1, "keys": 0})]


def test_it_can_be_let_in_again(session: Session, world: SimpleNamespace, administrator: Viewer) -> None:
    device_id = report(session, viewer_of(session, world.researcher))
    revocations.revoke(session, administrator, world.project.id, device_id)
    session.commit()
    assert revocations.is_revoked(session, device_id)
    for _ in range(2):
        revocations.allow(session, administrator, world.project.id, device_id)
    assert not revocations.is_revoked(session, device_id)
    report_again = phone(id=device_id, unsent=0)
    assert devices.report(session, viewer_of(session, world.researcher), report_again, PhoneClock()).unsent == 0
    session.commit()
    assert session.scalars(select(AuditEntry.action).where(AuditEntry.subject_id == device_id)).all() == [
        "revoked", "allowed"]


def test_only_the_project_that_shut_it_out_lets_it_in_again(session: Session, world: SimpleNamespace,
                                                            administrator: Viewer) -> None:
    """fault 32: another project of its person's, whatever they do there, knows nothing of why."""
    other = make_project(session, "Another")
    elsewhere = viewer_of(session, make_person(session, other, Role.ADMINISTRATOR))
    people.add_role(session, world.researcher.id, other.id, Role.RESEARCHER)
    device_id = report(session, viewer_of(session, world.researcher))
    revocations.revoke(session, administrator, world.project.id, device_id)
    session.commit()
    revocations.revoke(session, elsewhere, other.id, device_id)
    session.commit()
    assert devices.get_of_project(session, elsewhere, other.id, device_id).revoked_in == world.project.id
    with pytest.raises(NotFound):
        revocations.allow(session, elsewhere, other.id, device_id)
    assert revocations.is_revoked(session, device_id)
    # Its person leaves: it can be let in by whoever shut it out all the same.
    people.remove_role(session, administrator, world.project.id, world.researcher.id, Role.RESEARCHER)
    revocations.allow(session, administrator, world.project.id, device_id)
    assert not revocations.is_revoked(session, device_id)
    with pytest.raises(NotFound):
        devices.get_of_project(session, administrator, world.project.id, device_id)


def test_what_it_says_of_itself_is_refused_and_what_it_said_before_stays(
        session: Session, world: SimpleNamespace, administrator: Viewer) -> None:
    """fault 32"""
    viewer = viewer_of(session, world.researcher)
    device_id = report(session, viewer)
    revocations.revoke(session, administrator, world.project.id, device_id)
    for act in (lambda: devices.report(session, viewer, phone(id=device_id, unsent=0), PhoneClock()),
                lambda: revocations.note_use(session, viewer, device_id, "token"),
                lambda: devices.require_own(session, viewer, device_id)):
        with pytest.raises(DeviceRevoked):
            act()
    session.expire_all()
    operator = Viewer(new_id(), "Olu", is_operator=True)
    [listed] = operations.get_overview(session, operator, NOW, []).phones
    assert (listed.id, listed.reported.unsent, listed.revoked_at is not None) == (device_id, 2, True)


def test_a_session_that_begins_to_use_it_while_it_is_shut_out_does_not_outlive_it(
        app: Flask, session: Session, world: SimpleNamespace, administrator: Viewer) -> None:
    """fault 32: whichever of the two is first, no session is left that was used on it and may go on."""
    viewer = viewer_of(session, world.researcher)
    device_id, project_id = report(session, viewer), world.project.id
    token = sign_in.start(session, world.researcher)

    def use(own: Session) -> str:
        try:
            revocations.note_use(own, viewer, device_id, token)
        except DeviceRevoked:
            revocations.end_use(own, token)
            return "too late"
        return "noted"

    together(app, [use, lambda own: revocations.revoke(own, administrator, project_id, device_id)])
    session.expire_all()
    assert session.query(SignedIn).count() == 0


def test_what_was_used_is_forgotten_once_it_is_over(session: Session, world: SimpleNamespace) -> None:
    viewer = viewer_of(session, world.researcher)
    token, other = (sign_in.start(session, world.researcher) for _ in range(2))
    revocations.note_use(session, viewer, new_id(), token)
    sign_in.end(session, token)
    revocations.note_use(session, viewer, new_id(), other)
    assert session.query(DeviceUse).count() == 1


def test_a_session_on_ever_more_phones_is_remembered_on_some_and_ends_with_any_of_its_persons(
        session: Session, world: SimpleNamespace, administrator: Viewer) -> None:
    """fault 32: nothing that is remembered is forgotten for it, and nothing grows without end."""
    viewer = viewer_of(session, world.researcher)
    many, one, other = (sign_in.start(session, world.researcher) for _ in range(3))
    kept, lost = report(session, viewer), report(session, viewer)
    for device_id in (kept, *(new_id() for _ in range(2 * revocations.MOST_PHONES)), lost):
        revocations.note_use(session, viewer, device_id, many)
        assert revocations.is_noted(session, viewer, device_id, many)
    revocations.note_use(session, viewer, lost, one)
    revocations.note_use(session, viewer, kept, other)
    assert session.query(DeviceUse).count() == revocations.MOST_PHONES + 2
    assert session.get(DeviceUse, (kept, sha256_of(many))) is not None
    revocations.revoke(session, administrator, world.project.id, lost)
    assert {row.token_hash for row in session.query(SignedIn)} == {sha256_of(other)}


def test_what_ran_out_is_forgotten_too(session: Session, world: SimpleNamespace) -> None:
    viewer = viewer_of(session, world.researcher)
    over, lasting = (sign_in.start(session, world.researcher) for _ in range(2))
    key, key_token = access_keys.make(session, viewer, "Wall screen")
    for token in (over, key_token, lasting):
        revocations.note_use(session, viewer, new_id(), token)
    assert session.query(DeviceUse).count() == 3
    session.get_one(SignedIn, sha256_of(over)).expires_at = NOW - timedelta(seconds=1)
    session.get_one(AccessKey, key.id).expires_at = NOW - timedelta(seconds=1)
    session.flush()
    revocations.note_use(session, viewer, new_id(), lasting)
    assert {row.token_hash for row in session.query(DeviceUse)} == {sha256_of(lasting)}


def test_a_phone_in_use_is_heard_of_once_an_hour(session: Session, world: SimpleNamespace) -> None:
    viewer = viewer_of(session, world.researcher)
    device_id, token = report(session, viewer), sign_in.start(session, world.researcher)
    revocations.note_use(session, viewer, device_id, token)
    assert revocations.is_noted(session, viewer, device_id, token)
    session.get_one(Device, device_id).last_seen_at = NOW - timedelta(hours=2)
    session.flush()
    assert not revocations.is_noted(session, viewer, device_id, token)
    revocations.note_use(session, viewer, device_id, token)
    assert session.get_one(Device, device_id).last_seen_at >= NOW
