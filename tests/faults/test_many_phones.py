"""Many phones that send at once: all of it arrives, and the server never fails."""

from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from server.domain.access import Role
from server.models.project import Project
from server.models.story import Quote, Recording, Story
from server.services import access_keys
from tests.api.conftest import Place
from tests.api.gunicorn import Gunicorn
from tests.faults.crowd import CrowdPlace, reconnect
from tests.makers import make_person, viewer_of

AS_THE_PROCFILE = ("--worker-class", "gthread", "--workers", "2", "--threads", "8")


def keys_for(session: Session, project: Project, count: int) -> list[str]:
    """A key of a researcher of their own for each phone."""
    made = []
    for number in range(count):
        person = make_person(session, project, Role.RESEARCHER, name=f"Researcher {number}")
        made.append(access_keys.make(session, viewer_of(session, person), "phone")[1])
    session.commit()
    return made


@pytest.mark.parametrize("count", [40, pytest.param(200, marks=pytest.mark.slow)])
def test_phones_that_come_back_at_once_all_get_through(
    app: Flask, session: Session, place: Place, data_dir: Path, count: int
) -> None:
    """fault 49"""
    keys = keys_for(session, place.project, count)
    with Gunicorn(data_dir, *AS_THE_PROCFILE) as server:
        heard = reconnect(CrowdPlace(server.port, place.project_id, place.wording_id), keys)
        server.kill()
    assert heard.server_errors == []
    assert heard.unanswered == 0
    assert [session.query(kind).count() for kind in (Story, Quote, Recording)] == [count] * 3
