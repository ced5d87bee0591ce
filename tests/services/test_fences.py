"""Whoever has lost a job writes nothing of it: tried with every function of the services that writes for an attempt."""

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterator
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

import server.services
from server.domain.hearing import Heard, HeardWindow, Hints, Outline
from server.domain.ids import new_id
from server.domain.work import FenceLost, Held, Kind, State
from server.models import Row
from server.models.transcript import Transcript
from server.services import derivatives, joining, work
from server.services.derivatives import Made
from server.services.joining import Joined
from server.services.redaction_checks import Wanted
from server.services.storing import Waiting
from tests import makers

NOTHING = new_id()
MADE = Made(BytesIO(b"a copy"), makers.digest("a copy"))
# What each parameter gets, by its name; where the database matters, the rows are made in `_given`.
GIVEN: dict[str, Any] = {
    "code": "crashed", "where": "", "made": MADE, "duration_ms": 1, "size": (1, 1), "model": "base",
    "heard": Heard((HeardWindow(0, 0, 900),)), "outline": Outline("base", 900, 0, "en", 0.9),
    "project_id": NOTHING, "joined": Joined(MADE, 6, [900]), "kind": Kind.PHOTO, "subject_id": NOTHING,
    "turns": [], "spans": [], "texts": {}, "withheld": [], "regions": [], "clean": MADE, "said": [],
    "found": Wanted("a", (), (), Hints()), "sources": [], "vectors": b"",
}


def _writers() -> Iterator[Callable[..., None]]:
    for found in pkgutil.iter_modules(server.services.__path__, "server.services."):
        module = importlib.import_module(found.name)
        for name, function in inspect.getmembers(module, inspect.isfunction):
            held = inspect.signature(function).parameters.get("held")
            if function.__module__ == found.name and held and held.annotation is Held and not name.startswith("_"):
                yield function


WRITERS = list(_writers())


@pytest.fixture
def given(app: Flask, session: Session) -> dict[str, Any]:
    project = makers.make_project(session)
    researcher = makers.make_person(session, project)
    story = makers.make_story(session, project, researcher)
    recording = makers.add_recording(session, story)
    makers.add_manifest(session, story, recording.id).completed_at = None
    upload = makers.add_upload(session, story)
    waiting = Waiting(upload.part_id, upload.sha256, upload.id, is_agreed=True)
    transcript_id = session.scalar(select(Transcript.id).where(Transcript.recording_id == recording.id))
    return GIVEN | {"session": session, "store": app.extensions["earshot"].store, "story_id": story.id,
                    "transcript_id": transcript_id,
                    "recording_id": recording.id, "photo_id": makers.add_photo(session, story).id, "waiting": waiting,
                    "excerpt_id": makers.add_excerpt(session, recording, researcher).id}


def test_the_functions_that_write_for_an_attempt_are_found() -> None:
    assert {derivatives.store_clip, joining.settle, work.finish} < set(WRITERS)
    assert len(WRITERS) >= 16


@pytest.mark.parametrize("lost", ["taken over", "swept", "gone with a withdrawal", "finished"])
def test_an_attempt_that_has_lost_its_job_writes_nothing(session: Session, given: dict[str, Any], lost: str) -> None:
    """fault 35"""
    given = given | {"held": _lost(session, lost)}
    before = _everything(session)
    for write in WRITERS:
        with pytest.raises(FenceLost):
            write(**{name: given[name] for name in inspect.signature(write).parameters})
        assert _everything(session) == before, write
    assert MADE.sha256 not in given["store"]


def _lost(session: Session, how: str) -> Held:
    job = work.request(session, kind=Kind.PLAYBACK, subject_id=new_id(), story_id=None, project_id=None)
    claimed = work.claim(session, job.id, "worker", makers.NOON)
    assert claimed is not None
    held = Held(job.id, claimed[0].fence)
    if how == "finished":
        work.finish(session, held)
    elif how == "gone with a withdrawal":
        work.forget(session, held)
    else:
        session.get_one(type(job), job.id).state = State.WAITING
        session.flush()
    if how == "taken over":
        assert work.claim(session, job.id, "another worker", makers.NOON)
    return held


def _everything(session: Session) -> dict[str, list[str]]:
    session.flush()
    return {table.name: sorted(str(tuple(row)) for row in session.execute(select(table)))
            for table in Row.metadata.sorted_tables}
