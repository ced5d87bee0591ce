"""A yes may end, a story may be withdrawn in part or wait under embargo, and projects say what the law asks of them."""

import sqlalchemy as sa
from alembic import op

from migrations.taking_back import refuse_to_lose

revision = "0018_consent_that_ends"
down_revision = "0017_words_owned_by_people"
branch_labels = None
depends_on = None

_INSTANT, _ID, _SHA256 = sa.DateTime(timezone=True), sa.String(36), sa.String(64)
_FOREVER = "9999-01-01 00:00:00.000000"
_OF_PROJECTS = {"controller": sa.Text(), "lawful_basis": sa.Text(), "ethics_reference": sa.String(200),
                "dpia_reference": sa.String(200), "complaints": sa.Text()}


def upgrade() -> None:
    _change_consent()
    with op.batch_alter_table("project") as batch:
        batch.add_column(sa.Column("retention_months", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("retention_set_at", _INSTANT, nullable=True))
        for name, kind in _OF_PROJECTS.items():
            batch.add_column(sa.Column(name, kind, nullable=False, server_default=""))
    with op.batch_alter_table("device") as batch:
        batch.add_column(sa.Column("read_up_to", sa.BigInteger(), nullable=False, server_default="0"))
    _untie_from_people()
    _make_withdrawals()
    _make_embargoes()
    for owner in ("story", "participant"):
        with op.batch_alter_table(owner) as batch:
            batch.add_column(sa.Column("name_hash", _SHA256, nullable=True))
    op.create_table(
        "receipt_visit",
        sa.Column("token_hash", _SHA256, nullable=False),
        sa.Column("receipt_code_hash", _SHA256, nullable=False),
        sa.Column("opened_at", _INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("token_hash", name="pk_receipt_visit"),
    )
    op.create_index("ix_receipt_visit_opened_at", "receipt_visit", ["opened_at"])


def downgrade() -> None:
    # The older server would use again what was narrowed, and show what waits.
    said = " OR ".join(f"{name} <> ''" for name in _OF_PROJECTS)
    refuse_to_lose({
        "consent_record": "taken_by IS NULL OR CAST(until AS TEXT) <> '{}'", "consent_wording": "months IS NOT NULL",
        "draft_text": "months IS NOT NULL",
        "withdrawal": "cause <> 'asked' OR scope <> 'erase'", "partial_withdrawal": "", "withdrawal_step": "",
        "embargo": "",
        "project": f"retention_months IS NOT NULL OR {said}",
    })
    for name in ("receipt_visit", "embargo", "withdrawal_step", "partial_withdrawal"):
        op.drop_table(name)
    for owner in ("story", "participant"):
        with op.batch_alter_table(owner) as batch:
            batch.drop_column("name_hash")
    _tie_to_people_again()
    with op.batch_alter_table("device") as batch:
        batch.drop_column("read_up_to")
    with op.batch_alter_table("project") as batch:
        for name in ("retention_months", "retention_set_at", *_OF_PROJECTS):
            batch.drop_column(name)
    with op.batch_alter_table("withdrawal") as batch:
        for name in ("became_id", "scope", "cause"):
            batch.drop_column(name)
    with op.batch_alter_table("clearance") as batch:
        batch.drop_index("ix_clearance_until")
        batch.drop_column("until")
    for name in ("draft_text", "consent_wording"):
        with op.batch_alter_table(name) as batch:
            batch.drop_column("months")
    with op.batch_alter_table("consent_record") as batch:
        batch.drop_column("until")
        batch.alter_column("taken_by", existing_type=_ID, nullable=False)


def _change_consent() -> None:
    with op.batch_alter_table("consent_record") as batch:
        batch.add_column(sa.Column("until", sa.JSON(), nullable=False, server_default="{}"))
        batch.alter_column("taken_by", existing_type=_ID, nullable=True)
    for name in ("consent_wording", "draft_text"):
        with op.batch_alter_table(name) as batch:
            batch.add_column(sa.Column("months", sa.Integer(), nullable=True))
    with op.batch_alter_table("clearance") as batch:
        batch.add_column(sa.Column("until", _INSTANT, nullable=False, server_default=_FOREVER))
    with op.batch_alter_table("clearance") as batch:
        batch.alter_column("until", existing_type=_INSTANT, existing_nullable=False, server_default=None)
        batch.create_index("ix_clearance_until", ["until"])
    with op.batch_alter_table("withdrawal") as batch:
        batch.add_column(sa.Column("cause", sa.String(20), nullable=False, server_default="asked"))
        batch.add_column(sa.Column("scope", sa.String(20), nullable=False, server_default="erase"))
        batch.add_column(sa.Column("became_id", _ID, nullable=True))


def _untie_from_people() -> None:
    """What is withdrawn in part has tombstones too, and nobody listened to what was made anonymous."""
    with op.batch_alter_table("tombstone") as batch:
        batch.drop_constraint("fk_tombstone_story_id", type_="foreignkey")
    for name in ("conversation", "story"):
        with op.batch_alter_table(name) as batch:
            batch.alter_column("researcher_id", existing_type=_ID, nullable=True)


def _tie_to_people_again() -> None:
    for name in ("conversation", "story"):
        with op.batch_alter_table(name) as batch:
            batch.alter_column("researcher_id", existing_type=_ID, nullable=False)
    with op.batch_alter_table("tombstone") as batch:
        batch.create_foreign_key("fk_tombstone_story_id", "withdrawal", ["story_id"], ["story_id"])


def _make_withdrawals() -> None:
    op.create_table(
        "partial_withdrawal",
        sa.Column("story_id", _ID, nullable=False),
        sa.Column("scope", sa.String(20), nullable=False),
        sa.Column("project_id", _ID, nullable=False),
        sa.Column("recorded_by", _ID, nullable=True),
        sa.Column("at", _INSTANT, nullable=False),
        sa.Column("written_down_at", _INSTANT, nullable=True),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name="fk_partial_withdrawal_project_id"),
        sa.ForeignKeyConstraint(["recorded_by"], ["person.id"], name="fk_partial_withdrawal_recorded_by"),
        sa.PrimaryKeyConstraint("story_id", "scope", name="pk_partial_withdrawal"),
    )
    op.create_index("ix_partial_withdrawal_project_id", "partial_withdrawal", ["project_id"])
    op.create_table(
        "withdrawal_step",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("story_id", _ID, nullable=False),
        sa.Column("scope", sa.String(20), nullable=False),
        sa.Column("place", sa.String(30), nullable=False),
        sa.Column("subject", sa.String(64), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("asked_at", _INSTANT, nullable=False),
        sa.Column("due_at", _INSTANT, nullable=True),
        sa.Column("done_at", _INSTANT, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_withdrawal_step"),
        sa.UniqueConstraint("story_id", "scope", "place", "subject",
                            name="uq_withdrawal_step_story_id_scope_place_subject"),
    )
    op.create_index("ix_withdrawal_step_story_id", "withdrawal_step", ["story_id"])
    op.create_index("ix_withdrawal_step_subject", "withdrawal_step", ["subject"])


def _make_embargoes() -> None:
    op.create_table(
        "embargo",
        sa.Column("id", _ID, nullable=False),
        sa.Column("story_id", _ID, nullable=False),
        sa.Column("project_id", _ID, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("named_id", _ID, nullable=True),
        sa.Column("put_by", _ID, nullable=True),
        sa.Column("put_at", _INSTANT, nullable=False),
        sa.Column("lifted_by", _ID, nullable=True),
        sa.Column("lifted_at", _INSTANT, nullable=True),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name="fk_embargo_project_id"),
        *(sa.ForeignKeyConstraint([name], ["person.id"], name=f"fk_embargo_{name}")
          for name in ("named_id", "put_by", "lifted_by")),
        sa.PrimaryKeyConstraint("id", name="pk_embargo"),
    )
    op.create_index("ix_embargo_story_id", "embargo", ["story_id"])
    op.create_index("ix_embargo_project_id", "embargo", ["project_id"])
