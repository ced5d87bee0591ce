"""With whom a collection is shared, and what to look at before somebody else is shown what is in it."""

from collections.abc import Collection

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from server.auditing import was_shown
from server.auth import signed_in, viewer
from server.db import db
from server.domain.access import browses_as
from server.domain.audit import Action
from server.domain.collection import CollectionCard
from server.domain.collection import Kind as CollectionKind
from server.domain.ids import checked_id
from server.pages.notices import redirect_with
from server.pages.reidentification import look_at_sent
from server.services import collected, collection_shares, collections, reidentification
from server.services.reidentification import Weighed

blueprint = Blueprint("collection_shares", __name__)


@blueprint.route("/collections/<id:collection_id>/share", methods=["GET", "POST"])
@signed_in
def share(collection_id: str) -> ResponseReturnValue:
    """Choose who has it. What could point at one family is looked at before somebody else is shown it."""
    card = collections.get_own(db.session(), viewer(), collection_id)
    if request.method == "GET":
        readers = collection_shares.list_readers(db.session(), viewer(), collection_id)
        return render_template("collection-share.html", project_id=card.project_id, card=card, readers=readers)
    look_at_sent()
    wanted = [checked_id(value, "person") for value in request.form.getlist("person")]
    changers = [checked_id(value, "changer") for value in request.form.getlist("changer")]
    found = _to_look_at(card, wanted)
    back = url_for("collections.show", collection_id=collection_id)
    if found:
        was_shown(Action.READ, "look first", card.id, card.project_id, (one.part.id for one in found))
        return render_template(
            "look-before.html", project_id=card.project_id, found=found, action=request.path, back=back,
            carried=[*(("person", value) for value in wanted), *(("changer", value) for value in changers)],
            thing=card.text.name, button_text="I have looked at these. Share it")
    collection_shares.share(db.session(), viewer(), collection_id, wanted, changers)
    return redirect_with("collection_shared" if wanted else "collection_unshared", back)


@blueprint.post("/collections/<id:collection_id>/leave")
@signed_in
def leave(collection_id: str) -> ResponseReturnValue:
    """Whoever it was shared with does not want it any more."""
    project_id = collection_shares.leave(db.session(), viewer(), collection_id)
    return redirect_with("collection_left", url_for("collections.index", project_id=project_id))


def _to_look_at(card: CollectionCard, wanted: Collection[str]) -> list[Weighed]:
    """What of a set those who are given it now should not see before somebody has looked at it."""
    if card.kind is not CollectionKind.SET:
        return []
    session, own = db.session(), browses_as(viewer(), card.project_id)
    readers = collection_shares.list_readers(session, viewer(), card.id)
    audiences = {reader.audience for reader in readers if reader.person_id in wanted and not reader.has_it} - {own}
    if not audiences:
        return []
    parts = collected.list_parts(session, viewer(), card)
    return [one for audience in sorted(audiences) for one in reidentification.to_look_at(
        session, viewer(), card.project_id, parts, audience)]
