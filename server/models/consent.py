"""Consent as rows: the records, which only accumulate, and the decision that was made from them."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from server.domain.consent import FOREVER, NEVER
from server.models.row import Id, Language, Row, Sha256


class ConsentRecord(Row):
    """One agreement. It arrives before its story does, so `story_id` points at nothing yet.

    `answers` maps each use to true or false. `sequence` is the order of arrival. `wording_sha256` is the hash of the
    very text that was read, in its language and reading; none from phones that did not say. `evidence_sha256` is the
    hash of the file that shows the agreement. Who agreed for somebody else, interpreted or was there is forgotten when
    the story is withdrawn.

    `until` maps a use to the ISO 8601 moment at which the yes to it ends, where it does. Nobody took a record that the
    participant made alone, with their receipt.
    """

    __tablename__ = "consent_record"
    sequence: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    id: Mapped[str] = mapped_column(Id, unique=True)
    project_id: Mapped[str] = mapped_column(ForeignKey("project.id"), index=True)
    story_id: Mapped[str] = mapped_column(Id, index=True)
    wording_id: Mapped[str] = mapped_column(ForeignKey("consent_wording.id"))
    answers: Mapped[dict[str, Any]]
    until: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default="{}")
    how: Mapped[str] = mapped_column(String(20))
    for_whom: Mapped[str] = mapped_column(String(20))
    taken_by: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    given_at: Mapped[datetime]
    given_at_phone: Mapped[datetime]
    body_sha256: Mapped[str] = mapped_column(Sha256)
    body_bytes: Mapped[int]
    received_at: Mapped[datetime]
    participant_id: Mapped[str | None] = mapped_column(Id)
    wording_sha256: Mapped[str | None] = mapped_column(Sha256)
    language: Mapped[str] = mapped_column(Language, default="", server_default="")
    reading: Mapped[str] = mapped_column(String(10), default="", server_default="")
    agreed_by: Mapped[str] = mapped_column(String(120), default="", server_default="")
    interpreter: Mapped[str] = mapped_column(String(120), default="", server_default="")
    witness: Mapped[str] = mapped_column(String(120), default="", server_default="")
    evidence_id: Mapped[str | None] = mapped_column(Id)
    evidence_kind: Mapped[str | None] = mapped_column(String(20))
    evidence_sha256: Mapped[str | None] = mapped_column(Sha256)


class ConsentEvidence(Row):
    """The file that shows how somebody agreed: a signature, a spoken statement or a photo of paper, as it was sent.

    It is a part of its story, and nobody is shown it but an administrator who asks for it.
    """

    __tablename__ = "consent_evidence"
    id: Mapped[str] = mapped_column(Id, primary_key=True)
    story_id: Mapped[str] = mapped_column(ForeignKey("story.id"), index=True)
    consent_id: Mapped[str] = mapped_column(Id)
    kind: Mapped[str] = mapped_column(String(20))
    sha256: Mapped[str] = mapped_column(Sha256, index=True)
    size: Mapped[int]
    content_type: Mapped[str] = mapped_column(String(40))
    received_at: Mapped[datetime]
    stored_at: Mapped[datetime | None]


class Clearance(Row):
    """The decision: until that moment this content of this story may reach this audience. No row means no.

    Where an organisation keeps the story, `held_by` is that one, and until `others_from` nobody but its people may.
    """

    __tablename__ = "clearance"
    story_id: Mapped[str] = mapped_column(Id, primary_key=True)
    audience: Mapped[str] = mapped_column(String(20), primary_key=True)
    content: Mapped[str] = mapped_column(String(20), primary_key=True)
    until: Mapped[datetime] = mapped_column(default=FOREVER, index=True)
    held_by: Mapped[str | None] = mapped_column(Id, index=True)
    others_from: Mapped[datetime] = mapped_column(default=NEVER)
    # Numbers are counted without reading a row.
    __table_args__ = (
        Index("ix_clearance_counted", "audience", "content", "story_id", "until", "others_from", "held_by"),)


class Withdrawal(Row):
    """A story's end. It keeps no word of the story: who recorded it, when, and why they were told.

    It ended because somebody asked, or because the project keeps stories no longer: `cause`. Where it was made
    anonymous, its `scope` says so, and `became_id` is the story of nobody in which its chosen passages go on, until no
    backup has this one any more.

    `written_down_at` is when it was also written outside of the database, where no restored backup forgets it.
    `recorded_by` is nobody where that person came after the backup.
    """

    __tablename__ = "withdrawal"
    story_id: Mapped[str] = mapped_column(Id, primary_key=True)
    project_id: Mapped[str] = mapped_column(ForeignKey("project.id"), index=True)
    recorded_by: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    reason: Mapped[str] = mapped_column(Text, default="")
    cause: Mapped[str] = mapped_column(String(20), default="asked", server_default="asked")
    scope: Mapped[str] = mapped_column(String(20), default="erase", server_default="erase")
    became_id: Mapped[str | None] = mapped_column(Id)
    receipt_code_hash: Mapped[str] = mapped_column(Sha256, unique=True)
    at: Mapped[datetime]
    written_down_at: Mapped[datetime | None]


class PhoneWithdrawal(Row):
    """A withdrawal as a phone sent it. A story may have several, or one that was recorded here, and ends once."""

    __tablename__ = "phone_withdrawal"
    id: Mapped[str] = mapped_column(Id, primary_key=True)
    story_id: Mapped[str] = mapped_column(ForeignKey("withdrawal.story_id"), index=True)
    sent_by: Mapped[str] = mapped_column(ForeignKey("person.id"))
    withdrawn_at_phone: Mapped[datetime]
    body_sha256: Mapped[str] = mapped_column(Sha256)
    body_bytes: Mapped[int]
    received_at: Mapped[datetime]


class WithdrawnCode(Row):
    """The receipt code, hashed, of somebody else who told a withdrawn story: theirs says that it ended, too."""

    __tablename__ = "withdrawn_code"
    receipt_code_hash: Mapped[str] = mapped_column(Sha256, primary_key=True)
    story_id: Mapped[str] = mapped_column(ForeignKey("withdrawal.story_id"), index=True)


class PartialWithdrawal(Row):
    """The end of a part of what a story may be: its voice and faces, or whatever says whose it is. It is for good.

    `scope` is one of `server.domain.consent.Scope`. Nobody recorded it where a participant did it with their receipt.
    `written_down_at` is as for a withdrawal.
    """

    __tablename__ = "partial_withdrawal"
    story_id: Mapped[str] = mapped_column(Id, primary_key=True)
    scope: Mapped[str] = mapped_column(String(20), primary_key=True)
    project_id: Mapped[str] = mapped_column(ForeignKey("project.id"), index=True)
    recorded_by: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]
    written_down_at: Mapped[datetime | None]


class WithdrawalStep(Row):
    """One thing that had to go when a story was withdrawn, whole or in part, until it is done: `done_at`.

    `place` says where it was (`server.domain.withdrawal.Place`). `subject` names it there: a SHA-256, the id of a
    device, or nothing. `due_at` is when it will have gone by itself, where nobody can make it go.
    """

    __tablename__ = "withdrawal_step"
    id: Mapped[int] = mapped_column(primary_key=True)
    story_id: Mapped[str] = mapped_column(Id, index=True)
    scope: Mapped[str] = mapped_column(String(20))
    place: Mapped[str] = mapped_column(String(30))
    subject: Mapped[str] = mapped_column(String(64), default="", index=True)
    count: Mapped[int] = mapped_column(default=1)
    asked_at: Mapped[datetime]
    due_at: Mapped[datetime | None]
    done_at: Mapped[datetime | None]
    __table_args__ = (UniqueConstraint("story_id", "scope", "place", "subject"),)


class Embargo(Row):
    """A story that may not leave until the named person lifts it: there is a worry about somebody's safety.

    The reason may say more than anybody else should know; it is forgotten with the story.
    """

    __tablename__ = "embargo"
    id: Mapped[str] = mapped_column(Id, primary_key=True)
    story_id: Mapped[str] = mapped_column(Id, index=True)
    project_id: Mapped[str] = mapped_column(ForeignKey("project.id"), index=True)
    reason: Mapped[str] = mapped_column(Text)
    named_id: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    put_by: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    put_at: Mapped[datetime]
    lifted_by: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    lifted_at: Mapped[datetime | None]


class ReceiptVisit(Row):
    """Somebody who has shown that a receipt is theirs, for a short while. The token and the code are kept hashed."""

    __tablename__ = "receipt_visit"
    token_hash: Mapped[str] = mapped_column(Sha256, primary_key=True)
    receipt_code_hash: Mapped[str] = mapped_column(Sha256)
    opened_at: Mapped[datetime] = mapped_column(index=True)


class Tombstone(Row):
    """The id of something withdrawn, with all of its story or without, kept so that a late copy is refused for ever."""

    __tablename__ = "tombstone"
    id: Mapped[str] = mapped_column(Id, primary_key=True)
    story_id: Mapped[str] = mapped_column(Id, index=True)


class Erasure(Row):
    """Stored bytes that nothing may keep any more, until the store has let go of them."""

    __tablename__ = "erasure"
    sha256: Mapped[str] = mapped_column(Sha256, primary_key=True)
    asked_at: Mapped[datetime]
