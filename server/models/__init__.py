"""The tables, one family a file. Importing this package makes all of them known to the metadata."""

from server.models import (
    audit,
    change,
    consent,
    device,
    held,
    people,
    project,
    provocation,
    rescue_key,
    second_step,
    segment,
    story,
    theme,
    transcript,
    upload,
    work,
)
from server.models.row import Row

__all__ = [
    "Row",
    "audit",
    "change",
    "consent",
    "device",
    "held",
    "people",
    "project",
    "provocation",
    "rescue_key",
    "second_step",
    "segment",
    "story",
    "theme",
    "transcript",
    "upload",
    "work",
]
