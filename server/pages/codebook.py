"""What commissioners do with a theme as a whole: move it, merge it, split it, retire it; and its history."""

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from server.auditing import was_shown
from server.auth import signed_in, viewer
from server.db import db
from server.domain.audit import Action
from server.domain.bookmark import read_turn
from server.domain.errors import Invalid
from server.domain.ids import checked_id
from server.domain.theme import Taggable
from server.pages.notices import redirect_with
from server.services import codebook, theme_history, theme_merging, theme_moves, theme_splitting, themes
from server.services.taggings import Part
from server.services.theme_splitting import Split

blueprint = Blueprint("codebook", __name__)


@blueprint.route("/themes/<id:theme_id>/move", methods=["GET", "POST"])
@signed_in
def move(theme_id: str) -> ResponseReturnValue:
    """Put a theme under another one, or at the top."""
    themes.get_to_change(db.session(), viewer(), theme_id)
    if request.method == "GET":
        return _move_page(theme_id)
    parent = request.form.get("parent", "")
    try:
        theme_moves.move(db.session(), viewer(), theme_id, checked_id(parent, "parent") if parent else None)
    except Invalid as error:
        return _move_page(theme_id, parent, error), 422
    return redirect_with("theme_moved", url_for("themes.show", theme_id=theme_id))


@blueprint.post("/themes/<id:theme_id>/order")
@signed_in
def order(theme_id: str) -> ResponseReturnValue:
    """Put a theme before the one above it, or after the one below."""
    theme_moves.shift(db.session(), viewer(), theme_id, up=request.form.get("way") == "up")
    return redirect_with("theme_moved", url_for("codebook.move", theme_id=theme_id, _anchor="order"))


@blueprint.route("/themes/<id:theme_id>/merge", methods=["GET", "POST"])
@signed_in
def merge(theme_id: str) -> ResponseReturnValue:
    """Choose which theme this one is to become, see what that means, and do it."""
    themes.get_to_change(db.session(), viewer(), theme_id)
    into = request.values.get("into", "")
    try:
        if into and request.method == "POST":
            theme_merging.merge(db.session(), viewer(), theme_id, checked_id(into, "into"))
            return redirect_with("theme_merged", url_for("themes.show", theme_id=into))
        preview = theme_merging.preview(db.session(), viewer(), theme_id, checked_id(into, "into")) if into else None
    except Invalid as error:
        return _merge_page(theme_id, into, error), 422
    if preview is None:
        return _merge_page(theme_id, into, Invalid(fields={"into": "Choose a theme."}) if "into" in request.args
                           else None)
    return render_template("theme-merge-check.html", project_id=preview.gone.node.theme.project_id, preview=preview)


@blueprint.route("/themes/<id:theme_id>/split", methods=["GET", "POST"])
@signed_in
def split(theme_id: str) -> ResponseReturnValue:
    """Choose passages of a theme, a page at a time, and where they go."""
    themes.get_to_change(db.session(), viewer(), theme_id)
    if request.method == "GET":
        return _split_page(theme_id, Split(()))
    form = request.form
    wanted = Split(tuple(map(_part, form.getlist("part"))), form.get("to", ""), form.get("new_theme", ""),
                   keep="keep" in form)
    if wanted.to_id:
        checked_id(wanted.to_id, "to")
    try:
        other = theme_splitting.split(db.session(), viewer(), theme_id, wanted)
    except Invalid as error:
        return _split_page(theme_id, wanted, error), 422
    return redirect_with("theme_split", url_for("themes.show", theme_id=other))


@blueprint.route("/themes/<id:theme_id>/retire", methods=["GET", "POST"])
@signed_in
def retire(theme_id: str) -> ResponseReturnValue:
    """Ask, and put a theme out of use. It keeps everything it is on."""
    theme = themes.get_to_change(db.session(), viewer(), theme_id)
    if request.method == "GET":
        return render_template("theme-retire.html", project_id=theme.project_id, theme=theme)
    theme_moves.retire(db.session(), viewer(), theme_id)
    return redirect_with("theme_retired", url_for("themes.show", theme_id=theme_id))


@blueprint.post("/themes/<id:theme_id>/bring-back")
@signed_in
def bring_back(theme_id: str) -> ResponseReturnValue:
    """Put a retired theme into use again."""
    theme_moves.bring_back(db.session(), viewer(), theme_id)
    return redirect_with("theme_brought_back", url_for("themes.show", theme_id=theme_id))


@blueprint.get("/themes/<id:theme_id>/history")
@signed_in
def history(theme_id: str) -> ResponseReturnValue:
    """Who changed what of a theme, and of those that became it."""
    theme = themes.get_to_change(db.session(), viewer(), theme_id)
    return render_template("theme-history.html", project_id=theme.project_id, theme=theme,
                           changes=theme_history.list_changes(db.session(), theme.id))


def _move_page(theme_id: str, parent: str | None = None, error: Invalid | None = None) -> str:
    theme = themes.get_to_change(db.session(), viewer(), theme_id)
    beside = theme_moves.list_beside(db.session(), viewer(), theme_id)
    return render_template(
        "theme-move.html", project_id=theme.project_id, theme=theme, beside=beside,
        parent=parent if parent is not None else theme.parent_id or "",
        places=themes.list_themes(db.session(), viewer(), theme.project_id),
        without=codebook.descendants(db.session(), theme_id), fields=error.fields if error else {})


def _merge_page(theme_id: str, into: str, error: Invalid | None = None) -> str:
    theme = themes.get_to_change(db.session(), viewer(), theme_id)
    return render_template("theme-merge.html", project_id=theme.project_id, theme=theme, into=into,
                           places=themes.list_themes(db.session(), viewer(), theme.project_id),
                           fields=error.fields if error else {})


def _split_page(theme_id: str, wanted: Split, error: Invalid | None = None) -> str:
    asked = request.form if error else request.args
    theme, page = theme_splitting.get_page(db.session(), viewer(), theme_id,
                                           read_turn(asked.get("older"), asked.get("newer")))
    was_shown(Action.READ, "theme", theme.id, theme.project_id, (part.id for part in page.parts))
    return render_template(
        "theme-split.html", project_id=theme.project_id, theme=theme, page=page, wanted=wanted,
        chosen={part.id for part in wanted.parts},
        turn={name: asked[name] for name in ("older", "newer") if name in asked},
        places=themes.list_themes(db.session(), viewer(), theme.project_id), fields=error.fields if error else {})


def _part(value: str) -> Part:
    """What a box stands for: the kind and the id of a part. Raises Invalid."""
    kind, _, part_id = value.partition(":")
    if kind not in list(Taggable):
        raise Invalid(fields={"part": "Choose what should go."})
    return Part(Taggable(kind), checked_id(part_id, "part"))
