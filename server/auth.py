"""Who is calling, and what each address asks of them.

Every view states its access with one of `public`, `signed_in` and `allowed`; an app with a view that does not
will not start. A browser comes with a cookie, and its unsafe requests also prove that they come from our own pages.
Another program comes with a key (`Authorization: Bearer`), which opens the API alone and stands in for all of that.
A phone says which one it is (`Device-Id`): one that was shut out is refused everywhere in the API, and whatever was
used to sign in on it ends.
"""

import hmac
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from flask import Flask, g, redirect, request, url_for
from flask.typing import ResponseReturnValue

from server.apart import note_apart
from server.db import SAFE_METHODS, db
from server.domain.access import Permission, Viewer, may
from server.domain.errors import CsrfFailed, DeviceRevoked, Invalid, NotFound, SignedOut
from server.domain.ids import checked_id
from server.services import access_keys, revocations, sign_in

COOKIE = "earshot_session"
API = "/api/v1/"
# Where a browser says that a request comes from: our own pages, or nobody but the person (Sec-Fetch-Site).
_OURS = ("same-origin", "none")
_MEDIA = "media"
_FORM_WITH_A_FILE = "multipart/form-data"


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
        device_id = calling_device()
        _refuse_revoked(device_id)
        key = _key() if access.needs_sign_in else None
        token = _look_at_cookie(access) if key is None else _look_at_key(key)
        if access.needs_sign_in and g.viewer is None:
            return _ask_to_sign_in()
        if token and device_id:
            _note_device(device_id, token)
        if key is None and token and request.method not in SAFE_METHODS:
            sign_in.renew(db.session(), token)
        _require_permission(access)
        return None


def _require_permission(access: Access) -> None:
    """Raises NotFound."""
    project_id = (request.view_args or {}).get("project_id", "")
    if access.permission is not None and not may(viewer(), access.permission, project_id):
        raise NotFound


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


def _key() -> str | None:
    """The key this request comes with, or None where a cookie counts: on pages, and without a key."""
    sent = request.authorization
    if sent is None or sent.type != "bearer" or not request.path.startswith(API):
        return None
    return sent.token or ""


def calling_device() -> str | None:
    """The phone that calls, as it says itself; in the API alone. Phones of before say it in some addresses only."""
    if not request.path.startswith(API):
        return None
    try:
        return checked_id(request.headers.get("Device-Id") or (request.view_args or {}).get("device_id"))
    except Invalid:
        return None


def _refuse_revoked(device_id: str | None) -> None:
    """Whoever is signed in on a phone that was shut out is so no more, also with a session that began afterwards."""
    if device_id is None or not revocations.is_revoked(db.session(), device_id):
        return
    for token in filter(None, (request.cookies.get(COOKIE), _key())):
        note_apart("the end of a session", partial(revocations.end_use, token=token))
    raise DeviceRevoked


def _note_device(device_id: str, token: str) -> None:
    """Raises DeviceRevoked where that happened in this moment."""
    if not revocations.is_noted(db.session(), viewer(), device_id, token):
        note_apart("the use of a phone",
                   partial(revocations.note_use, viewer=viewer(), device_id=device_id, token=token))


def _look_at_key(key: str) -> str:
    found = access_keys.who_is(db.session(), key)
    if found is None:
        raise SignedOut
    g.viewer = found.viewer
    if not found.use_is_old_news:
        note_apart("the use of a key", partial(access_keys.note_use, token=key))
    return key


def _look_at_cookie(access: Access) -> str | None:
    """The token of a session that goes on. Raises CsrfFailed."""
    token = request.cookies.get(COOKIE)
    found = sign_in.who_is(db.session(), token) if token else None
    if found is not None:
        g.viewer, g.csrf_token = found.viewer, found.csrf_token
    if request.method in SAFE_METHODS:
        if access.needs_sign_in:
            _refuse_embedding()
        return token if found else None
    _prove_same_origin(is_needed=token is not None or not access.needs_sign_in)
    if access.needs_sign_in and found is not None:
        if request.mimetype == _FORM_WITH_A_FILE:
            _require_permission(access)
            db.session.rollback()  # it is read now, however slowly it comes, and nobody waits for the database
        _prove_token()
    return token if found else None


def _ask_to_sign_in() -> ResponseReturnValue:
    if request.path.startswith("/api/") or request.method not in SAFE_METHODS:
        raise SignedOut
    return redirect(url_for("sign_in.show", next=request.full_path.rstrip("?")))


def _prove_same_origin(*, is_needed: bool) -> None:
    """Refuse a request that another site could have made, and where it is needed one that does not say who made it.

    Every browser of the last years says so, in one of these two headers.
    """
    origin, fetched_from = request.headers.get("Origin"), request.headers.get("Sec-Fetch-Site")
    # The scheme is left out: behind a proxy that is not in TRUSTED_PROXIES we do not know it.
    if origin is not None and origin.partition("://")[2] != request.host:
        raise CsrfFailed
    if fetched_from not in (None, *_OURS):
        raise CsrfFailed
    if is_needed and origin is None and fetched_from is None:
        raise CsrfFailed


def _prove_token() -> None:
    """Refuse a request without the session's own token (OWASP CSRF cheat sheet: token, then origin)."""
    sent = request.headers.get("X-CSRF-Token") or request.form.get("csrf_token") or ""
    if not hmac.compare_digest(sent.encode(), (g.csrf_token or "").encode()) or not sent:
        raise CsrfFailed


def _refuse_embedding() -> None:
    """Refuse what a page of another site would show as part of itself: a sound, a picture, an answer to its script.

    A link that somebody follows from elsewhere is fine, but for sounds and pictures, which no link leads to.
    """
    if request.headers.get("Sec-Fetch-Site", "none") in _OURS:
        return
    mode, shown_as = (request.headers.get(f"Sec-Fetch-{name}") for name in ("Mode", "Dest"))
    if (mode, shown_as) != ("navigate", "document") or request.blueprint == _MEDIA:
        raise CsrfFailed("This can only be opened from Earshot itself. Go to the first page and choose it there.")
