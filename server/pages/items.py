"""Bringing in what a phone saved to a file, because it could not send it. Nothing of what is in it is shown."""

from collections.abc import Mapping

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from server.auth import allowed, viewer
from server.domain.access import Permission
from server.domain.errors import ItemDamaged, ItemOfAnotherServer, ItemOfNobodyHere, NotAnItem, Refusal
from server.domain.item import Became
from server.importing import bring_in
from server.pages.words import count
from server.problems import STATUS

blueprint = Blueprint("items", __name__)

_FIELD = "item"
_CHOOSE = NotAnItem("Choose the file first. Its name ends in .earshot.")
_REFUSALS = (NotAnItem, ItemOfAnotherServer, ItemDamaged, ItemOfNobodyHere)
BECAME: Mapping[str, str] = {
    Became.CAME_IN: "Came in",
    Became.WAS_HERE: "Was here already",
    Became.WAITS: "Waits, unseen, for what it belongs to",
    Became.NOT_OF_HERE: "Is of no story of this project",
    Became.LATER: "Could not be taken in just now",
    Became.REFUSED: "Was not taken in",
}


@blueprint.get("/projects/<id:project_id>/import")
@allowed(Permission.MANAGE_PROJECT)
def show(project_id: str) -> ResponseReturnValue:
    return _form()


@blueprint.post("/projects/<id:project_id>/import")
@allowed(Permission.MANAGE_PROJECT)
def take_in(project_id: str) -> ResponseReturnValue:
    """Bring the file in, and say item by item what became of it. Doing it again changes nothing."""
    chosen = request.files.get(_FIELD)
    try:
        if chosen is None or not chosen.filename:
            raise _CHOOSE
        outcomes = bring_in(chosen.stream, project_id, viewer())  # type: ignore[arg-type]
    except _REFUSALS as refusal:
        return _form(refusal)
    numbers = [(became, count(sum(outcome.became is became for outcome in outcomes), "item")) for became in Became
               if any(outcome.became is became for outcome in outcomes)]
    return render_template("item-outcome.html", outcomes=outcomes, numbers=numbers, names=BECAME)


def _form(refusal: Refusal | None = None) -> ResponseReturnValue:
    errors = {_FIELD: refusal.message} if refusal else {}
    return render_template("item.html", errors=errors), STATUS[refusal.code] if refusal else 200
