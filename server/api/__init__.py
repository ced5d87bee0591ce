"""JSON and tus under /api/v1, for the phone and for integrators."""

from flask import Flask


def register(app: Flask) -> None:
    """Attach every resource of the API."""
