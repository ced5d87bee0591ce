"""How the installation stands, for operators. It names no story, and for anybody else it is not there."""

from datetime import UTC, datetime

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from server.auth import signed_in, viewer
from server.db import db
from server.domain.errors import NotFound
from server.domain.work import Kind
from server.pages.notices import redirect_with
from server.pages.withdrawal_steps import PLACE_NAMES
from server.parts import parts
from server.services import operations

blueprint = Blueprint("operations", __name__)

_STATE_NAMES = {"waiting": "Waiting", "running": "Being done", "blocked": "Cannot start yet", "failed": "Failed"}


@blueprint.get("/operations")
@signed_in
def show() -> ResponseReturnValue:
    """Work, machines, phones, and what waits."""
    settings, now = parts().settings, datetime.now(UTC)
    found = operations.get_overview(db.session(), viewer(), now, (settings.data_dir, *settings.folders))
    states = [(state, _STATE_NAMES[state]) for state in operations.STATES]
    return render_template("operations.html", found=found, states=states, now=now, place_names=PLACE_NAMES)


@blueprint.post("/operations/work/again")
@signed_in
def try_again() -> ResponseReturnValue:
    """Give all work of one kind that stopped another turn."""
    try:
        kind = Kind(request.form.get("kind", ""))
    except ValueError:
        raise NotFound from None
    operations.try_again(db.session(), viewer(), kind)
    return redirect_with("work_tried_again", url_for("operations.show"))
