"""GET /session: who is signed in on this phone, the token that unsafe requests carry beside a cookie, and the key to
which the phone seals what only the server shall open."""

import base64
import logging
from datetime import UTC, datetime

from flask import Blueprint, g, jsonify
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from server.auth import signed_in, viewer
from server.db import db, open_to_write
from server.services import rescue_keys
from server.services.rescue_keys import PublicKey

log = logging.getLogger(__name__)
blueprint = Blueprint("api_session", __name__, url_prefix="/api/v1/session")


@blueprint.get("")
@signed_in
def get() -> ResponseReturnValue:
    person = viewer()
    return jsonify({
        "person": {"id": person.person_id, "name": person.name},
        "csrf_token": g.csrf_token,
        "server_time": datetime.now(UTC).isoformat(),
        "rescue_key": _rescue_key(),
    })


def _rescue_key() -> dict[str, str] | None:
    """None while it could not be made: then a phone asks another time."""
    found = rescue_keys.find_public(db.session()) or _make()
    return {"id": found.id, "public_key": base64.b64encode(found.point).decode()} if found else None


def _make() -> PublicKey | None:
    """Made by the first request that asks for it, in a transaction of its own, since this one only reads."""
    db.session.rollback()
    try:
        with open_to_write() as connection, Session(connection) as session:
            rescue_keys.make(session)
            made = rescue_keys.find_public(session)
            session.commit()
    except OperationalError as error:
        log.error("ALARM: the rescue key could not be made: %s", type(error.orig).__name__)
        return None
    return made
