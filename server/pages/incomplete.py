"""A recording of which something can never come: an administrator has it made of what came. No word of it is shown."""

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue

from server.auditing import was_shown
from server.auth import allowed, viewer
from server.db import db
from server.domain.access import Permission
from server.domain.audit import Action
from server.pages.notices import redirect_with
from server.services import going_without, register

blueprint = Blueprint("incomplete", __name__)

_ADDRESS = "/projects/<id:project_id>/register/<id:story_id>/recordings/<id:recording_id>/make"


@blueprint.get(_ADDRESS)
@allowed(Permission.MANAGE_PROJECT)
def confirm(project_id: str, story_id: str, recording_id: str) -> ResponseReturnValue:
    """Say what will be missing, and ask."""
    found = going_without.find(db.session(), viewer(), project_id, story_id, recording_id)
    entry = register.get_entry(db.session(), viewer(), project_id, story_id)
    was_shown(Action.READ, "register entry", story_id, project_id)
    return render_template("recording-make.html", found=found, entry=entry)


@blueprint.post(_ADDRESS)
@allowed(Permission.MANAGE_PROJECT)
def make(project_id: str, story_id: str, recording_id: str) -> ResponseReturnValue:
    going_without.make_of_what_came(db.session(), viewer(), project_id, story_id, recording_id)
    return redirect_with("recording_being_made", url_for("register.show", project_id=project_id, story_id=story_id))
