"""People may say who they are in their own words, and a project says whom it hopes to hear."""

import sqlalchemy as sa
from alembic import op

revision = "0022_who_is_heard"
down_revision = "0021_partners_keep_their_own"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("story") as batch:
        batch.add_column(sa.Column("language", sa.String(35), nullable=False, server_default=""))


def downgrade() -> None:
    with op.batch_alter_table("story") as batch:
        batch.drop_column("language")
