"""When the speech model's file came or changed, which is what blocked transcripts wait for."""

from datetime import UTC, datetime
from pathlib import Path

from server.config import Settings


def changed_at(settings: Settings) -> datetime | None:
    """The moment, or None where the file is not there. A model's file is named in `whisper_dir`, or is a path."""
    model = settings.whisper_model
    path = Path(model) if model.endswith(".pt") else settings.whisper_dir / f"{model}.pt"
    try:
        found = path.stat()
    except OSError:
        return None
    # Renaming a file into place moves its ctime alone.
    return datetime.fromtimestamp(max(found.st_mtime, found.st_ctime), UTC)
