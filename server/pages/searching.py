"""Searching the stories of a project: words, and filters beside them, all of it in the address."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from server.auditing import was_shown
from server.auth import allowed, viewer
from server.db import db
from server.domain import search_query
from server.domain.access import Permission, browses_as
from server.domain.audit import Action
from server.domain.consent import Audience
from server.pages import filters
from server.services import searching

blueprint = Blueprint("searching", __name__)


@blueprint.get("/projects/<id:project_id>/search")
@allowed(Permission.SEARCH)
def index(project_id: str) -> ResponseReturnValue:
    """What was found, a page at a time. What somebody looks for is written down nowhere."""
    text = request.args.get("q", "")[:search_query.LONGEST].replace("\x00", "")
    found = filters.of_request("searching.index", project_id, q=text)
    to = search_query.read_turn(request.args.get("older"), request.args.get("newer"))
    page = searching.search(db.session(), viewer(), project_id, text, found.only, to)
    was_shown(Action.READ, "search", project_id, project_id, dict.fromkeys(hit.story.id for hit in page.hits))
    return render_template(
        "search.html", project_id=project_id, text=text, page=page, filters=found,
        is_empty=search_query.parse(text).is_empty,
        is_team=browses_as(viewer(), project_id) is Audience.COMMISSIONERS)
