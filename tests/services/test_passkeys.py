"""Passkeys, on both databases, with a device written from the standard."""

import json
from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from server.domain.access import Viewer
from server.domain.errors import Invalid, NotFound, SignInFailed
from server.models.second_step import Passkey
from server.services import operators, passkeys, people
from server.services.passkeys import Copied, Site
from tests.authenticator import Authenticator
from tests.makers import make_person, viewer_of
from tests.services.together import together
from tests.signing_in import changes_password

SITE = Site("stories.example.org", "https://stories.example.org:8443")


@pytest.fixture
def viewer(session: Session) -> Viewer:
    return viewer_of(session, make_person(session))


@pytest.fixture
def device(session: Session, viewer: Viewer) -> Authenticator:
    """A device with a passkey of the viewer's, whose counter is 1."""
    device = Authenticator(SITE.origin, SITE.name, counter=1)
    _add(session, viewer, device)
    return device


def _add(session: Session, viewer: Viewer, device: Authenticator, name: str = "Laptop") -> None:
    asked = passkeys.ask_to_add(session, viewer, SITE)
    passkeys.add(session, viewer, SITE, asked.token, name, device.make(asked.options))


def _sign_in(session: Session, device: Authenticator) -> passkeys.SignedInWith:
    asked = passkeys.ask_to_sign_in(session, SITE)
    return passkeys.sign_in_with(session, SITE, asked.token, device.sign(asked.options))


def test_a_passkey_signs_its_owner_in_and_its_counter_is_kept(session: Session, viewer: Viewer,
                                                              device: Authenticator) -> None:
    device.counter = 5
    found = _sign_in(session, device)
    assert found.person.id == viewer.person_id
    assert found.was_verified
    session.expire_all()
    row = session.query(Passkey).one()
    assert row.sign_count == 5
    assert row.last_used_at is not None


def test_a_device_that_was_only_touched_says_so(session: Session, device: Authenticator) -> None:
    device.counter, device.verifies = 5, False
    assert not _sign_in(session, device).was_verified


def test_a_device_that_never_counts_is_let_in_again_and_again(session: Session, viewer: Viewer) -> None:
    device = Authenticator(SITE.origin, SITE.name, counter=0)
    _add(session, viewer, device)
    for _ in range(3):
        assert _sign_in(session, device).person.id == viewer.person_id


@pytest.mark.parametrize("counter", [0, 3, 5])
def test_a_counter_that_does_not_grow_stops_the_passkey(session: Session, viewer: Viewer, device: Authenticator,
                                                        counter: int) -> None:
    """fault 46"""
    device.counter = 5
    _sign_in(session, device)
    device.counter = counter
    with pytest.raises(Copied):
        _sign_in(session, device)
    session.expire_all()
    assert passkeys.list_mine(session, viewer)[0].stopped_at is not None
    device.counter = 100
    with pytest.raises(SignInFailed) as refusal:
        _sign_in(session, device)
    assert not isinstance(refusal.value, Copied)


def test_nobody_has_a_passkey_stopped_without_signing_with_it(session: Session, viewer: Viewer,
                                                              device: Authenticator) -> None:
    """fault 46"""
    device.counter = 5
    _sign_in(session, device)
    forger = Authenticator(SITE.origin, SITE.name, counter=0, credential_id=device.credential_id)
    with pytest.raises(SignInFailed):
        _sign_in(session, forger)
    assert passkeys.list_mine(session, viewer)[0].stopped_at is None


def test_of_two_signatures_with_one_counter_one_is_let_in(app: Flask, session: Session, viewer: Viewer,
                                                          device: Authenticator) -> None:
    """fault 46"""
    device.counter = 9
    questions = [passkeys.ask_to_sign_in(session, SITE) for _ in range(2)]

    def entering(question: passkeys.Question):
        def act(session: Session) -> bool:
            try:
                passkeys.sign_in_with(session, SITE, question.token, device.sign(question.options))
            except Copied:
                return False
            return True
        return act

    assert sorted(together(app, [entering(question) for question in questions])) == [False, True]


def test_an_answer_counts_once(session: Session, device: Authenticator) -> None:
    """fault 46"""
    device.counter = 2
    asked = passkeys.ask_to_sign_in(session, SITE)
    answer = device.sign(asked.options)
    passkeys.sign_in_with(session, SITE, asked.token, answer)
    with pytest.raises(SignInFailed):
        passkeys.sign_in_with(session, SITE, asked.token, answer)


@pytest.mark.parametrize("wrong", [
    {"origin": "https://elsewhere.example"}, {"origin": "http://stories.example.org:8443"},
    {"site": "elsewhere.example"}, {"user_handle": "bm9ib2R5"}, {"credential_id": b"x" * 32},
])
def test_a_signature_for_another_place_or_person_is_refused(session: Session, viewer: Viewer, device: Authenticator,
                                                            wrong: dict) -> None:
    """fault 46"""
    with pytest.raises(SignInFailed):
        _sign_in(session, replace(device, counter=50, **wrong))
    assert passkeys.list_mine(session, viewer)[0].stopped_at is None


