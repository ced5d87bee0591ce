"""The JSON body of a request, as exact bytes and as an object."""

import json
from typing import Any

from flask import request

from server.domain.errors import BadRequest, Invalid, WrongContentType
from server.domain.sync import Body


def read_json() -> tuple[Body, dict[str, Any]]:
    """The bytes as they came and the JSON object in them. Raises WrongContentType, BadRequest, Invalid."""
    if request.mimetype != "application/json":
        raise WrongContentType("Send this as application/json.")
    content = request.get_data()
    if request.content_length is not None and len(content) != request.content_length:
        raise BadRequest("The connection broke before everything arrived. Send it again.")
    return Body.of(content), _object(content)


def _object(content: bytes) -> dict[str, Any]:
    try:
        found = json.loads(content.decode(), parse_constant=_no_number, object_pairs_hook=_without_repeats)
    except (ValueError, RecursionError):
        raise Invalid("This is not a JSON object. Send UTF-8 without repeated keys, NaN or Infinity.") from None
    if not isinstance(found, dict):
        raise Invalid("This is not a JSON object.")
    return found


def _no_number(name: str) -> float:
    raise ValueError(name)


def _without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key is repeated")
    return found
