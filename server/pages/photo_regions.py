"""Covering parts of a photo: faces, names on doors, whatever nobody is to see."""

from decimal import Decimal, InvalidOperation

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from server.auditing import was_shown
from server.auth import signed_in, viewer
from server.db import db
from server.domain.audit import Action
from server.domain.errors import Invalid
from server.domain.photo_region import Region, checked
from server.pages.notices import redirect_with
from server.problems import STATUS
from server.services import photo_regions

blueprint = Blueprint("photo_regions", __name__)

# What each field is called in a sentence.
_FIELDS = {"left": "how far it is from the left", "top": "how far it is from the top", "width": "how wide it is",
           "height": "how high it is"}
_PER_CENT = 10


@blueprint.get("/photos/<id:photo_id>/covered")
@signed_in
def show(photo_id: str) -> ResponseReturnValue:
    """The whole photo, which parts of it are covered, and a form for another."""
    return _page(photo_id, {})


@blueprint.post("/photos/<id:photo_id>/covered")
@signed_in
def add(photo_id: str) -> ResponseReturnValue:
    """Cover a part of it."""
    try:
        photo_regions.add(db.session(), viewer(), photo_id, typed_region())
    except Invalid as refusal:
        return _page(photo_id, refusal.fields or {"left": refusal.message}), STATUS[refusal.code]
    return redirect_with("photo_covered", url_for("photo_regions.show", photo_id=photo_id))


@blueprint.post("/photo-regions/<id:region_id>/remove")
@signed_in
def remove(region_id: str) -> ResponseReturnValue:
    """Show a part of it again."""
    photo_id = photo_regions.remove(db.session(), viewer(), region_id)
    return redirect_with("photo_uncovered", url_for("photo_regions.show", photo_id=photo_id))


def _page(photo_id: str, errors: dict[str, str]) -> str:
    photo = photo_regions.get(db.session(), viewer(), photo_id)
    was_shown(Action.SEEN, "clean_photo", photo_id, photo.project_id, [photo.story_id])
    return render_template("photo-regions.html", project_id=photo.project_id, photo=photo, errors=errors,
                           typed=request.form)


def typed_region() -> Region:
    """What the form says in hundredths, with one more digit if somebody needs it. Raises Invalid."""
    found, problems = {}, {}
    for name, what in _FIELDS.items():
        try:
            value = Decimal(request.form.get(name, "").strip().removesuffix("%").strip().replace(",", "."))
            found[name] = round(value * _PER_CENT) if abs(value) <= _PER_CENT**3 else -1
        except (InvalidOperation, ValueError):
            problems[name] = f"Write {what}, from 0 to 100."
    if problems:
        raise Invalid(fields=problems)
    return checked(**found)


@blueprint.app_template_filter("per_cent")
def per_cent(thousandths: int) -> str:
    """Of a width or height: 12.5."""
    return f"{thousandths / _PER_CENT:g}"
