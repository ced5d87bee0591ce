"""What is shared: a conversation, its story, and the story's parts.

`body_sha256` is the hash of the bytes a phone sent, by which a repeat is told from a different thing under the same id.
A file is staged until it is `stored_at`, the moment from which the store holds it and has been read back.
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from server.models.row import Id, Language, Row, Sha256


class Conversation(Row):
    __tablename__ = "conversation"
    id: Mapped[str] = mapped_column(Id, primary_key=True)
    project_id: Mapped[str] = mapped_column(ForeignKey("project.id"), index=True)
    researcher_id: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    place: Mapped[str] = mapped_column(String(120), default="")
    started_at: Mapped[datetime]


class Story(Row):
    """`told_at` is corrected by the phone's clock error at sending; `told_at_phone` is what the phone said.

    `name_hash` is left of the pseudonym once that had to go, for whoever opens the receipt with it.
    One that was made anonymous says of nobody that they listened to it, and of its days the month.
    It is kept by the organisation for which it was collected, if any; `custody` is what that one chose for it where
    that is not what it chose for all. `language` is what it was told in, as far as anybody knows, and `people` how
    many told it, of whom `described` said something of themselves.
    """

    __tablename__ = "story"
    id: Mapped[str] = mapped_column(Id, primary_key=True)
    project_id: Mapped[str] = mapped_column(ForeignKey("project.id"))
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversation.id"), index=True)
    researcher_id: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    pseudonym: Mapped[str] = mapped_column(String(80))
    place: Mapped[str] = mapped_column(String(120), default="")
    told_at: Mapped[datetime]
    told_at_phone: Mapped[datetime]
    receipt_code_hash: Mapped[str] = mapped_column(Sha256, unique=True)
    name_hash: Mapped[str | None] = mapped_column(Sha256)
    body_sha256: Mapped[str] = mapped_column(Sha256)
    body_bytes: Mapped[int]
    received_at: Mapped[datetime]
    organisation_id: Mapped[str | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    custody: Mapped[str] = mapped_column(String(10), default="", server_default="")
    language: Mapped[str] = mapped_column(Language, default="", server_default="")
    people: Mapped[int] = mapped_column(default=1, server_default="1")
    described: Mapped[int] = mapped_column(default=0, server_default="0")
    recordings: Mapped[list["Recording"]] = relationship(order_by="Recording.position")
    quotes: Mapped[list["Quote"]] = relationship(order_by="Quote.written_at")
    photos: Mapped[list["Photo"]] = relationship(order_by="Photo.position")
    participants: Mapped[list["Participant"]] = relationship(order_by="Participant.position")
    # Lists of stories are read a page at a time, newest first: of a project, a place, or a researcher.
    __table_args__ = (
        Index("ix_story_project_id_told_at_id", "project_id", "told_at", "id"),
        Index("ix_story_project_id_place_told_at_id", "project_id", "place", "told_at", "id"),
        Index("ix_story_project_id_language_told_at_id", "project_id", "language", "told_at", "id"),
        # Numbers are counted without reading a row.
        Index("ix_story_counted", "project_id", "id", "told_at", "language", "organisation_id", "people", "described",
              "place"),
        Index("ix_story_researcher_id_project_id_told_at_id", "researcher_id", "project_id", "told_at", "id"),
    )

    @property
    def told_on(self) -> date:
        return self.told_at.date()


class Participant(Row):
    """One of those who told a story. A story from a phone that names nobody has none, and is of one person."""

    __tablename__ = "participant"
    id: Mapped[str] = mapped_column(Id, primary_key=True)
    story_id: Mapped[str] = mapped_column(ForeignKey("story.id"), index=True)
    position: Mapped[int]
    pseudonym: Mapped[str] = mapped_column(String(80))
    receipt_code_hash: Mapped[str] = mapped_column(Sha256, unique=True)
    name_hash: Mapped[str | None] = mapped_column(Sha256)


class Recording(Row):
    """`sha256` names the bytes as recorded; `playback_sha256` the copy that every browser can play and seek.

    `withheld` are the stretches that nobody may hear, each [start_ms, end_ms, how]; the playback copy and the clips are
    made without them. `withheld_words` is where withheld words were found in it, each [start_ms, end_ms, redaction id];
    what was found stays, whatever becomes of the words, until the redaction is lifted. `clean_sha256` is a playback
    copy with them, for whoever withholds words. `listened` is what a computer heard of the copy: {"sha256": which one,
    "heard": [ids of redactions whose words it could hear]}, or {}.

    Where the sound was withdrawn and its words stay, `sha256` is empty.
    """

    __tablename__ = "recording"
    id: Mapped[str] = mapped_column(Id, primary_key=True)
    story_id: Mapped[str] = mapped_column(ForeignKey("story.id"), index=True)
    position: Mapped[int]
    sha256: Mapped[str] = mapped_column(Sha256, index=True)
    size: Mapped[int]
    container: Mapped[str] = mapped_column(String(20))
    duration_ms: Mapped[int | None]
    started_at: Mapped[datetime]
    playback_sha256: Mapped[str | None] = mapped_column(Sha256, index=True)
    clean_sha256: Mapped[str | None] = mapped_column(Sha256, index=True)
    withheld: Mapped[list[Any]] = mapped_column(default=list, server_default="[]")
    withheld_words: Mapped[list[Any]] = mapped_column(default=list, server_default="[]")
    listened: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default="{}")
    received_at: Mapped[datetime]
    stored_at: Mapped[datetime | None]


class Photo(Row):
    """`derivative_sha256` names the copy without place or camera, the only one that is ever shown. Its regions are
    blurred in it; in `clean_sha256` they are not, for whoever chooses them.

    `people` says whether nobody can be seen in it or those in it agreed, where the phone asked; `people_note` says who.
    """

    __tablename__ = "photo"
    id: Mapped[str] = mapped_column(Id, primary_key=True)
    story_id: Mapped[str] = mapped_column(ForeignKey("story.id"), index=True)
    position: Mapped[int]
    sha256: Mapped[str] = mapped_column(Sha256, index=True)
    size: Mapped[int]
    description: Mapped[str] = mapped_column(Text, default="")
    derivative_sha256: Mapped[str | None] = mapped_column(Sha256, index=True)
    clean_sha256: Mapped[str | None] = mapped_column(Sha256, index=True)
    width: Mapped[int | None]
    height: Mapped[int | None]
    received_at: Mapped[datetime]
    stored_at: Mapped[datetime | None]
    people: Mapped[str | None] = mapped_column(String(10))
    people_note: Mapped[str] = mapped_column(Text, default="", server_default="")


class Quote(Row):
    """`participant_id` is whose words these are, where the phone said so."""

    __tablename__ = "quote"
    id: Mapped[str] = mapped_column(Id, primary_key=True)
    story_id: Mapped[str] = mapped_column(ForeignKey("story.id"), index=True)
    text: Mapped[str] = mapped_column(Text)
    written_at: Mapped[datetime]
    body_sha256: Mapped[str] = mapped_column(Sha256)
    body_bytes: Mapped[int]
    received_at: Mapped[datetime]
    participant_id: Mapped[str | None] = mapped_column(Id)
