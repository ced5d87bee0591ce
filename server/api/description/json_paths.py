"""Everything but the upload of files."""

from typing import Any

from server.api.description.operations import (
    CSRF,
    DEVICE_TIME,
    SIGNED_IN,
    UNSAFE,
    answer,
    in_path,
    in_query,
    operation,
)
from server.api.description.schemas import COUNT, reference
from server.domain.sync import MOST_CHANGES, USUAL_CHANGES

_BODY = ("not_found", "invalid", "bad_request", "wrong_content_type", "too_large")
_SENT = ("same_id_other_content", "withdrawn", *_BODY)


def _body(schema: str) -> dict[str, Any]:
    return {"required": True, "content": {"application/json": {"schema": reference(schema)}}}


def _put(kind: str, folder: str, summary: str, *codes: str, waits: bool = True) -> dict[str, Any]:
    answers = {"201": answer("Kept.", "Receipt"), "200": answer("It was kept before: the first receipt.", "Receipt")}
    if waits:
        answers["202"] = answer("Held, and shown to nobody, until what it belongs to has come.", "HeldReceipt")
    return {f"/{folder}/{{{kind}_id}}": {
        "parameters": [in_path(f"{kind}_id")],
        "put": operation(f"put_{kind}", "parts", summary, answers, (*UNSAFE, *_SENT, *codes),
                         parameters=[CSRF, DEVICE_TIME], requestBody=_body(kind.capitalize())),
    }}


JSON_PATHS: dict[str, Any] = {
    "/session": {"get": operation(
        "get_session", "phone", "Who is signed in, and the CSRF token",
        {"200": answer("Somebody is signed in.", "Session")}, SIGNED_IN)},
    "/changes": {"get": operation(
        "list_changes", "phone", "What this device has not been told yet, in order",
        {"200": answer("Each thing as it is now. Ask again with `next` at once while there is `more`.", "Changes")},
        (*SIGNED_IN, "invalid"), parameters=[
            in_query("after", COUNT | {"maximum": 2**53 - 1, "default": 0}, "`next` of the last answer."),
            in_query("limit", COUNT | {"minimum": 1, "maximum": MOST_CHANGES, "default": USUAL_CHANGES},
                     "How many changes at once.")])},
    "/devices/{device_id}": {
        "parameters": [in_path("device_id")],
        "put": operation(
            "put_device", "phone", "Say what this phone holds that was not sent",
            {"200": answer("As it is kept.", "Device")}, (*UNSAFE, *_BODY),
            parameters=[CSRF, DEVICE_TIME], requestBody=_body("Device"))},
    **_put("consent", "consents", "Send a consent, before its story", "wording_mismatch", waits=False),
    **_put("story", "stories", "Send a story"),
    **_put("quote", "quotes", "Send a quote", "use_refused"),
    "/receipts/{part_id}": {
        "parameters": [in_path("part_id")],
        "get": operation(
            "get_receipt", "parts", "What the server holds of anything sent",
            {"200": answer("It is here, whole and checked.", "Receipt"),
             "202": answer("It is here, and not safe yet: ask again.", "NotYet", {"Retry-After": COUNT})},
            (*SIGNED_IN, "not_found", "withdrawn"))},
    "/openapi.json": {"get": operation(
        "get_description", "description", "This document",
        {"200": {"description": "OpenAPI 3.1.", "content": {"application/json": {"schema": {"type": "object"}}}}},
        security=[])},
}
