"""Passages as numbers, to find those that are alike, and what people made of what was suggested."""

revision = "0024_suggestions"
down_revision = "0023_search"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
