"""PUT /recordings/{id}: a phone says what a recording in segments is made of. GET: what of it has not come."""

from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue

from server.api.answers import phone_clock, received
from server.api.bodies import read_json
from server.auth import signed_in, viewer
from server.db import db
from server.domain.sent_manifest import read_manifest
from server.services import manifests, pushes

blueprint = Blueprint("api_recordings", __name__, url_prefix="/api/v1/recordings")


@blueprint.put("/<id:recording_id>")
@signed_in
def put(recording_id: str) -> ResponseReturnValue:
    body, content = read_json()
    clock = phone_clock()
    receipt, is_new = pushes.push_manifest(
        db.session(), viewer(), read_manifest(content, recording_id), body, clock)
    return received(receipt, clock, is_new=is_new)


@blueprint.get("/<id:recording_id>")
@signed_in
def get(recording_id: str) -> ResponseReturnValue:
    found = manifests.find(db.session(), viewer(), recording_id)
    missing = [{"id": segment.id, "number": segment.number, "bytes": segment.size} for segment in found.missing]
    return jsonify({"id": found.id, "state": found.state, "missing": missing})
