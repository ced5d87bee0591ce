"""Holds every answer of the API against its own description."""

import re
from typing import Any

from flask import Response, request
from jsonschema import Draft202012Validator

from server.api.description import DOCUMENT, PREFIX


def wrong_with(response: Response) -> str | None:
    """What the answer to the current request has that the description does not, or None."""
    asked = f"{request.method} {request.path} {response.status_code}"
    if request.url_rule is None or "OPTIONS" == request.method != (request.url_rule.methods or {"OPTIONS"}):
        return None if response.status_code >= 400 or request.method == "OPTIONS" else asked
    described = DOCUMENT["paths"][template_of(request.url_rule.rule)][request.method.lower()]["responses"]
    if str(response.status_code) not in described:
        return f"{asked} is not described: {response.get_data(as_text=True)[:200]}"
    answer = described[str(response.status_code)]
    missing = set(answer.get("headers", {})) - set(response.headers.keys())
    if missing and request.method != "POST":
        return f"{asked} lacks {missing}"
    if "content" not in answer or request.method == "HEAD":
        return None
    return _wrong_with_body(asked, answer, response)


def template_of(rule: str) -> str:
    """`/api/v1/quotes/<id:quote_id>` as the description writes it."""
    return re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.removeprefix(PREFIX))


def _wrong_with_body(asked: str, answer: dict[str, Any], response: Response) -> str | None:
    schema = answer["content"].get(response.mimetype, {}).get("schema")
    if schema is None:
        return f"{asked} is {response.mimetype}"
    whole = schema | {"components": DOCUMENT["components"]}
    errors = Draft202012Validator(whole, format_checker=Draft202012Validator.FORMAT_CHECKER).iter_errors(response.json)
    found = [f"{error.json_path}: {error.message}" for error in errors]
    if response.status_code >= 400 and f"`{response.json['code']}`" not in answer["description"]:
        found.append(f"the code {response.json['code']} is not described")
    return f"{asked}: {found}" if found else None
