"""Partners: who takes part in a project, a partner's own people, and leaving."""

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from server.auth import allowed, viewer
from server.db import db
from server.domain.access import Permission, Role, may
from server.domain.custody import ROLES_OF_PARTNERS
from server.domain.errors import Invalid, LastLead
from server.pages import qr_code
from server.pages.addresses import whole_address
from server.pages.notices import redirect_with
from server.problems import STATUS
from server.services import consent_wordings, custody_overrides, invitations, leaving, partners

blueprint = Blueprint("partners", __name__, url_prefix="/projects/<id:project_id>/partners")


@blueprint.get("")
@allowed(Permission.SEE_PARTNERS)
def index(project_id: str) -> ResponseReturnValue:
    """The partners of the project, for who runs it; a lead's own."""
    return _list(project_id, {}, "")


@blueprint.post("")
@allowed(Permission.MANAGE_PARTNERS)
def add(project_id: str) -> ResponseReturnValue:
    """Have an organisation take part, and go to its page."""
    name = request.form.get("name", "")
    try:
        organisation_id = partners.add(db.session(), viewer(), project_id, name)
    except Invalid as refusal:
        return _list(project_id, refusal.fields, name), 422
    return redirect_with("partner_added", _page_of(project_id, organisation_id))


@blueprint.get("/<id:organisation_id>")
@allowed(Permission.SEE_PARTNERS)
def show(project_id: str, organisation_id: str) -> ResponseReturnValue:
    """Its terms, its people and what was done in its place. No story."""
    session, who = db.session(), viewer()
    partner = partners.get(session, who, project_id, organisation_id)
    return render_template(
        "partner.html", partner=partner, is_lead=is_lead(project_id, organisation_id),
        manages=may(who, Permission.MANAGE_PARTNERS, project_id),
        members=partners.list_people(session, who, project_id, organisation_id),
        invitations=invitations.list_of_partner(session, who, project_id, organisation_id),
        overrides=custody_overrides.list_all(session, project_id, organisation_id),
        has_own_wording=consent_wordings.has_own(session, project_id, organisation_id))


@blueprint.post("/<id:organisation_id>/overrides/<id:override_id>")
@allowed(Permission.KEEP_CUSTODY)
def see(project_id: str, organisation_id: str, override_id: str) -> ResponseReturnValue:
    """A lead knows of what was done in its place."""
    custody_overrides.see(db.session(), viewer(), project_id, organisation_id, override_id)
    return redirect_with("override_seen", _page_of(project_id, organisation_id))


@blueprint.get("/<id:organisation_id>/invite")
@allowed(Permission.SEE_PARTNERS)
def invite(project_id: str, organisation_id: str) -> ResponseReturnValue:
    """Whom to invite to it, and to what."""
    return _invite_page(project_id, organisation_id, {})


@blueprint.post("/<id:organisation_id>/invite")
@allowed(Permission.SEE_PARTNERS)
def make_invitation(project_id: str, organisation_id: str) -> ResponseReturnValue:
    """Make the invitation and show its link, this once."""
    form = request.form
    try:
        invitation, token = invitations.make(db.session(), viewer(), project_id, form.get("role", ""),
                                             form.get("label", ""), organisation_id, form.get("reason", ""))
    except Invalid as refusal:
        return _invite_page(project_id, organisation_id, refusal.fields), 422
    link = whole_address("invitations.show", token=token)
    return render_template("invitation-made.html", invitation=invitation, link=link, qr=qr_code.draw(link),
                           done=_page_of(project_id, organisation_id), another=request.path)


@blueprint.get("/<id:organisation_id>/people/<id:person_id>/remove")
@allowed(Permission.KEEP_CUSTODY)
def confirm_person(project_id: str, organisation_id: str, person_id: str) -> ResponseReturnValue:
    """Ask before somebody has no role of the partner left."""
    return _person_page(project_id, organisation_id, person_id)


@blueprint.post("/<id:organisation_id>/people/<id:person_id>/remove")
@allowed(Permission.KEEP_CUSTODY)
def end_person(project_id: str, organisation_id: str, person_id: str) -> ResponseReturnValue:
    """Take every role away that they hold for it."""
    try:
        leaving.end_person(db.session(), viewer(), project_id, organisation_id, person_id)
    except LastLead as refusal:
        return _person_page(project_id, organisation_id, person_id, refusal.message), STATUS[refusal.code]
    if person_id == viewer().person_id:
        return redirect_with("partner_person_left", url_for("home.show"))
    return redirect_with("partner_person_left", _page_of(project_id, organisation_id))


@blueprint.get("/<id:organisation_id>/leave")
@allowed(Permission.SEE_PARTNERS)
def confirm_leaving(project_id: str, organisation_id: str) -> ResponseReturnValue:
    """Ask before a partner leaves the project."""
    return _leave_page(project_id, organisation_id, {})


@blueprint.post("/<id:organisation_id>/leave")
@allowed(Permission.SEE_PARTNERS)
def leave(project_id: str, organisation_id: str) -> ResponseReturnValue:
    """End its part in the project, at once."""
    leads = is_lead(project_id, organisation_id)
    try:
        leaving.end_partner(db.session(), viewer(), project_id, organisation_id, request.form.get("reason", ""))
    except Invalid as refusal:
        return _leave_page(project_id, organisation_id, refusal.fields), 422
    return redirect_with("partner_left", url_for("home.show") if leads else url_for("partners.index",
                                                                                   project_id=project_id))


def is_lead(project_id: str, organisation_id: str) -> bool:
    """Whether whoever calls leads this partner, and so needs no reason."""
    return viewer().leads_in(project_id) == organisation_id


def _page_of(project_id: str, organisation_id: str) -> str:
    return url_for("partners.show", project_id=project_id, organisation_id=organisation_id)


def _list(project_id: str, errors: dict[str, str], name: str) -> str:
    return render_template("partners.html", partners=partners.list_known(db.session(), viewer(), project_id),
                           manages=may(viewer(), Permission.MANAGE_PARTNERS, project_id), errors=errors, name=name)


def _invite_page(project_id: str, organisation_id: str, errors: dict[str, str]) -> str:
    session, leads = db.session(), is_lead(project_id, organisation_id)
    partners.require_present(session, viewer(), project_id, organisation_id)
    partner = partners.get(session, viewer(), project_id, organisation_id)
    needs_reason = not leads and partners.has_begun(session, project_id, organisation_id)
    return render_template(
        "partner-invite.html", errors=errors, typed=request.form, partner=partner, needs_reason=needs_reason,
        roles=[role.value for role in (ROLES_OF_PARTNERS if leads else (Role.CUSTODIAN,))])


def _person_page(project_id: str, organisation_id: str, person_id: str, problem: str | None = None) -> str:
    member = leaving.get_person(db.session(), viewer(), project_id, organisation_id, person_id)
    return render_template("partner-person.html", member=member, problem=problem,
                           partner=partners.get(db.session(), viewer(), project_id, organisation_id),
                           is_self=person_id == viewer().person_id)


def _leave_page(project_id: str, organisation_id: str, errors: dict[str, str]) -> str:
    partners.require_present(db.session(), viewer(), project_id, organisation_id)
    return render_template("partner-leave.html", errors=errors, typed=request.form,
                           partner=partners.get(db.session(), viewer(), project_id, organisation_id),
                           is_lead=is_lead(project_id, organisation_id))
