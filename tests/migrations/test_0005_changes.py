"""A device that has seen nothing is told of everything that is there, in the order in which it came."""

from tests.migrations.conftest import Step
from tests.migrations.old_rows import (
    CONSENT,
    ID,
    NOON,
    OTHER_PROJECT,
    OTHER_STORY,
    PERSON,
    PHOTO,
    PROJECT,
    QUOTE,
    RECORDING,
    STORY,
    OldDatabase,
    digest,
)


def test_everything_that_is_there_is_in_the_feed(old: OldDatabase, step: Step) -> None:
    old.add_project()
    old.add_project(OTHER_PROJECT, "Another project")
    old.add_story()
    old.insert("withdrawal", story_id=OTHER_STORY, project_id=OTHER_PROJECT, recorded_by=PERSON, reason="",
               receipt_code_hash=digest("code"), at=NOON)
    before = old.everything()
    step.up()
    rows = old.rows("change")
    assert len({row["sequence"] for row in rows}) == len(rows)
    told = {(row["kind"], row["subject_id"], row["project_id"], row["person_id"]) for row in rows}
    assert told == {
        *((kind, project, project, None) for kind in ("project", "guide", "wording", "codebook")
          for project in (PROJECT, OTHER_PROJECT)),
        *(("receipt", part, PROJECT, PERSON) for part in (CONSENT, STORY, RECORDING, PHOTO, QUOTE)),
        ("tombstone", OTHER_STORY, OTHER_PROJECT, None)}
    assert len(told) == len(rows)
    step.back()
    assert old.everything() == before


def test_what_changes_next_comes_after_all_that_was_there(old: OldDatabase, step: Step) -> None:
    old.add_project()
    step.up()
    newest = max(row["sequence"] for row in old.rows("change"))
    old.insert("change", kind="receipt", subject_id=ID(50), project_id=PROJECT, at=NOON)
    old.run("DELETE FROM change WHERE kind = 'receipt'")
    old.insert("change", kind="receipt", subject_id=ID(51), project_id=PROJECT, at=NOON)
    assert max(row["sequence"] for row in old.rows("change")) == newest + 2
