"""Themes nest, have a colour and a history; each person's tagging is their own; a note can be on anything."""

import sqlalchemy as sa
from alembic import op

from migrations.taking_back import refuse_to_lose

revision = "0020_themes_that_nest"
down_revision = "0019_what_is_withheld"
branch_labels = None
depends_on = None

_INSTANT, _ID = sa.DateTime(timezone=True), sa.String(36)
_TEXTS = ("when_to_use", "when_not", "example")


def upgrade() -> None:
    with op.batch_alter_table("theme") as batch:
        batch.add_column(sa.Column("parent_id", _ID, nullable=True))
        batch.add_column(sa.Column("position", sa.Integer(), nullable=False, server_default="0"))
        batch.add_column(sa.Column("colour", sa.String(20), nullable=False, server_default=""))
        batch.add_column(sa.Column("kind", sa.String(10), nullable=False, server_default=""))
        for name in _TEXTS:
            batch.add_column(sa.Column(name, sa.Text(), nullable=False, server_default=""))
        batch.add_column(sa.Column("retired_at", _INSTANT, nullable=True))
        batch.add_column(sa.Column("merged_into_id", _ID, nullable=True))
        for name in ("parent_id", "merged_into_id"):
            batch.create_foreign_key(f"fk_theme_{name}", "theme", [name], ["id"])
            batch.create_index(f"ix_theme_{name}", [name])
    with op.batch_alter_table("tagging") as batch:
        batch.add_column(sa.Column("region", sa.String(23), nullable=False, server_default=""))
        for part in ("excerpt", "quote", "photo"):
            batch.drop_constraint(f"uq_tagging_theme_id_{part}_id", type_="unique")
        for part in ("excerpt", "quote"):
            batch.create_unique_constraint(f"uq_tagging_theme_id_{part}_id_tagged_by",
                                           ["theme_id", f"{part}_id", "tagged_by"])
        batch.create_unique_constraint("uq_tagging_theme_id_photo_id_region_tagged_by",
                                       ["theme_id", "photo_id", "region", "tagged_by"])
        batch.create_index("ix_tagging_tagged_by_tagged_at", ["tagged_by", "tagged_at"])
    with op.batch_alter_table("project") as batch:
        batch.add_column(sa.Column("measures_agreement", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch.add_column(sa.Column("suggests_themes", sa.Boolean(), nullable=False, server_default=sa.true()))
    _make_tables()


def downgrade() -> None:
    # The older server has one level of themes, without their history, and one tagging of a theme on a part.
    refuse_to_lose({
        "note": "", "theme_change": "",
        "theme": "parent_id IS NOT NULL OR colour <> '' OR kind <> '' OR when_to_use <> '' OR when_not <> ''"
                 " OR example <> '' OR retired_at IS NOT NULL",
        "tagging": "region <> '' OR EXISTS (SELECT 1 FROM tagging AS other WHERE other.theme_id = tagging.theme_id"
                   " AND other.id <> tagging.id AND (other.excerpt_id = tagging.excerpt_id"
                   " OR other.quote_id = tagging.quote_id OR other.photo_id = tagging.photo_id))",
        "project": "measures_agreement OR NOT suggests_themes",
    })
    for name in ("note", "theme_change"):
        op.drop_table(name)
    with op.batch_alter_table("project") as batch:
        batch.drop_column("suggests_themes")
        batch.drop_column("measures_agreement")
    with op.batch_alter_table("tagging") as batch:
        batch.drop_index("ix_tagging_tagged_by_tagged_at")
        batch.drop_constraint("uq_tagging_theme_id_photo_id_region_tagged_by", type_="unique")
        for part in ("excerpt", "quote"):
            batch.drop_constraint(f"uq_tagging_theme_id_{part}_id_tagged_by", type_="unique")
        for part in ("excerpt", "quote", "photo"):
            batch.create_unique_constraint(f"uq_tagging_theme_id_{part}_id", ["theme_id", f"{part}_id"])
        batch.drop_column("region")
    with op.batch_alter_table("theme") as batch:
        for name in ("merged_into_id", "parent_id"):
            batch.drop_index(f"ix_theme_{name}")
            batch.drop_constraint(f"fk_theme_{name}", type_="foreignkey")
        for name in ("merged_into_id", "retired_at", *_TEXTS, "kind", "colour", "position", "parent_id"):
            batch.drop_column(name)


def _make_tables() -> None:
    op.create_table(
        "theme_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("theme_id", _ID, nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("after", sa.JSON(), nullable=False),
        sa.Column("changed_by", _ID, nullable=True),
        sa.Column("changed_at", _INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["theme_id"], ["theme.id"], name="fk_theme_change_theme_id"),
        sa.ForeignKeyConstraint(["changed_by"], ["person.id"], name="fk_theme_change_changed_by"),
        sa.PrimaryKeyConstraint("id", name="pk_theme_change"),
    )
    op.create_index("ix_theme_change_theme_id", "theme_change", ["theme_id"])
    op.create_table(
        "note",
        sa.Column("id", _ID, nullable=False),
        sa.Column("project_id", _ID, nullable=False),
        sa.Column("story_id", _ID, nullable=True),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("subject_id", _ID, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("made_by", _ID, nullable=False),
        sa.Column("made_at", _INSTANT, nullable=False),
        sa.Column("changed_at", _INSTANT, nullable=True),
        sa.Column("version", sa.Integer(), nullable=False, server_default="1"),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name="fk_note_project_id"),
        sa.ForeignKeyConstraint(["story_id"], ["story.id"], name="fk_note_story_id"),
        sa.ForeignKeyConstraint(["made_by"], ["person.id"], name="fk_note_made_by"),
        sa.PrimaryKeyConstraint("id", name="pk_note"),
    )
    for name in ("story_id", "subject_id"):
        op.create_index(f"ix_note_{name}", "note", [name])
    op.create_index("ix_note_project_id_made_at_id", "note", ["project_id", "made_at", "id"])
    op.create_index("ix_note_project_id_made_by_made_at_id", "note", ["project_id", "made_by", "made_at", "id"])
