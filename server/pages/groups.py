"""Groups: those whose voices a project hopes to hear. They stand on the page of targets."""

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from server.auth import allowed, signed_in, viewer
from server.db import db
from server.domain.access import Permission
from server.domain.errors import Invalid
from server.domain.group import Group
from server.pages.notices import redirect_with
from server.pages.voices import page_of_targets
from server.services import groups

blueprint = Blueprint("groups", __name__)

_STEPS = {"up": -1, "down": 1}


@blueprint.post("/projects/<id:project_id>/groups")
@allowed(Permission.SET_TARGETS)
def add(project_id: str) -> ResponseReturnValue:
    """Another group that people can say they belong to."""
    name = request.form.get("name", "")
    try:
        groups.add(db.session(), viewer(), project_id, name)
    except Invalid as error:
        return page_of_targets(project_id, dict(error.fields), name=name), 422
    return _back("group_added", project_id)


@blueprint.route("/groups/<id:group_id>", methods=["GET", "POST"])
@signed_in
def change(group_id: str) -> ResponseReturnValue:
    """Call it something else."""
    group = groups.get(db.session(), viewer(), group_id)
    if request.method == "GET":
        return _form(group, group.name)
    name = request.form.get("name", "")
    try:
        groups.rename(db.session(), viewer(), group_id, name)
    except Invalid as error:
        return _form(group, name, dict(error.fields)), 422
    return _back("group_changed", group.project_id)


@blueprint.post("/groups/<id:group_id>/retire")
@signed_in
def retire(group_id: str) -> ResponseReturnValue:
    """Ask nobody about it any more, or ask again."""
    group, back = groups.get(db.session(), viewer(), group_id), request.form.get("back") == "yes"
    groups.retire(db.session(), viewer(), group_id, back=back)
    return _back("group_brought_back" if back else "group_retired", group.project_id)


@blueprint.post("/groups/<id:group_id>/move")
@signed_in
def move(group_id: str) -> ResponseReturnValue:
    """One place up or down."""
    group = groups.get(db.session(), viewer(), group_id)
    groups.move(db.session(), viewer(), group_id, _STEPS.get(request.form.get("where", ""), 0))
    return _back("group_moved", group.project_id)


def _form(group: Group, name: str, errors: dict[str, str] | None = None) -> str:
    return render_template("group-change.html", project_id=group.project_id, group=group, name=name,
                           errors=errors or {})


def _back(notice: str, project_id: str) -> Response:
    return redirect_with(notice, url_for("voices.targets_page", project_id=project_id))
