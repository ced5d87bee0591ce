"""What a page's module sends, as JSON."""

from collections.abc import Mapping
from typing import Any

from flask import Request

from server.domain.errors import Invalid


def sent_object(request: Request) -> Mapping[str, Any]:
    """The object that was sent. Raises Invalid for anything else, also for one that nobody could have meant."""
    try:
        content = request.get_json(silent=True)
    except RecursionError as error:  # brackets in brackets, many thousands deep
        raise Invalid from error
    if not isinstance(content, Mapping):
        raise Invalid
    return content
