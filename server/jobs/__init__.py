"""Work that takes longer than a request."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask


def register(app: "Flask") -> None:
    """Attach the queue to the app. Imported late, so that the children that decode media start with little."""
    from server.jobs.enqueueing import attach

    attach(app)
