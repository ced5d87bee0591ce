"""What every answer tells the browser about itself."""

from functools import cache

from flask import Flask, Response, request

from server.parts import parts
from server.storage.store import MediaStore

_CONTENT_SECURITY_POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' blob: data:",
    "media-src": "'self' blob:",
    "connect-src": "'self'",
    "manifest-src": "'self'",
    "worker-src": "'self'",
    "font-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
}


def content_security_policy(store: MediaStore) -> str:
    """What a page may load: nothing but our own, and sound and pictures from where the store's links lead."""
    return _policy(store.links_from())


@cache
def _policy(of_media: str | None) -> str:
    also = {kind: f" {of_media}" for kind in ("img-src", "media-src")} if of_media else {}
    return "; ".join(f"{kind} {sources}{also.get(kind, '')}" for kind, sources in _CONTENT_SECURITY_POLICY.items())


def policy_with_webassembly(store: MediaStore) -> str:
    """The same for the phone app, which stretches PINs with Argon2id: browsers have that only as WebAssembly."""
    return content_security_policy(store).replace("script-src 'self'", "script-src 'self' 'wasm-unsafe-eval'")


def init_headers(app: Flask) -> None:
    """Close what a page does not need, and keep stories out of caches."""

    @app.after_request
    def _headers(response: Response) -> Response:
        headers = response.headers
        headers.setdefault("Content-Security-Policy", content_security_policy(parts().store))
        headers.setdefault("X-Content-Type-Options", "nosniff")
        headers.setdefault("Referrer-Policy", "same-origin")
        headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
        headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        headers.setdefault("Permissions-Policy", "microphone=(self), camera=(self), geolocation=()")
        if request.is_secure:
            headers.setdefault("Strict-Transport-Security", "max-age=31536000")
        if request.endpoint not in ("static", "collect.file"):
            headers.setdefault("Cache-Control", "no-store")
        return response
