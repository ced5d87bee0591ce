"""Invitations: an administrator makes one, and whoever opens its link takes it up."""

from flask import Blueprint, g, render_template, request, url_for
from flask.typing import ResponseReturnValue

from server.auth import allowed, public, signed_in, viewer
from server.db import db
from server.domain.access import Permission
from server.domain.errors import Invalid
from server.pages import qr_code
from server.pages.addresses import whole_address
from server.pages.entering import enter
from server.pages.notices import redirect_with
from server.services import invitations, passwords

blueprint = Blueprint("invitations", __name__)


@blueprint.get("/projects/<id:project_id>/invitations/new")
@allowed(Permission.MANAGE_PEOPLE)
def new(project_id: str) -> ResponseReturnValue:
    return render_template("invite.html", errors={}, role=request.args.get("role"), label="")


@blueprint.post("/projects/<id:project_id>/invitations")
@allowed(Permission.MANAGE_PEOPLE)
def make(project_id: str) -> ResponseReturnValue:
    """Make an invitation and show its link, this once: only its hash is kept."""
    role, label = request.form.get("role", ""), request.form.get("label", "")
    try:
        invitation, token = invitations.make(db.session(), viewer(), project_id, role, label)
    except Invalid as refusal:
        return render_template("invite.html", errors=refusal.fields, role=role, label=label), 422
    link = whole_address("invitations.show", token=token)
    return render_template("invitation-made.html", invitation=invitation, link=link, qr=qr_code.draw(link))


@blueprint.post("/invitations/<id:invitation_id>/revoke")
@signed_in
def revoke(invitation_id: str) -> ResponseReturnValue:
    """Cancel an invitation that was not used."""
    project_id, organisation_id = invitations.revoke(db.session(), viewer(), invitation_id)
    where = url_for("people.index", project_id=project_id) if organisation_id is None else url_for(
        "partners.show", project_id=project_id, organisation_id=organisation_id)
    return redirect_with("invitation_revoked", where)


@blueprint.get("/invitations/<token>")
@public
def show(token: str) -> ResponseReturnValue:
    """What the link invites to, and how to take it up."""
    return _page(token)


@blueprint.post("/invitations/<token>")
@public
def accept(token: str) -> ResponseReturnValue:
    """Take it up: as the person who is signed in, or with a new account."""
    if g.viewer is not None:
        invitations.accept(db.session(), viewer(), token)
        return redirect_with("invitation_accepted", url_for("home.show"))
    name, email = request.form.get("name", ""), request.form.get("email", "")
    invitations.look_up(db.session(), token)
    # Nothing holds the database while the password is hashed.
    db.session.rollback()
    with passwords.turn():
        password = passwords.choose(request.form.get("password", ""), email)
    try:
        person = invitations.accept_as_new(db.session(), token, name, email, password)
    except Invalid as refusal:
        return _page(token, refusal.fields, name, email), 422
    return enter(person, url_for("home.show"), "invitation")


def _page(token: str, errors: dict[str, str] | None = None, name: str = "", email: str = "") -> str:
    invitation = invitations.look_up(db.session(), token)
    return render_template("invitation.html", invitation=invitation, token=token, errors=errors or {}, name=name,
                           email=email)
