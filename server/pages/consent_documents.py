"""One person's consent as a file, for whoever looks after the project. No word of the story is in it, and no name."""

from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue

from server.auditing import was_shown
from server.auth import allowed, viewer
from server.db import db
from server.domain.access import Permission
from server.domain.audit import Action
from server.domain.consent_document import ConsentDocument
from server.domain.fields import storable
from server.exports.consent_json import write_json
from server.services import consent_documents

blueprint = Blueprint("consent_documents", __name__)


@blueprint.get("/projects/<id:project_id>/register/<id:story_id>/consent.json")
@allowed(Permission.SEE_EVIDENCE)
def save(project_id: str, story_id: str) -> ResponseReturnValue:
    """The consent of the one who is asked for by `participant`; without it, of a story that names nobody."""
    asked = request.args.get("participant", "")
    participant_id = asked if asked and storable(asked) else None
    document = consent_documents.get(db.session(), viewer(), project_id, story_id, participant_id)
    was_shown(Action.EXPORTED, "consent.json", story_id, project_id, [participant_id] if participant_id else [])
    return as_file(document)


def as_file(document: ConsentDocument) -> Response:
    """The document, to save."""
    name = f"consent-{document.made_at:%Y-%m-%d}.json"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(write_json(document), mimetype="application/json", headers=headers)
