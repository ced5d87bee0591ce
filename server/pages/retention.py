"""How long a project keeps its stories: what goes when, whose consent ends, and what has gone."""

from datetime import UTC, datetime

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from server.auditing import was_shown
from server.auth import allowed, viewer
from server.db import db
from server.domain.access import Permission, may
from server.domain.audit import Action
from server.domain.errors import Invalid, VersionConflict
from server.domain.retention import read_months
from server.pages import conflicts
from server.pages.conflicts import Field
from server.pages.notices import redirect_with
from server.services import consent_ends, retention
from server.services.retention import GoingSoon

blueprint = Blueprint("retention", __name__)

_FIELDS = (Field("months", "Months to keep a story"),)


@blueprint.get("/projects/<id:project_id>/settings/retention")
@allowed(Permission.MANAGE_PROJECT)
def show(project_id: str) -> ResponseReturnValue:
    return _page(project_id)


@blueprint.post("/projects/<id:project_id>/settings/retention")
@allowed(Permission.MANAGE_PROJECT)
def save(project_id: str) -> ResponseReturnValue:
    """Keep stories so long from now on; a shorter time takes none within 30 days."""
    typed = request.form.get("months", "")
    try:
        retention.change(db.session(), viewer(), project_id, read_months(typed), conflicts.seen(), datetime.now(UTC))
    except Invalid as refusal:
        return _page(project_id, errors=refusal.fields, months=typed, version=request.form.get("version", "")), 422
    except VersionConflict as conflict:
        return conflicts.page(conflict, _FIELDS, action=request.path, project_id=project_id, back=request.path)
    return redirect_with("retention_saved", request.path)


def warnings(project_id: str) -> tuple[GoingSoon | None, int]:
    """What goes soon, and how many stories have a consent that ends, for those who look after the project."""
    if not may(viewer(), Permission.MANAGE_PROJECT, project_id):
        return None, 0
    now = datetime.now(UTC)
    return (retention.warn(db.session(), viewer(), project_id, now),
            consent_ends.count(db.session(), viewer(), project_id, now))


def _page(project_id: str, **typed: object) -> str:
    now, session = datetime.now(UTC), db.session()
    setting = retention.get(session, viewer(), project_id)
    going = retention.list_ending(session, viewer(), project_id, now)
    ending = consent_ends.list_ending(session, viewer(), project_id, now)
    was_shown(Action.READ, "retention", project_id, project_id,
              dict.fromkeys([one.story_id for one in going] + [one.story_id for one in ending]))
    months = setting.period.months
    shown: dict[str, object] = {"errors": {}, "months": "" if months is None else months, "version": setting.version}
    return render_template(
        "retention.html", period=setting.period, going=going, ending=ending, now=now,
        warning=retention.warn(session, viewer(), project_id, now),
        ending_count=consent_ends.count(session, viewer(), project_id, now),
        disposed=retention.list_disposed(session, viewer(), project_id), **{**shown, **typed})
