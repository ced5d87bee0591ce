"""Work that goes on behind the pages: what waits, what is being done, and what failed and why."""

from datetime import UTC, datetime

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue

from server.auth import allowed, viewer
from server.db import db
from server.domain.access import Permission, may
from server.domain.work import State
from server.pages.notices import redirect_with
from server.services import held, work_overview

blueprint = Blueprint("work", __name__)

# What needs somebody's help comes first.
_HEADINGS = {
    State.FAILED: "Failed",
    State.BLOCKED: "Cannot start yet",
    State.RUNNING: "Being done",
    State.WAITING: "Waiting",
}


@blueprint.get("/projects/<id:project_id>/work")
@allowed(Permission.SEE_WORK)
def index(project_id: str) -> ResponseReturnValue:
    """Everything that is not done, with what to do about it; for administrators also what waits for its story."""
    found = work_overview.overview(db.session(), viewer(), project_id)
    groups = [(heading, found.counts.get(state, 0), found.in_state(state)) for state, heading in _HEADINGS.items()]
    manages = may(viewer(), Permission.MANAGE_PROJECT, project_id)
    overdue = held.list_overdue(db.session(), datetime.now(UTC), project_id) if manages else []
    return render_template("work.html", project_id=project_id, done=found.done, groups=groups, overdue=overdue)


@blueprint.post("/projects/<id:project_id>/work/<id:job_id>/again")
@allowed(Permission.SEE_WORK)
def try_again(project_id: str, job_id: str) -> ResponseReturnValue:
    """Give failed work another turn."""
    work_overview.try_again(db.session(), viewer(), project_id, job_id)
    return redirect_with("work_tried_again", url_for("work.index", project_id=project_id))
