"""HTML for commissioners, board members, analysts, participants and administrators."""

from flask import Flask


def register(app: Flask) -> None:
    """Attach every family of pages."""
