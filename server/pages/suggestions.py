"""Suggestions for a theme: passages that a computer finds to be like those under it. A person answers each."""

from collections.abc import Iterable

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from server.auditing import was_shown
from server.auth import signed_in, viewer
from server.db import db
from server.domain.audit import Action
from server.domain.errors import Invalid
from server.domain.ids import checked_id
from server.domain.theme import Theme
from server.pages.notices import redirect_with
from server.pages.silent import why_silent
from server.services import reidentification, suggestions, themes
from server.services.alike import Passage
from server.services.suggestions import Suggestion

blueprint = Blueprint("suggestions", __name__)

_MOST_DIGITS = 10


@blueprint.get("/themes/<id:theme_id>/suggestions")
@signed_in
def index(theme_id: str) -> ResponseReturnValue:
    """What is most like the passages under the theme."""
    page = suggestions.get_page(db.session(), viewer(), theme_id)
    return _shown("suggestions.html", page.theme, page.found, page=page)


@blueprint.get("/themes/<id:theme_id>/suggestions/dismissed")
@signed_in
def dismissed(theme_id: str) -> ResponseReturnValue:
    """What somebody did not want for it."""
    theme, found = suggestions.list_dismissed(db.session(), viewer(), theme_id)
    return _shown("suggestions-dismissed.html", theme, found)


@blueprint.post("/themes/<id:theme_id>/suggestions/take")
@signed_in
def take(theme_id: str) -> ResponseReturnValue:
    """Put the theme on one. Where that could point at one family, they are told next."""
    part = suggestions.take(db.session(), viewer(), theme_id, _passage(theme_id))
    weighed = reidentification.weigh(db.session(), viewer(), part)
    if weighed is None or not weighed.is_to_look_at:
        return _next("suggestion_taken", "suggestions.index", theme_id)
    kind, asked = weighed.kind.value, {"next": url_for("suggestions.index", theme_id=theme_id)}
    asked[f"{kind}_id"] = part.id
    return redirect_with("suggestion_taken", url_for(f"reidentification.{kind}", **asked))  # type: ignore[arg-type]


@blueprint.post("/themes/<id:theme_id>/suggestions/dismiss")
@signed_in
def dismiss(theme_id: str) -> ResponseReturnValue:
    """Do not suggest one again for this theme."""
    suggestions.dismiss(db.session(), viewer(), theme_id, _passage(theme_id))
    return _next("suggestion_dismissed", "suggestions.index", theme_id)


@blueprint.post("/themes/<id:theme_id>/suggestions/bring-back")
@signed_in
def bring_back(theme_id: str) -> ResponseReturnValue:
    """Let one be suggested again."""
    suggestions.bring_back(db.session(), viewer(), theme_id, _passage(theme_id))
    return _next("suggestion_back", "suggestions.dismissed", theme_id)


def _shown(template: str, theme: Theme, found: Iterable[Suggestion], **more: object) -> str:
    found = list(found)
    like = [one.like.id for one in found if one.like is not None]
    was_shown(Action.READ, "suggestions", theme.id, theme.project_id, [*(one.source_id for one in found), *like])
    silent = why_silent([one.source_id for one in found if one.recording and not one.recording.playback_sha256])
    return render_template(template, project_id=theme.project_id, theme=theme, found=found, silent=silent, **more)


def _next(notice: str, endpoint: str, theme_id: str) -> ResponseReturnValue:
    """Back to the list, where whoever goes through it by keyboard finds the next one first."""
    return redirect_with(notice, url_for(endpoint, theme_id=theme_id, _anchor="suggested"))


def _passage(theme_id: str) -> Passage:
    """Which passage they answer. Whoever may not is told nothing of what they sent."""
    themes.get_to_change(db.session(), viewer(), theme_id)
    return Passage(checked_id(request.form.get("source"), "source"), _milliseconds("start_ms"), _milliseconds("end_ms"))


def _milliseconds(name: str) -> int:
    value = request.form.get(name, "")
    if not (value.isascii() and value.isdigit() and len(value) <= _MOST_DIGITS and int(value) < 2**31):
        raise Invalid("Go back to the suggestions and press the button there.", fields={name: "This is not a time."})
    return int(value)
