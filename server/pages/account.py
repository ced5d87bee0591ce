"""A person's own account: their password, and the way to everything else that is theirs."""

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from server.auth import COOKIE, signed_in, viewer
from server.db import db
from server.domain.errors import Invalid
from server.pages.notices import redirect_with
from server.services import access_keys, people

blueprint = Blueprint("account", __name__)


@blueprint.get("/account")
@signed_in
def show() -> ResponseReturnValue:
    return page()


@blueprint.post("/account/password")
@signed_in
def change_password() -> ResponseReturnValue:
    """Change the password, and end every other session. A wrong try is counted although it failed."""
    try:
        people.change_password(
            db.session(), viewer(), request.form.get("current_password", ""), request.form.get("new_password", ""),
            keep=request.cookies.get(COOKIE, ""),
        )
    except Invalid as refusal:
        if "current_password" in refusal.fields:
            people.record_wrong_password(db.session(), viewer())
            db.session.commit()
        return page(refusal.fields), 422
    return redirect_with("password_changed", url_for("account.show"))


def page(errors: dict[str, str] | None = None) -> str:
    """The account page, with what is wrong by the name of the field."""
    session = db.session()
    return render_template("account.html", errors=errors or {}, account=people.get_account(session, viewer()),
                           keys=access_keys.list_mine(session, viewer()))
