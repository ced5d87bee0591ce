"""Collections: those that somebody has, what is in each as they may have it, and making and changing their own."""

from urllib.parse import parse_qsl, urlencode

from flask import Blueprint, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from server.auditing import was_shown
from server.auth import allowed, signed_in, viewer
from server.db import db
from server.domain import story_filter
from server.domain.access import Permission, may
from server.domain.audit import Action
from server.domain.bookmark import read_turn
from server.domain.collection import Collectable, CollectionCard, CollectionText, Kind, checked_text
from server.domain.errors import Invalid, VersionConflict
from server.domain.ids import checked_id
from server.domain.note import Notable
from server.domain.story_filter import StoryFilter
from server.pages import conflicts
from server.pages.addresses import local_path
from server.pages.conflicts import Field
from server.pages.kept_searches import address_of, asks_for
from server.pages.notices import redirect_with
from server.services import collected, collections, notes
from server.services.notes import ShownNote

blueprint = Blueprint("collections", __name__)

_FIELDS = (Field("name", "Name"), Field("description", "What it is for", rows=4))
_WHOSE = ("mine", "shared")
_CHOOSE = "Choose a collection, or write the name of a new one."


@blueprint.get("/projects/<id:project_id>/collections")
@allowed(Permission.SEE_COLLECTIONS)
def index(project_id: str) -> ResponseReturnValue:
    """A page of those that this person made or was given."""
    whose = request.args.get("whose", "")
    whose = whose if whose in _WHOSE else ""
    to = read_turn(request.args.get("older"), request.args.get("newer"))
    cards, leaf = collections.list_page(db.session(), viewer(), project_id, whose, to)
    return render_template("collections.html", project_id=project_id, cards=cards, page=leaf, whose=whose,
                           may_make=may(viewer(), Permission.MAKE_COLLECTIONS, project_id),
                           may_search=may(viewer(), Permission.SEARCH, project_id))


@blueprint.route("/projects/<id:project_id>/collections/new", methods=["GET", "POST"])
@allowed(Permission.MAKE_COLLECTIONS)
def new(project_id: str) -> ResponseReturnValue:
    """Keep a search, which the address says, or begin a set."""
    if request.method == "GET":
        return _text_form(project_id, CollectionText(""), query=_query_of(request.args))
    query = _query_of(request.form)
    try:
        made = collections.make(db.session(), viewer(), project_id, _sent_text(), query)
    except Invalid as error:
        return _text_form(project_id, _typed_text(), query=query, error=error)
    return redirect_with("collection_made", url_for("collections.show", collection_id=made))


@blueprint.post("/projects/<id:project_id>/collections/add")
@allowed(Permission.MAKE_COLLECTIONS)
def add(project_id: str) -> ResponseReturnValue:
    """Put something into a set that is there, or into a new one."""
    form, session = request.form, db.session()
    try:
        kind, part_id = Collectable(form.get("kind", "")), checked_id(form.get("part"), "part")
    except ValueError:
        raise Invalid(fields={"kind": "Choose a story, an excerpt, a quote or a photo."}) from None
    name, chosen = form.get("new_name", ""), form.get("collection", "")
    if name.strip():
        chosen = collections.make(session, viewer(), project_id, checked_text(name, ""))
    if not chosen:
        raise Invalid(_CHOOSE, fields={"collection": _CHOOSE})
    chosen = checked_id(chosen, "collection")
    collections.add(session, viewer(), chosen, kind, part_id)
    at_collection = url_for("collections.show", collection_id=chosen)
    return redirect_with("collection_filled", local_path(form.get("next"), at_collection))


@blueprint.get("/collections/<id:collection_id>")
@signed_in
def show(collection_id: str) -> ResponseReturnValue:
    """What is in it, to read and hear; or, for whoever may change it, to put in order."""
    card = collections.get(db.session(), viewer(), collection_id)
    if card.kind is Kind.SEARCH:
        was_shown(Action.READ, "collection", card.id, card.project_id)
        return render_template("collection-search.html", project_id=card.project_id, card=card,
                               asks=asks_for(card.project_id, card.query), address=address_of(card), notes=_notes(card))
    page = collected.get_page(db.session(), viewer(), card, request.args.get("after", ""))
    was_shown(Action.READ, "collection", card.id, card.project_id, _ids_of(page))
    return render_template("collection.html", project_id=card.project_id, card=card, page=page, notes=_notes(card),
                           after=request.args.get("after", ""),
                           arranges=card.may_change and "arrange" in request.args)


