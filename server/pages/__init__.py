"""HTML for commissioners, board members, analysts, participants and administrators."""

from flask import Flask

from server.pages import account, environment, exports, home, provocations, sign_in

FAMILIES = (account, exports, home, provocations, sign_in)


def register(app: Flask) -> None:
    """Attach every family of pages. Each has a `blueprint`."""
    environment.prepare(app)
    for family in FAMILIES:
        app.register_blueprint(family.blueprint)
