"""Where a transcription goes on after a crash."""

import sqlalchemy as sa
from alembic import op

revision = "0009_transcript_windows"
down_revision = "0008_staging_places"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "transcript_window",
        sa.Column("recording_id", sa.String(length=36), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("model", sa.String(length=120), nullable=False),
        sa.Column("language", sa.String(length=10), nullable=False),
        sa.Column("language_probability", sa.Float(), nullable=True),
        sa.Column("start_ms", sa.Integer(), nullable=False),
        sa.Column("end_ms", sa.Integer(), nullable=False),
        sa.Column("words", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["recording_id"], ["recording.id"], name="fk_transcript_window_recording_id"),
        sa.PrimaryKeyConstraint("recording_id", "position", name="pk_transcript_window"),
    )


def downgrade() -> None:
    op.drop_table("transcript_window")
