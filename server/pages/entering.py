"""What happens once somebody has shown who they are: a second step where it is on, then a session in this browser."""

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from server.auth import COOKIE
from server.db import db
from server.domain import known_browsers
from server.domain.errors import Refusal, TooManyAttempts
from server.models.people import Person
from server.services import code_apps, sign_in, sign_in_challenges
from server.services.sign_in_challenges import Purpose

BROWSER_COOKIE = "earshot_browser"
# What a browser carries between the two steps of signing in.
STEP_COOKIE = "earshot_sign_in"
# Browsers allow no more. The session itself ends on the server, earlier.
COOKIE_SECONDS = 400 * 24 * 3600


def enter_or_ask(person: Person, address: str, by: str) -> Response:
    """Go to the address, or first to the page that asks for a code. `by` is what the person has shown so far."""
    if not code_apps.is_on(db.session(), person.id):
        return enter(person, address, by)
    answer = redirect(url_for("code_apps.ask", next=address), 303)
    carry(answer, sign_in_challenges.ask(db.session(), Purpose.CODE, person.id))
    return answer


def enter(person: Person, address: str, by: str) -> Response:
    """Start a session for the person in this browser, in place of any other, and go to the address."""
    session = db.session()
    sign_in.end(session, request.cookies.get(COOKIE, ""))
    answer = redirect(address, 303)
    answer.set_cookie(COOKIE, sign_in.start(session, person, by), max_age=COOKIE_SECONDS, httponly=True, samesite="Lax",
                      secure=request.is_secure)
    answer.delete_cookie(STEP_COOKIE, httponly=True, samesite="Lax", secure=request.is_secure)
    remember_browser(answer, person)
    return answer


def carry(answer: Response, token: str) -> None:
    """Have the browser carry the token of a question until it answers."""
    answer.set_cookie(STEP_COOKIE, token, max_age=int(sign_in_challenges.VALID_FOR.total_seconds()), httponly=True,
                      samesite="Lax", secure=request.is_secure)


def remember_browser(answer: Response, person: Person) -> None:
    """Have this browser carry a sign that the person has signed in with it, so that no stranger locks them out."""
    if person.password_hash is None:
        return
    carried = known_browsers.remember(request.cookies.get(BROWSER_COOKIE, ""), person.id, person.password_hash)
    answer.set_cookie(BROWSER_COOKIE, carried, max_age=COOKIE_SECONDS, httponly=True, samesite="Lax",
                      secure=request.is_secure)


def known_browser(person: Person) -> str | None:
    """The name of this browser if the person has signed in with it before."""
    carried = request.cookies.get(BROWSER_COOKIE, "")
    return known_browsers.name_of(carried, person.id, person.password_hash) if person.password_hash else None


def waiting(refusal: Refusal | None) -> dict[str, str]:
    """The header that says when to try again, where there is something to wait for."""
    return {"Retry-After": str(refusal.wait_seconds)} if isinstance(refusal, TooManyAttempts) else {}
