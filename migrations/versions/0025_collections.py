"""Searches that are kept and sets that are chosen, with whom they are shared, and what somebody looked at before parts
of stories were shown further because they could point at one family."""

import sqlalchemy as sa
from alembic import op

from migrations.taking_back import refuse_to_lose

revision = "0025_collections"
down_revision = "0024_suggestions"
branch_labels = None
depends_on = None

_INSTANT, _ID = sa.DateTime(timezone=True), sa.String(36)
_PARTS = ("excerpt", "quote", "photo")
_TABLES = ("reidentification_look", "collection_share", "collection_item", "collection")


def _one_of(*names: str) -> str:
    return " + ".join(f"(CASE WHEN {name}_id IS NULL THEN 0 ELSE 1 END)" for name in names) + " = 1"


def upgrade() -> None:
    op.create_table(
        "collection",
        sa.Column("id", _ID, nullable=False),
        sa.Column("project_id", _ID, nullable=False),
        sa.Column("name", sa.String(300), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("query", sa.Text(), nullable=False),
        sa.Column("made_by", _ID, nullable=False),
        sa.Column("made_at", _INSTANT, nullable=False),
        sa.Column("changed_at", _INSTANT, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False, server_default="1"),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name="fk_collection_project_id"),
        sa.ForeignKeyConstraint(["made_by"], ["person.id"], name="fk_collection_made_by"),
        sa.PrimaryKeyConstraint("id", name="pk_collection"),
    )
    op.create_index("ix_collection_project_id_changed_at_id", "collection", ["project_id", "changed_at", "id"])
    _make_items()
    op.create_table(
        "collection_share",
        sa.Column("collection_id", _ID, nullable=False),
        sa.Column("person_id", _ID, nullable=False),
        sa.Column("may_change", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("shared_at", _INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["collection_id"], ["collection.id"], name="fk_collection_share_collection_id"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_collection_share_person_id"),
        sa.PrimaryKeyConstraint("collection_id", "person_id", name="pk_collection_share"),
    )
    op.create_index("ix_collection_share_person_id", "collection_share", ["person_id"])
    _make_looks()


def downgrade() -> None:
    # The older server keeps no searches and no sets, and asks nobody to look first.
    refuse_to_lose({"collection": "", "reidentification_look": "looked_at IS NOT NULL"})
    for name in _TABLES:
        op.drop_table(name)


def _make_items() -> None:
    targets = (*_PARTS, "story")
    op.create_table(
        "collection_item",
        sa.Column("id", _ID, nullable=False),
        sa.Column("collection_id", _ID, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        *(sa.Column(f"{name}_id", _ID, nullable=True) for name in targets),
        sa.CheckConstraint(_one_of(*targets), name="ck_collection_item_one_target"),
        sa.ForeignKeyConstraint(["collection_id"], ["collection.id"], name="fk_collection_item_collection_id"),
        *(sa.ForeignKeyConstraint([f"{name}_id"], [f"{name}.id"], name=f"fk_collection_item_{name}_id")
          for name in targets),
        sa.PrimaryKeyConstraint("id", name="pk_collection_item"),
        *(sa.UniqueConstraint("collection_id", f"{name}_id", name=f"uq_collection_item_collection_id_{name}_id")
          for name in targets),
    )
    for name in ("collection", *targets):
        op.create_index(f"ix_collection_item_{name}_id", "collection_item", [f"{name}_id"])


def _make_looks() -> None:
    op.create_table(
        "reidentification_look",
        sa.Column("id", _ID, nullable=False),
        sa.Column("project_id", _ID, nullable=False),
        *(sa.Column(f"{name}_id", _ID, nullable=True) for name in _PARTS),
        sa.Column("audience", sa.String(20), nullable=False),
        sa.Column("facts_sha256", sa.String(64), nullable=False),
        sa.Column("warned_at", _INSTANT, nullable=False),
        sa.Column("looked_by", _ID, nullable=True),
        sa.Column("looked_at", _INSTANT, nullable=True),
        sa.CheckConstraint(_one_of(*_PARTS), name="ck_reidentification_look_one_target"),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name="fk_reidentification_look_project_id"),
        sa.ForeignKeyConstraint(["looked_by"], ["person.id"], name="fk_reidentification_look_looked_by"),
        *(sa.ForeignKeyConstraint([f"{name}_id"], [f"{name}.id"], name=f"fk_reidentification_look_{name}_id")
          for name in _PARTS),
        sa.PrimaryKeyConstraint("id", name="pk_reidentification_look"),
        *(sa.UniqueConstraint(f"{name}_id", "audience", name=f"uq_reidentification_look_{name}_id_audience")
          for name in _PARTS),
    )
    op.create_index("ix_reidentification_look_project_id_audience_looked_at_id", "reidentification_look",
                    ["project_id", "audience", "looked_at", "id"])
    for name in _PARTS:
        op.create_index(f"ix_reidentification_look_{name}_id", "reidentification_look", [f"{name}_id"])
