"""GET /session: who is signed in on this phone, and the token that unsafe requests carry beside a cookie."""

from datetime import UTC, datetime

from flask import Blueprint, g, jsonify
from flask.typing import ResponseReturnValue

from server.auth import signed_in, viewer

blueprint = Blueprint("api_session", __name__, url_prefix="/api/v1/session")


@blueprint.get("")
@signed_in
def get() -> ResponseReturnValue:
    person = viewer()
    return jsonify({
        "person": {"id": person.person_id, "name": person.name},
        "csrf_token": g.csrf_token,
        "server_time": datetime.now(UTC).isoformat(),
    })
