"""An operator brings in what a phone saved."""

from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from server.domain.access import Role
from server.domain.ids import new_id
from server.models.story import Story
from tests import makers
from tests.services.test_item_imports import SavedOn


@pytest.fixture
def saved(session: Session) -> SavedOn:
    project = makers.make_project(session)
    return SavedOn(session, project, makers.make_person(session, project, Role.RESEARCHER, name="Sam"))


def test_a_file_comes_in_and_each_item_is_a_line(app: Flask, saved: SavedOn, session: Session,
                                                 tmp_path: Path) -> None:
    story_id, path = new_id(), tmp_path / "story.earshot"
    path.write_bytes(saved.file(saved.story(story_id)).getvalue())
    done = app.test_cli_runner().invoke(args=["import-item", saved.project_id, str(path)])
    assert (done.exit_code, done.output.count("came in."), "Amal" in done.output) == (0, 2, False)
    assert f"story {story_id} came in." in done.output
    assert session.get(Story, story_id) is not None


def test_what_is_not_taken_in_is_named_and_ends_with_one(app: Flask, saved: SavedOn, tmp_path: Path) -> None:
    story_id, path = new_id(), tmp_path / "story.earshot"
    path.write_bytes(saved.file([*saved.story(story_id), saved.quote(story_id, text="")]).getvalue())
    done = app.test_cli_runner().invoke(args=["import-item", saved.project_id, str(path)])
    assert done.exit_code == 1
    assert "was not taken in. Some of what was sent" in done.output


def test_what_is_no_such_file_or_no_project_is_said(app: Flask, saved: SavedOn, tmp_path: Path) -> None:
    path = tmp_path / "photo.jpg"
    path.write_bytes(b"\xff\xd8\xff")
    for project_id, words in ((saved.project_id, "not a file that Earshot saved"), ("carers", "id from the address")):
        done = app.test_cli_runner().invoke(args=["import-item", project_id, str(path)])
        assert done.exit_code != 0
        assert words in done.output
