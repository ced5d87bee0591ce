"""Phones that collect, and what they have not sent."""

import sqlalchemy as sa
from alembic import op

revision = "0004_devices"
down_revision = "0003_second_steps"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "device",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.Column("label", sa.String(length=120), nullable=False),
        sa.Column("app_version", sa.String(length=40), nullable=False),
        sa.Column("unsent", sa.Integer(), nullable=False),
        sa.Column("unsent_bytes", sa.BigInteger(), nullable=False),
        sa.Column("oldest_unsent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("first_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_device_person_id"),
        sa.PrimaryKeyConstraint("id", name="pk_device"),
    )
    op.create_index("ix_device_person_id", "device", ["person_id"])


def downgrade() -> None:
    op.drop_table("device")
