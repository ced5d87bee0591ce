"""What a project writes down of what it does with people's stories, and the record that is made of it."""

from dataclasses import asdict
from datetime import UTC, datetime

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from server.auth import allowed, viewer
from server.db import db
from server.domain.access import Permission
from server.domain.errors import Invalid, VersionConflict
from server.domain.processing import FIELDS, read_processing
from server.pages import conflicts
from server.pages.conflicts import Field
from server.pages.notices import redirect_with
from server.parts import parts
from server.services import processing

blueprint = Blueprint("processing", __name__)

_FIELDS = (
    Field("controller", "Who answers for this project", rows=4), Field("lawful_basis", "Lawful basis", rows=4),
    Field("ethics_reference", "Ethics approval"), Field("dpia_reference", "Data protection impact assessment"),
    Field("complaints", "Where to complain", rows=4))


@blueprint.get("/projects/<id:project_id>/settings/processing")
@allowed(Permission.MANAGE_PROJECT)
def show(project_id: str) -> ResponseReturnValue:
    now = processing.get(db.session(), viewer(), project_id)
    return render_template("processing.html", errors={}, version=now.version, typed=asdict(now.processing))


@blueprint.post("/projects/<id:project_id>/settings/processing")
@allowed(Permission.MANAGE_PROJECT)
def save(project_id: str) -> ResponseReturnValue:
    typed = {name: request.form.get(name, "") for name in FIELDS}
    try:
        processing.change(db.session(), viewer(), project_id, read_processing(typed), conflicts.seen())
    except Invalid as refusal:
        return render_template("processing.html", errors=refusal.fields, version=request.form.get("version", ""),
                               typed=typed), 422
    except VersionConflict as conflict:
        return conflicts.page(conflict, _FIELDS, action=request.path, project_id=project_id, back=request.path)
    return redirect_with("processing_saved", url_for("processing.record", project_id=project_id))


@blueprint.get("/projects/<id:project_id>/settings/processing/record")
@allowed(Permission.MANAGE_PROJECT)
def record(project_id: str) -> ResponseReturnValue:
    """What the law asks to be written down, of what the project really does, to print. No story is named."""
    found = processing.get_record(db.session(), viewer(), project_id)
    return render_template("processing-record.html", record=found, fields=_FIELDS, now=datetime.now(UTC),
                           in_a_folder=parts().settings.keeps_media_in_a_folder)
