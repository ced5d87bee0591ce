"""Collections and looks begin empty; what somebody put together or looked at since is not thrown away."""

import pytest

from migrations.taking_back import WouldLose
from tests.migrations.conftest import Step
from tests.migrations.old_rows import ID, NOON, PERSON, PHOTO, PROJECT, STORY, OldDatabase

COLLECTION = ID(95)


def put_together(old: OldDatabase) -> None:
    old.insert("collection", id=COLLECTION, project_id=PROJECT, name="For June", description="", kind="set", query="",
               made_by=PERSON, made_at=NOON, changed_at=NOON)
    old.insert("collection_item", id=ID(96), collection_id=COLLECTION, position=0, story_id=STORY)
    old.insert("collection_share", collection_id=COLLECTION, person_id=PERSON, shared_at=NOON)


def warn(old: OldDatabase, **looked: object) -> None:
    old.insert("reidentification_look", id=ID(97), project_id=PROJECT, photo_id=PHOTO, audience="board",
               facts_sha256="0" * 64, warned_at=NOON, **looked)


def look(old: OldDatabase) -> None:
    warn(old, looked_by=PERSON, looked_at=NOON)


def add_story(old: OldDatabase) -> None:
    old.add_project()
    old.add_story()


def test_there_are_none_at_first_and_a_warning_that_nobody_looked_at_is_made_again(old: OldDatabase,
                                                                                   step: Step) -> None:
    add_story(old)
    before = old.everything()
    step.up()
    assert [old.rows(name) for name in ("collection", "collection_item", "collection_share",
                                        "reidentification_look")] == [[], [], [], []]
    warn(old)
    step.back()
    assert old.everything() == before


@pytest.mark.parametrize(("what", "done"), [("1 of collection", put_together), ("1 of reidentification_look", look)])
def test_what_somebody_chose_or_looked_at_keeps_the_step_from_being_taken_back(
    old: OldDatabase, step: Step, what: str, done
) -> None:
    add_story(old)
    step.up()
    done(old)
    after = old.everything()
    with pytest.raises(WouldLose, match=what):
        step.back()
    assert old.everything() == after


def test_an_item_names_one_thing_and_is_in_a_set_once(old: OldDatabase, step: Step) -> None:
    add_story(old)
    step.up()
    put_together(old)
    with pytest.raises(Exception, match=r"(?i)unique"):
        old.insert("collection_item", id=ID(98), collection_id=COLLECTION, position=1, story_id=STORY)
    with pytest.raises(Exception, match=r"(?i)one_target"):
        old.insert("collection_item", id=ID(98), collection_id=COLLECTION, position=1, story_id=STORY, photo_id=PHOTO)
