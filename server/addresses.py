"""Ids in addresses: `<uuid:…>` gives views the text that services and tables use. Anything else is not found."""

from uuid import UUID

from flask import Flask
from werkzeug.routing import UUIDConverter


class IdConverter(UUIDConverter):
    """A UUID as 36 lower-case characters."""

    def to_python(self, value: str) -> str:  # type: ignore[override]
        return str(UUID(value))

    def to_url(self, value: object) -> str:
        return str(value)


def init_addresses(app: Flask) -> None:
    """Make `<uuid:…>` and `<id:…>` give text everywhere. Call it before any view is attached."""
    app.url_map.converters.update(id=IdConverter, uuid=IdConverter)
