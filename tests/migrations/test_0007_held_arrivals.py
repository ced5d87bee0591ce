"""A file may come before its story. Taken back, such a file is announced again by the phone that still has it."""

import pytest

from tests.migrations.conftest import Step
from tests.migrations.old_rows import ID, NOON, OTHER_STORY, PERSON, STORY, UPLOAD, OldDatabase, digest


def test_uploads_stay_and_need_no_story_any_more(old: OldDatabase, step: Step) -> None:
    old.add_project()
    old.add_story()
    old.add_upload()
    before = old.everything()
    step.up()
    assert old.everything() == before | {"held_arrival": []}
    old.add_upload(ID(50), ID(51), OTHER_STORY)
    body = "{\"é".encode()
    old.insert("held_arrival", id=OTHER_STORY, kind="story", story_id=OTHER_STORY, person_id=PERSON, body=body,
               body_sha256=digest("body"), clock_error_ms=-(2**40), received_at=NOON)
    [held] = old.rows("held_arrival")
    assert (bytes(held["body"]), held["clock_error_ms"]) == (body, -(2**40))
    step.back()
    assert old.everything() == before
    assert [row["id"] for row in old.rows("upload")] == [UPLOAD]


def test_an_upload_needs_its_story_again_once_it_is_taken_back(old: OldDatabase, step: Step) -> None:
    old.add_project()
    old.add_story()
    step.up()
    step.back()
    old.add_upload(story_id=STORY)
    with pytest.raises(Exception, match=r"(?i)foreign key"):
        old.add_upload(ID(50), ID(51), OTHER_STORY)
