"""What an analyst carries away: quotes and excerpts that are cleared for publication."""

from datetime import UTC, datetime

from flask import Blueprint, Response, render_template, request, url_for
from flask.typing import ResponseReturnValue

from server.apart import apart
from server.auditing import was_shown
from server.auth import allowed, viewer
from server.db import db
from server.domain.access import Permission
from server.domain.audit import Action
from server.domain.fields import storable
from server.exports import quotes_csv
from server.pages.notices import redirect_with
from server.pages.reidentification import look_at_sent
from server.services import publication

blueprint = Blueprint("exports", __name__)


@blueprint.get("/projects/<id:project_id>/exports")
@allowed(Permission.EXPORT)
def index(project_id: str) -> ResponseReturnValue:
    """What would be in the file, before it is made."""
    preview = publication.preview(db.session(), viewer(), project_id, _theme_id())
    was_shown(Action.READ, "export", project_id, project_id, (row.id for row in preview.rows))
    return render_template("exports.html", project_id=project_id, preview=preview, theme_id=_theme_id() or "",
                           found=publication.to_look_at(db.session(), viewer(), project_id, preview.rows))


@blueprint.post("/projects/<id:project_id>/exports/looked")
@allowed(Permission.EXPORT)
def looked(project_id: str) -> ResponseReturnValue:
    """Somebody has looked at what could point at one family, before they take the file away."""
    look_at_sent()
    return redirect_with("looked_at", url_for("exports.index", project_id=project_id, theme=_theme_id()))


@blueprint.get("/projects/<id:project_id>/exports/quotes.csv")
@allowed(Permission.EXPORT)
def quotes(project_id: str) -> ResponseReturnValue:
    """The file. Consent is asked again now, and that somebody has it is noted at once, so that whoever withdraws a
    second later knows where their words are."""
    with apart() as session:
        taken = publication.take_away(session, viewer(), project_id, _theme_id())
    was_shown(Action.EXPORTED, "quotes.csv", project_id, project_id, (row.id for row in taken.rows))
    content = b"".join(quotes_csv.write(taken.rows))
    name = f"earshot-quotes-{datetime.now(UTC):%Y-%m-%d}-{taken.export_id[-8:]}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, mimetype="text/csv", headers=headers)


def _theme_id() -> str | None:
    value = request.args.get("theme", "")
    return value if value and storable(value) else None
