"""Whether a computer suggests passages for the themes of a project."""

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from server.auth import allowed, viewer
from server.db import db
from server.domain.access import Permission
from server.domain.errors import Invalid, VersionConflict
from server.pages import conflicts
from server.pages.conflicts import Field
from server.pages.notices import redirect_with
from server.problems import STATUS
from server.services import suggestion_settings

blueprint = Blueprint("suggestion_settings", __name__)

_FIELDS = (Field("suggests", "Suggest passages for themes: yes or no"),)
_CHOOSE = "Choose yes or no."


@blueprint.get("/projects/<id:project_id>/settings/suggestions")
@allowed(Permission.MANAGE_PROJECT)
def show(project_id: str) -> ResponseReturnValue:
    now = suggestion_settings.get(db.session(), viewer(), project_id)
    return _page({}, now.version, suggests="yes" if now.suggests else "no")


@blueprint.post("/projects/<id:project_id>/settings/suggestions")
@allowed(Permission.MANAGE_PROJECT)
def save(project_id: str) -> ResponseReturnValue:
    """Switch them on, or off, which deletes at once what was made to compare passages."""
    typed, back = request.form.get("suggests", ""), url_for("projects.settings", project_id=project_id)
    if typed not in ("yes", "no"):
        return _page({"suggests": _CHOOSE}, request.form.get("version", ""), suggests=""), STATUS[Invalid.code]
    try:
        suggestion_settings.change(db.session(), viewer(), project_id, typed == "yes", conflicts.seen())
    except VersionConflict as conflict:
        return conflicts.page(conflict, _FIELDS, action=request.path, project_id=project_id, back=back)
    return redirect_with("suggestions_on" if typed == "yes" else "suggestions_off", back)


def _page(errors: dict[str, str], version: object, suggests: str) -> str:
    return render_template("settings-suggestions.html", errors=errors, version=version, suggests=suggests)
