"""The questions of a guide in another language, beside the ones they stand for."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from server.auth import allowed, viewer
from server.db import db
from server.domain.access import Permission
from server.domain.errors import Invalid, VersionConflict
from server.domain.languages import LANGUAGES, MAIN
from server.pages import conflicts
from server.pages.conflicts import Field
from server.pages.notices import redirect_with
from server.problems import STATUS
from server.services import projects

blueprint = Blueprint("prompts", __name__, url_prefix="/projects/<id:project_id>/settings/prompts")


@blueprint.get("")
@allowed(Permission.MANAGE_PROJECT)
def choose(project_id: str) -> ResponseReturnValue:
    """Go to the questions in a language."""
    code = request.args.get("language", "")
    if code not in LANGUAGES or code == MAIN:
        return redirect(url_for("projects.settings", project_id=project_id), 303)
    return redirect(url_for("prompts.show", project_id=project_id, language=code), 303)


@blueprint.get("/<language>")
@allowed(Permission.MANAGE_PROJECT)
def show(project_id: str, language: str) -> ResponseReturnValue:
    """Each question with its words in the language."""
    return _page(project_id, language, {})


@blueprint.post("/<language>")
@allowed(Permission.MANAGE_PROJECT)
def save(project_id: str, language: str) -> ResponseReturnValue:
    """Save them all."""
    texts = {name.removeprefix("text_"): text for name, text in request.form.items() if name.startswith("text_")}
    try:
        projects.translate_prompts(db.session(), viewer(), project_id, language, texts, conflicts.seen())
    except Invalid as refusal:
        return _page(project_id, language, refusal.fields), STATUS[refusal.code]
    except VersionConflict as conflict:
        return _both(project_id, language, conflict)
    return redirect_with("prompts_translated", url_for("projects.settings", project_id=project_id))


def _page(project_id: str, language: str, errors: dict[str, str]) -> str:
    translated = projects.list_translated(db.session(), viewer(), project_id, language)
    guide = projects.get_guide(db.session(), viewer(), project_id)
    return render_template(
        "prompts.html", errors=errors, translated=translated, language=LANGUAGES[language],
        typed=request.form, version=request.form.get("version", guide.version))


def _both(project_id: str, language: str, conflict: VersionConflict) -> ResponseReturnValue:
    """What the questions are now, and what was written; a question that is gone is not among them."""
    fields = [Field(f"text_{one.id}", one.text)
              for one in projects.list_translated(db.session(), viewer(), project_id, language)]
    now = type(conflict)({f"text_{prompt_id}": text for prompt_id, text in conflict.current.items()}, conflict.version)
    return conflicts.page(now, fields, action=request.path, project_id=project_id,
                          back=url_for("prompts.show", project_id=project_id, language=language))
