"""What is withheld of a story: words, with the sound under them, and regions of photos."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from server.models.row import Id, Row


class Redaction(Row):
    """Words of a story that nobody is to read or hear, and what stands in their place.

    With a `recording_id` they are withheld in that stretch alone, else wherever the story has them. `words_key` is how
    they are compared. `checked_at` is when a computer last listened to what was made of the sound, and `is_gone`
    whether it could not hear them; both are empty until then. `widened_ms` is how much more than usual is taken out of
    the sound on each side, since they could be heard.
    """

    __tablename__ = "redaction"
    id: Mapped[str] = mapped_column(Id, primary_key=True)
    story_id: Mapped[str] = mapped_column(ForeignKey("story.id"), index=True)
    words: Mapped[str] = mapped_column(Text)
    words_key: Mapped[str] = mapped_column(Text)
    replacement: Mapped[str] = mapped_column(String(80))
    category: Mapped[str] = mapped_column(String(20))
    sound: Mapped[str] = mapped_column(String(10))
    recording_id: Mapped[str | None] = mapped_column(ForeignKey("recording.id"), index=True)
    start_ms: Mapped[int | None]
    end_ms: Mapped[int | None]
    made_by: Mapped[str] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[datetime]
    checked_at: Mapped[datetime | None]
    is_gone: Mapped[bool | None]
    widened_ms: Mapped[int] = mapped_column(default=0, server_default="0")


class PhotoRegion(Row):
    """A part of a photo that nobody is to see: a rectangle in thousandths of its width and height, from its top left,
    as it is shown."""

    __tablename__ = "photo_region"
    id: Mapped[str] = mapped_column(Id, primary_key=True)
    photo_id: Mapped[str] = mapped_column(ForeignKey("photo.id"), index=True)
    left: Mapped[int]
    top: Mapped[int]
    width: Mapped[int]
    height: Mapped[int]
    made_by: Mapped[str] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[datetime]
