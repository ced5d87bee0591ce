"""Settings, read once from the environment. Every one has a default that works on a laptop."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

ROOT = Path(__file__).resolve().parent.parent
MIB = 1024 * 1024


@dataclass(frozen=True)
class Settings:
    """Sizes are bytes, times are seconds, paths are absolute."""

    database_url: str
    data_dir: Path
    media_dir: Path
    uploads_dir: Path
    queue_url: str
    whisper_model: str
    whisper_dir: Path
    public_url: str | None = None
    trusted_proxies: int = 0
    heartbeat_seconds: float = 5.0
    lease_seconds: float = 60.0
    sweep_seconds: float = 10.0
    max_recording_bytes: int = 512 * MIB
    max_photo_bytes: int = 25 * MIB
    max_unfinished_bytes: int = 20 * 1024 * MIB
    max_body_bytes: int = 256 * 1024
    work_lines: tuple[str, ...] = ("speech", "media", "store")
    store_url: str | None = None
    s3_endpoint_url: str | None = None
    s3_deadline_seconds: float = 30.0
    s3_link_seconds: int = 0
    low_room_bytes: int = 2048 * MIB
    backups_kept_days: int = 35

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> "Settings":
        """Read every setting. Raises ValueError when a number is not a number."""
        data = Path(environment.get("EARSHOT_DATA", ROOT / "var")).resolve()
        store_url = environment.get("STORE_URL") or None
        return cls(
            database_url=environment.get("DATABASE_URL") or f"sqlite:///{data / 'earshot.sqlite3'}",
            data_dir=data,
            media_dir=_folder(store_url) or Path(environment.get("MEDIA_DIR", data / "media")).resolve(),
            uploads_dir=Path(environment.get("UPLOADS_DIR", data / "uploads")).resolve(),
            queue_url=environment.get("QUEUE_URL") or f"sqlite:///{data / 'queue.sqlite3'}",
            whisper_model=environment.get("WHISPER_MODEL") or "base",
            whisper_dir=Path(environment.get("WHISPER_DIR", data / "whisper")).resolve(),
            public_url=(environment.get("PUBLIC_URL") or "").rstrip("/") or None,
            trusted_proxies=int(environment.get("TRUSTED_PROXIES", "0")),
            heartbeat_seconds=float(environment.get("HEARTBEAT_SECONDS", "5")),
            lease_seconds=float(environment.get("LEASE_SECONDS", "60")),
            sweep_seconds=float(environment.get("SWEEP_SECONDS", "10")),
            max_recording_bytes=int(environment.get("MAX_RECORDING_BYTES", str(512 * MIB))),
            max_photo_bytes=int(environment.get("MAX_PHOTO_BYTES", str(25 * MIB))),
            max_unfinished_bytes=int(environment.get("MAX_UNFINISHED_BYTES", str(20 * 1024 * MIB))),
            work_lines=tuple(_words(environment.get("WORK_LINES") or "speech,media,store")),
            store_url=store_url,
            s3_endpoint_url=environment.get("S3_ENDPOINT_URL") or None,
            s3_deadline_seconds=float(environment.get("S3_DEADLINE_SECONDS", "30")),
            s3_link_seconds=int(environment.get("S3_LINK_SECONDS", "0")),
            low_room_bytes=int(environment.get("LOW_ROOM_BYTES", str(2048 * MIB))),
            backups_kept_days=int(environment.get("BACKUPS_KEPT_DAYS", "35")),
        )

    @property
    def keeps_media_in_a_folder(self) -> bool:
        return self.store_url is None or self.store_url.startswith("file://")

    @property
    def max_item_bytes(self) -> int:
        """How large a file saved on a phone may be: a long recording, and what it belongs to."""
        return 2 * self.max_recording_bytes

    @property
    def folders(self) -> tuple[Path, ...]:
        """The folders of this machine that grow with what people send."""
        return (self.uploads_dir, self.media_dir) if self.keeps_media_in_a_folder else (self.uploads_dir,)


def _folder(url: str | None) -> Path | None:
    """The folder of a `file:///…` address."""
    return Path(unquote(urlsplit(url).path)).resolve() if url and url.startswith("file://") else None


def _words(text: str) -> list[str]:
    """What is between the commas."""
    return [word.strip() for word in text.split(",") if word.strip()]
