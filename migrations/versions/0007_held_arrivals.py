"""What arrives before what it belongs to is held."""

import sqlalchemy as sa
from alembic import op

revision = "0007_held_arrivals"
down_revision = "0006_versions"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "held_arrival",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("story_id", sa.String(length=36), nullable=False),
        sa.Column("project_id", sa.String(length=36), nullable=True),
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("body_sha256", sa.String(length=64), nullable=False),
        sa.Column("clock_error_ms", sa.BigInteger(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_held_arrival_person_id"),
        sa.PrimaryKeyConstraint("id", name="pk_held_arrival"),
    )
    op.create_index("ix_held_arrival_story_id", "held_arrival", ["story_id"])
    op.create_index("ix_held_arrival_received_at", "held_arrival", ["received_at"])
    with op.batch_alter_table("upload") as batch:
        batch.drop_constraint("fk_upload_story_id", type_="foreignkey")


def downgrade() -> None:
    # The older server knows no file without its story: its phone still has it and announces it again.
    op.execute("DELETE FROM upload WHERE story_id NOT IN (SELECT id FROM story)")
    with op.batch_alter_table("upload") as batch:
        batch.create_foreign_key("fk_upload_story_id", "story", ["story_id"], ["id"])
    op.drop_table("held_arrival")
