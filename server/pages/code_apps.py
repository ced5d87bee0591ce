"""Codes from an app: turned on and off on the account page, and asked for as the second step of signing in."""

import logging

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from server.auth import public, signed_in, viewer
from server.db import db
from server.domain.errors import Invalid, Refusal, SignInFailed, TooManyAttempts
from server.models.people import Person
from server.pages import account, qr_code
from server.pages.addresses import local_path
from server.pages.entering import STEP_COOKIE, enter, known_browser, waiting
from server.pages.notices import redirect_with
from server.problems import STATUS
from server.services import code_apps, people, sign_in_challenges
from server.services.sign_in_challenges import Purpose

log = logging.getLogger(__name__)
blueprint = Blueprint("code_apps", __name__)


@blueprint.get("/sign-in/code")
@public
def ask() -> ResponseReturnValue:
    """Ask whoever typed the right password, or opened their link, for a code."""
    try:
        sign_in_challenges.look(db.session(), Purpose.CODE, request.cookies.get(STEP_COOKIE, ""))
    except SignInFailed:
        return redirect(url_for("sign_in.show", next=local_path(request.args.get("next"))))
    return _question()


@blueprint.post("/sign-in/code")
@public
def answer() -> ResponseReturnValue:
    """Take the code and go on. A wrong try is counted although it failed."""
    session, token = db.session(), request.cookies.get(STEP_COOKIE, "")
    try:
        person = people.get_person(session, sign_in_challenges.look(session, Purpose.CODE, token).person_id)
        _take_code(person)
        sign_in_challenges.answer(session, Purpose.CODE, token)
    except (SignInFailed, TooManyAttempts) as refusal:
        session.commit()
        return _question(refusal)
    return enter(person, local_path(request.form.get("next")), "code")


@blueprint.post("/account/code-app")
@signed_in
def begin() -> ResponseReturnValue:
    """Make a secret for an app."""
    code_apps.begin(db.session(), viewer())
    return redirect(url_for("code_apps.set_up"), 303)


@blueprint.get("/account/code-app")
@signed_in
def set_up() -> ResponseReturnValue:
    """Show the secret to the app, and ask for a first code."""
    return _set_up({})


@blueprint.post("/account/code-app/confirm")
@signed_in
def confirm() -> ResponseReturnValue:
    """Turn codes on, and show the recovery codes, this once."""
    try:
        codes = code_apps.confirm(db.session(), viewer(), request.form.get("code", ""))
    except Invalid as refusal:
        db.session.commit()
        return _set_up(refusal.fields), 422
    return render_template("recovery-codes.html", codes=codes)


@blueprint.post("/account/code-app/remove")
@signed_in
def remove() -> ResponseReturnValue:
    """Turn codes off."""
    try:
        code_apps.remove(db.session(), viewer(), request.form.get("last_code", ""))
    except Invalid as refusal:
        db.session.commit()
        return account.page(refusal.fields), 422
    return redirect_with("codes_turned_off", url_for("account.show"))


def _take_code(person: Person) -> None:
    code = request.form.get("recovery_code", "").strip() or request.form.get("code", "")
    try:
        code_apps.check(db.session(), person.id, code, known_browser(person))
    except (SignInFailed, TooManyAttempts) as refusal:
        log.warning("a code from %s for %s was refused: %s", request.remote_addr, person.id, refusal.code)
        raise


def _question(refusal: Refusal | None = None) -> ResponseReturnValue:
    html = render_template("sign-in-code.html", refusal=refusal, next=local_path(request.values.get("next")))
    return html, STATUS[refusal.code] if refusal else 200, waiting(refusal)


def _set_up(errors: dict[str, str]) -> str:
    found = code_apps.set_up(db.session(), viewer())
    return render_template("code-app.html", set_up=found, qr=qr_code.draw(found.address), errors=errors)
