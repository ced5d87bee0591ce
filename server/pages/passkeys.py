"""Passkeys: added and removed on the account page, and signed in with. A script asks the device."""

import logging
from urllib.parse import urlsplit

from flask import Blueprint, Response, request, url_for
from flask.typing import ResponseReturnValue

from server.auth import public, signed_in, viewer
from server.db import db
from server.domain.errors import Invalid, SignInFailed
from server.domain.networks import network_of
from server.pages import account, sign_in
from server.pages.addresses import local_path, site_address
from server.pages.entering import STEP_COOKIE, carry, enter, enter_or_ask
from server.pages.notices import redirect_with
from server.services import attempts, passkeys
from server.services.attempts import Limit
from server.services.passkeys import Copied, Question, Site

log = logging.getLogger(__name__)
blueprint = Blueprint("passkeys", __name__)

# Asked for by anybody, so that nobody fills the table.
QUESTIONS_ALLOWED = 100


@blueprint.post("/sign-in/passkey/question")
@public
def ask_to_sign_in() -> ResponseReturnValue:
    """What the browser asks its devices for."""
    attempts.take(db.session(), [Limit(f"passkey:{network_of(request.remote_addr or '')}", QUESTIONS_ALLOWED)])
    return _question(passkeys.ask_to_sign_in(db.session(), _site()))


@blueprint.post("/sign-in/passkey")
@public
def enter_with() -> ResponseReturnValue:
    """Sign in. Without a finger, a face or a PIN the passkey stands for the password alone."""
    session, token = db.session(), request.cookies.get(STEP_COOKIE, "")
    try:
        found = passkeys.sign_in_with(session, _site(), token, request.form.get("credential", ""))
    except SignInFailed as refusal:
        session.commit()
        if isinstance(refusal, Copied):
            log.error("ALARM: the passkey %s is stopped, because its counter ran backwards", refusal.passkey_id)
        log.warning("a sign-in with a passkey from %s was refused", request.remote_addr)
        return sign_in.form(refusal)
    go_on = enter if found.was_verified else enter_or_ask
    return go_on(found.person, local_path(request.form.get("next")), "passkey")


@blueprint.post("/account/passkeys/question")
@signed_in
def ask_to_add() -> ResponseReturnValue:
    """What the browser asks a device for, to make a passkey on it."""
    return _question(passkeys.ask_to_add(db.session(), viewer(), _site()))


@blueprint.post("/account/passkeys")
@signed_in
def add() -> ResponseReturnValue:
    """Keep a new passkey."""
    form, token = request.form, request.cookies.get(STEP_COOKIE, "")
    try:
        passkeys.add(db.session(), viewer(), _site(), token, form.get("passkey_name", ""), form.get("credential", ""))
    except Invalid as refusal:
        return account.page(refusal.fields), 422
    return redirect_with("passkey_added", url_for("account.show"))


@blueprint.post("/account/passkeys/<id:passkey_id>/remove")
@signed_in
def remove(passkey_id: str) -> ResponseReturnValue:
    """Forget a passkey."""
    passkeys.remove(db.session(), viewer(), passkey_id)
    return redirect_with("passkey_removed", url_for("account.show"))


def _site() -> Site:
    origin = site_address()
    return Site(urlsplit(origin).hostname or "", origin)


def _question(question: Question) -> Response:
    answer = Response(question.options, mimetype="application/json")
    carry(answer, question.token)
    return answer
