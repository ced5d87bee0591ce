"""Passkeys (WebAuthn level 3): a key pair whose private half never leaves its owner's device.

The library reads and checks what browsers send; that a signature's counter grew is decided here, in the statement that
stores it. A counter that did not grow means that two devices hold the same key: then nobody signs in with it again.
"""

import base64
from dataclasses import dataclass
from datetime import UTC, datetime

import webauthn
from sqlalchemy import delete, func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from webauthn.helpers import parse_authentication_credential_json
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from server.domain.access import Viewer
from server.domain.audit import Action
from server.domain.errors import Invalid, NotFound, SignInFailed
from server.domain.ids import new_id
from server.models.people import Person
from server.models.second_step import Passkey
from server.services import audit, sign_in, sign_in_challenges
from server.services.sign_in_challenges import Purpose

NAME_LETTERS = 80
AT_MOST = 20
ID_LETTERS = 1400
_WRONG = "This passkey did not sign you in. Try again, or use your password."
_NOT_MADE = "The passkey was not made. Try again."


@dataclass(frozen=True)
class Site:
    """Where the passkeys of this installation work: `name` is the host, `origin` the scheme, host and port."""

    name: str
    origin: str


@dataclass(frozen=True)
class OwnPasskey:
    """A passkey as its owner sees it."""

    id: str
    name: str
    created_at: datetime
    last_used_at: datetime | None
    stopped_at: datetime | None


@dataclass(frozen=True)
class Question:
    """What the browser is asked (JSON), and the token with which its answer comes."""

    options: str
    token: str


@dataclass(frozen=True)
class SignedInWith:
    """Whose passkey signed, and whether their device made sure that it was they: by a finger, a face or a PIN."""

    person: Person
    was_verified: bool


class Copied(SignInFailed):
    """The counter of this passkey ran backwards. It is stopped."""

    message = "This passkey was stopped, because it seems to have been copied. Use your password, then make a new one."

    def __init__(self, passkey_id: str) -> None:
        super().__init__()
        self.passkey_id = passkey_id


def ask_to_add(session: Session, viewer: Viewer, site: Site) -> Question:
    """Options for a new passkey of the viewer's, that none of theirs is on already."""
    person = session.get_one(Person, viewer.person_id)
    held = session.scalars(select(Passkey.credential_id).where(Passkey.person_id == person.id))
    options = webauthn.generate_registration_options(
        rp_id=site.name, rp_name="Earshot", user_id=person.id.encode(), user_name=person.email,
        user_display_name=person.name,
        exclude_credentials=[PublicKeyCredentialDescriptor(id=_bytes(credential_id)) for credential_id in held],
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED, user_verification=UserVerificationRequirement.PREFERRED),
    )
    token = sign_in_challenges.ask(session, Purpose.NEW_PASSKEY, person.id, _text(options.challenge))
    return Question(webauthn.options_to_json(options), token)


def add(session: Session, viewer: Viewer, site: Site, token: str, name: str, credential: str) -> None:
    """Keep the public half of a new passkey. Raises Invalid."""
    name = " ".join(name.split())
    if not 1 <= len(name) <= NAME_LETTERS:
        raise Invalid(fields={"passkey_name": f"Write which device it is on, in {NAME_LETTERS} letters or fewer."})
    held = session.execute(select(func.count()).where(Passkey.person_id == viewer.person_id)).scalar_one()
    if held >= AT_MOST:
        raise Invalid(fields={"passkey_name": f"You have {AT_MOST} passkeys. Remove one first."})
    try:
        asked = sign_in_challenges.answer(session, Purpose.NEW_PASSKEY, token)
        if asked.person_id != viewer.person_id:
            raise SignInFailed
        made = webauthn.verify_registration_response(
            credential=credential, expected_challenge=_bytes(asked.challenge), expected_rp_id=site.name,
            expected_origin=site.origin)
        row = Passkey(id=new_id(), person_id=viewer.person_id, credential_id=_text(made.credential_id),
                      public_key=made.credential_public_key, sign_count=made.sign_count, name=name,
                      created_at=datetime.now(UTC))
        if len(row.credential_id) > ID_LETTERS:
            raise ValueError("a credential id may have 1023 bytes")
        with session.begin_nested():
            session.add(row)
    except (SignInFailed, IntegrityError, *_UNREADABLE):
        raise Invalid(fields={"passkey_name": _NOT_MADE}) from None
    audit.note(session, viewer.person_id, Action.MADE, "passkey", row.id, None)


