"""GET /projects: everything a phone needs to collect stories while it has no signal."""

from dataclasses import asdict

from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue

from server.auth import signed_in, viewer
from server.db import db
from server.services import phone_projects

blueprint = Blueprint("api_projects", __name__, url_prefix="/api/v1/projects")


@blueprint.get("")
@signed_in
def index() -> ResponseReturnValue:
    found = phone_projects.list_for_collecting(db.session(), viewer())
    return jsonify({"projects": [asdict(project) for project in found]})
