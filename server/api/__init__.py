"""JSON and tus under /api/v1, for the phone and for integrators."""

from flask import Flask

from server.api import changes, consents, devices, health, openapi, quotes, receipts, session, stories, uploads


def register(app: Flask) -> None:
    """Attach every resource of the API."""
    for resource in (changes, consents, devices, health, openapi, quotes, receipts, session, stories, uploads):
        app.register_blueprint(resource.blueprint)
