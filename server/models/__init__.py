"""The tables, one family a file. Importing this package makes all of them known to the metadata."""

from server.models import consent, people, project, provocation, story, theme, transcript, upload, work
from server.models.row import Row

__all__ = ["Row", "consent", "people", "project", "provocation", "story", "theme", "transcript", "upload", "work"]
