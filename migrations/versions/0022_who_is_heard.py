"""People may say who they are in their own words, and a project says whom it hopes to hear."""

from secrets import token_hex

import sqlalchemy as sa
from alembic import op

from migrations.taking_back import refuse_to_lose

revision = "0022_who_is_heard"
down_revision = "0021_partners_keep_their_own"
branch_labels = None
depends_on = None

_INSTANT, _ID = sa.DateTime(timezone=True), sa.String(36)

# All that is counted of a story, and all that says who may know of it: no row is read for a number.
_COUNTED = ["project_id", "id", "told_at", "language", "organisation_id", "people", "described", "place"]
_CLEARED = ["audience", "content", "story_id", "until", "others_from", "held_by"]

# What a story was told in: most of what was written down of it, or what its consent was read in.
_LANGUAGE_OF_WORDS = """
SELECT transcript.language FROM transcript JOIN recording ON recording.id = transcript.recording_id
WHERE recording.story_id = story.id AND transcript.is_current AND transcript.language <> ''
ORDER BY COALESCE(recording.duration_ms, 0) DESC, recording.position LIMIT 1"""
_LANGUAGE_OF_CONSENT = """
SELECT consent_record.language FROM consent_record
WHERE consent_record.story_id = story.id AND consent_record.language <> ''
ORDER BY consent_record.sequence LIMIT 1"""


def upgrade() -> None:
    op.create_table(
        "voice_group",
        sa.Column("id", _ID, nullable=False),
        sa.Column("project_id", _ID, nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("name_key", sa.String(160), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("retired_at", _INSTANT, nullable=True),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name="fk_voice_group_project_id"),
        sa.PrimaryKeyConstraint("id", name="pk_voice_group"),
        sa.UniqueConstraint("project_id", "name_key", name="uq_voice_group_project_id_name_key"),
    )
    op.create_table(
        "self_description",
        sa.Column("participant_id", _ID, nullable=False),
        sa.Column("story_id", _ID, nullable=False),
        sa.Column("own_words", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["participant_id"], ["participant.id"], name="fk_self_description_participant_id"),
        sa.ForeignKeyConstraint(["story_id"], ["story.id"], name="fk_self_description_story_id"),
        sa.PrimaryKeyConstraint("participant_id", name="pk_self_description"),
    )
    op.create_index("ix_self_description_story_id", "self_description", ["story_id"])
    op.create_table(
        "belonging",
        sa.Column("participant_id", _ID, nullable=False),
        sa.Column("group_id", _ID, nullable=False),
        sa.Column("story_id", _ID, nullable=False),
        sa.ForeignKeyConstraint(["participant_id"], ["self_description.participant_id"],
                                name="fk_belonging_participant_id"),
        sa.ForeignKeyConstraint(["group_id"], ["voice_group.id"], name="fk_belonging_group_id"),
        sa.ForeignKeyConstraint(["story_id"], ["story.id"], name="fk_belonging_story_id"),
        sa.PrimaryKeyConstraint("participant_id", "group_id", name="pk_belonging"),
    )
    op.create_index("ix_belonging_group_id_story_id", "belonging", ["group_id", "story_id"])
    op.create_index("ix_belonging_story_id", "belonging", ["story_id"])
    op.create_table(
        "voice_target",
        sa.Column("project_id", _ID, nullable=False),
        sa.Column("dimension", sa.String(12), nullable=False),
        sa.Column("value", sa.String(240), nullable=False),
        sa.Column("counts", sa.String(7), nullable=False),
        sa.Column("wanted", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name="fk_voice_target_project_id"),
        sa.PrimaryKeyConstraint("project_id", "dimension", "value", name="pk_voice_target"),
    )
    with op.batch_alter_table("project") as batch:
        batch.add_column(sa.Column("voices_key", sa.String(32), nullable=False, server_default=""))
    _give_keys()
    with op.batch_alter_table("story") as batch:
        batch.add_column(sa.Column("language", sa.String(35), nullable=False, server_default=""))
        batch.add_column(sa.Column("people", sa.Integer(), nullable=False, server_default="1"))
        batch.add_column(sa.Column("described", sa.Integer(), nullable=False, server_default="0"))
        batch.create_index("ix_story_counted", _COUNTED)
    op.create_index("ix_clearance_counted", "clearance", _CLEARED)
    op.execute(f"UPDATE story SET language = COALESCE(({_LANGUAGE_OF_WORDS}), ({_LANGUAGE_OF_CONSENT}), '')")
    op.execute("UPDATE story SET people = (SELECT COUNT(*) FROM participant WHERE participant.story_id = story.id)"
               " WHERE EXISTS (SELECT 1 FROM participant WHERE participant.story_id = story.id)")


def _give_keys() -> None:
    """Each project one of its own, that nobody knows."""
    project = sa.table("project", sa.column("id"), sa.column("voices_key"))
    for project_id in op.get_bind().scalars(sa.select(project.c.id)).all():
        op.execute(project.update().where(project.c.id == project_id).values(voices_key=token_hex(16)))


def downgrade() -> None:
    refuse_to_lose({"voice_group": "", "self_description": "", "belonging": "", "voice_target": ""})
    op.drop_index("ix_clearance_counted", table_name="clearance")
    with op.batch_alter_table("story") as batch:
        batch.drop_index("ix_story_counted")
        batch.drop_column("described")
        batch.drop_column("people")
        batch.drop_column("language")
    with op.batch_alter_table("project") as batch:
        batch.drop_column("voices_key")
    op.drop_table("voice_target")
    op.drop_table("belonging")
    op.drop_table("self_description")
    op.drop_table("voice_group")
