"""Who did what, in a chain that nobody can mend unseen."""

import sqlalchemy as sa
from alembic import op

revision = "0010_audit"
down_revision = "0009_transcript_windows"
branch_labels = None
depends_on = None


_REFUSED = "the audit is only ever added to"


def upgrade() -> None:
    op.create_table(
        "audit_entry",
        sa.Column("sequence", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("person_id", sa.String(length=36), nullable=True),
        sa.Column("action", sa.String(length=20), nullable=False),
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("subject_id", sa.String(length=64), nullable=False),
        sa.Column("project_id", sa.String(length=36), nullable=True),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.Column("previous_hash", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("sequence", name="pk_audit_entry"),
        sa.UniqueConstraint("hash", name="uq_audit_entry_hash"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_audit_entry_subject_id", "audit_entry", ["subject_id"])
    op.create_index("ix_audit_entry_person_id_at", "audit_entry", ["person_id", "at"])
    if op.get_bind().dialect.name == "sqlite":
        for action in ("UPDATE", "DELETE"):
            op.execute(f"CREATE TRIGGER audit_refuses_{action.lower()} BEFORE {action} ON audit_entry "
                       f"BEGIN SELECT RAISE(ABORT, '{_REFUSED}'); END")
        return
    op.execute(f"CREATE FUNCTION refuse_audit_edit() RETURNS trigger LANGUAGE plpgsql "
               f"AS $$ BEGIN RAISE EXCEPTION '{_REFUSED}'; END $$")
    op.execute("CREATE TRIGGER audit_refuses_edits BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_entry "
               "FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_edit()")


def downgrade() -> None:
    op.drop_table("audit_entry")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION refuse_audit_edit()")
