"""What an analyst carries away: quotes and excerpts that are cleared for publication."""

from datetime import UTC, datetime

from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue

from server.auditing import was_shown
from server.auth import allowed, viewer
from server.db import db
from server.domain.access import Permission
from server.domain.audit import Action
from server.domain.cleared import ClearedForPublication
from server.domain.consent import Audience
from server.exports import quotes_csv
from server.services import clearing, tagged

blueprint = Blueprint("exports", __name__)


@blueprint.get("/projects/<id:project_id>/exports")
@allowed(Permission.EXPORT)
def index(project_id: str) -> ResponseReturnValue:
    """What would be in the file, before it is made."""
    themes = tagged.list_tagged(db.session(), viewer(), project_id, Audience.PUBLICATION)
    everything = clearing.list_for_publication(db.session(), viewer(), project_id)
    chosen = _rows(project_id)
    was_shown(Action.READ, "export", project_id, project_id, (row.id for row in chosen))
    return render_template("exports.html", project_id=project_id, rows=chosen, theme_id=_theme_id(),
                           themes=themes, left_out=len(everything) - len(chosen))


@blueprint.get("/projects/<id:project_id>/exports/quotes.csv")
@allowed(Permission.EXPORT)
def quotes(project_id: str) -> ResponseReturnValue:
    """The file. Consent is asked again now, so that what was withdrawn a second ago is not in it."""
    chosen = _rows(project_id)
    was_shown(Action.EXPORTED, "quotes.csv", project_id, project_id, (row.id for row in chosen))
    content = b"".join(quotes_csv.write(chosen))
    name = f"earshot-quotes-{datetime.now(UTC):%Y-%m-%d}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, mimetype="text/csv", headers=headers)


def _rows(project_id: str) -> list[ClearedForPublication]:
    return clearing.list_for_publication(db.session(), viewer(), project_id, _theme_id() or None)


def _theme_id() -> str:
    return request.args.get("theme", "")
