"""Transcripts have versions, corrections and speakers; excerpts are drafts until somebody has listened."""

import hashlib
from collections.abc import Iterator

import sqlalchemy as sa
from alembic import op

from migrations.taking_back import refuse_to_lose

revision = "0017_words_owned_by_people"
down_revision = "0016_made_without_segments"
branch_labels = None
depends_on = None

_ID = sa.String(36)
_NEVER = "0" * 64
_AT_ONCE = 1000
_ONE_CURRENT = {"unique": True, "sqlite_where": sa.text("is_current"), "postgresql_where": sa.text("is_current")}


def upgrade() -> None:
    _make_tables()
    _change_transcripts()
    _change_excerpts()
    with op.batch_alter_table("project") as batch:
        batch.add_column(sa.Column("languages", sa.JSON(), nullable=False, server_default="[]"))
        batch.add_column(sa.Column("vocabulary", sa.JSON(), nullable=False, server_default="[]"))


def downgrade() -> None:
    # The older server has one transcript for a recording, and nobody's hand in it.
    refuse_to_lose({
        "correction": "", "heard_stretch": "", "translation": "", "speaker": "",
        "transcript": "NOT is_current", "excerpt": "quotable_at IS NOT NULL",
        "project": "CAST(languages AS TEXT) <> '[]' OR CAST(vocabulary AS TEXT) <> '[]'",
    })
    with op.batch_alter_table("project") as batch:
        batch.drop_column("vocabulary")
        batch.drop_column("languages")
    with op.batch_alter_table("excerpt") as batch:
        for name in ("changed_words", "changed_text", "changed_at", "quotable_at", "text_sha256"):
            batch.drop_column(name)
    with op.batch_alter_table("transcript_segment") as batch:
        batch.drop_index("ix_transcript_segment_speaker_id")
        batch.drop_constraint("fk_transcript_segment_speaker_id", type_="foreignkey")
        for name in ("speaker_suggested", "speaker_id", "language"):
            batch.drop_column(name)
    op.drop_index("uq_transcript_current", "transcript")
    with op.batch_alter_table("transcript") as batch:
        batch.drop_constraint("uq_transcript_recording_id_number", type_="unique")
        for name in ("version", "is_current", "number"):
            batch.drop_column(name)
        batch.create_unique_constraint("uq_transcript_recording_id", ["recording_id"])
    for name in ("translation", "heard_stretch", "correction", "speaker"):
        op.drop_table(name)


def _make_tables() -> None:
    op.create_table(
        "speaker",
        sa.Column("id", _ID, nullable=False),
        sa.Column("story_id", _ID, nullable=False),
        sa.Column("label", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(80), nullable=False, server_default=""),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["story_id"], ["story.id"], name="fk_speaker_story_id"),
        sa.PrimaryKeyConstraint("id", name="pk_speaker"),
        sa.UniqueConstraint("story_id", "label", name="uq_speaker_story_id_label"),
    )
    op.create_table(
        "correction",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("transcript_id", _ID, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("made_by", _ID, nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("undoes", sa.Integer(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("after", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["transcript_id"], ["transcript.id"], name="fk_correction_transcript_id"),
        sa.ForeignKeyConstraint(["made_by"], ["person.id"], name="fk_correction_made_by"),
        sa.PrimaryKeyConstraint("id", name="pk_correction"),
        sa.UniqueConstraint("transcript_id", "number", name="uq_correction_transcript_id_number"),
    )
    op.create_table(
        "heard_stretch",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("transcript_id", _ID, nullable=False),
        sa.Column("person_id", _ID, nullable=False),
        sa.Column("start_ms", sa.Integer(), nullable=False),
        sa.Column("end_ms", sa.Integer(), nullable=False),
        sa.Column("how", sa.String(10), nullable=False),
        sa.Column("correction_number", sa.Integer(), nullable=True),
        sa.Column("heard_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["transcript_id"], ["transcript.id"], name="fk_heard_stretch_transcript_id"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_heard_stretch_person_id"),
        sa.PrimaryKeyConstraint("id", name="pk_heard_stretch"),
    )
    op.create_index("ix_heard_stretch_transcript_id", "heard_stretch", ["transcript_id"])
    op.create_table(
        "translation",
        sa.Column("id", _ID, nullable=False),
        sa.Column("transcript_id", _ID, nullable=False),
        sa.Column("model", sa.String(120), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("passages", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["transcript_id"], ["transcript.id"], name="fk_translation_transcript_id"),
        sa.PrimaryKeyConstraint("id", name="pk_translation"),
        sa.UniqueConstraint("transcript_id", name="uq_translation_transcript_id"),
    )


def _change_transcripts() -> None:
    with op.batch_alter_table("transcript") as batch:
        batch.add_column(sa.Column("number", sa.Integer(), nullable=False, server_default="1"))
        batch.add_column(sa.Column("is_current", sa.Boolean(), nullable=False, server_default=sa.text("true")))
        batch.add_column(sa.Column("version", sa.Integer(), nullable=False, server_default="0"))
        batch.drop_constraint("uq_transcript_recording_id", type_="unique")
        batch.create_unique_constraint("uq_transcript_recording_id_number", ["recording_id", "number"])
    op.create_index("uq_transcript_current", "transcript", ["recording_id"], **_ONE_CURRENT)
    with op.batch_alter_table("transcript_segment") as batch:
        batch.add_column(sa.Column("language", sa.String(10), nullable=False, server_default=""))
        batch.add_column(sa.Column("speaker_id", _ID, nullable=True))
        batch.add_column(sa.Column("speaker_suggested", sa.Boolean(), nullable=False, server_default=sa.text("false")))
        batch.create_foreign_key("fk_transcript_segment_speaker_id", "speaker", ["speaker_id"], ["id"])
        batch.create_index("ix_transcript_segment_speaker_id", ["speaker_id"])


def _change_excerpts() -> None:
    """Nobody is known to have listened to what was chosen before, so each is a draft."""
    with op.batch_alter_table("excerpt") as batch:
        batch.add_column(sa.Column("text_sha256", sa.String(64), nullable=False, server_default=_NEVER))
        batch.add_column(sa.Column("quotable_at", sa.DateTime(timezone=True), nullable=True))
        batch.add_column(sa.Column("changed_at", sa.DateTime(timezone=True), nullable=True))
        batch.add_column(sa.Column("changed_text", sa.Text(), nullable=True))
        batch.add_column(sa.Column("changed_words", sa.JSON(), nullable=True))
    _hash_texts()
    with op.batch_alter_table("excerpt") as batch:
        batch.alter_column("text_sha256", existing_type=sa.String(64), existing_nullable=False, server_default=None)


def _hash_texts() -> None:
    excerpt = sa.table("excerpt", sa.column("id"), sa.column("text"), sa.column("text_sha256"))
    update = excerpt.update().where(excerpt.c.id == sa.bindparam("which")).values(text_sha256=sa.bindparam("sha256"))
    for some in _texts(excerpt):
        op.get_bind().execute(update, some)


def _texts(excerpt: sa.TableClause) -> Iterator[list[dict[str, str]]]:
    """A thousand at a time, in the order of their ids."""
    after = ""
    while True:
        query = sa.select(excerpt.c.id, excerpt.c.text).where(excerpt.c.id > after).order_by(excerpt.c.id)
        rows = op.get_bind().execute(query.limit(_AT_ONCE)).all()
        if not rows:
            return
        yield [{"which": row.id, "sha256": hashlib.sha256(row.text.encode()).hexdigest()} for row in rows]
        after = rows[-1].id
