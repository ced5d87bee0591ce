"""Words, stretches of sound and regions of photos can be withheld, and what was carried away is known."""

import sqlalchemy as sa
from alembic import op

from migrations.taking_back import refuse_to_lose

revision = "0019_what_is_withheld"
down_revision = "0018_consent_that_ends"
branch_labels = None
depends_on = None

_INSTANT, _ID, _SHA256 = sa.DateTime(timezone=True), sa.String(36), sa.String(64)


def upgrade() -> None:
    with op.batch_alter_table("recording") as batch:
        batch.add_column(sa.Column("clean_sha256", _SHA256, nullable=True))
        batch.add_column(sa.Column("withheld", sa.JSON(), nullable=False, server_default="[]"))
        batch.add_column(sa.Column("withheld_words", sa.JSON(), nullable=False, server_default="[]"))
        batch.add_column(sa.Column("listened", sa.JSON(), nullable=False, server_default="{}"))
        batch.create_index("ix_recording_clean_sha256", ["clean_sha256"])
    with op.batch_alter_table("photo") as batch:
        batch.add_column(sa.Column("clean_sha256", _SHA256, nullable=True))
        batch.create_index("ix_photo_clean_sha256", ["clean_sha256"])
    _make_redactions()
    _make_exports()


def downgrade() -> None:
    # The older server would show and play what is withheld.
    refuse_to_lose({"redaction": "", "photo_region": "", "export_made": ""})
    for name in ("export_part", "export_made", "photo_region", "redaction"):
        op.drop_table(name)
    with op.batch_alter_table("photo") as batch:
        batch.drop_index("ix_photo_clean_sha256")
        batch.drop_column("clean_sha256")
    with op.batch_alter_table("recording") as batch:
        batch.drop_index("ix_recording_clean_sha256")
        batch.drop_column("listened")
        batch.drop_column("withheld_words")
        batch.drop_column("withheld")
        batch.drop_column("clean_sha256")


def _make_redactions() -> None:
    op.create_table(
        "redaction",
        sa.Column("id", _ID, nullable=False),
        sa.Column("story_id", _ID, nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("words_key", sa.Text(), nullable=False),
        sa.Column("replacement", sa.String(80), nullable=False),
        sa.Column("category", sa.String(20), nullable=False),
        sa.Column("sound", sa.String(10), nullable=False),
        sa.Column("recording_id", _ID, nullable=True),
        sa.Column("start_ms", sa.Integer(), nullable=True),
        sa.Column("end_ms", sa.Integer(), nullable=True),
        sa.Column("made_by", _ID, nullable=False),
        sa.Column("made_at", _INSTANT, nullable=False),
        sa.Column("checked_at", _INSTANT, nullable=True),
        sa.Column("is_gone", sa.Boolean(), nullable=True),
        sa.Column("widened_ms", sa.Integer(), nullable=False, server_default="0"),
        sa.ForeignKeyConstraint(["story_id"], ["story.id"], name="fk_redaction_story_id"),
        sa.ForeignKeyConstraint(["recording_id"], ["recording.id"], name="fk_redaction_recording_id"),
        sa.ForeignKeyConstraint(["made_by"], ["person.id"], name="fk_redaction_made_by"),
        sa.PrimaryKeyConstraint("id", name="pk_redaction"),
    )
    op.create_index("ix_redaction_story_id", "redaction", ["story_id"])
    op.create_index("ix_redaction_recording_id", "redaction", ["recording_id"])
    op.create_table(
        "photo_region",
        sa.Column("id", _ID, nullable=False),
        sa.Column("photo_id", _ID, nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("left", "top", "width", "height")),
        sa.Column("made_by", _ID, nullable=False),
        sa.Column("made_at", _INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["photo_id"], ["photo.id"], name="fk_photo_region_photo_id"),
        sa.ForeignKeyConstraint(["made_by"], ["person.id"], name="fk_photo_region_made_by"),
        sa.PrimaryKeyConstraint("id", name="pk_photo_region"),
    )
    op.create_index("ix_photo_region_photo_id", "photo_region", ["photo_id"])


def _make_exports() -> None:
    op.create_table(
        "export_made",
        sa.Column("id", _ID, nullable=False),
        sa.Column("project_id", _ID, nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("made_by", _ID, nullable=True),
        sa.Column("made_at", _INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name="fk_export_made_project_id"),
        sa.ForeignKeyConstraint(["made_by"], ["person.id"], name="fk_export_made_made_by"),
        sa.PrimaryKeyConstraint("id", name="pk_export_made"),
    )
    op.create_index("ix_export_made_project_id", "export_made", ["project_id"])
    op.create_table(
        "export_part",
        sa.Column("export_id", _ID, nullable=False),
        sa.Column("part_id", _ID, nullable=False),
        sa.Column("story_id", _ID, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("stale_at", _INSTANT, nullable=True),
        sa.Column("stale_because", sa.String(20), nullable=False, server_default=""),
        sa.ForeignKeyConstraint(["export_id"], ["export_made.id"], name="fk_export_part_export_id"),
        sa.PrimaryKeyConstraint("export_id", "part_id", name="pk_export_part"),
    )
    op.create_index("ix_export_part_story_id", "export_part", ["story_id"])
