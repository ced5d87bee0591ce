"""A phone whose PIN was forgotten gets its own key back for the password of its account (fault 33)."""

import base64
import os
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from server.domain.access import Role
from server.domain.ids import new_id
from server.models.audit import AuditEntry
from server.models.rescue_key import RescueKey
from server.services import passwords, people, revocations
from tests.api.conftest import Place
from tests.api.phone import Phone
from tests.makers import make_person, viewer_of
from tests.signing_in import PASSWORD

SECRET = b"the phone's own key, 32 bytes....."
REPORT = {"label": "Ward phone", "app_version": "0.3.0", "unsent": 0, "unsent_bytes": 0, "oldest_unsent_at": None}


def sealed_to(public_key: str, whose: str, secret: bytes = SECRET, info: str = "earshot key 1") -> str:
    """What a phone keeps: done here by hand, as the description says."""
    theirs = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), base64.b64decode(public_key))
    mine, iv = ec.generate_private_key(ec.SECP256R1()), os.urandom(12)
    key = HKDF(SHA256(), 32, salt=b"", info=f"{info} {whose}".encode()).derive(mine.exchange(ec.ECDH(), theirs))
    point = mine.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return base64.b64encode(point + iv + AESGCM(key).encrypt(iv, secret, None)).decode()


@pytest.fixture
def rescue_key(phone: Phone) -> dict[str, str]:
    return phone.browser.get("/api/v1/session").json["rescue_key"]


@pytest.fixture
def device_id(phone: Phone, place: Place, session: Session) -> str:
    place.researcher.password_hash = passwords.hashed(PASSWORD)
    session.commit()
    found = new_id()
    assert phone.put("devices", REPORT | {"id": found}).status_code == 200
    return found


@pytest.fixture
def whose(device_id: str, place: Place) -> str:
    return f"{device_id} {place.researcher.id}"


def unlock(phone: Phone, device_id: str, sealed: Any, password: Any = PASSWORD) -> TestResponse:
    return phone.browser.post(f"/api/v1/devices/{device_id}/unlock", json={"sealed": sealed, "password": password},
                              headers={"Device-Id": device_id})


def test_there_is_one_key_for_all_and_it_is_made_once(phone: Phone, other_phone: Phone, session: Session,
                                                      rescue_key: dict[str, str]) -> None:
    assert other_phone.browser.get("/api/v1/session").json["rescue_key"] == rescue_key
    point = base64.b64decode(rescue_key["public_key"])
    assert (len(point), point[0]) == (65, 4)
    assert session.query(RescueKey).one().id == rescue_key["id"]


def test_the_right_password_gives_the_phone_its_key_and_that_is_entered(
        phone: Phone, place: Place, session: Session, device_id: str, whose: str, rescue_key: dict[str, str]) -> None:
    answer = unlock(phone, device_id, sealed_to(rescue_key["public_key"], whose))
    assert (answer.status_code, base64.b64decode(answer.json["secret"])) == (200, SECRET)
    assert answer.headers["Cache-Control"] == "no-store"
    [entry] = session.scalars(select(AuditEntry).where(AuditEntry.action == "unlocked"))
    assert (entry.person_id, entry.subject_id, entry.details) == (place.researcher.id, device_id, {})


def test_a_wrong_password_opens_nothing_and_many_are_stopped(phone: Phone, session: Session, device_id: str, whose: str,
                                                             rescue_key: dict[str, str]) -> None:
    """fault 46"""
    sealed = sealed_to(rescue_key["public_key"], whose)
    answers = [unlock(phone, device_id, sealed, "wrong") for _ in range(people.PASSWORD_TRIES + 1)]
    assert [answer.status_code for answer in answers] == [422] * people.PASSWORD_TRIES + [429]
    assert {answer.json["code"] for answer in answers} == {"sign_in_failed", "too_many_attempts"}
    assert unlock(phone, device_id, sealed).status_code == 429, "the right one has to wait, too"
    failures = session.scalars(select(AuditEntry).where(AuditEntry.action == "sign_in_failed")).all()
    assert [entry.details for entry in failures] == [{"by": "phone"}] * people.PASSWORD_TRIES


