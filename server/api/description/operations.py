"""How one operation is written down."""

from collections import defaultdict
from typing import Any

from server.api.description.schemas import ID, TIME, Schema, reference
from server.problems import STATUS

# What any request may meet.
ALWAYS = ("device_revoked", "unavailable", "failed")
SIGNED_IN = ("signed_out",)
UNSAFE = (*SIGNED_IN, "csrf_failed", "storage_full")


def header(name: str, schema: Schema, description: str, *, required: bool = True) -> dict[str, Any]:
    return {"name": name, "in": "header", "required": required, "description": description, "schema": schema}


def in_query(name: str, schema: Schema, description: str) -> dict[str, Any]:
    return {"name": name, "in": "query", "required": False, "description": description, "schema": schema}


def in_path(name: str) -> dict[str, Any]:
    return {"name": name, "in": "path", "required": True, "schema": ID}


CSRF = header("X-CSRF-Token", {"type": "string"}, "From GET /session. Asked for beside a cookie, not beside a key.",
              required=False)
DEVICE_TIME = header(
    "Device-Time", TIME, "The phone's time now. A clock that is more than five minutes wrong is corrected for.",
    required=False)


DEVICE_ID = header("Device-Id", ID, "The phone that calls. What is no UUID says nothing.", required=False)


def answer(description: str, schema: str | None = None, headers: dict[str, Schema] | None = None) -> dict[str, Any]:
    """One successful answer, by the name of its schema and the schemas of its headers."""
    found: dict[str, Any] = {"description": description}
    if schema:
        found["content"] = {"application/json": {"schema": reference(schema)}}
    if headers:
        found["headers"] = {name: {"schema": value} for name, value in headers.items()}
    return found


def operation(name: str, tag: str, summary: str, answers: dict[str, Any], codes: tuple[str, ...] = (),
              **more: Any) -> dict[str, Any]:
    """An operation with its successful answers, and a refusal for every code it may give."""
    more["parameters"] = [*more.get("parameters", []), DEVICE_ID]
    return {"operationId": name, "tags": [tag], "summary": summary, **more,
            "responses": answers | _refusals((*codes, *ALWAYS))}


def _refusals(codes: tuple[str, ...]) -> dict[str, Any]:
    by_status: defaultdict[int, list[str]] = defaultdict(list)
    for code in codes:
        by_status[STATUS[code]].append(code)
    content = {"application/problem+json": {"schema": reference("Problem")}}
    return {str(status): {"description": " or ".join(f"`{code}`" for code in sorted(set(found))), "content": content}
            for status, found in sorted(by_status.items())}
