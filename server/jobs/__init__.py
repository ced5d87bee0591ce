"""Work that takes longer than a request."""

from flask import Flask


def register(app: Flask) -> None:
    """Attach the queue to the app."""
