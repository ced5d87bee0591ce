"""An administrator brings in what a phone saved, and is shown no word of it (decision 3)."""

import io
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from server.domain.access import Role
from server.domain.errors import StorageFull
from server.domain.ids import new_id
from server.models.story import Photo, Quote, Story
from server.services import arrivals
from tests import makers
from tests.api.phone import picture
from tests.conftest import Browser
from tests.pages.page_checks import assert_sound
from tests.services.test_item_imports import SavedOn, photo_of

WORDS = ("Zebedee", "Mossy Hollow", "the lamp", "violet")


@pytest.fixture
def saved(session: Session) -> SavedOn:
    project = makers.make_project(session)
    return SavedOn(session, project, makers.make_person(session, project, Role.RESEARCHER, name="Sam"))


@pytest.fixture
def administrator(session: Session, saved: SavedOn, sign_in_as) -> Browser:
    project = session.get_one(makers.Project, saved.project_id)
    return sign_in_as(makers.make_person(session, project, Role.ADMINISTRATOR))


def told(saved: SavedOn) -> tuple[str, io.BytesIO]:
    """A story with words that can be looked for, and a quote that is refused."""
    story_id = new_id()
    body = saved.phone.story_body(story_id, pseudonym="Zebedee", place="Mossy Hollow")
    entries = [*saved.story(story_id)[:1], saved.entry("story", body), saved.quote(story_id, text="They lit the lamp"),
               saved.quote(story_id, text=""), photo_of(story_id, picture(), description="A violet lantern")]
    return story_id, saved.file(entries, picture())


def bring_in(browser: Browser, saved: SavedOn, file: Any, name: str = "story.earshot") -> TestResponse:
    return browser.post(f"/projects/{saved.project_id}/import", data={
        "csrf_token": browser.csrf_token, "item": (file, name)}, headers={"X-CSRF-Token": ""})


def test_a_file_comes_in_item_by_item_and_no_word_of_it_is_shown(administrator: Browser, saved: SavedOn,
                                                                 session: Session) -> None:
    assert_sound(administrator.get(f"/projects/{saved.project_id}/import"))
    story_id, file = told(saved)
    content = file.getvalue()
    answer = bring_in(administrator, saved, file)
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-store")
    assert_sound(answer)
    page = " ".join(answer.text.split())
    for words in ("<strong>A consent</strong>: came in.", "<strong>A story</strong>: came in.",
                  "<strong>A photo</strong>: came in.",
                  "<strong>A quote</strong>: was not taken in. Some of what was sent is missing or wrong.",
                  "<dt>Came in</dt><dd>4 items</dd>", "<dt>Was not taken in</dt><dd>1 item</dd>"):
        assert words in page
    assert not [word for word in WORDS if word in answer.text]
    again = bring_in(administrator, saved, io.BytesIO(content))
    assert "<dt>Was here already</dt><dd>4 items</dd>" in " ".join(again.text.split())
    session.expire_all()
    assert session.get_one(Story, story_id).pseudonym == "Zebedee"
    assert [session.query(owner).count() for owner in (Quote, Photo)] == [1, 1]


def test_a_file_that_will_not_do_is_refused_in_words(administrator: Browser, saved: SavedOn,
                                                     session: Session) -> None:
    """fault 30, fault 38"""
    _, file = told(saved)
    content = file.getvalue()
    stranger = makers.make_person(session, name="Lou")
    session.commit()
    for sent, name, words in (
        (io.BytesIO(b"\xff\xd8\xff"), "photo.jpg", "This is not a file that Earshot saved"),
        (io.BytesIO(b""), "", "Choose the file first"), (io.BytesIO(b""), "empty.earshot", "This is not a file"),
        (io.BytesIO(content[:-1]), "cut.earshot", "damaged or cut short"),
        (io.BytesIO(content.replace(b'"key_id":"0', b'"key_id":"f')), "x.earshot", "for another Earshot server"),
        (saved.file(saved.story(new_id()), person_id=stranger.id), "x.earshot", "does not collect for this project"),
    ):
        answer = bring_in(administrator, saved, sent, name)
        assert answer.status_code == 422
        assert_sound(answer)
        assert words in answer.text
    assert session.query(Story).count() == 0


def test_a_form_without_its_token_or_of_somebody_else_brings_in_nothing(saved: SavedOn, session: Session,
                                                                        administrator: Browser, sign_in_as) -> None:
    """fault 43, fault 44"""
    _, file = told(saved)
    token, administrator.csrf_token = administrator.csrf_token, "guessed"
    assert bring_in(administrator, saved, io.BytesIO(file.getvalue())).status_code == 403
    researcher = sign_in_as(session.get_one(makers.Person, saved.person_id))
    assert bring_in(researcher, saved, io.BytesIO(file.getvalue())).status_code == 404
    administrator.csrf_token = token
    project = makers.make_project(session, "Another")
    session.commit()
    other = administrator.post(f"/projects/{project.id}/import", data={
        "csrf_token": token, "item": (io.BytesIO(file.getvalue()), "x.earshot")})
    assert other.status_code == 404
    assert session.query(Story).count() == 0


def test_a_file_that_is_too_large_is_not_read(app: Flask, administrator: Browser, saved: SavedOn) -> None:
    parts = app.extensions["earshot"]
    app.extensions["earshot"] = replace(parts, settings=replace(parts.settings, max_recording_bytes=1000))
    assert bring_in(administrator, saved, io.BytesIO(bytes(5000))).status_code == 413


def test_a_file_is_read_on_the_disk_where_files_are_staged_and_leaves_nothing(
        app: Flask, administrator: Browser, saved: SavedOn, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    nowhere = tmp_path / "nowhere"
    monkeypatch.setattr("tempfile.tempdir", str(nowhere))  # anything else that wants a file would fail
    _, file = told(saved)
    assert bring_in(administrator, saved, file).status_code == 200
    names = {path.name for path in app.extensions["earshot"].settings.uploads_dir.iterdir()}
    assert all(name.startswith(".place") or len(name) >= 36 for name in names), names
    assert not nowhere.exists()


def test_what_stays_out_is_counted_and_said_to_need_another_try(
        administrator: Browser, saved: SavedOn, monkeypatch: pytest.MonkeyPatch) -> None:
    """fault 48"""
    story_id = new_id()
    entries = [*saved.story(story_id), saved.quote(new_id()), photo_of(story_id, picture())]

    def refuse(*_given: Any) -> None:
        raise StorageFull

    monkeypatch.setattr(arrivals, "check", refuse)
    answer = bring_in(administrator, saved, saved.file(entries, picture()))
    assert_sound(answer)
    page = " ".join(answer.text.split())
    for words in ("<dt>Came in</dt><dd>2 items</dd>", "<dt>Is of no story of this project</dt><dd>1 item</dd>",
                  "<dt>Could not be taken in just now</dt><dd>1 item</dd>",
                  "Keep the file, and bring it in again later.",
                  "<strong>A photo</strong>: could not be taken in just now. The server has no room left.",
                  "<strong>A quote</strong>: is of no story of this project. Its story is not in this project."):
        assert words in page


def test_a_full_disk_takes_nothing_in_and_says_so(administrator: Browser, saved: SavedOn,
                                                  monkeypatch: pytest.MonkeyPatch) -> None:
    """fault 48"""
    monkeypatch.setattr("server.storage.staging.Staging.free_bytes", lambda self: 0)
    _, file = told(saved)
    assert bring_in(administrator, saved, file).status_code == 507
