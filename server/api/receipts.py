"""GET /receipts/{id}: what the server holds, so that a phone can let go of its own copy."""

from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue

from server.api.answers import receipt_json
from server.auth import signed_in, viewer
from server.db import db
from server.services import receipts

blueprint = Blueprint("api_receipts", __name__, url_prefix="/api/v1/receipts")


@blueprint.get("/<id:part_id>")
@signed_in
def get(part_id: str) -> ResponseReturnValue:
    return jsonify(receipt_json(receipts.find(db.session(), viewer(), part_id)))
