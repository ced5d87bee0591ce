"""Signing in and out: with a password, or with a link that works once."""

import logging

from flask import Blueprint, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from server.auth import COOKIE, public, signed_in
from server.db import db
from server.domain.errors import Refusal, SignInFailed, TooManyAttempts
from server.models.people import Person
from server.pages.addresses import local_path
from server.problems import STATUS
from server.services import sign_in

log = logging.getLogger(__name__)
blueprint = Blueprint("sign_in", __name__)

# Browsers allow no more. The session itself ends on the server, earlier.
COOKIE_SECONDS = 400 * 24 * 3600


@blueprint.get("/sign-in")
@public
def show() -> ResponseReturnValue:
    """The form. Somebody who is signed in goes straight on."""
    if g.viewer is not None:
        return redirect(local_path(request.args.get("next")))
    return _form()


@blueprint.post("/sign-in")
@public
def submit() -> ResponseReturnValue:
    """Sign in with an email address and a password. A wrong try is counted although it failed."""
    email, password = request.form.get("email", ""), request.form.get("password", "")
    address = request.remote_addr or ""
    try:
        person = sign_in.check_password(db.session(), email, password, address)
    except SignInFailed as refusal:
        log.warning("a sign-in from %s failed", address)
        sign_in.record_failure(db.session(), email, address)
        db.session.commit()
        return _form(refusal, email)
    except TooManyAttempts as refusal:
        log.warning("sign-ins from %s, or to one account, are stopped for now", address)
        return _form(refusal, email)
    return enter(person, local_path(request.form.get("next")))


@blueprint.get("/sign-in/link/<token>")
@public
def link(token: str) -> ResponseReturnValue:
    """Ask before the link is used, so that a program that looks at links in messages does not use it up."""
    return render_template("sign-in-link.html", token=token)


@blueprint.post("/sign-in/link/<token>")
@public
def use_link(token: str) -> ResponseReturnValue:
    """Sign in with the link. It works once."""
    return enter(sign_in.use_link(db.session(), token), url_for("home.show"))


@blueprint.post("/sign-out")
@signed_in
def sign_out() -> ResponseReturnValue:
    """End this session. What is kept on a phone stays there."""
    sign_in.end(db.session(), request.cookies.get(COOKIE, ""))
    answer = redirect(url_for("sign_in.show"), 303)
    answer.delete_cookie(COOKIE, httponly=True, samesite="Lax", secure=request.is_secure)
    return answer


def enter(person: Person, address: str) -> Response:
    """Start a session for the person in this browser, in place of any other, and go to the address."""
    sign_in.end(db.session(), request.cookies.get(COOKIE, ""))
    answer = redirect(address, 303)
    answer.set_cookie(COOKIE, sign_in.start(db.session(), person), max_age=COOKIE_SECONDS, httponly=True,
                      samesite="Lax", secure=request.is_secure)
    return answer


def _form(refusal: Refusal | None = None, email: str = "") -> ResponseReturnValue:
    html = render_template("sign-in.html", refusal=refusal, email=email, next=local_path(request.values.get("next")))
    return html, STATUS[refusal.code] if refusal else 200
