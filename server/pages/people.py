"""The people of a project: who may do what, and taking a role away."""

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue

from server.auth import allowed, viewer
from server.db import db
from server.domain.access import Permission, Role
from server.domain.errors import LastAdministrator, NotFound
from server.pages.notices import redirect_with
from server.services import invitations, people

blueprint = Blueprint("people", __name__)


@blueprint.get("/projects/<id:project_id>/people")
@allowed(Permission.MANAGE_PEOPLE)
def index(project_id: str) -> ResponseReturnValue:
    """Everybody with a role, and the invitations that are still open."""
    return render_template(
        "people.html", members=people.list_members(db.session(), viewer(), project_id),
        invitations=invitations.list_open(db.session(), viewer(), project_id),
    )


@blueprint.get("/projects/<id:project_id>/people/<id:person_id>/<role>/remove")
@allowed(Permission.MANAGE_PEOPLE)
def confirm_removal(project_id: str, person_id: str, role: str) -> ResponseReturnValue:
    """Ask before a role is taken away."""
    return _confirmation(project_id, person_id, role)


@blueprint.post("/projects/<id:project_id>/people/<id:person_id>/<role>/remove")
@allowed(Permission.MANAGE_PEOPLE)
def remove(project_id: str, person_id: str, role: str) -> ResponseReturnValue:
    """Take the role away."""
    try:
        people.remove_role(db.session(), viewer(), project_id, person_id, _role(role))
    except LastAdministrator as refusal:
        return _confirmation(project_id, person_id, role, refusal.message), 409
    still_here = person_id != viewer().person_id or role != Role.ADMINISTRATOR
    where = url_for("people.index", project_id=project_id) if still_here else url_for("home.show")
    return redirect_with("role_removed", where)


def _confirmation(project_id: str, person_id: str, role: str, problem: str | None = None) -> str:
    member = people.get_member(db.session(), viewer(), project_id, person_id, _role(role))
    return render_template("remove-role.html", member=member, role=_role(role), problem=problem,
                           is_self=member.person_id == viewer().person_id)


def _role(value: str) -> Role:
    try:
        return Role(value)
    except ValueError:
        raise NotFound from None
