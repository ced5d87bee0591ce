"""GET /openapi.json: the description of this interface."""

from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue

from server.api.description import DOCUMENT
from server.auth import public

blueprint = Blueprint("api_openapi", __name__, url_prefix="/api/v1/openapi.json")


@blueprint.get("")
@public
def show() -> ResponseReturnValue:
    return jsonify(DOCUMENT)
