"""Who is calling, and what each address asks of them.

Every view states its access with one of `public`, `signed_in` and `allowed`; an app with a view that does not
will not start. Unsafe requests also prove that they come from our own pages.
"""

import hmac
from collections.abc import Callable
from dataclasses import dataclass

from flask import Flask, g, redirect, request, url_for
from flask.typing import ResponseReturnValue

from server.db import SAFE_METHODS, db
from server.domain.access import Permission, Viewer, may
from server.domain.errors import CsrfFailed, NotFound, SignedOut
from server.services import sign_in

COOKIE = "earshot_session"


@dataclass(frozen=True)
class Access:
    """What a view asks for. `permission` is checked in the project named by the address."""

    needs_sign_in: bool
    permission: Permission | None = None


View = Callable[..., ResponseReturnValue]


def public(view: View) -> View:
    """Anybody may call it."""
    return _stated(view, Access(needs_sign_in=False))


def signed_in(view: View) -> View:
    """Anybody with an account may call it; the service decides what they get."""
    return _stated(view, Access(needs_sign_in=True))


def allowed(permission: Permission) -> Callable[[View], View]:
    """Only somebody who holds the permission in the project of the address (`project_id`) may call it."""

    def state(view: View) -> View:
        return _stated(view, Access(needs_sign_in=True, permission=permission))

    return state


def _stated(view: View, access: Access) -> View:
    view.access = access  # type: ignore[attr-defined]
    return view


def viewer() -> Viewer:
    """The signed-in person of this request. Raises SignedOut when there is none."""
    found: Viewer | None = g.get("viewer")
    if found is None:
        raise SignedOut
    return found


def init_auth(app: Flask) -> None:
    """Find out who calls and check the stated access, before any view runs."""

    @app.before_request
    def _check() -> ResponseReturnValue | None:
        g.viewer = g.csrf_token = None
        if request.endpoint is None:
            return None
        access = access_of(app, request.endpoint)
        token = request.cookies.get(COOKIE)
        found = sign_in.who_is(db.session(), token) if token else None
        if found is not None:
            g.viewer, g.csrf_token = found.viewer, found.csrf_token
        if access.needs_sign_in and g.viewer is None:
            return _ask_to_sign_in()
        if request.method not in SAFE_METHODS:
            _prove_same_origin(csrf_needed=access.needs_sign_in)
            if found is not None and token:
                sign_in.renew(db.session(), token)
        if access.permission is not None:
            project_id = (request.view_args or {}).get("project_id", "")
            if not may(viewer(), access.permission, project_id):
                raise NotFound
        return None


def access_of(app: Flask, endpoint: str) -> Access:
    """The access a view states. Files that ship with the app are public."""
    if endpoint == "static":
        return Access(needs_sign_in=False)
    access: Access | None = getattr(app.view_functions[endpoint], "access", None)
    if access is None:
        raise RuntimeError(f"the view {endpoint} does not say who may call it")
    return access


def require_stated_access(app: Flask) -> None:
    """Refuse to start with a view that does not say who may call it."""
    for rule in app.url_map.iter_rules():
        access_of(app, rule.endpoint)


def _ask_to_sign_in() -> ResponseReturnValue:
    if request.path.startswith("/api/") or request.method not in SAFE_METHODS:
        raise SignedOut
    return redirect(url_for("sign_in.show", next=request.full_path.rstrip("?")))


def _prove_same_origin(*, csrf_needed: bool) -> None:
    """Refuse a request that another site could have made (OWASP CSRF cheat sheet: token, then origin)."""
    origin = request.headers.get("Origin")
    if origin is not None and origin.partition("://")[2] != request.host:
        raise CsrfFailed
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        raise CsrfFailed
    if not csrf_needed:
        if origin is None and "Sec-Fetch-Site" not in request.headers:
            raise CsrfFailed
        return
    sent = request.headers.get("X-CSRF-Token") or request.form.get("csrf_token") or ""
    if not hmac.compare_digest(sent.encode(), (g.csrf_token or "").encode()) or not sent:
        raise CsrfFailed
