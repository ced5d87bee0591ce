"""Shared things say which version of them somebody saw."""

import sqlalchemy as sa
from alembic import op

revision = "0006_versions"
down_revision = "0005_changes"
branch_labels = None
depends_on = None


_VERSIONS = (("project", "version"), ("project", "guide_version"), ("theme", "version"), ("provocation", "version"))


def upgrade() -> None:
    for table, column in _VERSIONS:
        op.add_column(table, sa.Column(column, sa.Integer(), server_default="1", nullable=False))


def downgrade() -> None:
    for table, column in reversed(_VERSIONS):
        op.drop_column(table, column)
