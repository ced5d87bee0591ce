"""What a saved file may bring into which project, and what happens when there is no room, or a phone is at work."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from server.domain.access import Role
from server.domain.errors import StorageFull, Unavailable
from server.domain.ids import new_id
from server.domain.item import Outcome
from server.models.held import HeldArrival
from server.models.people import Membership, Person
from server.models.project import Project
from server.models.story import Photo, Quote
from server.models.upload import Upload
from server.services import arrivals, uploads
from server.storage.staging import Staging
from tests import makers
from tests.api.phone import picture, sound
from tests.api.test_long_manifests import longest
from tests.item_files import entry_of
from tests.services import arriving, sending
from tests.services.test_item_imports import (  # noqa: F401
    SavedOn,
    administrator,
    bring,
    person,
    photo_of,
    recording_of,
    saved,
    words,
)
from tests.storing import store_what_waits

Bring = Callable[..., list[Outcome]]


@pytest.fixture
def other(session: Session, person: Person) -> Project:  # noqa: F811
    """Another project of the same sender."""
    found = makers.make_project(session, "Another")
    session.add(Membership(person_id=person.id, project_id=found.id, role=Role.RESEARCHER.value))
    session.commit()
    return found


def left(session: Session, staging: Staging) -> tuple[int, int, set[str]]:
    """What waits in rows, and on the disk."""
    session.commit()
    names = {name for name in staging.names() if staging.path(name).exists()}
    return session.query(Upload).count(), session.query(HeldArrival).count(), names


def test_what_is_of_no_story_of_the_project_is_neither_staged_nor_held(
        session: Session, saved: SavedOn, other: Project, person: Person, staging: Staging,  # noqa: F811
        bring: Bring) -> None:  # noqa: F811
    """fault 44: it could wait, and end in another project of the sender"""
    elsewhere = makers.make_story(session, other, person).id
    session.commit()
    for story_id in (elsewhere, new_id()):
        manifest = entry_of("manifest", longest(story_id, 1, 0))
        outcomes = bring([saved.quote(story_id), photo_of(story_id, picture()), manifest, recording_of(
            story_id, sound())], picture(), sound())
        assert words(outcomes) == [f"{kind} not_of_here" for kind in ("quote", "manifest", "photo", "recording")]
        assert {outcome.why[:36] for outcome in outcomes} == {"Its story is not in this project. Br"}
    assert left(session, staging) == (0, 0, set())


def test_an_entry_that_says_another_story_than_what_is_in_it_is_judged_by_what_is_in_it(
        session: Session, saved: SavedOn, bring: Bring) -> None:  # noqa: F811
    """fault 44"""
    story_id = new_id()
    quote = saved.quote(new_id()) | {"story_id": story_id}
    assert words(bring([*saved.story(story_id), quote])) == ["consent came_in", "story came_in", "quote not_of_here"]
    assert session.query(Quote).count() == session.query(HeldArrival).count() == 0


def test_what_comes_with_its_story_or_after_it_is_taken_in(
        session: Session, saved: SavedOn, other: Project, bring: Bring) -> None:  # noqa: F811
    story_id = new_id()
    manifest = entry_of("manifest", longest(story_id))
    assert words(bring([*saved.story(story_id), manifest])) == [
        "consent came_in", "story came_in", "manifest came_in"]
    assert words(bring([saved.quote(story_id), photo_of(story_id, picture())], picture())) == [
        "quote came_in", "photo came_in"]


def test_the_limit_on_what_is_unfinished_holds_for_saved_files_too(
        app: Flask, session: Session, saved: SavedOn, staging: Staging, bring: Bring) -> None:  # noqa: F811
    """fault 48"""
    parts = app.extensions["earshot"]
    first, second = picture(), sound()
    most = max(len(first), len(second)) + 1
    app.extensions["earshot"] = replace(parts, settings=replace(parts.settings, max_unfinished_bytes=most))
    story_id = new_id()
    photo, recording = photo_of(story_id, first), recording_of(story_id, second)
    entries = [*saved.story(story_id), photo, recording]
    *_, last = bring(entries, first, second)
    assert (last.became, last.why) == ("later", "Too many files of whoever saved it wait to be stored already.")
    assert session.scalars(select(Upload.part_id)).all() == [photo["id"]]
    store_what_waits(app)
    assert words(bring(entries, first, second))[2:] == ["photo was_here", "recording came_in"]


@pytest.mark.parametrize(("refusal", "why"), [(StorageFull, "no room left"), (Unavailable, "is busy")])
def test_what_cannot_be_taken_in_just_now_leaves_nothing_and_comes_in_the_next_time(
        session: Session, saved: SavedOn, staging: Staging, bring: Bring,  # noqa: F811
        monkeypatch: pytest.MonkeyPatch, refusal: type[Exception], why: str) -> None:
    """fault 48"""
    story_id = new_id()
    entries = [*saved.story(story_id), photo_of(story_id, picture())]

    def refuse(*_given: Any) -> None:
        raise refusal

    with monkeypatch.context() as patched:
        patched.setattr(arrivals, "check", refuse)
        *_, last = bring(entries, picture())
    assert (last.became, why in last.why) == ("later", True)
    assert left(session, staging) == (0, 0, set())
    assert words(bring(entries, picture())) == ["consent was_here", "story was_here", "photo came_in"]


def test_a_disk_that_fills_up_while_a_file_is_staged_takes_nothing_from_the_phone_that_had_begun(
        app: Flask, session: Session, saved: SavedOn, person: Person, staging: Staging,  # noqa: F811
        bring: Bring, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: F811
    """fault 48"""
    story_id, content = new_id(), picture()
    bring(saved.story(story_id))
    photo, viewer = photo_of(story_id, content), makers.viewer_of(session, person)
    sent = sending.part(story_id, content, sending.PartKind.PHOTO, id=photo["id"])
    arriving.arrive(session, viewer, sent, staging, content[:100])

    def fill_up(*_given: Any, **_more: Any) -> int:
        raise StorageFull

    with monkeypatch.context() as patched:
        patched.setattr(Staging, "append", fill_up)
        [outcome] = bring([photo], content)
    assert outcome.became == "later"
    assert uploads.find(session, viewer, photo["id"], staging).offset == 0
    arriving.keep(session, viewer, arriving.arrive(session, viewer, sent, staging, content), staging)
    store_what_waits(app)
    assert session.get_one(Photo, photo["id"]).sha256 == photo["sha256"]


def test_a_phone_that_ends_sending_a_file_while_it_is_brought_in_has_sent_it_once(
        app: Flask, session: Session, saved: SavedOn, person: Person, staging: Staging,  # noqa: F811
        bring: Bring, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: F811
    """fault 18: between the announcement and the moment when the file is held"""
    story_id, content = new_id(), picture()
    bring(saved.story(story_id))
    photo, viewer = photo_of(story_id, content), makers.viewer_of(session, person)
    sent = sending.part(story_id, content, sending.PartKind.PHOTO, id=photo["id"])
    held = Staging.held

    def ended_first(here: Staging, name: str) -> Any:
        monkeypatch.setattr(Staging, "held", held)
        arriving.keep(session, viewer, arriving.arrive(session, viewer, sent, staging, content), staging)
        monkeypatch.setattr(Staging, "append", untouched)
        return held(here, name)

    def untouched(*_given: Any, **_more: Any) -> int:
        raise AssertionError("what the phone had sent was written over")

    monkeypatch.setattr(Staging, "held", ended_first)
    [outcome] = bring([photo], content)
    assert outcome.became == "was_here"
    store_what_waits(app)
    assert [(row.id, row.sha256, row.stored_at is not None) for row in session.scalars(select(Photo))] == [
        (photo["id"], photo["sha256"], True)]
    assert session.query(Upload).count() == 1
