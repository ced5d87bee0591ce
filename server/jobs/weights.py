"""When the file of a speech model came or changed, which is what blocked work on words waits for."""

from datetime import UTC, datetime
from pathlib import Path

from server.config import Settings
from server.transcription.weights import voices_file


def changed_at(settings: Settings) -> datetime | None:
    """The latest moment, or None where there is no such file. A model's file is named in `whisper_dir`, or is a path;
    the voices have one of their own."""
    model = settings.whisper_model
    path = Path(model) if model.endswith(".pt") else settings.whisper_dir / f"{model}.pt"
    moments = [moment for moment in map(_written_at, (path, voices_file(settings.whisper_dir))) if moment]
    return max(moments, default=None)


def _written_at(path: Path) -> datetime | None:
    try:
        found = path.stat()
    except OSError:
        return None
    # Renaming a file into place moves its ctime alone.
    return datetime.fromtimestamp(max(found.st_mtime, found.st_ctime), UTC)
