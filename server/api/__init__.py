"""JSON and tus under /api/v1, for the phone and for integrators."""

from flask import Flask

from server.api import (
    changes,
    consents,
    devices,
    health,
    openapi,
    quotes,
    receipts,
    recordings,
    session,
    stories,
    uploads,
    withdrawals,
)


def register(app: Flask) -> None:
    """Attach every resource of the API."""
    for resource in (changes, consents, devices, health, openapi, quotes, receipts, recordings, session, stories,
                     uploads, withdrawals):
        app.register_blueprint(resource.blueprint)
