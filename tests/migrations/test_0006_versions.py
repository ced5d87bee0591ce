"""What is shared gets its first version, and keeps every word."""

from typing import Any

import pytest

from tests.migrations.conftest import Step
from tests.migrations.old_rows import NOON, PERSON, PROJECT, PROVOCATION, THEME, OldDatabase

VERSIONED = {"project": {"version": 1, "guide_version": 1}, "theme": {"version": 1}, "provocation": {"version": 1}}


def everything_with_versions(before: dict[str, list[dict[str, Any]]]) -> dict[str, list[dict[str, Any]]]:
    return {name: [row | VERSIONED.get(name, {}) for row in rows] for name, rows in before.items()}


def add_shared_things(old: OldDatabase) -> None:
    old.add_project()
    old.add_story()
    old.insert("theme", id=THEME, project_id=PROJECT, name="Waiting", name_key="waiting", description="",
               created_at=NOON)
    old.insert("provocation", id=PROVOCATION, project_id=PROJECT, question="Who waits?", introduction="",
               content_note="", made_by=PERSON, made_at=NOON)


def test_everything_shared_begins_with_version_one(old: OldDatabase, step: Step) -> None:
    add_shared_things(old)
    before = old.everything()
    step.up()
    assert old.everything() == everything_with_versions(before)
    step.back()
    assert old.everything() == before


@pytest.mark.parametrize("table", VERSIONED)
def test_what_points_at_it_still_does(old: OldDatabase, step: Step, table: str) -> None:
    add_shared_things(old)
    step.up()
    step.back()
    before = old.rows(table)
    with pytest.raises(Exception, match=r"(?i)foreign key"):
        old.run("DELETE FROM project")
    assert old.rows(table) == before
