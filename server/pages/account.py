"""A person's own account: their password, and the way to everything else that is theirs."""

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from server.auth import COOKIE, signed_in, viewer
from server.db import db
from server.domain.errors import Invalid
from server.pages.entering import remember_browser
from server.pages.notices import redirect_with
from server.services import access_keys, code_apps, passkeys, passwords, people

blueprint = Blueprint("account", __name__)


@blueprint.get("/account")
@signed_in
def show() -> ResponseReturnValue:
    return page()


@blueprint.post("/account/password")
@signed_in
def change_password() -> ResponseReturnValue:
    """Change the password, and end every other session. Nothing holds the database while passwords are hashed."""
    session, form = db.session(), request.form
    session.commit()
    with passwords.turn():
        tried = people.begin_password_try(session, viewer())
        email = people.get_account(session, viewer()).email
        session.commit()
        is_right = tried.password_hash is None or passwords.is_right(tried.password_hash,
                                                                     form.get("current_password", ""))
        new = passwords.choose(form.get("new_password", ""), email)
    if not is_right:
        return page({"current_password": "This is not your password now. Type it again."}), 422
    try:
        person = people.change_password(session, tried, new, keep=request.cookies.get(COOKIE, ""))
    except Invalid as refusal:
        session.commit()
        return page(refusal.fields), 422
    answer = redirect_with("password_changed", url_for("account.show"))
    remember_browser(answer, person)
    return answer


def page(errors: dict[str, str] | None = None) -> str:
    """The account page, with what is wrong by the name of the field."""
    session = db.session()
    return render_template("account.html", errors=errors or {}, account=people.get_account(session, viewer()),
                           keys=access_keys.list_mine(session, viewer()), codes=code_apps.state(session, viewer()),
                           passkeys=passkeys.list_mine(session, viewer()))
