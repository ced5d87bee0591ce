"""Withholding names and other words of a story: what is withheld, withholding more, suggestions, and lifting it."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.utils import redirect

from server.auditing import was_shown
from server.auth import signed_in, viewer
from server.db import db
from server.domain import excerpt as excerpts
from server.domain.access import Permission, require
from server.domain.audit import Action
from server.domain.cleared import ClearedStory
from server.domain.consent import Audience
from server.domain.errors import Invalid, NotFound
from server.domain.redaction import Category, Sound
from server.naming.lists import shipped
from server.pages.notices import redirect_with
from server.problems import STATUS
from server.services import clearing, redactions, suggested_redactions
from server.services.redactions import Asked, Stretch

blueprint = Blueprint("redactions", __name__, url_prefix="/stories/<id:story_id>/withheld")

CATEGORY_NAMES = {
    Category.NAME: "A name", Category.PLACE: "A place", Category.ORGANISATION: "An organisation",
    Category.DATE: "A date", Category.ADDRESS: "An address", Category.NUMBER: "A number",
    Category.OTHER: "Something else",
}
_NONE_CHOSEN = "Tick what to withhold."
# As far into a recording as a time can be, in digits.
_DIGITS = 10


@dataclass(frozen=True)
class Chosen:
    """A stretch that somebody chose, with the words that are shown of it."""

    here: Stretch
    words: str


@blueprint.get("")
@signed_in
def show(story_id: str) -> ResponseReturnValue:
    """What is withheld, a form for more, and what may need it. An address can name a stretch of a recording."""
    return _page(story_id, {})


@blueprint.post("/chosen")
@signed_in
def choose(story_id: str) -> ResponseReturnValue:
    """From words chosen in the transcript to the form about them."""
    _story(story_id, clearing.Words.NONE)
    form = request.form
    return redirect(url_for("redactions.show", story_id=story_id, recording=form.get("recording_id"),
                            start=form.get("start_ms"), end=form.get("end_ms"), _anchor="more"), 303)


@blueprint.post("")
@signed_in
def make(story_id: str) -> ResponseReturnValue:
    """Withhold what was written or chosen."""
    form = request.form
    try:
        here = _stretch(form) if form.get("where") == "here" else None
        redactions.make(db.session(), viewer(), story_id, Asked(
            form.get("words", ""), form.get("replacement", ""), _category(form.get("category")), _sound(), here))
    except Invalid as refusal:
        return _page(story_id, refusal.fields or {"words": refusal.message}), STATUS[refusal.code]
    return redirect_with("words_withheld", url_for("redactions.show", story_id=story_id))


@blueprint.post("/suggested")
@signed_in
def make_suggested(story_id: str) -> ResponseReturnValue:
    """Withhold all that was ticked. What is withheld by now stays as it is."""
    ticked = [value.partition(":") for value in dict.fromkeys(request.form.getlist("suggestion"))]
    if not ticked:
        return _page(story_id, {"suggestion": _NONE_CHOSEN}), STATUS[Invalid.code]
    for category, _, words in ticked:
        there = {one.words for one in redactions.list_of(db.session(), viewer(), story_id) if one.is_everywhere}
        if words not in there:
            redactions.make(db.session(), viewer(), story_id, Asked(words, "", _category(category), _sound()))
    return redirect_with("words_withheld", url_for("redactions.show", story_id=story_id))


@blueprint.route("/<id:redaction_id>/lift", methods=["GET", "POST"])
@signed_in
def lift(story_id: str, redaction_id: str) -> ResponseReturnValue:
    """Ask, then show and play the words again."""
    session = db.session()
    if request.method == "POST":
        redactions.lift(session, viewer(), story_id, redaction_id)
        return redirect_with("words_not_withheld", url_for("redactions.show", story_id=story_id))
    found = [one for one in redactions.list_of(session, viewer(), story_id) if one.id == redaction_id]
    if not found:
        raise NotFound
    story = _story(story_id, clearing.Words.NONE)
    was_shown(Action.READ, "withheld words", story.id, story.project_id, [redaction_id])
    return render_template("redaction-lift.html", project_id=story.project_id, story=story, found=found[0])


def _page(story_id: str, errors: dict[str, str]) -> str:
    session = db.session()
    story = _story(story_id)
    withheld = redactions.list_of(session, viewer(), story_id)
    was_shown(Action.READ, "withheld words", story.id, story.project_id, [one.id for one in withheld])
    return render_template(
        "redactions.html", project_id=story.project_id, story=story, withheld=withheld, errors=errors,
        typed=request.form, chosen=_chosen(story),
        category_items=[{"value": one.value, "text": name} for one, name in CATEGORY_NAMES.items()],
        suggestions=suggested_redactions.list_of(session, viewer(), story_id, shipped()))


def _story(story_id: str, words: clearing.Words = clearing.Words.ALL) -> ClearedStory:
    story = clearing.get_story(db.session(), viewer(), story_id, Audience.COMMISSIONERS, words)
    require(viewer(), Permission.REDACT, story.project_id)
    return story


def _chosen(story: ClearedStory) -> Chosen | None:
    """What the address, or a form that came back, points at; nothing where it makes no sense."""
    try:
        here = _stretch(request.form if request.method == "POST" else request.args)
        [said] = [one.transcript for one in story.recordings if one.id == here.recording_id and one.transcript]
        return Chosen(here, excerpts.cut(said.segments, here.start_ms, here.end_ms).text.strip(" .,;:?!…"))
    except (Invalid, ValueError):
        return None


def _stretch(sent: Mapping[str, str]) -> Stretch:
    """Raises Invalid where no stretch was sent."""
    start, end = sent.get("start", ""), sent.get("end", "")
    if not all(value.isascii() and value.isdigit() and len(value) < _DIGITS for value in (start, end)):
        raise Invalid(fields={"words": "Choose some words first."})
    return Stretch(sent.get("recording", ""), int(start), int(end))


def _category(value: str | None) -> Category:
    try:
        return Category(value or "")
    except ValueError:
        raise Invalid(fields={"category": "Choose what it is."}) from None


def _sound() -> Sound:
    try:
        return Sound(request.form.get("sound", ""))
    except ValueError:
        raise Invalid(fields={"sound": "Choose a bleep or silence."}) from None


@blueprint.app_template_filter("category_name")
def category_name(category: Category) -> str:
    """What something is: A name."""
    return CATEGORY_NAMES[category]
