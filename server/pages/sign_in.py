"""Signing in and out: with a password, or with a link that works once."""

import logging

from flask import Blueprint, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from server.auth import COOKIE, public, signed_in
from server.db import db
from server.domain.errors import Refusal, SignInFailed, TooManyAttempts
from server.domain.hashes import sha256_of
from server.models.people import Person
from server.pages.addresses import local_path
from server.pages.entering import BROWSER_COOKIE, enter_or_ask, waiting
from server.problems import STATUS
from server.services import passwords, sign_in

log = logging.getLogger(__name__)
blueprint = Blueprint("sign_in", __name__)


@blueprint.get("/sign-in")
@public
def show() -> ResponseReturnValue:
    """The form. Somebody who is signed in goes straight on."""
    if g.viewer is not None:
        return redirect(local_path(request.args.get("next")))
    return form()


@blueprint.post("/sign-in")
@public
def submit() -> ResponseReturnValue:
    """Sign in with an email address and a password."""
    email, password = request.form.get("email", ""), request.form.get("password", "")
    try:
        person = _check(email, password)
    except (SignInFailed, TooManyAttempts) as refusal:
        return form(refusal, email)
    return enter_or_ask(person, local_path(request.form.get("next")), "password")


def _check(email: str, password: str) -> Person:
    """The person with this email address and password. Nothing holds the database while the password is hashed.

    Raises SignInFailed, TooManyAttempts.
    """
    address, account = request.remote_addr or "", sha256_of(email.strip().casefold())[:16]
    db.session.commit()
    try:
        with passwords.turn():
            tried = sign_in.begin_try(db.session(), email, address, request.cookies.get(BROWSER_COOKIE, ""))
            db.session.commit()
            is_right = passwords.is_right(tried.password_hash, password)
        if not is_right:
            sign_in.note_failure(db.session(), tried.person_id, "password")
            db.session.commit()
            raise SignInFailed
        return sign_in.succeed(db.session(), tried)
    except (SignInFailed, TooManyAttempts) as refusal:
        log.warning("a sign-in from %s to the account %s was refused: %s", address, account, refusal.code)
        raise


@blueprint.get("/sign-in/link/<token>")
@public
def link(token: str) -> ResponseReturnValue:
    """Ask before the link is used, so that a program that looks at links in messages does not use it up."""
    return render_template("sign-in-link.html", token=token)


@blueprint.post("/sign-in/link/<token>")
@public
def use_link(token: str) -> ResponseReturnValue:
    """Sign in with the link, which works once and stands for a password: a second step is still asked for."""
    return enter_or_ask(sign_in.use_link(db.session(), token), url_for("home.show"), "link")


@blueprint.post("/sign-out")
@signed_in
def sign_out() -> ResponseReturnValue:
    """End this session. What is kept on a phone stays there."""
    sign_in.end(db.session(), request.cookies.get(COOKIE, ""))
    answer = redirect(url_for("sign_in.show"), 303)
    answer.delete_cookie(COOKIE, httponly=True, samesite="Lax", secure=request.is_secure)
    return answer


def form(refusal: Refusal | None = None, email: str = "") -> ResponseReturnValue:
    """The page to sign in on, with what was refused."""
    html = render_template("sign-in.html", refusal=refusal, email=email, next=local_path(request.values.get("next")))
    return html, STATUS[refusal.code] if refusal else 200, waiting(refusal)
