"""The phones of a project's people: what only they hold, and shutting a lost one out. No story is named here."""

from datetime import UTC, datetime

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue

from server.auth import allowed, viewer
from server.db import db
from server.domain.access import Permission
from server.pages.notices import redirect_with
from server.services import devices, revocations

blueprint = Blueprint("phones", __name__)


@blueprint.get("/projects/<id:project_id>/phones")
@allowed(Permission.MANAGE_PEOPLE)
def index(project_id: str) -> ResponseReturnValue:
    """Every phone, those that need somebody first."""
    now = datetime.now(UTC)
    found = devices.list_of_project(db.session(), viewer(), project_id)
    return render_template("phones.html", phones=sorted(found, key=lambda phone: not phone.is_silent(now)), now=now)


@blueprint.get("/projects/<id:project_id>/phones/<id:device_id>/revoke")
@allowed(Permission.MANAGE_PEOPLE)
def confirm(project_id: str, device_id: str) -> ResponseReturnValue:
    """Say what it does and what it does not, and ask."""
    phone = devices.get_of_project(db.session(), viewer(), project_id, device_id)
    return render_template("phone-revoke.html", phone=phone, now=datetime.now(UTC))


@blueprint.post("/projects/<id:project_id>/phones/<id:device_id>/revoke")
@allowed(Permission.MANAGE_PEOPLE)
def revoke(project_id: str, device_id: str) -> ResponseReturnValue:
    revocations.revoke(db.session(), viewer(), project_id, device_id)
    return redirect_with("phone_shut_out", url_for("phones.index", project_id=project_id))


@blueprint.post("/projects/<id:project_id>/phones/<id:device_id>/allow")
@allowed(Permission.MANAGE_PEOPLE)
def allow(project_id: str, device_id: str) -> ResponseReturnValue:
    revocations.allow(db.session(), viewer(), project_id, device_id)
    return redirect_with("phone_let_in", url_for("phones.index", project_id=project_id))
