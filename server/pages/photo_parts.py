"""Themes on parts of a photo: drawn on it, or written as four numbers."""

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from server.auditing import was_shown
from server.auth import signed_in, viewer
from server.db import db
from server.domain import photo_region
from server.domain.audit import Action
from server.domain.errors import Invalid
from server.domain.ids import checked_id
from server.pages.notices import redirect_with
from server.pages.photo_regions import typed_region
from server.problems import STATUS
from server.services import photo_parts, taggings, themes

blueprint = Blueprint("photo_parts", __name__)

# As the page calls the field for a new theme.
_NEW_THEME = "part-new-theme"


@blueprint.get("/photos/<id:photo_id>/parts")
@signed_in
def show(photo_id: str) -> ResponseReturnValue:
    """The photo as people see it, which parts of it have which themes, and a form for another."""
    return _page(photo_id, {})


@blueprint.post("/photos/<id:photo_id>/parts")
@signed_in
def add(photo_id: str) -> ResponseReturnValue:
    """Put themes on a part of it."""
    form = request.form
    try:
        theme_ids = [checked_id(value, "theme") for value in form.getlist("theme")]
        photo_parts.add(db.session(), viewer(), photo_id, typed_region(), theme_ids, form.get("new_theme", ""))
    except Invalid as refusal:
        fields = refusal.fields or {"left": refusal.message}
        named = {_NEW_THEME if name in ("new_theme", "name", "theme") else name: text for name, text in fields.items()}
        return _page(photo_id, named), STATUS[refusal.code]
    return redirect_with("themes_saved", url_for("photo_parts.show", photo_id=photo_id))


@blueprint.post("/photos/<id:photo_id>/parts/remove")
@signed_in
def remove(photo_id: str) -> ResponseReturnValue:
    """Take a theme off a part of it."""
    photo_parts.get(db.session(), viewer(), photo_id)
    region = photo_region.read(request.form.get("region", ""))
    photo_parts.take_off(db.session(), viewer(), photo_id, region, checked_id(request.form.get("theme"), "theme"))
    return redirect_with("themes_saved", url_for("photo_parts.show", photo_id=photo_id))


def _page(photo_id: str, errors: dict[str, str]) -> str:
    session = db.session()
    photo = photo_parts.get(session, viewer(), photo_id)
    was_shown(Action.SEEN, "photo", photo_id, photo.project_id, [photo.story_id])
    each_alone = taggings.each_alone(session, photo.project_id)
    parts = photo_parts.parts_of(photo, viewer().person_id if each_alone else "")
    return render_template(
        "photo-parts.html", project_id=photo.project_id, photo=photo, parts=parts, errors=errors, typed=request.form,
        chosen=request.form.getlist("theme"), each_alone=each_alone,
        codebook=themes.list_themes(session, viewer(), photo.project_id))


blueprint.add_app_template_filter(photo_parts.parts_of, "photo_parts")
