"""On whose disk a file is staged, and since when the store has it."""

import sqlalchemy as sa
from alembic import op

revision = "0008_staging_places"
down_revision = "0007_held_arrivals"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "staging_place",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("host", sa.String(length=120), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("free_bytes", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_staging_place"),
    )
    op.add_column("upload", sa.Column("staged_on", sa.String(length=36), nullable=True))
    op.create_index("ix_upload_staged_on", "upload", ["staged_on"])
    op.add_column("job", sa.Column("place", sa.String(length=36), nullable=True))
    for table in ("recording", "photo"):
        op.add_column(table, sa.Column("stored_at", sa.DateTime(timezone=True), nullable=True))
        # Until now a part was in the store before it had a row.
        op.execute(f"UPDATE {table} SET stored_at = received_at")


def downgrade() -> None:
    for table in ("photo", "recording"):
        op.drop_column(table, "stored_at")
    op.drop_column("job", "place")
    op.drop_index("ix_upload_staged_on", "upload")
    op.drop_column("upload", "staged_on")
    op.drop_table("staging_place")
