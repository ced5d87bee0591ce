"""Phones can be revoked and withdraw stories, the installation has a rescue key, and projects say what phones keep."""

import sqlalchemy as sa
from alembic import op

from migrations.taking_back import refuse_to_lose

revision = "0015_lost_phones"
down_revision = "0014_consent_understood"
branch_labels = None
depends_on = None

_INSTANT, _ID, _SHA256 = sa.DateTime(timezone=True), sa.String(36), sa.String(64)


def upgrade() -> None:
    with op.batch_alter_table("device") as batch:
        batch.add_column(sa.Column("revoked_at", _INSTANT, nullable=True))
        batch.add_column(sa.Column("revoked_by", _ID, nullable=True))
        batch.create_foreign_key("fk_device_revoked_by", "person", ["revoked_by"], ["id"])
    op.create_table(
        "device_use",
        sa.Column("device_id", _ID, nullable=False),
        sa.Column("token_hash", _SHA256, nullable=False),
        sa.PrimaryKeyConstraint("device_id", "token_hash", name="pk_device_use"),
    )
    op.create_index("ix_device_use_token_hash", "device_use", ["token_hash"])
    op.create_table(
        "phone_withdrawal",
        sa.Column("id", _ID, nullable=False),
        sa.Column("story_id", _ID, nullable=False),
        sa.Column("sent_by", _ID, nullable=False),
        sa.Column("withdrawn_at_phone", _INSTANT, nullable=False),
        sa.Column("body_sha256", _SHA256, nullable=False),
        sa.Column("body_bytes", sa.Integer(), nullable=False),
        sa.Column("received_at", _INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["story_id"], ["withdrawal.story_id"], name="fk_phone_withdrawal_story_id"),
        sa.ForeignKeyConstraint(["sent_by"], ["person.id"], name="fk_phone_withdrawal_sent_by"),
        sa.PrimaryKeyConstraint("id", name="pk_phone_withdrawal"),
    )
    op.create_index("ix_phone_withdrawal_story_id", "phone_withdrawal", ["story_id"])
    op.create_table(
        "rescue_key",
        sa.Column("id", _ID, nullable=False),
        sa.Column("purpose", sa.String(20), nullable=False),
        sa.Column("private_key", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", _INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_rescue_key"),
        sa.UniqueConstraint("purpose", name="uq_rescue_key_purpose"),
    )
    op.add_column("project", sa.Column("keep_hours", sa.Integer(), nullable=False, server_default="24"))
    op.add_column("project", sa.Column("photo_pixels", sa.Integer(), nullable=False, server_default="2048"))


def downgrade() -> None:
    # A lost phone would be let in again, and what phones sealed to the key could never be opened.
    refuse_to_lose({"rescue_key": "", "phone_withdrawal": "", "device": "revoked_at IS NOT NULL"})
    op.drop_column("project", "photo_pixels")
    op.drop_column("project", "keep_hours")
    for table in ("rescue_key", "phone_withdrawal", "device_use"):
        op.drop_table(table)
    with op.batch_alter_table("device") as batch:
        batch.drop_constraint("fk_device_revoked_by", type_="foreignkey")
        batch.drop_column("revoked_by")
        batch.drop_column("revoked_at")
