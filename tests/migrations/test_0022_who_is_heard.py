"""Who told stories that are there is counted, in what language too, and what people said of themselves is not lost."""

import pytest

from migrations.taking_back import WouldLose
from tests.migrations.conftest import Step
from tests.migrations.old_rows import ID, NOON, OTHER_STORY, PROJECT, RECORDING, STORY, OldDatabase, digest

GROUP, SOMEBODY = ID(80), ID(81)


def add_teller(old: OldDatabase, participant_id: str, position: int) -> None:
    old.insert("participant", id=participant_id, story_id=STORY, position=position, pseudonym=f"Amal {position}",
               receipt_code_hash=digest(participant_id))


def add_group(old: OldDatabase) -> None:
    old.insert("voice_group", id=GROUP, project_id=PROJECT, name="Young carers", name_key="young carers", position=0)


def describe(old: OldDatabase) -> None:
    old.insert("self_description", participant_id=SOMEBODY, story_id=STORY, own_words="I am deaf.")


def belong(old: OldDatabase) -> None:
    add_group(old)
    describe(old)
    old.insert("belonging", participant_id=SOMEBODY, group_id=GROUP, story_id=STORY)


def aim(old: OldDatabase) -> None:
    old.insert("voice_target", project_id=PROJECT, dimension="place", value="Northgate", counts="stories", wanted=20)


def test_stories_that_are_there_say_how_many_told_them_and_in_what_language(old: OldDatabase, step: Step) -> None:
    old.add_project()
    old.add_story()
    old.add_story(OTHER_STORY)
    add_teller(old, SOMEBODY, 0)
    add_teller(old, ID(82), 1)
    old.insert("transcript", id=ID(83), recording_id=RECORDING, language="so", model="tiny", created_at=NOON)
    old.run(f"UPDATE consent_record SET language = 'cy' WHERE story_id = '{OTHER_STORY}'")
    before = old.everything()
    step.up()
    rows = old.rows("story")
    assert {row["id"]: (row["language"], row["people"]) for row in rows} == {
        STORY: ("so", 2), OTHER_STORY: ("cy", 1)}
    assert [old.rows(name) for name in ("voice_group", "self_description", "belonging", "voice_target")] == [[]] * 4
    step.back()
    assert old.everything() == before


@pytest.mark.parametrize(("what", "done"), [
    ("1 of voice_group", add_group), ("1 of self_description", describe), ("1 of belonging", belong),
    ("1 of voice_target", aim)])
def test_what_people_say_of_themselves_keeps_the_step_from_being_taken_back(
    old: OldDatabase, step: Step, what: str, done
) -> None:
    old.add_project()
    old.add_story()
    add_teller(old, SOMEBODY, 0)
    step.up()
    done(old)
    after = old.everything()
    with pytest.raises(WouldLose, match=what):
        step.back()
    assert old.everything() == after
