"""A recording may come in segments, with a manifest of them, gaps between them and moments that were marked."""

import sqlalchemy as sa
from alembic import op

from migrations.taking_back import refuse_to_lose

revision = "0013_recordings_in_segments"
down_revision = "0012_story_order"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)
_ID = sa.String(length=36)
_SHA256 = sa.String(length=64)


def upgrade() -> None:
    op.create_table(
        "recording_manifest",
        sa.Column("id", _ID, nullable=False),
        sa.Column("story_id", _ID, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("started_at", _MOMENT, nullable=False),
        sa.Column("segments", sa.JSON(), nullable=False),
        sa.Column("body_sha256", _SHA256, nullable=False),
        sa.Column("body_bytes", sa.Integer(), nullable=False),
        sa.Column("received_at", _MOMENT, nullable=False),
        sa.Column("completed_at", _MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["story_id"], ["story.id"], name="fk_recording_manifest_story_id"),
        sa.PrimaryKeyConstraint("id", name="pk_recording_manifest"),
    )
    op.create_index("ix_recording_manifest_story_id", "recording_manifest", ["story_id"])
    op.create_table(
        "recording_segment",
        sa.Column("id", _ID, nullable=False),
        sa.Column("recording_id", _ID, nullable=False),
        sa.Column("story_id", _ID, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("sha256", _SHA256, nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("container", sa.String(length=20), nullable=True),
        sa.Column("duration_ms", sa.Integer(), nullable=True),
        sa.Column("start_ms", sa.Integer(), nullable=True),
        sa.Column("started_at", _MOMENT, nullable=False),
        sa.Column("received_at", _MOMENT, nullable=False),
        sa.Column("stored_at", _MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["story_id"], ["story.id"], name="fk_recording_segment_story_id"),
        sa.PrimaryKeyConstraint("id", name="pk_recording_segment"),
    )
    for column in ("recording_id", "story_id", "sha256"):
        op.create_index(f"ix_recording_segment_{column}", "recording_segment", [column])
    op.create_table(
        "recording_gap",
        sa.Column("recording_id", _ID, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("at_ms", sa.Integer(), nullable=False),
        sa.Column("length_ms", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=20), nullable=False),
        sa.Column("segment", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["recording_id"], ["recording.id"], name="fk_recording_gap_recording_id"),
        sa.PrimaryKeyConstraint("recording_id", "number", name="pk_recording_gap"),
    )
    op.create_table(
        "recording_marker",
        sa.Column("recording_id", _ID, nullable=False),
        sa.Column("id", _ID, nullable=False),
        sa.Column("saved_at_ms", sa.Integer(), nullable=False),
        sa.Column("at_ms", sa.Integer(), nullable=True),
        sa.Column("prompt_id", _ID, nullable=True),
        sa.Column("prompt_text", sa.Text(), nullable=False),
        sa.Column("theme_id", _ID, nullable=True),
        sa.ForeignKeyConstraint(["recording_id"], ["recording_manifest.id"], name="fk_recording_marker_recording_id"),
        sa.PrimaryKeyConstraint("recording_id", "id", name="pk_recording_marker"),
    )
    op.create_index("ix_recording_marker_theme_id", "recording_marker", ["theme_id"])


def downgrade() -> None:
    # The sound of a segment would stay in the store with nothing that names it, and be found by nobody.
    refuse_to_lose({"recording_manifest": "", "recording_segment": "", "held_arrival": "kind = 'manifest'",
                    "upload": "kind = 'segment'"})
    for table in ("recording_marker", "recording_gap", "recording_segment", "recording_manifest"):
        op.drop_table(table)
