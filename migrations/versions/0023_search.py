"""What can be searched, as it is shown."""

revision = "0023_search"
down_revision = "0022_who_is_heard"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