def test_somebody_without_a_password_opens_nothing(phone: Phone, place: Place, session: Session, device_id: str,
                                                   whose: str, rescue_key: dict[str, str]) -> None:
    place.researcher.password_hash = None
    session.commit()
    answer = unlock(phone, device_id, sealed_to(rescue_key["public_key"], whose), "")
    assert (answer.status_code, answer.json["code"]) == (422, "sign_in_failed")


@pytest.mark.parametrize("spoil", [
    lambda key, whose: base64.b64encode(b"short").decode(),
    lambda key, whose: base64.b64encode(bytes(200)).decode(),
    lambda key, whose: sealed_to(key, whose, info="earshot item 1"),
    lambda key, whose: sealed_to(key, f"{new_id()} {whose.split()[1]}"),
    lambda key, whose: sealed_to(key, f"{whose.split()[0]} {new_id()}"),
    lambda key, whose: sealed_to(base64.b64encode(ec.generate_private_key(ec.SECP256R1()).public_key().public_bytes(
        Encoding.X962, PublicFormat.UncompressedPoint)).decode(), whose),
    lambda key, whose: (sealed := bytearray(base64.b64decode(sealed_to(key, whose))),
                        sealed.__setitem__(-1, sealed[-1] ^ 1), base64.b64encode(bytes(sealed)).decode())[-1],
], ids=["short", "no point", "for another purpose", "on another phone", "for somebody else", "for another server",
        "one bit wrong"])
def test_what_was_not_sealed_for_us_is_refused(phone: Phone, device_id: str, whose: str, rescue_key: dict[str, str],
                                               spoil: Any) -> None:
    answer = unlock(phone, device_id, spoil(rescue_key["public_key"], whose))
    assert (answer.status_code, answer.json["code"]) == (422, "seal_broken")


def test_a_broken_seal_with_the_right_password_is_entered_and_many_are_stopped(
        phone: Phone, place: Place, session: Session, device_id: str, whose: str, rescue_key: dict[str, str]) -> None:
    """fault 46"""
    broken = sealed_to(rescue_key["public_key"], f"{new_id()} {place.researcher.id}")
    failed, answers = select(AuditEntry).where(AuditEntry.action == "unlock_failed"), []
    for number in range(1, people.PASSWORD_TRIES + 1):
        answers.append(unlock(phone, device_id, broken).json["code"])
        assert len(session.scalars(failed).all()) == number
    assert {*answers} == {"seal_broken"}
    assert unlock(phone, device_id, broken).json["code"] == "too_many_attempts"
    entries = session.scalars(failed).all()
    assert [(entry.person_id, entry.kind, entry.subject_id, entry.details) for entry in entries] == [
        (place.researcher.id, "device", device_id, {})] * people.PASSWORD_TRIES
    assert session.scalars(select(AuditEntry).where(AuditEntry.action == "unlocked")).all() == []


@pytest.mark.parametrize(("sealed", "password", "field"), [
    ("not base64!", PASSWORD, "sealed"), (5, PASSWORD, "sealed"), ("A" * 5000, PASSWORD, "sealed"),
    ("AAAA", None, "password"), ("AAAA", "x" * 1001, "password")])
def test_an_unclear_question_is_refused_and_says_where(phone: Phone, device_id: str, sealed: Any, password: Any,
                                                       field: str) -> None:
    answer = unlock(phone, device_id, sealed, password)
    assert (answer.status_code, list(answer.json["fields"])) == (422, [field])


def test_a_phone_that_was_shut_out_or_is_somebody_elses_gets_nothing(
        phone: Phone, other_phone: Phone, place: Place, session: Session, device_id: str, whose: str,
        rescue_key: dict[str, str]) -> None:
    """fault 32, fault 44"""
    sealed = sealed_to(rescue_key["public_key"], whose)
    assert unlock(other_phone, device_id, sealed).status_code == 404
    administrator = viewer_of(session, make_person(session, place.project, Role.ADMINISTRATOR))
    revocations.revoke(session, administrator, place.project_id, device_id)
    session.commit()
    answer = unlock(phone, device_id, sealed)
    assert (answer.status_code, answer.json["code"]) == (403, "device_revoked")
