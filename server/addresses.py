"""Ids in addresses: `<id:…>` gives views the text that services and tables use. Anything else is not found."""

from uuid import UUID

from flask import Flask
from werkzeug.routing import BaseConverter, UUIDConverter


class IdConverter(BaseConverter):
    """A UUID as 36 lower-case characters."""

    regex = UUIDConverter.regex

    def to_python(self, value: str) -> str:
        return str(UUID(value))

    def to_url(self, value: object) -> str:
        return str(value)


def init_addresses(app: Flask) -> None:
    """Make `<id:…>` known. Call it before any view is attached."""
    app.url_map.converters["id"] = IdConverter
