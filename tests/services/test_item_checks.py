"""A file brought in by hand whose check never ends: nothing against the file at first, and not for ever."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from server.domain.ids import new_id
from server.domain.item import Outcome
from server.isolation import checks
from server.isolation.supervision import ChildFailed
from server.models.segment import RecordingSegment
from server.models.upload import Upload
from server.storage.staging import Staging
from tests.api.phone import sound
from tests.item_files import entry_of, file_entry_of
from tests.segments import Run, manifest_body
from tests.services.test_item_imports import (  # noqa: F401
    SavedOn,
    administrator,
    bring,
    person,
    recording_of,
    saved,
    words,
)

Bring = Callable[..., list[Outcome]]
HOURS = timedelta(hours=2)


@pytest.fixture
def short_of_memory(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """No look at a file comes to its end, until it is undone."""
    def fail(*_: object) -> dict[str, Any]:
        raise ChildFailed("out_of_memory")

    monkeypatch.setattr(checks, "do_in_child", fail)
    return monkeypatch


def entry_of_story(saved: SavedOn, bring: Bring, kind: str) -> dict[str, Any]:  # noqa: F811
    """A sound of a story that has come in."""
    story_id, run = new_id(), Run(sound(), 2000)
    if kind == "recording":
        bring(saved.story(story_id))
        return recording_of(story_id, sound())
    manifest = entry_of("manifest", manifest_body(story_id, [run]))
    bring([*saved.story(story_id), manifest])
    return file_entry_of(sound(), {
        "id": run.id, "kind": "segment", "story_id": story_id, "recording_id": manifest["id"], "number": "0",
        "started_at": "2026-05-04T12:00:00+01:00", "duration_ms": run.duration_ms})


def test_interrupted_checks_of_a_file_brought_in_by_hand_are_counted_and_its_bytes_go(
        session: Session, saved: SavedOn, bring: Bring, staging: Staging,  # noqa: F811
        short_of_memory: pytest.MonkeyPatch) -> None:
    """fault 37"""
    entry = entry_of_story(saved, bring, "recording")
    for times in (1, 2):
        assert words(bring([entry], sound())) == ["recording later"]
        row = session.query(Upload).populate_existing().one()
        assert (row.details["interrupted"]["times"], staging.size(row.id)) == (times, 0)
        session.commit()
    short_of_memory.undo()
    assert words(bring([entry], sound())) == ["recording came_in"]


@pytest.mark.parametrize(("kind", "times", "ago", "became"), [
    ("recording", 3, HOURS, "refused"), ("recording", 2, HOURS, "later"), ("recording", 3, timedelta(), "later"),
    ("segment", 3, HOURS, "came_in")])
@pytest.mark.usefixtures("short_of_memory")
def test_after_a_few_tries_and_an_hour_it_is_damaged_and_a_segment_is_kept_unheard(
        session: Session, saved: SavedOn, bring: Bring, kind: str, times: int, ago: timedelta,  # noqa: F811
        became: str) -> None:
    """fault 37"""
    entry = entry_of_story(saved, bring, kind)
    assert words(bring([entry], sound())) == [f"{kind} later"]
    row = session.query(Upload).one()
    row.details = row.details | {"interrupted": {"since": (datetime.now(UTC) - ago).isoformat(), "times": times}}
    session.commit()
    assert words(bring([entry], sound())) == [f"{kind} {became}"]
    if kind == "segment":
        assert session.get_one(RecordingSegment, entry["id"]).container is None
    else:
        assert session.query(Upload).count() == (0 if became == "refused" else 1)
