"""Organisations are partners in projects and keep what they collect."""

import sqlalchemy as sa
from alembic import op

from migrations.taking_back import refuse_to_lose

revision = "0021_partners_keep_their_own"
down_revision = "0020_themes_that_nest"
branch_labels = None
depends_on = None

_INSTANT, _ID = sa.DateTime(timezone=True), sa.String(36)
# An end that has always been, as the code that writes new rows has it.
_ALWAYS = "0001-01-02 00:00:00"


def upgrade() -> None:
    op.create_table(
        "organisation",
        sa.Column("id", _ID, nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("name_key", sa.String(240), nullable=False),
        sa.Column("created_at", _INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_organisation"),
        sa.UniqueConstraint("name_key", name="uq_organisation_name_key"),
    )
    op.create_table(
        "partner",
        sa.Column("project_id", _ID, nullable=False),
        sa.Column("organisation_id", _ID, nullable=False),
        sa.Column("joined_at", _INSTANT, nullable=False),
        sa.Column("left_at", _INSTANT, nullable=True),
        sa.Column("others_from", _INSTANT, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False, server_default="1"),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name="fk_partner_project_id"),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name="fk_partner_organisation_id"),
        sa.PrimaryKeyConstraint("project_id", "organisation_id", name="pk_partner"),
    )
    op.create_index("ix_partner_organisation_id", "partner", ["organisation_id"])
    for table in ("membership", "invitation", "story"):
        with op.batch_alter_table(table) as batch:
            batch.add_column(sa.Column("organisation_id", _ID, nullable=True))
            batch.create_foreign_key(f"fk_{table}_organisation_id", "organisation", ["organisation_id"], ["id"])
            if table != "invitation":
                batch.create_index(f"ix_{table}_organisation_id", ["organisation_id"])
            if table == "story":
                batch.add_column(sa.Column("custody", sa.String(10), nullable=False, server_default=""))
    _give_wordings_to_partners()
    op.create_table(
        "custody_override",
        sa.Column("id", _ID, nullable=False),
        sa.Column("project_id", _ID, nullable=False),
        sa.Column("organisation_id", _ID, nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("subject_id", _ID, nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("made_by", _ID, nullable=False),
        sa.Column("made_at", _INSTANT, nullable=False),
        sa.Column("seen_by", _ID, nullable=True),
        sa.Column("seen_at", _INSTANT, nullable=True),
        sa.ForeignKeyConstraint(["project_id", "organisation_id"], ["partner.project_id", "partner.organisation_id"],
                                name="fk_custody_override_project_id"),
        sa.ForeignKeyConstraint(["made_by"], ["person.id"], name="fk_custody_override_made_by"),
        sa.ForeignKeyConstraint(["seen_by"], ["person.id"], name="fk_custody_override_seen_by"),
        sa.PrimaryKeyConstraint("id", name="pk_custody_override"),
    )
    op.create_index("ix_custody_override_project_id_organisation_id", "custody_override",
                    ["project_id", "organisation_id"])
    with op.batch_alter_table("clearance") as batch:
        batch.add_column(sa.Column("held_by", _ID, nullable=True))
        batch.add_column(sa.Column("others_from", _INSTANT, nullable=False, server_default=_ALWAYS))
        batch.create_index("ix_clearance_held_by", ["held_by"])


def _give_wordings_to_partners() -> None:
    with op.batch_alter_table("consent_wording") as batch:
        batch.add_column(sa.Column("organisation_id", _ID, nullable=True))
        batch.create_foreign_key("fk_consent_wording_organisation_id", "organisation", ["organisation_id"], ["id"])
    with op.batch_alter_table("draft_text") as batch:
        batch.add_column(sa.Column("organisation_id", _ID, nullable=False, server_default=""))
        batch.drop_constraint("pk_draft_text", type_="primary")
        batch.create_primary_key("pk_draft_text", ["project_id", "organisation_id", "language", "reading"])


def downgrade() -> None:
    # The older server would show everybody what a partner keeps.
    refuse_to_lose({"organisation": ""})
    with op.batch_alter_table("clearance") as batch:
        batch.drop_index("ix_clearance_held_by")
        batch.drop_column("others_from")
        batch.drop_column("held_by")
    for table in ("story", "invitation", "membership"):
        with op.batch_alter_table(table) as batch:
            if table == "story":
                batch.drop_column("custody")
            if table != "invitation":
                batch.drop_index(f"ix_{table}_organisation_id")
            batch.drop_constraint(f"fk_{table}_organisation_id", type_="foreignkey")
            batch.drop_column("organisation_id")
    with op.batch_alter_table("draft_text") as batch:
        batch.drop_constraint("pk_draft_text", type_="primary")
        batch.create_primary_key("pk_draft_text", ["project_id", "language", "reading"])
        batch.drop_column("organisation_id")
    with op.batch_alter_table("consent_wording") as batch:
        batch.drop_constraint("fk_consent_wording_organisation_id", type_="foreignkey")
        batch.drop_column("organisation_id")
    for name in ("custody_override", "partner", "organisation"):
        op.drop_table(name)
