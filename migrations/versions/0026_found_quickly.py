"""The few passages whose words changed are found without reading all the others."""

import sqlalchemy as sa
from alembic import op

revision = "0026_found_quickly"
down_revision = "0025_collections"
branch_labels = None
depends_on = None

_CHANGED = sa.text("changed_at IS NOT NULL")


def upgrade() -> None:
    op.create_index("ix_excerpt_changed_at", "excerpt", ["changed_at"], sqlite_where=_CHANGED,
                    postgresql_where=_CHANGED)


def downgrade() -> None:
    op.drop_index("ix_excerpt_changed_at", "excerpt")
