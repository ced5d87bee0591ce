"""Projects: an operator starts one; its administrators change its name and its guide."""

from collections.abc import Sequence

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from server.auth import allowed, signed_in, viewer
from server.db import db
from server.domain.access import Permission
from server.domain.errors import Invalid, NotFound, VersionConflict
from server.domain.languages import LANGUAGES, MAIN
from server.pages import conflicts
from server.pages.conflicts import Field
from server.pages.notices import redirect_with
from server.services import (
    consent_wordings,
    phone_settings,
    processing,
    projects,
    retention,
    speech_settings,
    suggestion_settings,
)

blueprint = Blueprint("projects", __name__)

_ABOUT = (Field("name", "Name"), Field("introduction", "What is it about?", rows=4))
_GUIDE = (Field("prompts", "Questions to ask, one on each line", rows=8),)


@blueprint.get("/projects/new")
@signed_in
def new() -> ResponseReturnValue:
    if not viewer().is_operator:
        raise NotFound
    return render_template("project-new.html", errors={}, name="", introduction="")


@blueprint.post("/projects")
@signed_in
def create() -> ResponseReturnValue:
    """Start a project, and go to its settings."""
    name, introduction = request.form.get("name", ""), request.form.get("introduction", "")
    try:
        project_id = projects.create(db.session(), viewer(), name, introduction)
    except Invalid as refusal:
        html = render_template("project-new.html", errors=refusal.fields, name=name, introduction=introduction)
        return html, 422
    return redirect_with("project_created", url_for("projects.settings", project_id=project_id))


@blueprint.get("/projects/<id:project_id>/settings")
@allowed(Permission.MANAGE_PROJECT)
def settings(project_id: str) -> ResponseReturnValue:
    """Everything an administrator may change, on one page."""
    return _settings(project_id)


@blueprint.post("/projects/<id:project_id>/settings/introduction")
@allowed(Permission.MANAGE_PROJECT)
def describe(project_id: str) -> ResponseReturnValue:
    """Save the name and the introduction."""
    name, introduction = request.form.get("name", ""), request.form.get("introduction", "")
    try:
        projects.describe(db.session(), viewer(), project_id, name, introduction, conflicts.seen())
    except Invalid as refusal:
        return _settings(project_id, errors=refusal.fields, name=name, introduction=introduction,
                         version=request.form.get("version", "")), 422
    except VersionConflict as conflict:
        return _both(project_id, conflict, _ABOUT)
    return redirect_with("introduction_saved", url_for("projects.settings", project_id=project_id))


@blueprint.post("/projects/<id:project_id>/settings/prompts")
@allowed(Permission.MANAGE_PROJECT)
def save_prompts(project_id: str) -> ResponseReturnValue:
    """Save the questions of the guide, one a line."""
    text = request.form.get("prompts", "")
    try:
        projects.replace_prompts(db.session(), viewer(), project_id, text.splitlines(), conflicts.seen())
    except Invalid as refusal:
        return _settings(project_id, errors=refusal.fields, prompts=text,
                         guide_version=request.form.get("version", "")), 422
    except VersionConflict as conflict:
        return _both(project_id, conflict, _GUIDE)
    return redirect_with("prompts_saved", url_for("projects.settings", project_id=project_id))


def _settings(project_id: str, **typed: object) -> str:
    """The settings page with what is stored, or with what was typed where that was refused."""
    about = projects.get_about(db.session(), viewer(), project_id)
    guide = projects.get_guide(db.session(), viewer(), project_id)
    shown = {
        "errors": {}, "name": about.name, "introduction": about.introduction, "version": about.version,
        "prompts": "\n".join(guide.prompts), "guide_version": guide.version,
        "guide_languages": guide.languages,
        "other_languages": [language for code, language in LANGUAGES.items()
                            if code != MAIN and code not in guide.languages],
        "published": consent_wordings.newest(db.session(), viewer(), project_id),
        "phones": phone_settings.get(db.session(), viewer(), project_id).settings,
        "processing": processing.get(db.session(), viewer(), project_id).processing,
        "retention": retention.get(db.session(), viewer(), project_id).period,
        "speech": speech_settings.get(db.session(), viewer(), project_id).settings,
        "suggests": suggestion_settings.get(db.session(), viewer(), project_id).suggests,
    }
    return render_template("settings.html", **{**shown, **typed})


def _both(project_id: str, conflict: VersionConflict, fields: Sequence[Field]) -> ResponseReturnValue:
    """What a part of the settings says now, and what was written."""
    return conflicts.page(conflict, fields, action=request.path, project_id=project_id,
                          back=url_for("projects.settings", project_id=project_id))
