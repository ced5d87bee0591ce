"""A project: one listening exercise, its consent wording and its guide."""

from datetime import datetime
from secrets import token_hex
from typing import Any

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint, false, true
from sqlalchemy.orm import Mapped, mapped_column

from server.domain.phone_settings import KEEP_HOURS, PHOTO_PIXELS
from server.models.row import Id, Language, Row


class Project(Row):
    """Whoever changes it says which `version` they saw; its guide has one of its own.

    Phones keep a file for `keep_hours` after we have it, and make photos no wider or higher than `photo_pixels`.
    Transcripts look for words in `languages` (codes; any where there are none) and for those of the `vocabulary`.
    Stories are kept for `retention_months` after they were told, and for good where that is None; that was said at
    `retention_set_at`. What the law asks to be written down of a project comes last; `complaints` says to a participant
    where to complain. Where it `measures_agreement`, how two people's themes agree is shown, and each begins with their
    own; where it `suggests_themes`, a computer looks for passages like those under a theme. From how many on a number
    of voices is shown depends on its `voices_key`, which nobody is told.
    """

    __tablename__ = "project"
    id: Mapped[str] = mapped_column(Id, primary_key=True)
    name: Mapped[str] = mapped_column(String(200), unique=True)
    introduction: Mapped[str] = mapped_column(Text, default="")
    is_demo: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1, server_default="1")
    guide_version: Mapped[int] = mapped_column(default=1, server_default="1")
    keep_hours: Mapped[int] = mapped_column(default=KEEP_HOURS, server_default=str(KEEP_HOURS))
    photo_pixels: Mapped[int] = mapped_column(default=PHOTO_PIXELS, server_default=str(PHOTO_PIXELS))
    languages: Mapped[list[Any]] = mapped_column(default=list, server_default="[]")
    vocabulary: Mapped[list[Any]] = mapped_column(default=list, server_default="[]")
    retention_months: Mapped[int | None]
    retention_set_at: Mapped[datetime | None]
    controller: Mapped[str] = mapped_column(Text, default="", server_default="")
    lawful_basis: Mapped[str] = mapped_column(Text, default="", server_default="")
    ethics_reference: Mapped[str] = mapped_column(String(200), default="", server_default="")
    dpia_reference: Mapped[str] = mapped_column(String(200), default="", server_default="")
    complaints: Mapped[str] = mapped_column(Text, default="", server_default="")
    measures_agreement: Mapped[bool] = mapped_column(default=False, server_default=false())
    suggests_themes: Mapped[bool] = mapped_column(default=True, server_default=true())
    voices_key: Mapped[str] = mapped_column(String(32), default=lambda: token_hex(16), server_default="")


class ConsentWording(Row):
    """The text that people agree to. A version never changes once published; the newest is shown.

    `uses` is a list of {"use", "question", "explanation"}, one for each use, in the order asked. That is the main text,
    read in full; `more_texts` are the others, each {"language", "reading", "title", "introduction", "uses"}.
    A yes to it lasts `months` from when it was given, and for good where that is None.
    With an `organisation_id` it is what that partner's people ask with; versions are counted through the project.
    """

    __tablename__ = "consent_wording"
    id: Mapped[str] = mapped_column(Id, primary_key=True)
    project_id: Mapped[str] = mapped_column(ForeignKey("project.id"))
    organisation_id: Mapped[str | None] = mapped_column(ForeignKey("organisation.id"))
    version: Mapped[int]
    title: Mapped[str] = mapped_column(String(200))
    introduction: Mapped[str] = mapped_column(Text)
    uses: Mapped[list[Any]]
    published_at: Mapped[datetime]
    language: Mapped[str] = mapped_column(Language, default="en", server_default="en")
    more_texts: Mapped[list[Any]] = mapped_column(default=list, server_default="[]")
    months: Mapped[int | None]
    __table_args__ = (UniqueConstraint("project_id", "version"),)


class DraftText(Row):
    """One text of the next version of a wording while it is being written. Publishing takes all of them. Each says for
    how many `months` a yes to that version lasts: the same."""

    __tablename__ = "draft_text"
    project_id: Mapped[str] = mapped_column(ForeignKey("project.id"), primary_key=True)
    organisation_id: Mapped[str] = mapped_column(Id, primary_key=True, default="", server_default="")
    language: Mapped[str] = mapped_column(Language, primary_key=True)
    reading: Mapped[str] = mapped_column(String(10), primary_key=True)
    title: Mapped[str] = mapped_column(String(200))
    introduction: Mapped[str] = mapped_column(Text)
    uses: Mapped[list[Any]]
    version: Mapped[int] = mapped_column(default=1)
    months: Mapped[int | None]


class Prompt(Row):
    """One question of the project's guide. `texts` has it in other languages, by their codes."""

    __tablename__ = "prompt"
    id: Mapped[str] = mapped_column(Id, primary_key=True)
    project_id: Mapped[str] = mapped_column(ForeignKey("project.id"), index=True)
    position: Mapped[int]
    text: Mapped[str] = mapped_column(Text)
    texts: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default="{}")