def _notes(card: CollectionCard) -> list[ShownNote] | None:
    """Those of the team, for the team; None for others."""
    if not may(viewer(), Permission.TAG, card.project_id):
        return None
    return notes.list_on(db.session(), viewer(), Notable.COLLECTION, card.id)


@blueprint.route("/collections/<id:collection_id>/text", methods=["GET", "POST"])
@signed_in
def change_text(collection_id: str) -> ResponseReturnValue:
    """Give it another name, or say what it is for."""
    card = collections.get_to_change(db.session(), viewer(), collection_id)
    if request.method == "GET":
        return _text_form(card.project_id, card.text, card=card)
    back = url_for("collections.show", collection_id=collection_id)
    try:
        collections.change_text(db.session(), viewer(), collection_id, _sent_text(), conflicts.seen())
    except Invalid as error:
        return _text_form(card.project_id, _typed_text(), card=card, error=error)
    except VersionConflict as conflict:
        return conflicts.page(conflict, _FIELDS, action=request.path, project_id=card.project_id, back=back)
    return redirect_with("collection_saved", back)


@blueprint.route("/collections/<id:collection_id>/delete", methods=["GET", "POST"])
@signed_in
def delete(collection_id: str) -> ResponseReturnValue:
    """Ask, then let go of it."""
    card = collections.get_own(db.session(), viewer(), collection_id)
    if request.method == "GET":
        return render_template("collection-delete.html", project_id=card.project_id, card=card)
    collections.delete_collection(db.session(), viewer(), collection_id)
    return redirect_with("collection_deleted", url_for("collections.index", project_id=card.project_id))


@blueprint.post("/collections/<id:collection_id>/items/<id:item_id>/move")
@signed_in
def move(collection_id: str, item_id: str) -> ResponseReturnValue:
    """Move one thing up or down a place."""
    places = {"up": -1, "down": 1}.get(request.form.get("way", ""))
    if places is None:
        raise Invalid(fields={"way": "Choose up or down."})
    card = collections.get_to_change(db.session(), viewer(), collection_id)
    shown = collected.list_shown(db.session(), viewer(), card)
    collections.move(db.session(), viewer(), collection_id, item_id, shown, places)
    return _back_to_arranging(card, at=f"item-{item_id}")


@blueprint.post("/collections/<id:collection_id>/items/<id:item_id>/remove")
@signed_in
def remove(collection_id: str, item_id: str) -> ResponseReturnValue:
    """Take one thing out."""
    card = collections.get_to_change(db.session(), viewer(), collection_id)
    collections.remove(db.session(), viewer(), collection_id, item_id)
    return _back_to_arranging(card, at="items")


@blueprint.app_template_global("collections_to_fill")
def collections_to_fill(project_id: str) -> list[tuple[str, str]] | None:
    """The sets that whoever looks may put something into, read once for a page; None where they make no collections."""
    if not may(viewer(), Permission.MAKE_COLLECTIONS, project_id):
        return None
    found: dict[str, list[tuple[str, str]]] = g.setdefault("collections_to_fill", {})
    if project_id not in found:
        found[project_id] = collections.list_to_fill(db.session(), viewer(), project_id)
    return found[project_id]


def _query_of(asked: MultiDict[str, str]) -> str | None:
    """The search that an address or a form asks for, as it is kept; None where it asks for nothing."""
    only = story_filter.read(asked.to_dict(flat=False))
    words = asked.get("q", "").strip()
    if only == StoryFilter() and not words:
        return None
    return urlencode([*([("q", words)] if words else []), *only.to_query()])


def _ids_of(page: collected.ItemPage) -> list[str]:
    return [one.id for item in page.items for one in (item.part, item.story, *item.parts) if one is not None]


def _back_to_arranging(card: CollectionCard, at: str) -> ResponseReturnValue:
    after = request.form.get("after") or None
    return redirect(url_for("collections.show", collection_id=card.id, arrange=1, after=after, _anchor=at), 303)


def _sent_text() -> CollectionText:
    typed = _typed_text()
    return checked_text(typed.name, typed.description)


def _typed_text() -> CollectionText:
    return CollectionText(request.form.get("name", ""), request.form.get("description", ""))


def _text_form(project_id: str, text: CollectionText, *, card: CollectionCard | None = None, query: str | None = None,
               error: Invalid | None = None) -> ResponseReturnValue:
    """The form; one that was refused still says which version its writer saw."""
    version = request.form.get("version", card.version if card and not error else "")
    asks = asks_for(project_id, query) if query else []
    html = render_template("collection-text.html", project_id=project_id, text=text, card=card, version=version,
                           kept=parse_qsl(query or ""), asks=asks, fields=error.fields if error else {})
    return html, 422 if error else 200
