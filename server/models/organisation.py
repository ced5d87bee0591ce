"""Organisations, and the terms on which one of them is a partner in a project."""

from datetime import datetime

from sqlalchemy import ForeignKey, ForeignKeyConstraint, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from server.domain.consent import NEVER
from server.models.row import Id, Row


class Organisation(Row):
    """`name_key` is the name folded, so that an organisation is there once."""

    __tablename__ = "organisation"
    id: Mapped[str] = mapped_column(Id, primary_key=True)
    name: Mapped[str] = mapped_column(String(120))
    name_key: Mapped[str] = mapped_column(String(240), unique=True)
    created_at: Mapped[datetime]


class Partner(Row):
    """An organisation in a project. Until `others_from` nobody but its people may have what it keeps there; that was
    agreed as `version`. It has no people in the project once it has left."""

    __tablename__ = "partner"
    project_id: Mapped[str] = mapped_column(ForeignKey("project.id"), primary_key=True)
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"), primary_key=True, index=True)
    joined_at: Mapped[datetime]
    left_at: Mapped[datetime | None]
    others_from: Mapped[datetime] = mapped_column(default=NEVER)
    version: Mapped[int] = mapped_column(default=1, server_default="1")


class CustodyOverride(Row):
    """What an administrator did in the place of a partner, and why: the partner's lead is told until they have seen
    it. `kind` is one of `server.domain.custody.Override`; `subject_id` is the story or the invitation, if it is of one.
    """

    __tablename__ = "custody_override"
    id: Mapped[str] = mapped_column(Id, primary_key=True)
    project_id: Mapped[str] = mapped_column(Id)
    organisation_id: Mapped[str] = mapped_column(Id)
    kind: Mapped[str] = mapped_column(String(10))
    subject_id: Mapped[str | None] = mapped_column(Id)
    reason: Mapped[str] = mapped_column(Text)
    made_by: Mapped[str] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[datetime]
    seen_by: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    seen_at: Mapped[datetime | None]
    __table_args__ = (
        ForeignKeyConstraint(["project_id", "organisation_id"], ["partner.project_id", "partner.organisation_id"]),
        Index("ix_custody_override_project_id_organisation_id", "project_id", "organisation_id"),
    )
