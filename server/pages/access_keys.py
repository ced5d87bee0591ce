"""Keys for other programs, on a person's account page."""

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from server.auth import signed_in, viewer
from server.db import db
from server.domain.errors import Invalid
from server.pages import account
from server.pages.notices import redirect_with
from server.services import access_keys

blueprint = Blueprint("access_keys", __name__, url_prefix="/account/keys")


@blueprint.post("")
@signed_in
def make() -> ResponseReturnValue:
    """Make a key and show it, this once: only its hash is kept."""
    try:
        key, token = access_keys.make(db.session(), viewer(), request.form.get("key_name", ""))
    except Invalid as refusal:
        return account.page(refusal.fields), 422
    return render_template("key-made.html", key=key, token=token)


@blueprint.post("/<id:key_id>/remove")
@signed_in
def remove(key_id: str) -> ResponseReturnValue:
    """End a key."""
    access_keys.remove(db.session(), viewer(), key_id)
    return redirect_with("key_removed", url_for("account.show"))
