"""Who gets a phone's key back once the password was right, on both databases."""

from types import SimpleNamespace

import pytest
from sqlalchemy.orm import Session

from server.domain.access import Role
from server.domain.errors import DeviceRevoked, NotFound, SealBroken, SignInFailed
from server.models.rescue_key import RescueKey
from server.services import passwords, people, rescue_keys, revocations, unlocking
from tests.makers import make_person, viewer_of
from tests.services.test_revocations import report
from tests.services.together import together


def test_the_phone_is_looked_at_again_after_the_password(session: Session, world: SimpleNamespace) -> None:
    """fault 32: hashing takes long, and the phone may be shut out meanwhile."""
    viewer = viewer_of(session, world.researcher)
    administrator = viewer_of(session, make_person(session, world.project, Role.ADMINISTRATOR))
    other = viewer_of(session, make_person(session, world.project, Role.RESEARCHER))
    device_id, tried = report(session, viewer), people.begin_password_try(session, viewer)
    with pytest.raises(NotFound):
        unlocking.open_phone(session, other, device_id, tried, b"")
    with pytest.raises(SealBroken):
        unlocking.open_phone(session, viewer, device_id, tried, b"")
    revocations.revoke(session, administrator, world.project.id, device_id)
    with pytest.raises(DeviceRevoked):
        unlocking.open_phone(session, viewer, device_id, tried, b"")


def test_a_password_that_was_changed_meanwhile_opens_nothing(session: Session, world: SimpleNamespace) -> None:
    viewer = viewer_of(session, world.researcher)
    device_id, tried = report(session, viewer), people.begin_password_try(session, viewer)
    world.researcher.password_hash = passwords.hashed("another four words here")
    session.flush()
    with pytest.raises(SignInFailed):
        unlocking.open_phone(session, viewer, device_id, tried, b"")


def test_however_many_ask_for_the_first_key_there_is_one(app, session: Session) -> None:
    def ask(own: Session) -> object:
        rescue_keys.make(own)
        return rescue_keys.find_public(own)

    assert rescue_keys.find_public(session) is None
    assert len(set(together(app, [ask] * 8))) == 1
    assert session.query(RescueKey).count() == 1
    assert rescue_keys.find_private(session, "no such key") is None
