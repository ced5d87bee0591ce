"""JSON and tus under /api/v1, for the phone and for integrators."""

from flask import Flask

from server.api import consents, health, openapi, projects, quotes, receipts, session, stories, uploads


def register(app: Flask) -> None:
    """Attach every resource of the API."""
    for resource in (consents, health, openapi, projects, quotes, receipts, session, stories, uploads):
        app.register_blueprint(resource.blueprint)
