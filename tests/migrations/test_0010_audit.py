"""From this step on everything is in the audit; nothing from before is made up."""

from typing import Any

import pytest

from tests.migrations.conftest import Step
from tests.migrations.old_rows import NOON, PERSON, STORY, OldDatabase, digest

ENTRY: dict[str, Any] = {"at": NOON, "person_id": PERSON, "action": "read", "kind": "story", "subject_id": STORY,
                         "details": {"parts": [STORY]}, "previous_hash": digest("before")}


def test_the_audit_begins_empty_and_refuses_edits(old: OldDatabase, step: Step) -> None:
    """fault 47"""
    old.add_project()
    old.add_story()
    before = old.everything()
    step.up()
    assert old.everything() == before | {"audit_entry": []}
    old.insert("audit_entry", sequence=1, hash=digest("one"), **ENTRY)
    statements = ["UPDATE audit_entry SET action = 'heard'", "DELETE FROM audit_entry"]
    if old.engine.dialect.name == "postgresql":
        statements.append("TRUNCATE audit_entry")
    for statement in statements:
        with pytest.raises(Exception, match="only ever added to"):
            old.run(statement)
    assert [row["action"] for row in old.rows("audit_entry")] == ["read"]


def test_taken_back_it_leaves_nothing_in_the_way(old: OldDatabase, step: Step) -> None:
    old.add_project()
    old.add_story()
    before = old.everything()
    step.up()
    old.insert("audit_entry", sequence=1, hash=digest("one"), **ENTRY)
    step.back()
    assert old.everything() == before
    step.up()
    old.insert("audit_entry", sequence=1, hash=digest("one"), **ENTRY)
    with pytest.raises(Exception, match="only ever added to"):
        old.run("DELETE FROM audit_entry")
