"""The JSON body of a request, as exact bytes and as an object."""

from typing import Any

from flask import request

from server.domain.errors import BadRequest, WrongContentType
from server.domain.sync import Body


def read_json() -> tuple[Body, dict[str, Any]]:
    """The bytes as they came and the JSON object in them. Raises WrongContentType, BadRequest, Invalid."""
    if request.mimetype != "application/json":
        raise WrongContentType("Send this as application/json.")
    body = Body.of(request.get_data())
    if request.content_length is not None and body.size != request.content_length:
        raise BadRequest("The connection broke before everything arrived. Send it again.")
    return body, body.read()
