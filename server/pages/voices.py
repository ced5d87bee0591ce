"""Voices: whom the project has heard, beside whom it hopes to hear, and how many it hopes for."""

from datetime import UTC, datetime

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from server.auditing import was_shown
from server.auth import allowed, viewer
from server.db import db
from server.domain.access import Permission, may
from server.domain.audit import Action
from server.domain.errors import Invalid
from server.domain.languages import LANGUAGES
from server.domain.speech_settings import SPOKEN
from server.domain.target import Typed, read_targets
from server.domain.voice import MOST_TARGETS, Counts, Dimension
from server.pages.notices import redirect_with
from server.services import groups, partners, targets, voices

blueprint = Blueprint("voices", __name__)

# What can be chosen: those that stories are written down in, and those that consent is read in.
LANGUAGE_NAMES = dict(sorted({**SPOKEN, **{code: language.name for code, language in LANGUAGES.items()}}.items(),
                             key=lambda found: found[1]))


@blueprint.get("/projects/<id:project_id>/voices")
@allowed(Permission.SEE_VOICES)
def index(project_id: str) -> ResponseReturnValue:
    """Whose voice is missing, and the numbers that say so."""
    found = voices.get(db.session(), viewer(), project_id, datetime.now(UTC))
    was_shown(Action.READ, "voices", project_id, project_id)
    return render_template("voices.html", project_id=project_id, voices=found, languages=LANGUAGE_NAMES,
                           may_set=may(viewer(), Permission.SET_TARGETS, project_id))


@blueprint.get("/projects/<id:project_id>/voices/targets")
@allowed(Permission.SET_TARGETS)
def targets_page(project_id: str) -> ResponseReturnValue:
    """The groups of the project, and how many people and stories it hopes to hear."""
    return page_of_targets(project_id)


@blueprint.post("/projects/<id:project_id>/voices/targets")
@allowed(Permission.SET_TARGETS)
def save(project_id: str) -> ResponseReturnValue:
    """Keep the numbers that were typed, in the place of those before."""
    typed = _typed()
    try:
        targets.replace(db.session(), viewer(), project_id, read_targets(typed))
    except Invalid as error:
        return page_of_targets(project_id, error.fields, typed=typed), 422
    return redirect_with("targets_saved", url_for("voices.targets_page", project_id=project_id))


def page_of_targets(project_id: str, errors: dict[str, str] | None = None, *, name: str = "",
                    typed: list[Typed] | None = None) -> str:
    """The page of groups and targets, with what was typed where something was wrong with it."""
    every = groups.list_groups(db.session(), project_id, retired=True)
    names = {Dimension.GROUP.value: {group.id: group.name for group in every},
             Dimension.ORGANISATION.value: dict(partners.list_names(db.session(), project_id))}
    return render_template(
        "voice-targets.html", project_id=project_id, groups=[group for group in every if not group.is_retired],
        retired=[group for group in every if group.is_retired], rows=list(enumerate(typed or _rows(project_id, names))),
        names=names, languages=LANGUAGE_NAMES, errors=errors or {}, name=name,
        sees_voices=may(viewer(), Permission.SEE_VOICES, project_id))


def _rows(project_id: str, names: dict[str, dict[str, str]]) -> list[Typed]:
    """One for each group, organisation and target that there is, and an empty one for another place and language."""
    kept = {(one.dimension.value, one.value): one for one in targets.list_targets(db.session(), project_id)}
    asked = {group.id for group in groups.list_groups(db.session(), project_id)}
    keys = [(dimension, value) for dimension, known in names.items() for value in known
            if (dimension, value) in kept or dimension != Dimension.GROUP or value in asked]
    for dimension in (Dimension.PLACE.value, Dimension.LANGUAGE.value):
        keys += [key for key in kept if key[0] == dimension] + [(dimension, "")]
    usual = {Dimension.GROUP: Counts.PEOPLE}
    return [Typed(dimension, value, kept[dimension, value].counts, str(kept[dimension, value].wanted))
            if (dimension, value) in kept
            else Typed(dimension, value, usual.get(Dimension(dimension), Counts.STORIES), "")
            for dimension, value in keys]


def _typed() -> list[Typed]:
    """The rows of the form, in its order."""
    form, found = request.form, []
    for number in range(MOST_TARGETS * 2):
        if f"dimension-{number}" not in form:
            break
        found.append(Typed(*(form.get(f"{name}-{number}", "") for name in ("dimension", "value", "counts", "wanted"))))
    return found
