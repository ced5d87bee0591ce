"""What a project asks of phones: how long they keep what was sent, and how large photos are."""

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from server.auth import allowed, viewer
from server.db import db
from server.domain.access import Permission
from server.domain.errors import Invalid, VersionConflict
from server.domain.phone_settings import read_phone_settings
from server.pages import conflicts
from server.pages.conflicts import Field
from server.pages.notices import redirect_with
from server.services import phone_settings

blueprint = Blueprint("phone_settings", __name__)

_FIELDS = (Field("keep_hours", "Hours to keep what was sent"),
           Field("photo_pixels", "Longest side of a photo, in pixels"))


@blueprint.get("/projects/<id:project_id>/settings/phones")
@allowed(Permission.MANAGE_PROJECT)
def show(project_id: str) -> ResponseReturnValue:
    now = phone_settings.get(db.session(), viewer(), project_id)
    return render_template("settings-phones.html", errors={}, version=now.version, keep_hours=now.settings.keep_hours,
                           photo_pixels=now.settings.photo_pixels)


@blueprint.post("/projects/<id:project_id>/settings/phones")
@allowed(Permission.MANAGE_PROJECT)
def save(project_id: str) -> ResponseReturnValue:
    hours, pixels = request.form.get("keep_hours", ""), request.form.get("photo_pixels", "")
    back = url_for("projects.settings", project_id=project_id)
    try:
        wanted = read_phone_settings(hours, pixels)
        phone_settings.change(db.session(), viewer(), project_id, wanted, conflicts.seen())
    except Invalid as refusal:
        return render_template("settings-phones.html", errors=refusal.fields, version=request.form.get("version", ""),
                               keep_hours=hours, photo_pixels=pixels), 422
    except VersionConflict as conflict:
        return conflicts.page(conflict, _FIELDS, action=request.path, project_id=project_id, back=back)
    return redirect_with("phone_settings_saved", back)
