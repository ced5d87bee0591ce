"""A recording that was made in segments, one run of the phone's recorder each: what the phone says it is made of, what
has come of it, and where it stopped.

Positions are whole milliseconds from the start of the joined sound.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from server.models.row import Id, Row, Sha256


class RecordingManifest(Row):
    """`id` is the recording's. `segments` are as the phone sent them; the recording is there once it is `completed_at`,
    unless not one of them can be played. `left_out` are the ids of segments that it is made without for ever: they had
    not come when somebody decided to go without them.

    Where the phone sent no manifest and somebody decided to go without, `segments` are what had come, and the body is
    empty until the phone's comes after all.
    """

    __tablename__ = "recording_manifest"
    id: Mapped[str] = mapped_column(Id, primary_key=True)
    story_id: Mapped[str] = mapped_column(ForeignKey("story.id"), index=True)
    position: Mapped[int]
    started_at: Mapped[datetime]
    segments: Mapped[list[Any]]
    body_sha256: Mapped[str] = mapped_column(Sha256)
    body_bytes: Mapped[int]
    received_at: Mapped[datetime]
    completed_at: Mapped[datetime | None]
    left_out: Mapped[list[Any]] = mapped_column(default=list, server_default="[]")

    @property
    def is_of_what_came(self) -> bool:
        """Whether no phone has said yet what the recording is made of."""
        return self.body_bytes == 0


class RecordingSegment(Row):
    """`sha256` names the bytes as recorded, which stay. Without a `container` they cannot be played.

    `start_ms` is where it begins in the joined sound. Its recording may not have come yet. One that came after its
    recording was made without it has a recording of its own under `recording_id`, without a manifest.
    """

    __tablename__ = "recording_segment"
    id: Mapped[str] = mapped_column(Id, primary_key=True)
    recording_id: Mapped[str] = mapped_column(Id, index=True)
    story_id: Mapped[str] = mapped_column(ForeignKey("story.id"), index=True)
    number: Mapped[int]
    sha256: Mapped[str] = mapped_column(Sha256, index=True)
    size: Mapped[int]
    container: Mapped[str | None] = mapped_column(String(20))
    duration_ms: Mapped[int | None]
    start_ms: Mapped[int | None]
    started_at: Mapped[datetime]
    received_at: Mapped[datetime]
    stored_at: Mapped[datetime | None]


class RecordingGap(Row):
    """A stretch that is not in the sound, and why: `reason` is how the segment before it ended, or that it is itself a
    segment, or the end of one, that is not in it; `segment` is the number of that one. A length of 0 is one that nobody
    knows."""

    __tablename__ = "recording_gap"
    recording_id: Mapped[str] = mapped_column(ForeignKey("recording.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    at_ms: Mapped[int]
    length_ms: Mapped[int]
    reason: Mapped[str] = mapped_column(String(20))
    segment: Mapped[int | None]


class RecordingMarker(Row):
    """A moment the researcher marked. `saved_at_ms` is by the phone's count, `at_ms` in the sound that there is.

    `prompt_text` is what the guide asked then, since guides change.
    """

    __tablename__ = "recording_marker"
    recording_id: Mapped[str] = mapped_column(ForeignKey("recording_manifest.id"), primary_key=True)
    id: Mapped[str] = mapped_column(Id, primary_key=True)
    saved_at_ms: Mapped[int]
    at_ms: Mapped[int | None]
    prompt_id: Mapped[str | None] = mapped_column(Id)
    prompt_text: Mapped[str] = mapped_column(Text, default="")
    theme_id: Mapped[str | None] = mapped_column(Id, index=True)
