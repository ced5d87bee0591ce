"""What a partner shares: its terms for all that it keeps, and what it chooses for single stories."""

from datetime import UTC, datetime

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from server.auditing import was_shown
from server.auth import allowed, viewer
from server.db import db
from server.domain.access import Permission
from server.domain.audit import Action
from server.domain.bookmark import read_turn
from server.domain.custody import Choice, Sharing, read_terms
from server.domain.errors import Invalid, NotFound, VersionConflict
from server.domain.ids import checked_id
from server.pages import conflicts
from server.pages.notices import redirect_with
from server.pages.partners import is_lead
from server.problems import STATUS
from server.services import partners, sharing

blueprint = Blueprint("sharing", __name__, url_prefix="/projects/<id:project_id>/partners/<id:organisation_id>")


@blueprint.get("/terms")
@allowed(Permission.SEE_PARTNERS)
def terms(project_id: str, organisation_id: str) -> ResponseReturnValue:
    """Who may have what the partner keeps, and from when."""
    return _terms_page(project_id, organisation_id, {})


@blueprint.post("/terms")
@allowed(Permission.SEE_PARTNERS)
def save_terms(project_id: str, organisation_id: str) -> ResponseReturnValue:
    """Change that, at once for everybody."""
    form = request.form
    partners.require_known(db.session(), viewer(), project_id, organisation_id)
    try:
        wanted = read_terms(form.get("sharing", ""), {part: form.get(f"from-{part}", "")
                                                      for part in ("day", "month", "year")})
        sharing.set_terms(db.session(), viewer(), project_id, organisation_id, wanted, conflicts.seen(),
                          form.get("reason", ""))
    except Invalid as refusal:
        return _terms_page(project_id, organisation_id, refusal.fields), 422
    except VersionConflict as conflict:
        words = "Somebody changed this while you looked. What you see is your choice. Look again, then save."
        return _terms_page(project_id, organisation_id, {"sharing": words}), STATUS[conflict.code]
    return redirect_with("terms_saved", url_for("partners.show", project_id=project_id,
                                                organisation_id=organisation_id))


@blueprint.get("/stories")
@allowed(Permission.SEE_PARTNERS)
def stories(project_id: str, organisation_id: str) -> ResponseReturnValue:
    """A page of what it keeps, by day and number. No word and no name of any."""
    return _stories_page(project_id, organisation_id, {})


@blueprint.post("/stories")
@allowed(Permission.SEE_PARTNERS)
def choose(project_id: str, organisation_id: str) -> ResponseReturnValue:
    """Say for the stories that were picked who may have them."""
    form = request.form
    partners.require_known(db.session(), viewer(), project_id, organisation_id)
    try:
        picked, choice = _picked(form.getlist("story")), _choice(form.get("choice", ""))
        sharing.choose(db.session(), viewer(), project_id, organisation_id, picked, choice, form.get("reason", ""))
    except Invalid as refusal:
        return _stories_page(project_id, organisation_id, refusal.fields), 422
    return redirect_with("choice_saved", request.full_path.rstrip("?"))


def _picked(ids: list[str]) -> list[str]:
    """Raises Invalid where there is none, and NotFound for what is no id."""
    if not ids:
        raise Invalid(fields={"story": "Choose at least one story."})
    try:
        return [checked_id(one) for one in ids]
    except Invalid:
        raise NotFound from None


def _choice(written: str) -> Choice:
    """Raises Invalid."""
    choices = {"as_all": Choice.AS_ALL, "kept": Choice.KEPT, "shared": Choice.SHARED}
    if written not in choices:
        raise Invalid(fields={"choice": "Choose who may have these stories."})
    return choices[written]


def _terms_page(project_id: str, organisation_id: str, errors: dict[str, str]) -> str:
    partner = partners.get(db.session(), viewer(), project_id, organisation_id)
    day = partner.terms.day
    kept = {"sharing": partner.terms.sharing.value, "from-day": day.day if day else "",
            "from-month": day.month if day else "", "from-year": day.year if day else "", "reason": ""}
    typed = kept if request.method == "GET" else request.form
    return render_template("partner-terms.html", partner=partner, errors=errors, typed=typed, ways=list(Sharing),
                           version=partner.version, is_lead=is_lead(project_id, organisation_id))


def _stories_page(project_id: str, organisation_id: str, errors: dict[str, str]) -> str:
    partner = partners.get(db.session(), viewer(), project_id, organisation_id)
    page = sharing.get_page(db.session(), viewer(), project_id, organisation_id,
                            read_turn(request.args.get("older"), request.args.get("newer")))
    was_shown(Action.READ, "custody", organisation_id, project_id, (story.id for story in page.stories))
    return render_template("partner-stories.html", partner=partner, page=page, errors=errors, typed=request.form,
                           picked=set(request.form.getlist("story")), now=datetime.now(UTC),
                           is_lead=is_lead(project_id, organisation_id))
