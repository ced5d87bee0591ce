"""Wordings and prompts in many languages, what a consent rests on, and several people in one story."""

import sqlalchemy as sa
from alembic import op

from migrations.taking_back import refuse_to_lose

revision = "0014_consent_understood"
down_revision = "0013_recordings_in_segments"
branch_labels = None
depends_on = None

_INSTANT, _ID, _SHA256, _LANGUAGE = sa.DateTime(timezone=True), sa.String(36), sa.String(64), sa.String(35)


def _added() -> dict[str, list[sa.Column]]:
    """The new columns of tables that are there."""
    return {
        "consent_wording": [
            sa.Column("language", _LANGUAGE, nullable=False, server_default="en"),
            sa.Column("more_texts", sa.JSON(), nullable=False, server_default="[]"),
        ],
        "prompt": [sa.Column("texts", sa.JSON(), nullable=False, server_default="{}")],
        "consent_record": [
            sa.Column("participant_id", _ID, nullable=True),
            sa.Column("wording_sha256", _SHA256, nullable=True),
            sa.Column("language", _LANGUAGE, nullable=False, server_default=""),
            sa.Column("reading", sa.String(10), nullable=False, server_default=""),
            sa.Column("agreed_by", sa.String(120), nullable=False, server_default=""),
            sa.Column("interpreter", sa.String(120), nullable=False, server_default=""),
            sa.Column("witness", sa.String(120), nullable=False, server_default=""),
            sa.Column("evidence_id", _ID, nullable=True),
            sa.Column("evidence_kind", sa.String(20), nullable=True),
            sa.Column("evidence_sha256", _SHA256, nullable=True),
        ],
        "photo": [
            sa.Column("people", sa.String(10), nullable=True),
            sa.Column("people_note", sa.Text(), nullable=False, server_default=""),
        ],
        "quote": [sa.Column("participant_id", _ID, nullable=True)],
    }


def upgrade() -> None:
    for table, columns in _added().items():
        for column in columns:
            op.add_column(table, column)
    _create_draft_text()
    _create_consent_evidence()
    op.create_table(
        "participant",
        sa.Column("id", _ID, nullable=False),
        sa.Column("story_id", _ID, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("pseudonym", sa.String(80), nullable=False),
        sa.Column("receipt_code_hash", _SHA256, nullable=False),
        sa.ForeignKeyConstraint(["story_id"], ["story.id"], name="fk_participant_story_id"),
        sa.PrimaryKeyConstraint("id", name="pk_participant"),
        sa.UniqueConstraint("receipt_code_hash", name="uq_participant_receipt_code_hash"),
    )
    op.create_index("ix_participant_story_id", "participant", ["story_id"])
    op.create_table(
        "withdrawn_code",
        sa.Column("receipt_code_hash", _SHA256, nullable=False),
        sa.Column("story_id", _ID, nullable=False),
        sa.ForeignKeyConstraint(["story_id"], ["withdrawal.story_id"], name="fk_withdrawn_code_story_id"),
        sa.PrimaryKeyConstraint("receipt_code_hash", name="pk_withdrawn_code"),
    )
    op.create_index("ix_withdrawn_code_story_id", "withdrawn_code", ["story_id"])


def _create_draft_text() -> None:
    op.create_table(
        "draft_text",
        sa.Column("project_id", _ID, nullable=False),
        sa.Column("language", _LANGUAGE, nullable=False),
        sa.Column("reading", sa.String(10), nullable=False),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("introduction", sa.Text(), nullable=False),
        sa.Column("uses", sa.JSON(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name="fk_draft_text_project_id"),
        sa.PrimaryKeyConstraint("project_id", "language", "reading", name="pk_draft_text"),
    )


def _create_consent_evidence() -> None:
    op.create_table(
        "consent_evidence",
        sa.Column("id", _ID, nullable=False),
        sa.Column("story_id", _ID, nullable=False),
        sa.Column("consent_id", _ID, nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("sha256", _SHA256, nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("content_type", sa.String(40), nullable=False),
        sa.Column("received_at", _INSTANT, nullable=False),
        sa.Column("stored_at", _INSTANT, nullable=True),
        sa.ForeignKeyConstraint(["story_id"], ["story.id"], name="fk_consent_evidence_story_id"),
        sa.PrimaryKeyConstraint("id", name="pk_consent_evidence"),
    )
    op.create_index("ix_consent_evidence_story_id", "consent_evidence", ["story_id"])
    op.create_index("ix_consent_evidence_sha256", "consent_evidence", ["sha256"])


# What somebody wrote, agreed to or showed. A phone of now says in every consent which words were read.
_SAID = {
    "consent_evidence": "",
    "participant": "",
    "withdrawn_code": "",
    "draft_text": "",
    "consent_wording": "language <> 'en' OR CAST(more_texts AS TEXT) <> '[]'",
    "prompt": "CAST(texts AS TEXT) <> '{}'",
    "consent_record": "participant_id IS NOT NULL OR wording_sha256 IS NOT NULL OR evidence_id IS NOT NULL "
                      "OR language <> '' OR reading <> '' OR agreed_by <> '' OR interpreter <> '' OR witness <> ''",
    "photo": "people IS NOT NULL OR people_note <> ''",
    "quote": "participant_id IS NOT NULL",
    "upload": "kind = 'evidence'",
}


def downgrade() -> None:
    refuse_to_lose(_SAID)
    for table in ("withdrawn_code", "participant", "consent_evidence", "draft_text"):
        op.drop_table(table)
    for table, columns in _added().items():
        for column in columns:
            op.drop_column(table, column.name)
