"""Themes: the codebook with what each holds, and a page for each theme. Board members read, commissioners write."""

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from server.auditing import was_shown
from server.auth import allowed, signed_in, viewer
from server.db import db
from server.domain.access import Permission, may
from server.domain.audit import Action
from server.domain.errors import Invalid, VersionConflict
from server.domain.note import Notable
from server.domain.theme import Theme
from server.pages import conflicts
from server.pages.conflicts import Field
from server.pages.notices import redirect_with
from server.services import notes, themes

blueprint = Blueprint("themes", __name__)

_FIELDS = (Field("name", "Name"), Field("description", "What it is about", rows=4))


@blueprint.get("/projects/<id:project_id>/themes")
@allowed(Permission.BROWSE_THEMES)
def index(project_id: str) -> ResponseReturnValue:
    """Every theme that this person may know of, with how much it holds for them."""
    return _list(project_id)


@blueprint.post("/projects/<id:project_id>/themes")
@allowed(Permission.TAG)
def create(project_id: str) -> ResponseReturnValue:
    """Add a theme to the codebook."""
    try:
        themes.create(db.session(), viewer(), project_id, *_typed())
    except Invalid as error:
        return _list(project_id, error), 422
    return redirect_with("theme_created", url_for("themes.index", project_id=project_id))


@blueprint.get("/themes/<id:theme_id>")
@signed_in
def show(theme_id: str) -> ResponseReturnValue:
    """Everything tagged with it that this person may have."""
    theme, tagged = themes.get_tagged(db.session(), viewer(), theme_id)
    was_shown(Action.READ, "theme", theme.id, theme.project_id, (part.id for part in tagged.parts))
    may_tag = may(viewer(), Permission.TAG, theme.project_id)
    codebook = themes.list_themes(db.session(), viewer(), theme.project_id) if may_tag else []
    return render_template("theme.html", project_id=theme.project_id, theme=theme, tagged=tagged, may_tag=may_tag,
                           codebook=codebook,
                           notes=notes.list_on(db.session(), viewer(), Notable.THEME, theme.id) if may_tag else [])


@blueprint.route("/themes/<id:theme_id>/change", methods=["GET", "POST"])
@signed_in
def change(theme_id: str) -> ResponseReturnValue:
    """Give it another name or description."""
    theme = themes.get_to_change(db.session(), viewer(), theme_id)
    if request.method == "GET":
        return _change_form(theme, theme.name, theme.description, theme.version)
    try:
        themes.change(db.session(), viewer(), theme_id, *_typed(), conflicts.seen())
    except Invalid as error:
        return _change_form(theme, *_typed(), request.form.get("version", ""), error), 422
    except VersionConflict as conflict:
        return conflicts.page(conflict, _FIELDS, action=request.path, project_id=theme.project_id,
                              back=url_for("themes.show", theme_id=theme_id))
    return redirect_with("theme_changed", url_for("themes.show", theme_id=theme_id))


def _list(project_id: str, error: Invalid | None = None) -> str:
    name, description = _typed() if error else ("", "")
    return render_template("themes.html", project_id=project_id, name=name, description=description,
                           entries=themes.list_entries(db.session(), viewer(), project_id),
                           may_tag=may(viewer(), Permission.TAG, project_id), fields=error.fields if error else {})


def _change_form(theme: Theme, name: str, description: str, version: int | str,
                 error: Invalid | None = None) -> str:
    return render_template("theme-change.html", project_id=theme.project_id, theme=theme, name=name,
                           description=description, version=version, fields=error.fields if error else {})


def _typed() -> tuple[str, str]:
    return request.form.get("name", ""), request.form.get("description", "")
