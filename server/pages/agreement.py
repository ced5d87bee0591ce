"""How far two people of the team agree on themes, in a project that measures it."""

from fractions import Fraction

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from server.auditing import was_shown
from server.auth import allowed, viewer
from server.db import db
from server.domain.access import Permission
from server.domain.audit import Action
from server.domain.errors import Invalid
from server.domain.fields import storable
from server.pages.notices import redirect_with
from server.problems import STATUS
from server.services import agreement
from server.services.agreement import Agreement

blueprint = Blueprint("agreement", __name__)


@blueprint.get("/projects/<id:project_id>/agreement")
@allowed(Permission.TAG)
def show(project_id: str) -> ResponseReturnValue:
    """Choose two people; what they agree on, and where they differ in a theme."""
    session = db.session()
    first, second, theme = (_asked(name) for name in ("first", "second", "theme"))
    found: Agreement | None = None
    errors: dict[str, str] = {}
    is_on = agreement.is_on(session, project_id)
    if is_on and first and second:
        try:
            found = agreement.measure(session, viewer(), project_id, first, second, theme or None)
            was_shown(Action.READ, "agreement", project_id, project_id, found.story_ids)
        except Invalid as refusal:
            errors = refusal.fields
    page = render_template("agreement.html", project_id=project_id, is_on=is_on, found=found, errors=errors,
                           first=first, second=second, theme_id=theme,
                           people=agreement.list_people(session, viewer(), project_id))
    return (page, STATUS[Invalid.code]) if errors else page


@blueprint.post("/projects/<id:project_id>/settings/agreement")
@allowed(Permission.MANAGE_PROJECT)
def switch(project_id: str) -> ResponseReturnValue:
    """Measure it from now on, or not any more."""
    wanted = request.form.get("wanted") == "on"
    agreement.switch(db.session(), viewer(), project_id, wanted=wanted)
    return redirect_with("agreement_on" if wanted else "agreement_off",
                         url_for("projects.settings", project_id=project_id, _anchor="agreement"))


def _asked(name: str) -> str:
    value = request.args.get(name, "")
    return value if storable(value) else ""


@blueprint.app_template_filter("measures_agreement")
def measures_agreement(project_id: str) -> bool:
    """Whether this project measures it."""
    return agreement.is_on(db.session(), project_id)


@blueprint.app_template_filter("two_places")
def two_places(value: Fraction) -> str:
    """0.40; −0.25."""
    return f"{float(value):.2f}".replace("-0.00", "0.00").replace("-", "−")


@blueprint.app_template_filter("of_hundred")
def of_hundred(value: Fraction) -> str:
    """A share in per cent: 70 %. What is not all and not nothing is never shown as that."""
    percent = round(value * 100)
    if value < 1 and percent == 100:
        return "over 99 %"
    return "under 1 %" if value > 0 and percent == 0 else f"{percent} %"
