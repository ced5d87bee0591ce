"""Searches that are kept and sets that are chosen, and with whom they are shared."""

revision = "0025_collections"
down_revision = "0024_suggestions"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
