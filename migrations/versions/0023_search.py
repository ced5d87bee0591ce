"""What can be searched, as it is shown.

Both tables can be made again of what is there (`flask --app server reindex`, and the sweep by itself), so that taking
this back loses nothing that anybody said.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0023_search"
down_revision = "0022_who_is_heard"
branch_labels = None
depends_on = None

_ID, _NUMBER = sa.String(36), sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_BY_LANGUAGE = "ix_story_project_id_language_told_at_id"

# An index beside the table, which follows it by itself. A word is what stands between spaces, folded already; what
# begins with "=" says who may look for it, and where.
_ON_SQLITE = (
    """CREATE VIRTUAL TABLE search_text USING fts5(
           tokens, content='search_passage', content_rowid='id', tokenize="ascii tokenchars '='", prefix='2 3')""",
    """CREATE TRIGGER search_text_added AFTER INSERT ON search_passage BEGIN
           INSERT INTO search_text(rowid, tokens) VALUES (new.id, new.tokens); END""",
    """CREATE TRIGGER search_text_gone AFTER DELETE ON search_passage BEGIN
           INSERT INTO search_text(search_text, rowid, tokens) VALUES ('delete', old.id, old.tokens); END""",
)


def upgrade() -> None:
    op.create_table(
        "search_story",
        sa.Column("number", _NUMBER, autoincrement=False, nullable=False),
        sa.Column("story_id", _ID, nullable=False),
        sa.Column("rules", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_search_story"),
        sa.ForeignKeyConstraint(["story_id"], ["story.id"], name="fk_search_story_story_id"),
        sa.UniqueConstraint("story_id", name="uq_search_story_story_id"),
    )
    op.create_table(
        "search_passage",
        sa.Column("id", _NUMBER, autoincrement=False, nullable=False),
        sa.Column("story_id", _ID, nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("part_id", _ID, nullable=False),
        sa.Column("segment_id", sa.Integer(), nullable=True),
        sa.Column("made_of", sa.String(16), nullable=False),
        sa.Column("tokens", sa.Text().with_variant(postgresql.TSVECTOR(), "postgresql"), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_search_passage"),
        sa.ForeignKeyConstraint(["story_id"], ["story.id"], name="fk_search_passage_story_id"),
    )
    op.create_index("ix_search_passage_story_id", "search_passage", ["story_id"])
    op.create_index(_BY_LANGUAGE, "story", ["project_id", "language", "told_at", "id"])
    if op.get_bind().dialect.name == "sqlite":
        for statement in _ON_SQLITE:
            op.execute(statement)
    else:
        op.execute("CREATE INDEX search_text ON search_passage USING gin (tokens) WITH (fastupdate = off)")


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TABLE search_text")
    op.drop_index(_BY_LANGUAGE, "story")
    op.drop_table("search_passage")
    op.drop_table("search_story")
