"""PUT /devices/{id}: a phone says what it holds that was not sent."""

from dataclasses import asdict

from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue

from server.api.answers import phone_clock
from server.api.bodies import read_json
from server.auth import signed_in, viewer
from server.db import db
from server.domain.sent import read_device
from server.services import devices

blueprint = Blueprint("api_devices", __name__, url_prefix="/api/v1/devices")


@blueprint.put("/<id:device_id>")
@signed_in
def put(device_id: str) -> ResponseReturnValue:
    _, content = read_json()
    kept = devices.report(db.session(), viewer(), read_device(content, device_id), phone_clock())
    oldest = kept.oldest_unsent_at.isoformat() if kept.oldest_unsent_at else None
    return jsonify(asdict(kept) | {"oldest_unsent_at": oldest, "last_seen_at": kept.last_seen_at.isoformat()})
