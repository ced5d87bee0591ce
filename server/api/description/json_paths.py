"""Everything but the upload of files."""

from typing import Any

from server.api.description.operations import CSRF, DEVICE_TIME, SIGNED_IN, UNSAFE, answer, in_path, operation
from server.api.description.schemas import reference

_SENT = ("same_id_other_content", "withdrawn", "not_found", "invalid", "bad_request", "wrong_content_type", "too_large")


def _put(kind: str, folder: str, summary: str, *codes: str) -> dict[str, Any]:
    body = {"required": True, "content": {"application/json": {"schema": reference(kind.capitalize())}}}
    answers = {"201": answer("Kept.", "Receipt"), "200": answer("It was kept before: the first receipt.", "Receipt")}
    return {f"/{folder}/{{{kind}_id}}": {
        "parameters": [in_path(f"{kind}_id")],
        "put": operation(f"put_{kind}", "parts", summary, answers, (*UNSAFE, *_SENT, *codes),
                         parameters=[CSRF, DEVICE_TIME], requestBody=body),
    }}


JSON_PATHS: dict[str, Any] = {
    "/session": {"get": operation(
        "get_session", "phone", "Who is signed in, and the CSRF token",
        {"200": answer("Somebody is signed in.", "Session")}, SIGNED_IN)},
    "/projects": {"get": operation(
        "list_projects", "phone", "The projects to collect for, with guide and consent wording",
        {"200": answer("The projects in which the person is a researcher.", "Projects")}, SIGNED_IN)},
    **_put("consent", "consents", "Send a consent, before its story"),
    **_put("story", "stories", "Send a story", "consent_missing"),
    **_put("quote", "quotes", "Send a quote", "story_missing", "use_refused"),
    "/receipts/{part_id}": {
        "parameters": [in_path("part_id")],
        "get": operation(
            "get_receipt", "parts", "What the server holds of anything sent",
            {"200": answer("It is here, whole and checked.", "Receipt")}, (*SIGNED_IN, "not_found", "withdrawn"))},
    "/openapi.json": {"get": operation(
        "get_description", "description", "This document",
        {"200": {"description": "OpenAPI 3.1.", "content": {"application/json": {"schema": {"type": "object"}}}}},
        security=[])},
}
