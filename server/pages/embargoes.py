"""Holding a story back while somebody is worried about a person's safety, and lifting that, with no word of it."""

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from server.auditing import was_shown
from server.auth import allowed, viewer
from server.db import db
from server.domain.access import Permission, may
from server.domain.audit import Action
from server.domain.embargo import REASON_LETTERS
from server.domain.errors import Invalid, NotFound
from server.pages.notices import redirect_with
from server.problems import STATUS
from server.services import embargoes
from server.services.embargoes import HeldBack

blueprint = Blueprint("embargoes", __name__, url_prefix="/projects/<id:project_id>")

_STORY = "/stories/<id:story_id>/hold-back"
_ONE = "/held-back/<id:embargo_id>"


@blueprint.get(_STORY)
@allowed(Permission.HOLD_BACK)
def ask(project_id: str, story_id: str) -> ResponseReturnValue:
    """Ask why, and who looks into it."""
    return _ask(project_id, story_id, {})


@blueprint.post(_STORY)
@allowed(Permission.HOLD_BACK)
def put(project_id: str, story_id: str) -> ResponseReturnValue:
    """Hold the story back. Nobody has any of it from here on."""
    try:
        embargo_id = embargoes.put(db.session(), viewer(), project_id, story_id, _typed("reason"), _typed("named"))
    except Invalid as refusal:
        return _ask(project_id, story_id, refusal.fields), STATUS[refusal.code]
    return redirect_with("story_held_back", _address("show", project_id, embargo_id))


@blueprint.get("/held-back")
@allowed(Permission.LIFT_EMBARGOES)
def index(project_id: str) -> ResponseReturnValue:
    """What is held back now, as far as it concerns whoever asks; what waits for them first."""
    found = embargoes.list_standing(db.session(), viewer(), project_id)
    was_shown(Action.READ, "embargoes", project_id, project_id, dict.fromkeys(one.story_id for one in found))
    waiting = [one for one in found if one.may_lift or one.may_name]
    return render_template("held-back.html", waiting=waiting, others=[one for one in found if one not in waiting],
                           sees_register=may(viewer(), Permission.SEE_REGISTER, project_id))


@blueprint.get(_ONE)
@allowed(Permission.LIFT_EMBARGOES)
def show(project_id: str, embargo_id: str) -> ResponseReturnValue:
    """Why, since when, and who looks into it."""
    return render_template("held-back-one.html", held=_shown(project_id, embargo_id))


@blueprint.get(f"{_ONE}/lift")
@allowed(Permission.LIFT_EMBARGOES)
def confirm(project_id: str, embargo_id: str) -> ResponseReturnValue:
    """Say what happens then, and ask. For the named person alone."""
    held = _shown(project_id, embargo_id)
    if not held.may_lift:
        raise NotFound
    return render_template("held-back-lift.html", held=held)


@blueprint.post(f"{_ONE}/lift")
@allowed(Permission.LIFT_EMBARGOES)
def lift(project_id: str, embargo_id: str) -> ResponseReturnValue:
    """A second press of the button changes nothing."""
    embargoes.lift(db.session(), viewer(), project_id, embargo_id)
    return redirect_with("embargo_lifted", _address("show", project_id, embargo_id))


@blueprint.get(f"{_ONE}/name")
@allowed(Permission.NAME_FOR_EMBARGOES)
def choose(project_id: str, embargo_id: str) -> ResponseReturnValue:
    """Ask who looks into it instead of somebody who can no longer."""
    return _choose(project_id, embargo_id, {})


@blueprint.post(f"{_ONE}/name")
@allowed(Permission.NAME_FOR_EMBARGOES)
def name(project_id: str, embargo_id: str) -> ResponseReturnValue:
    try:
        embargoes.name_another(db.session(), viewer(), project_id, embargo_id, _typed("named"))
    except Invalid as refusal:
        return _choose(project_id, embargo_id, refusal.fields), STATUS[refusal.code]
    return redirect_with("embargo_named", _address("show", project_id, embargo_id))


def _ask(project_id: str, story_id: str, errors: dict[str, str]) -> str:
    story = embargoes.get_to_hold_back(db.session(), viewer(), project_id, story_id)
    was_shown(Action.READ, "story to hold back", story_id, project_id)
    people = embargoes.list_nameable(db.session(), viewer().person_id, project_id)
    return render_template(
        "hold-back.html", story=story, story_id=story_id, people=people, errors=errors, typed=request.form,
        most=REASON_LETTERS, sees_register=may(viewer(), Permission.SEE_REGISTER, project_id))


def _choose(project_id: str, embargo_id: str, errors: dict[str, str]) -> str:
    held = _shown(project_id, embargo_id)
    if not held.may_name:
        raise NotFound
    people = embargoes.list_nameable(db.session(), viewer().person_id, project_id)
    return render_template("held-back-name.html", held=held, people=people, errors=errors)


def _shown(project_id: str, embargo_id: str) -> HeldBack:
    found = embargoes.get_one(db.session(), viewer(), project_id, embargo_id)
    was_shown(Action.READ, "embargo", embargo_id, project_id, [found.story_id])
    return found


def _typed(name: str) -> str:
    """What was written, its lines ended as they are counted."""
    return request.form.get(name, "").replace("\r\n", "\n")


def _address(page: str, project_id: str, embargo_id: str) -> str:
    return url_for(f"embargoes.{page}", project_id=project_id, embargo_id=embargo_id)
