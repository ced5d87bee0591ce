"""The order of changes, beginning with everything that is there."""

import sqlalchemy as sa
from alembic import op

revision = "0005_changes"
down_revision = "0004_devices"
branch_labels = None
depends_on = None


# What a device that has seen nothing is told first: projects, what belongs to them, what arrived, what has ended.
_BEGINNING = (
    *(f"SELECT '{kind}', id, id, NULL, created_at FROM project ORDER BY created_at, id"
      for kind in ("project", "guide", "wording", "codebook")),
    "SELECT 'receipt', id, project_id, taken_by, received_at FROM consent_record ORDER BY sequence",
    "SELECT 'receipt', id, project_id, researcher_id, received_at FROM story ORDER BY received_at, id",
    *(f"SELECT 'receipt', part.id, story.project_id, story.researcher_id, part.received_at FROM {table} part "
      "JOIN story ON story.id = part.story_id ORDER BY part.received_at, part.id"
      for table in ("quote", "photo", "recording")),
    "SELECT 'tombstone', story_id, project_id, NULL, at FROM withdrawal ORDER BY at, story_id",
)


def upgrade() -> None:
    op.create_table(
        "change",
        sa.Column("sequence", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("subject_id", sa.String(length=80), nullable=False),
        sa.Column("project_id", sa.String(length=36), nullable=False),
        sa.Column("person_id", sa.String(length=36), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("sequence", name="pk_change"),
        sa.UniqueConstraint("kind", "subject_id", name="uq_change_kind_subject_id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_change_project_id_sequence", "change", ["project_id", "sequence"])
    for rows in _BEGINNING:
        op.execute(f"INSERT INTO change (kind, subject_id, project_id, person_id, at) {rows}")


def downgrade() -> None:
    op.drop_table("change")
