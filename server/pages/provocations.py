"""Provocations: a list, one with its evidence, the presenting mode, and where a commissioner arranges it."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from server.auditing import was_shown
from server.auth import allowed, signed_in, viewer
from server.db import db
from server.domain.access import Permission, may
from server.domain.audit import Action
from server.domain.cleared import ClearedPart
from server.domain.consent import Audience
from server.domain.errors import Invalid, VersionConflict
from server.domain.fields import storable
from server.domain.note import Notable
from server.domain.provocation import ProvocationCard, ProvocationText, checked_text, moved
from server.domain.theme import Taggable
from server.pages import conflicts
from server.pages.conflicts import Field
from server.pages.notices import redirect_with
from server.pages.reidentification import look_at_sent
from server.services import evidence, notes, provocations, reidentification, tagged

blueprint = Blueprint("provocations", __name__)

_FIELDS = (Field("question", "Question", rows=3), Field("introduction", "Introduction", rows=4),
           Field("content_note", "Content note", rows=2))


@blueprint.get("/projects/<id:project_id>/provocations")
@allowed(Permission.SEE_PROVOCATIONS)
def index(project_id: str) -> ResponseReturnValue:
    """Every provocation of the project that this person may open."""
    cards = provocations.list_provocations(db.session(), viewer(), project_id)
    return render_template("provocations.html", project_id=project_id, cards=cards,
                           may_make=may(viewer(), Permission.MAKE_PROVOCATIONS, project_id))


@blueprint.route("/projects/<id:project_id>/provocations/new", methods=["GET", "POST"])
@allowed(Permission.MAKE_PROVOCATIONS)
def new(project_id: str) -> ResponseReturnValue:
    """Write the question."""
    if request.method == "GET":
        return _text_form(project_id, ProvocationText(""))
    try:
        made = provocations.make(db.session(), viewer(), project_id, _sent_text())
    except Invalid as error:
        return _text_form(project_id, _typed_text(), error=error)
    return redirect(url_for("provocations.arrange", provocation_id=made.id), 303)


@blueprint.get("/provocations/<id:provocation_id>")
@signed_in
def show(provocation_id: str) -> ResponseReturnValue:
    """The question and what it rests on."""
    card = provocations.get(db.session(), viewer(), provocation_id)
    may_make = may(viewer(), Permission.MAKE_PROVOCATIONS, card.project_id)
    drafts = evidence.count_drafts(db.session(), viewer(), card.id) if may_make else 0
    said = notes.list_on(db.session(), viewer(), Notable.PROVOCATION, card.id) if may_make else []
    return render_template("provocation.html", card=card, project_id=card.project_id,
                           evidence=_shown(card, Action.READ), may_make=may_make, drafts=drafts,
                           kept=evidence.count_kept(db.session(), viewer(), card.id) if may_make else 0,
                           notes=said)


@blueprint.get("/provocations/<id:provocation_id>/present")
@signed_in
def present(provocation_id: str) -> ResponseReturnValue:
    """The question, then one voice at a time, on a whole screen."""
    card = provocations.get(db.session(), viewer(), provocation_id)
    return render_template("present.html", card=card, evidence=_shown(card, Action.PRESENTED))


@blueprint.get("/provocations/<id:provocation_id>/arrange")
@signed_in
def arrange(provocation_id: str) -> ResponseReturnValue:
    """Choose the evidence and put it in order."""
    theme_id = request.args.get("theme", "")
    theme_id = theme_id if storable(theme_id) else ""
    offered = provocations.list_candidates(db.session(), viewer(), provocation_id, theme_id or None)
    card = provocations.get(db.session(), viewer(), provocation_id)
    was_shown(Action.READ, "candidates", card.id, card.project_id, (part.id for part in offered.parts))
    carried = tagged.list_entries(db.session(), viewer(), card.project_id, Audience.BOARD)
    return render_template("arrange.html", card=card, project_id=card.project_id,
                           evidence=_arranged(card), offered=offered, theme_id=theme_id,
                           themes=[(theme.theme_id, theme.name) for theme in carried])


@blueprint.route("/provocations/<id:provocation_id>/text", methods=["GET", "POST"])
@signed_in
def change_text(provocation_id: str) -> ResponseReturnValue:
    """Write the question again."""
    card = provocations.get_to_change(db.session(), viewer(), provocation_id)
    if request.method == "GET":
        return _text_form(card.project_id, card.text, card=card)
    try:
        provocations.change_text(db.session(), viewer(), provocation_id, _sent_text(), conflicts.seen())
    except Invalid as error:
        return _text_form(card.project_id, _typed_text(), card=card, error=error)
    except VersionConflict as conflict:
        return conflicts.page(conflict, _FIELDS, action=request.path, project_id=card.project_id,
                              back=url_for("provocations.arrange", provocation_id=provocation_id))
    return redirect(url_for("provocations.arrange", provocation_id=provocation_id), 303)


@blueprint.post("/provocations/<id:provocation_id>/evidence")
@signed_in
def add(provocation_id: str) -> ResponseReturnValue:
    """Put something last."""
    provocations.add_evidence(db.session(), viewer(), provocation_id, _kind(), request.form.get("part", ""))
    return _back_to_arranging(provocation_id, at=request.form.get("at") or None)


@blueprint.post("/provocations/<id:provocation_id>/evidence/<id:part_id>/move")
@signed_in
def move(provocation_id: str, part_id: str) -> ResponseReturnValue:
    """Move one thing up or down a place in the order that the page showed."""
    card = provocations.get_to_change(db.session(), viewer(), provocation_id)
    places = {"up": -1, "down": 1}.get(request.form.get("way", ""))
    if places is None:
        raise Invalid(fields={"way": "Choose up or down."})
    shown = request.form.getlist("order") or [part.id for part in _arranged(card)]
    return _put_in_order(card, moved(shown, part_id, places), at=f"part-{part_id}")


@blueprint.post("/provocations/<id:provocation_id>/evidence/order")
@signed_in
def order(provocation_id: str) -> ResponseReturnValue:
    """Put everything in the order that was chosen."""
    card = provocations.get_to_change(db.session(), viewer(), provocation_id)
    return _put_in_order(card, request.form.getlist("order"), at="chosen")


@blueprint.post("/provocations/<id:provocation_id>/evidence/<id:part_id>/remove")
@signed_in
def remove(provocation_id: str, part_id: str) -> ResponseReturnValue:
    """Take one thing out."""
    provocations.remove_evidence(db.session(), viewer(), provocation_id, part_id)
    return _back_to_arranging(provocation_id, at="chosen")


@blueprint.post("/provocations/<id:provocation_id>/publish")
@signed_in
def publish(provocation_id: str) -> ResponseReturnValue:
    """Open it to the board, once somebody has looked at what could point at one family."""
    look_at_sent()
    card = provocations.get_to_change(db.session(), viewer(), provocation_id)
    shown = evidence.list_evidence(db.session(), viewer(), provocation_id)
    found = reidentification.to_look_at(db.session(), viewer(), card.project_id, shown, Audience.BOARD)
    if found:
        was_shown(Action.READ, "look first", card.id, card.project_id, (one.part.id for one in found))
        return render_template("look-before.html", project_id=card.project_id, found=found, action=request.path,
                               back=url_for("provocations.show", provocation_id=provocation_id), carried=[],
                               thing=card.text.question, button_text="I have looked at these. Open it to the board")
    provocations.publish(db.session(), viewer(), provocation_id)
    return redirect_with("provocation_published", url_for("provocations.show", provocation_id=provocation_id))


@blueprint.post("/provocations/<id:provocation_id>/unpublish")
@signed_in
def unpublish(provocation_id: str) -> ResponseReturnValue:
    """Close it to the board again."""
    provocations.unpublish(db.session(), viewer(), provocation_id)
    return redirect_with("provocation_unpublished", url_for("provocations.show", provocation_id=provocation_id))


def _shown(card: ProvocationCard, action: Action) -> list[ClearedPart]:
    """The evidence, for whoever is shown it now."""
    found = evidence.list_evidence(db.session(), viewer(), card.id)
    was_shown(action, "provocation", card.id, card.project_id, (part.id for part in found))
    return found


def _arranged(card: ProvocationCard) -> list[ClearedPart]:
    """The evidence with its drafts, for whoever arranges it now."""
    found = evidence.list_arranged(db.session(), viewer(), card.id)
    was_shown(Action.READ, "provocation", card.id, card.project_id, (part.id for part in found))
    return found


def _kind() -> Taggable:
    try:
        return Taggable(request.form.get("kind", ""))
    except ValueError:
        raise Invalid(fields={"kind": "Choose an excerpt, a quote or a photo."}) from None


def _sent_text() -> ProvocationText:
    typed = _typed_text()
    return checked_text(typed.question, typed.introduction, typed.content_note)


def _typed_text() -> ProvocationText:
    form = request.form
    return ProvocationText(form.get("question", ""), form.get("introduction", ""), form.get("content_note", ""))


def _text_form(project_id: str, text: ProvocationText, *, card: ProvocationCard | None = None,
               error: Invalid | None = None) -> ResponseReturnValue:
    """The form; one that was refused still says which version its writer saw."""
    version = request.form.get("version", card.version if card and not error else "")
    html = render_template("provocation-text.html", project_id=project_id, text=text, card=card, version=version,
                           fields=error.fields if error else {})
    return html, 422 if error else 200


def _put_in_order(card: ProvocationCard, wanted: list[str], at: str) -> ResponseReturnValue:
    """Put it in this order, or show both orders where it was put in another one meanwhile."""
    try:
        provocations.put_in_order(db.session(), viewer(), card.id, wanted, conflicts.seen())
    except VersionConflict as conflict:
        now = {part.id: part for part in _arranged(card)}
        mine = [now[part_id] for part_id in wanted if part_id in now]
        return conflicts.order_page(
            conflict, list(now.values()), [*mine, *(part for part in now.values() if part not in mine)],
            action=url_for("provocations.order", provocation_id=card.id), project_id=card.project_id,
            back=url_for("provocations.arrange", provocation_id=card.id))
    return _back_to_arranging(card.id, at)


def _back_to_arranging(provocation_id: str, at: str | None) -> ResponseReturnValue:
    """Back to the same place on the page: a long list is not gone through again for each thing."""
    theme_id = request.form.get("theme") or None
    return redirect(url_for("provocations.arrange", provocation_id=provocation_id, theme=theme_id, _anchor=at), 303)
