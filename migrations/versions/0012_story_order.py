"""Lists of stories are found in their order, however many stories there are."""

from alembic import op

revision = "0012_story_order"
down_revision = "0011_withdrawals_written_down"
branch_labels = None
depends_on = None


_ORDERS = {
    "ix_story_project_id_told_at_id": ["project_id", "told_at", "id"],
    "ix_story_project_id_place_told_at_id": ["project_id", "place", "told_at", "id"],
    "ix_story_researcher_id_project_id_told_at_id": ["researcher_id", "project_id", "told_at", "id"],
    "ix_story_conversation_id": ["conversation_id"],
}


def upgrade() -> None:
    for name, columns in _ORDERS.items():
        op.create_index(name, "story", columns)
    op.drop_index("ix_story_project_id", "story")


def downgrade() -> None:
    op.create_index("ix_story_project_id", "story", ["project_id"])
    for name in reversed(_ORDERS):
        op.drop_index(name, "story")
