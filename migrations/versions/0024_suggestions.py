"""Passages as numbers, to find those that are alike, and what people made of what was suggested."""

import sqlalchemy as sa
from alembic import op

from migrations.taking_back import refuse_to_lose

revision = "0024_suggestions"
down_revision = "0023_search"
branch_labels = None
depends_on = None

_INSTANT, _ID = sa.DateTime(timezone=True), sa.String(36)


def upgrade() -> None:
    op.create_table(
        "passage_vectors",
        sa.Column("source_id", _ID, nullable=False),
        sa.Column("story_id", _ID, nullable=False),
        sa.Column("project_id", _ID, nullable=False),
        sa.Column("model", sa.String(60), nullable=False),
        sa.Column("version", sa.String(60), nullable=False),
        sa.Column("text_sha256", sa.String(64), nullable=False),
        sa.Column("places", sa.JSON(), nullable=False),
        sa.Column("vectors", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["story_id"], ["story.id"], name="fk_passage_vectors_story_id"),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name="fk_passage_vectors_project_id"),
        sa.PrimaryKeyConstraint("source_id", name="pk_passage_vectors"),
    )
    op.create_index("ix_passage_vectors_story_id", "passage_vectors", ["story_id"])
    op.create_index("ix_passage_vectors_project_id", "passage_vectors", ["project_id"])
    op.create_table(
        "suggestion_answer",
        sa.Column("id", _ID, nullable=False),
        sa.Column("theme_id", _ID, nullable=False),
        sa.Column("story_id", _ID, nullable=False),
        sa.Column("source_id", _ID, nullable=False),
        sa.Column("start_ms", sa.Integer(), nullable=False),
        sa.Column("end_ms", sa.Integer(), nullable=False),
        sa.Column("answer", sa.String(10), nullable=False),
        sa.Column("answered_by", _ID, nullable=False),
        sa.Column("answered_at", _INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["theme_id"], ["theme.id"], name="fk_suggestion_answer_theme_id"),
        sa.ForeignKeyConstraint(["story_id"], ["story.id"], name="fk_suggestion_answer_story_id"),
        sa.ForeignKeyConstraint(["answered_by"], ["person.id"], name="fk_suggestion_answer_answered_by"),
        sa.PrimaryKeyConstraint("id", name="pk_suggestion_answer"),
        sa.UniqueConstraint("theme_id", "source_id", "start_ms", "end_ms",
                            name="uq_suggestion_answer_theme_id_source_id_start_ms_end_ms"),
    )
    op.create_index("ix_suggestion_answer_story_id", "suggestion_answer", ["story_id"])


def downgrade() -> None:
    # The vectors can be made again of the words; what somebody answered cannot.
    refuse_to_lose({"suggestion_answer": ""})
    op.drop_index("ix_suggestion_answer_story_id", "suggestion_answer")
    op.drop_table("suggestion_answer")
    op.drop_index("ix_passage_vectors_project_id", "passage_vectors")
    op.drop_index("ix_passage_vectors_story_id", "passage_vectors")
    op.drop_table("passage_vectors")
