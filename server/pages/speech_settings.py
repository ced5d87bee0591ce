"""Which languages are spoken in a project's recordings, and which names in them are hard to write."""

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from server.auth import allowed, viewer
from server.db import db
from server.domain.access import Permission
from server.domain.errors import Invalid, VersionConflict
from server.domain.speech_settings import SPOKEN, USUAL, read_speech_settings
from server.pages import conflicts
from server.pages.conflicts import Field
from server.pages.notices import redirect_with
from server.problems import STATUS
from server.services import speech_settings

blueprint = Blueprint("speech_settings", __name__)

_FIELDS = (Field("languages", "Languages, one on each line", rows=4),
           Field("vocabulary", "Names, places and services, one on each line", rows=8))


@blueprint.get("/projects/<id:project_id>/settings/speech")
@allowed(Permission.MANAGE_PROJECT)
def show(project_id: str) -> ResponseReturnValue:
    now = speech_settings.get(db.session(), viewer(), project_id)
    return _page({}, now.version, now.settings.languages, "\n".join(now.settings.vocabulary))


@blueprint.post("/projects/<id:project_id>/settings/speech")
@allowed(Permission.MANAGE_PROJECT)
def save(project_id: str) -> ResponseReturnValue:
    """Save both. Languages come as ticked boxes, or by name, one a line, from where two people changed them."""
    languages = [*request.form.getlist("language"), *request.form.get("languages", "").splitlines()]
    vocabulary = request.form.get("vocabulary", "")
    back = url_for("projects.settings", project_id=project_id)
    try:
        wanted = read_speech_settings(languages, vocabulary)
        speech_settings.change(db.session(), viewer(), project_id, wanted, conflicts.seen())
    except Invalid as refusal:
        return _page(refusal.fields, request.form.get("version", ""), languages, vocabulary), STATUS[refusal.code]
    except VersionConflict as conflict:
        return conflicts.page(conflict, _FIELDS, action=request.path, project_id=project_id, back=back,
                              mine=speech_settings.as_typed(wanted))
    return redirect_with("speech_settings_saved", back)


def _page(errors: dict[str, str], version: object, languages: object, vocabulary: str) -> str:
    return render_template("settings-speech.html", errors=errors, version=version, chosen=languages,
                           vocabulary=vocabulary, spoken=SPOKEN, usual=USUAL)
