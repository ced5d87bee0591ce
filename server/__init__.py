"""Earshot: story collection for health and social care."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask


def create_app() -> "Flask":
    """What `flask --app server` and gunicorn call. Imported late, so that the rules load without a web server."""
    from server.app import create_app as build

    return build()
