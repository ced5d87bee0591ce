"""GET /projects: everything a phone needs to collect stories while it has no signal."""

from dataclasses import asdict
from typing import Any

from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue

from server.auth import signed_in, viewer
from server.db import db
from server.services import phone_projects
from server.services.consent_wordings import Published

blueprint = Blueprint("api_projects", __name__, url_prefix="/api/v1/projects")


@blueprint.get("")
@signed_in
def index() -> ResponseReturnValue:
    found = phone_projects.list_for_collecting(db.session(), viewer())
    return jsonify({"projects": [asdict(project) | {"wording": _wording_json(project.wording)} for project in found]})


def _wording_json(published: Published) -> dict[str, Any]:
    """The text to agree to, with a question for each use in the order asked."""
    wording = published.wording
    uses = [{"use": use} | asdict(question) for use, question in wording.questions.items()]
    return {"id": published.id, "version": published.version, "title": wording.title,
            "introduction": wording.introduction, "uses": uses}
