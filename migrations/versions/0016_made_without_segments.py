"""A recording can be made without segments that never come."""

import sqlalchemy as sa
from alembic import op

from migrations.taking_back import refuse_to_lose

revision = "0016_made_without_segments"
down_revision = "0015_lost_phones"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("recording_manifest", sa.Column("left_out", sa.JSON(), nullable=False, server_default="[]"))


def downgrade() -> None:
    # The older server would take such a recording for whole.
    refuse_to_lose({"recording_manifest": "CAST(left_out AS TEXT) <> '[]'"})
    op.drop_column("recording_manifest", "left_out")
