"""X-HTTP-Method-Override of tus, for clients behind something that lets only GET and POST through."""

from collections.abc import Callable, Iterable
from typing import Any

from flask import Flask

Wsgi = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]
_METHODS = frozenset({"POST", "HEAD", "PATCH", "DELETE", "OPTIONS"})


def override_methods(app: Flask, prefix: str) -> None:
    """Under this prefix the header says what is meant, and the request's own method says nothing.

    It is read before anything else, so that who may call, and from where, is asked of what is meant.
    """
    inner: Wsgi = app.wsgi_app

    def outer(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        meant = environ.get("HTTP_X_HTTP_METHOD_OVERRIDE", "").upper()
        if meant not in _METHODS or not environ.get("PATH_INFO", "").startswith(prefix):
            return inner(environ, start_response)
        is_bodiless = meant == "HEAD" != environ["REQUEST_METHOD"]
        environ["REQUEST_METHOD"] = meant

        def start(status: str, headers: list[tuple[str, str]], *more: Any) -> Any:
            # An answer to HEAD has no body, but whoever sent POST waits for as much as it is said to have.
            kept = [pair for pair in headers if pair[0].lower() != "content-length"]
            return start_response(status, [*kept, ("Content-Length", "0")] if is_bodiless else headers, *more)

        return inner(environ, start)

    app.wsgi_app = outer  # type: ignore[method-assign]