def ask_to_sign_in(session: Session, site: Site) -> Question:
    """Options for whoever has a passkey of this site; which one, their device asks them."""
    options = webauthn.generate_authentication_options(
        rp_id=site.name, user_verification=UserVerificationRequirement.PREFERRED)
    token = sign_in_challenges.ask(session, Purpose.PASSKEY, challenge=_text(options.challenge))
    return Question(webauthn.options_to_json(options), token)


def sign_in_with(session: Session, site: Site, token: str, credential: str) -> SignedInWith:
    """The person whose passkey signed the answer. The front door commits also when it fails: what was asked is used
    up, and a copied passkey is stopped. Raises SignInFailed, and Copied."""
    asked = sign_in_challenges.answer(session, Purpose.PASSKEY, token)
    try:
        sent = parse_authentication_credential_json(credential)
        row = session.scalar(select(Passkey).where(Passkey.credential_id == _text(sent.raw_id)))
        if row is None or row.stopped_at is not None or sent.response.user_handle not in (
                None, row.person_id.encode()):
            sign_in.note_failure(session, row.person_id if row else None, "passkey")
            raise SignInFailed(_WRONG)
        # A counter of 0 is passed, so that nobody can have a passkey stopped without signing with it.
        signed = webauthn.verify_authentication_response(
            credential=sent, expected_challenge=_bytes(asked.challenge), expected_rp_id=site.name,
            expected_origin=site.origin, credential_public_key=row.public_key, credential_current_sign_count=0)
    except _UNREADABLE:
        sign_in.note_failure(session, None, "passkey")
        raise SignInFailed(_WRONG) from None
    _count_on(session, row, signed.new_sign_count)
    return SignedInWith(session.get_one(Person, row.person_id), signed.user_verified)


def list_mine(session: Session, viewer: Viewer) -> list[OwnPasskey]:
    """The viewer's passkeys, newest first, with those that were stopped."""
    rows = session.scalars(select(Passkey).where(Passkey.person_id == viewer.person_id)
                           .order_by(Passkey.created_at.desc(), Passkey.id.desc()))
    return [OwnPasskey(row.id, row.name, row.created_at, row.last_used_at, row.stopped_at) for row in rows]


def remove(session: Session, viewer: Viewer, passkey_id: str) -> None:
    """Forget a passkey of the viewer's. Raises NotFound."""
    removed = session.execute(delete(Passkey).where(
        Passkey.id == passkey_id, Passkey.person_id == viewer.person_id).returning(Passkey.id)).scalar_one_or_none()
    if removed is None:
        raise NotFound
    audit.note(session, viewer.person_id, Action.REMOVED, "passkey", removed, None)


def end_all(session: Session, person_id: str) -> None:
    """Nobody signs in as this person with a passkey made so far."""
    session.execute(delete(Passkey).where(Passkey.person_id == person_id))


def _count_on(session: Session, row: Passkey, counter: int) -> None:
    """Keep a counter that grew, or is always 0 as on many devices. Any other stops the passkey. Raises Copied."""
    now = datetime.now(UTC)
    in_order = Passkey.sign_count < counter if counter else Passkey.sign_count == 0
    grew = session.execute(
        update(Passkey).where(Passkey.id == row.id, Passkey.stopped_at.is_(None), in_order)
        .values(sign_count=counter, last_used_at=now).returning(Passkey.id)).scalar_one_or_none()
    if grew is None:
        session.execute(update(Passkey).where(Passkey.id == row.id, Passkey.stopped_at.is_(None))
                        .values(stopped_at=now))
        audit.note(session, row.person_id, Action.CHANGED, "passkey", row.id, None, stopped=True)
        raise Copied(row.id)


# What the library raises for what is not a credential: its own refusals, and those of what it is made of.
_UNREADABLE = (WebAuthnException, ValueError, TypeError, KeyError, AttributeError, IndexError, OverflowError)


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _bytes(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
