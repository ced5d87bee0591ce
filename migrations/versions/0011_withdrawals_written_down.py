"""A withdrawal is also written where no backup forgets it."""

import sqlalchemy as sa
from alembic import op

revision = "0011_withdrawals_written_down"
down_revision = "0010_audit"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("withdrawal") as batch:
        batch.add_column(sa.Column("written_down_at", sa.DateTime(timezone=True), nullable=True))
        batch.alter_column("recorded_by", existing_type=sa.String(length=36), nullable=True)


def downgrade() -> None:
    # The older server wants a name: an administrator of the project stands in for nobody, or whoever was here first.
    op.execute("UPDATE withdrawal SET recorded_by = coalesce((SELECT min(person_id) FROM membership "
               "WHERE role = 'administrator' AND project_id = withdrawal.project_id), (SELECT min(id) FROM person)) "
               "WHERE recorded_by IS NULL")
    with op.batch_alter_table("withdrawal") as batch:
        batch.alter_column("recorded_by", existing_type=sa.String(length=36), nullable=False)
        batch.drop_column("written_down_at")
