"""Nothing was suggested before; what somebody answered to a suggestion since is not forgotten, numbers made of words
may be."""

import pytest

from migrations.taking_back import WouldLose
from tests.migrations.conftest import Step
from tests.migrations.old_rows import ID, NOON, PERSON, PROJECT, RECORDING, SHA, STORY, THEME, OldDatabase


def add_story(old: OldDatabase) -> None:
    old.add_project()
    old.add_story()
    old.insert("theme", id=THEME, project_id=PROJECT, name="Waiting", name_key="waiting", description="",
               created_at=NOON)


def add_vectors(old: OldDatabase) -> None:
    old.insert("passage_vectors", source_id=RECORDING, story_id=STORY, project_id=PROJECT, model="one", version="1",
               text_sha256=SHA(7), places=[[0, 900]], vectors=b"\x01\x02")


def answer(old: OldDatabase, number: int = 91) -> None:
    old.insert("suggestion_answer", id=ID(number), theme_id=THEME, story_id=STORY, source_id=RECORDING, start_ms=0,
               end_ms=900, answer="dismissed", answered_by=PERSON, answered_at=NOON)


def test_nothing_was_suggested_before_and_numbers_are_made_again(old: OldDatabase, step: Step) -> None:
    add_story(old)
    before = old.everything()
    step.up()
    assert {name: rows for name, rows in old.everything().items() if name in before} == before
    assert (old.rows("passage_vectors"), old.rows("suggestion_answer")) == ([], [])
    add_vectors(old)
    step.back()
    assert old.everything() == before


def test_what_somebody_answered_since_keeps_the_step_from_being_taken_back(old: OldDatabase, step: Step) -> None:
    add_story(old)
    step.up()
    answer(old)
    after = old.everything()
    with pytest.raises(WouldLose, match="1 of suggestion_answer"):
        step.back()
    assert old.everything() == after


def test_one_passage_is_answered_once_for_a_theme(old: OldDatabase, step: Step) -> None:
    add_story(old)
    step.up()
    answer(old)
    with pytest.raises(Exception, match=r"(?i)unique"):
        answer(old, 92)
