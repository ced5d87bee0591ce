"""Lists of stories get their indices, and every story stays as it is."""

from sqlalchemy import inspect

from tests.migrations.conftest import Step
from tests.migrations.old_rows import OTHER_STORY, OldDatabase


def indices(old: OldDatabase) -> set[str]:
    return {str(index["name"]) for index in inspect(old.engine).get_indexes("story")}


def test_stories_stay_as_they_are_and_are_found_in_their_order(old: OldDatabase, step: Step) -> None:
    old.add_project()
    old.add_story()
    old.add_story(OTHER_STORY)
    rows, before = old.everything(), indices(old)
    step.up()
    assert old.everything() == rows
    assert "ix_story_project_id_told_at_id" in indices(old)
    step.back()
    assert (old.everything(), indices(old)) == (rows, before)
