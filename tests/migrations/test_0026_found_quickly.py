"""Passages whose words changed are found by an index, and nothing else is another after the step."""

from tests.migrations.conftest import Step
from tests.migrations.old_rows import OldDatabase


def test_nothing_is_lost_or_changed(old: OldDatabase, step: Step) -> None:
    old.add_project()
    old.add_story()
    before = old.everything()
    step.up()
    assert old.everything() == before
    step.back()
    assert old.everything() == before
