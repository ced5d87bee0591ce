"""PUT /devices/{id}: a phone says what it holds that was not sent. POST /devices/{id}/unlock: its PIN was forgotten."""

import base64
from dataclasses import asdict

from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue

from server.api.answers import phone_clock
from server.api.bodies import read_json
from server.auth import signed_in, viewer
from server.db import db
from server.domain.errors import SealBroken, SignInFailed
from server.domain.sent import read_device
from server.domain.sent_unlock import read_unlock
from server.services import devices, passwords, people, sign_in, unlocking
from server.services.sign_in import Try

blueprint = Blueprint("api_devices", __name__, url_prefix="/api/v1/devices")


@blueprint.put("/<id:device_id>")
@signed_in
def put(device_id: str) -> ResponseReturnValue:
    _, content = read_json()
    kept = devices.report(db.session(), viewer(), read_device(content, device_id), phone_clock())
    oldest = kept.oldest_unsent_at.isoformat() if kept.oldest_unsent_at else None
    return jsonify(asdict(kept) | {"oldest_unsent_at": oldest, "last_seen_at": kept.last_seen_at.isoformat()})


@blueprint.post("/<id:device_id>/unlock")
@signed_in
def unlock(device_id: str) -> ResponseReturnValue:
    devices.require_own(db.session(), viewer(), device_id)
    _, content = read_json()
    sent = read_unlock(content)
    secret = _opened(device_id, _tried(sent.password), sent.sealed)
    return jsonify({"secret": base64.b64encode(secret).decode()})


def _opened(device_id: str, tried: Try, sealed: bytes) -> bytes:
    """As `unlocking.open_phone`. A broken seal is entered, and its try stays counted like that of a wrong password."""
    session = db.session()
    try:
        return unlocking.open_phone(session, viewer(), device_id, tried, sealed)
    except SealBroken:
        session.rollback()
        unlocking.note_broken_seal(session, viewer(), device_id)
        session.commit()
        raise


def _tried(password: str) -> Try:
    """A try at the caller's password that was right. Nothing holds the database while it is hashed.

    Raises SignInFailed, TooManyAttempts.
    """
    session = db.session()
    session.commit()
    with passwords.turn():
        tried = people.begin_password_try(session, viewer())
        session.commit()
        is_right = passwords.is_right(tried.password_hash, password)
    if not is_right:
        sign_in.note_failure(session, tried.person_id, "phone")
        session.commit()
        raise SignInFailed("The password is not right. Check it and try again.")
    return tried