def test_the_answer_to_another_question_is_refused(session: Session, device: Authenticator) -> None:
    device.counter = 2
    first, second = (passkeys.ask_to_sign_in(session, SITE) for _ in range(2))
    with pytest.raises(SignInFailed):
        passkeys.sign_in_with(session, SITE, first.token, device.sign(second.options))


NO_CREDENTIALS = ("", "{", "[]", "null", "1", '"x"', "{}", '{"id":"a","rawId":"a","type":"x"}',
                  '{"id":"é","rawId":"é","type":"public-key","response":{}}', "\ud800")
NO_PARTS = ("", "AAAA", "e30", "bnVsbA", "oA", "o2NmbXRkbm9uZQ", "9g", "%", None, 7, [], {})


def test_what_is_no_credential_is_refused(session: Session, viewer: Viewer) -> None:
    for broken in NO_CREDENTIALS:
        asked = passkeys.ask_to_sign_in(session, SITE)
        with pytest.raises(SignInFailed):
            passkeys.sign_in_with(session, SITE, asked.token, broken)
        asked = passkeys.ask_to_add(session, viewer, SITE)
        with pytest.raises(Invalid):
            passkeys.add(session, viewer, SITE, asked.token, "Laptop", broken)


@pytest.mark.parametrize("key", ["clientDataJSON", "authenticatorData", "signature"])
def test_a_part_that_is_damaged_is_refused(session: Session, device: Authenticator, key: str) -> None:
    device.counter = 2
    for value in NO_PARTS:
        asked = passkeys.ask_to_sign_in(session, SITE)
        answer = json.loads(device.sign(asked.options))
        answer["response"][key] = value
        with pytest.raises(SignInFailed):
            passkeys.sign_in_with(session, SITE, asked.token, json.dumps(answer))


def test_a_new_passkey_that_is_damaged_is_not_kept(session: Session, viewer: Viewer) -> None:
    for value in NO_PARTS:
        asked = passkeys.ask_to_add(session, viewer, SITE)
        answer = json.loads(Authenticator(SITE.origin, SITE.name).make(asked.options))
        answer["response"]["attestationObject"] = value
        with pytest.raises(Invalid):
            passkeys.add(session, viewer, SITE, asked.token, "Laptop", json.dumps(answer))
    assert passkeys.list_mine(session, viewer) == []


def test_the_question_to_one_person_adds_no_passkey_to_another(session: Session, viewer: Viewer) -> None:
    """fault 44"""
    other = viewer_of(session, make_person(session))
    asked = passkeys.ask_to_add(session, other, SITE)
    device = Authenticator(SITE.origin, SITE.name)
    with pytest.raises(Invalid):
        passkeys.add(session, viewer, SITE, asked.token, "Laptop", device.make(asked.options))


def test_one_passkey_belongs_to_one_person(session: Session, device: Authenticator) -> None:
    with pytest.raises(Invalid):
        _add(session, viewer_of(session, make_person(session)), device)


def test_a_passkey_has_a_name(session: Session, viewer: Viewer) -> None:
    for name in (" ", "n" * 81):
        with pytest.raises(Invalid):
            _add(session, viewer, Authenticator(SITE.origin, SITE.name), name)


def test_the_devices_one_has_are_not_asked_again(session: Session, viewer: Viewer, device: Authenticator) -> None:
    excluded = json.loads(passkeys.ask_to_add(session, viewer, SITE).options)["excludeCredentials"]
    assert [credential["id"] for credential in excluded] == [session.query(Passkey).one().credential_id]


def test_a_removed_passkey_signs_nobody_in_and_only_its_owner_removes_it(session: Session, viewer: Viewer,
                                                                         device: Authenticator) -> None:
    own = passkeys.list_mine(session, viewer)[0]
    with pytest.raises(NotFound):
        passkeys.remove(session, viewer_of(session, make_person(session)), own.id)
    passkeys.remove(session, viewer, own.id)
    device.counter = 7
    with pytest.raises(SignInFailed):
        _sign_in(session, device)


def test_a_password_taken_away_by_an_operator_ends_every_passkey(session: Session, viewer: Viewer,
                                                                 device: Authenticator) -> None:
    operators.reset_password(session, people.get_account(session, viewer).email)
    assert passkeys.list_mine(session, viewer) == []


def test_changing_the_password_ends_every_passkey_of_that_person_alone(session: Session) -> None:
    """fault 46: somebody who was in for a moment may have added one."""
    person, other = make_person(session, password="four words in a row"), make_person(session)
    mine, theirs = (Authenticator(SITE.origin, SITE.name) for _ in range(2))
    _add(session, viewer_of(session, person), mine)
    _add(session, viewer_of(session, other), theirs)
    changes_password(session, viewer_of(session, person), "four words in a row", "another four words", keep="")
    with pytest.raises(SignInFailed):
        _sign_in(session, mine)
    assert _sign_in(session, theirs).person.id == other.id
