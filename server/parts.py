"""The replaceable parts that the front doors hand to services."""

from dataclasses import dataclass

from flask import current_app

from server.config import Settings
from server.storage.store import MediaStore


@dataclass(frozen=True)
class Parts:
    """`brief_store` is the same store, which is given up within seconds: for what somebody waits for meanwhile, and a
    worker makes up for."""

    settings: Settings
    store: MediaStore
    brief_store: MediaStore


def parts() -> Parts:
    """The parts of the running app."""
    found: Parts = current_app.extensions["earshot"]
    return found
