"""Refusals as HTTP: one table from codes to statuses, and one shape of answer.

The phone gets RFC 9457 problem details with a stable `code`; people get a page with the same words.
"""

import logging
import sqlite3
from typing import Any

from flask import Flask, Response, jsonify, render_template, request
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException

from server.domain.errors import NotFound, Refusal, StorageFull, TooManyAttempts
from server.tracebacks import where

log = logging.getLogger(__name__)

STATUS = {
    "refused": 400,
    "invalid": 422,
    "not_found": 404,
    "signed_out": 401,
    "csrf_failed": 403,
    "device_revoked": 403,
    "too_many_attempts": 429,
    "sign_in_failed": 422,
    "link_expired": 410,
    "last_administrator": 409,
    "last_lead": 409,
    "role_held_for_another": 409,
    "same_id_other_content": 409,
    "version_conflict": 412,
    "version_missing": 428,
    "withdrawn": 410,
    "use_refused": 422,
    "wording_mismatch": 422,
    "empty_file": 422,
    "too_large": 413,
    "unsupported_audio": 422,
    "audio_damaged": 422,
    "unsupported_image": 422,
    "image_too_large": 422,
    "image_damaged": 422,
    "hash_mismatch": 422,
    "manifest_mismatch": 422,
    "nothing_missing": 409,
    "nothing_came": 409,
    "being_stored": 409,
    "bad_request": 400,
    "wrong_content_type": 415,
    "wrong_tus_version": 412,
    "wrong_offset": 409,
    "upload_busy": 423,
    "too_much_unfinished": 429,
    "checksum_mismatch": 460,
    "seal_broken": 422,
    "not_an_item": 422,
    "item_of_another_server": 422,
    "item_damaged": 422,
    "item_of_another_project": 422,
    "item_of_nobody_here": 422,
    "media_missing": 500,
    "storage_full": 507,
    "store_unavailable": 503,
    "weights_missing": 503,
    "voices_missing": 503,
    "unavailable": 503,
    "method_not_allowed": 405,
    "failed": 500,
}

_HTTP_WORDS = {
    404: (NotFound.code, NotFound.message),
    405: ("method_not_allowed", "That cannot be done at this address. Go back and try again from the page."),
    413: ("too_large", "That is too large to send. Nothing of it was kept. Make it shorter and try again."),
}
_FAILED = "Something went wrong on our side. Nothing you sent was half kept. Try again in a few minutes."
_BUSY = "The server is busy or being mended. Nothing is lost. Try again in a minute."


def problem(status: int, code: str, message: str, fields: dict[str, str] | None = None, **more: Any) -> Response:
    """Problem details for a program that called. `more` are members of this kind of problem alone."""
    body: dict[str, Any] = {"type": "about:blank", "title": code.replace("_", " "), "status": status,
                            "code": code, "message": message, **more}
    if fields:
        body["fields"] = fields
    answer = jsonify(body)
    answer.status_code = status
    answer.content_type = "application/problem+json"
    answer.headers["Cache-Control"] = "no-store"
    return answer


def wants_json() -> bool:
    """Whether a page's module asks, and not somebody who follows a link or sends a form."""
    return request.is_json or request.accept_mimetypes.best == "application/json"


def answer_for(status: int, code: str, message: str, fields: dict[str, str] | None = None) -> Response:
    """The answer in the form the caller reads: problem details under /api/ and for JSON, a page elsewhere."""
    if request.path.startswith("/api/") or wants_json():
        return problem(status, code, message, fields)
    html = render_template("problem.html", status=status, code=code, message=message, fields=fields or {})
    return Response(html, status=status, mimetype="text/html", headers={"Cache-Control": "no-store"})


def init_problems(app: Flask) -> None:
    """Turn refusals and surprises into answers. A surprise is logged without its message, which can quote a story."""

    @app.errorhandler(Refusal)
    def _refused(error: Refusal) -> Response:
        answer = answer_for(STATUS.get(error.code, 400), error.code, error.message, error.fields)
        if answer.status_code == 401:
            answer.headers["WWW-Authenticate"] = "Bearer"
        if isinstance(error, TooManyAttempts):
            answer.headers["Retry-After"] = str(error.wait_seconds)
        return answer

    @app.errorhandler(HTTPException)
    def _http(error: HTTPException) -> Response:
        status = error.code or 500
        code, message = _HTTP_WORDS.get(status, ("refused", error.description or _FAILED))
        answer = answer_for(status, code, message)
        for name, value in error.get_headers():
            if name not in ("Content-Type", "Content-Length"):
                answer.headers[name] = value
        return answer

    @app.errorhandler(OperationalError)
    def _database(error: OperationalError) -> Response:
        if _is_full(error.orig):
            log.error("ALARM: the disk of the database is full")
            return answer_for(STATUS[StorageFull.code], StorageFull.code, StorageFull.message)
        log.error("the database did not answer: %s", type(error.orig).__name__)
        return answer_for(503, "unavailable", _BUSY)

    @app.errorhandler(Exception)
    def _surprise(error: Exception) -> Response:
        log.error("at %s: unexpected %s", request.endpoint, where(error))
        return answer_for(500, "failed", _FAILED)


def _is_full(error: BaseException | None) -> bool:
    """Whether this is what SQLite or PostgreSQL says when its disk has no room left."""
    return getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_FULL or getattr(error, "sqlstate", "") == "53100"
