"""The templates: where they are, what they may call, and that all they print is escaped."""

from pathlib import Path
from typing import Any

from flask import Flask, Response, g, request
from jinja2 import ChainableUndefined, ChoiceLoader, FileSystemLoader, PackageLoader, PrefixLoader
from markupsafe import Markup

from server.domain.languages import Language
from server.exports.transcripts import FORMS
from server.pages import gap_words, navigation, notices, theme_words, words

TEMPLATES = Path(__file__).parent / "templates"


def prepare(app: Flask) -> None:
    """Set up Jinja. The NHS components need ChainableUndefined, and escaping in files named `.jinja` too."""
    env = app.jinja_env
    env.loader = ChoiceLoader([
        FileSystemLoader(TEMPLATES),
        PrefixLoader({"nhsuk": PackageLoader("nhsuk_frontend_jinja", "templates/nhsuk")}),
    ])
    env.autoescape = True
    env.undefined = ChainableUndefined
    env.trim_blocks = env.lstrip_blocks = True
    env.filters.update(words.FILTERS)
    env.filters.update(gap_words.FILTERS)
    env.filters.update(theme_words.FILTERS)
    env.globals.update(csrf_field=csrf_field, written_in=written_in, project_frame=navigation.project_frame,
                       transcript_forms=FORMS)
    app.context_processor(_of_this_request)

    @app.after_request
    def _notice_was_shown(response: Response) -> Response:
        return notices.forget_shown(response)


def csrf_field() -> Markup:
    """The hidden field that proves a form came from our own page."""
    return Markup('<input type="hidden" name="csrf_token" value="{}">').format(g.get("csrf_token") or "")


def written_in(language: Language | None) -> dict[str, str]:
    """The attributes of something written in this language, so that it is read and shown in its direction."""
    return {"lang": language.code, "dir": language.direction} if language else {}


def _of_this_request() -> dict[str, Any]:
    return {
        "viewer": g.get("viewer"),
        "notice": notices.take(),
        "project_id": (request.view_args or {}).get("project_id"),
        "organisation_id": (request.view_args or {}).get("organisation_id"),
    }
