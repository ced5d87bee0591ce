"""Addresses as they come in: ids in them, and the host that was asked for.

`<id:…>` gives views the text that services and tables use. Anything else is not found.
"""

import re
from uuid import UUID

from flask import Flask, request
from werkzeug.routing import BaseConverter, UUIDConverter

from server.domain.errors import BadRequest

# A name or a number with a port or none: what can stand in a link. No user, path or sign that means something there.
_HOST = re.compile(r"(?:[a-z0-9][a-z0-9.-]*|\[[0-9a-f:.]+\])(?::\d{1,5})?", re.IGNORECASE)


class IdConverter(BaseConverter):
    """A UUID as 36 lower-case characters."""

    regex = UUIDConverter.regex

    def to_python(self, value: str) -> str:
        return str(UUID(value))

    def to_url(self, value: object) -> str:
        return str(value)


def init_addresses(app: Flask) -> None:
    """Make `<id:…>` known, and refuse hosts that are not plain names. Call it before any view is attached."""
    app.url_map.converters["id"] = IdConverter

    @app.before_request
    def _look_at_host() -> None:
        if not _HOST.fullmatch(request.host):
            raise BadRequest("This address is not written as an address. Check it and open the page again.")
