"""Excerpts: made on a story's page, opened on their own, deleted after a question."""

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.utils import redirect

from server.auditing import was_shown
from server.auth import signed_in, viewer
from server.db import db
from server.domain.access import Permission, may
from server.domain.audit import Action
from server.domain.errors import Invalid, NotFound
from server.domain.ids import checked_id
from server.domain.note import Notable
from server.pages import theming
from server.pages.notices import redirect_with
from server.pages.passages import old_words_of, words_seen
from server.problems import wants_json
from server.services import excerpts, notes, reidentification
from server.services import heard as listening
from server.services.excerpts import Chosen

blueprint = Blueprint("excerpts", __name__)


@blueprint.post("/stories/<id:story_id>/excerpts")
@signed_in
def create(story_id: str) -> ResponseReturnValue:
    """Make an excerpt of the words between two times. A module gets what is on the story then; a form leads back to
    where the words are in it."""
    form = request.form
    chosen = Chosen(checked_id(form.get("recording_id"), "recording_id"), _milliseconds("start_ms"),
                    _milliseconds("end_ms"))
    theme_ids = [checked_id(value, "theme") for value in form.getlist("theme")]
    made = excerpts.make(db.session(), viewer(), chosen, theme_ids, form.get("new_theme", ""))
    if made.story_id != story_id:
        raise NotFound
    if wants_json():
        return theming.answer(story_id, made=made.id)
    address = url_for("stories.show", story_id=made.story_id, made=made.id, _anchor=f"passage-{made.id}")
    return redirect(address, 303)


@blueprint.post("/excerpts/<id:excerpt_id>/take-back")
@signed_in
def take_back(excerpt_id: str) -> ResponseReturnValue:
    """Undo what was done a moment ago: these themes, and the excerpt if it was `made` then and carries nothing else."""
    form = request.form
    theme_ids = [checked_id(value, "theme") for value in form.getlist("theme")]
    story_id = excerpts.take_back(db.session(), viewer(), excerpt_id, theme_ids, was_made="made" in form)
    if wants_json():
        return theming.answer(story_id)
    return redirect_with("taken_back", url_for("stories.show", story_id=story_id))


@blueprint.get("/excerpts/<id:excerpt_id>")
@signed_in
def show(excerpt_id: str) -> ResponseReturnValue:
    """The passage with its own few seconds of sound, its words in step."""
    excerpt = excerpts.get(db.session(), viewer(), excerpt_id)
    was_shown(Action.READ, "excerpt", excerpt.id, excerpt.project_id, [excerpt.story_id])
    may_tag = may(viewer(), Permission.TAG, excerpt.project_id)
    by_whom = listening.who_heard(db.session(), viewer(), excerpt_id) if may_tag else []
    weighed = reidentification.weigh(db.session(), viewer(), excerpt) if may_tag else None
    return render_template("excerpt.html", project_id=excerpt.project_id, excerpt=excerpt, weighed=weighed,
                           may_tag=may_tag, heard_by_whom=by_whom,
                           notes=notes.list_on(db.session(), viewer(), Notable.EXCERPT, excerpt_id) if may_tag else [],
                           old=old_words_of(excerpt) if may_tag and excerpt.changed_text is not None else None)


@blueprint.post("/excerpts/<id:excerpt_id>/heard")
@signed_in
def heard(excerpt_id: str) -> ResponseReturnValue:
    """Somebody says that they have listened to it: browsers with scripts tell it by themselves."""
    listening.listened_to_excerpt(db.session(), viewer(), excerpt_id, request.form.get("seen", ""))
    return redirect_with("excerpt_heard", url_for("excerpts.show", excerpt_id=excerpt_id))


@blueprint.route("/excerpts/<id:excerpt_id>/delete", methods=["GET", "POST"])
@signed_in
def delete(excerpt_id: str) -> ResponseReturnValue:
    """Ask, then let go of it."""
    if request.method == "GET":
        used = excerpts.count_provocations(db.session(), viewer(), excerpt_id)
        excerpt = excerpts.get(db.session(), viewer(), excerpt_id)
        was_shown(Action.READ, "excerpt", excerpt.id, excerpt.project_id, [excerpt.story_id])
        return render_template("excerpt-delete.html", project_id=excerpt.project_id, excerpt=excerpt, used=used)
    story_id = excerpts.delete_excerpt(db.session(), viewer(), excerpt_id)
    return redirect_with("excerpt_deleted", url_for("stories.show", story_id=story_id))


blueprint.add_app_template_filter(words_seen)


def _milliseconds(name: str) -> int:
    """A time as the form carries it. Raises Invalid when it is no whole number."""
    value = request.form.get(name, "")
    if not (value.isascii() and value.isdigit() and len(value) < 12):
        raise Invalid("Choose some words first.", fields={name: "Choose some words first."})
    return int(value)
