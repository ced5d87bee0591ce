"""Two people correct the same words, in a real browser."""

from types import SimpleNamespace

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from server.domain.access import Role
from server.domain.correction import Words
from server.models.project import Project
from server.models.story import Story
from server.models.transcript import Transcript
from server.services import corrections
from tests import makers
from tests.e2e import test_editor
from tests.e2e.test_editor import SAID, texts, words

pytestmark = pytest.mark.xdist_group("browser")

here, sit_down = test_editor.here, test_editor.sit_down


def somebody_writes(here: SimpleNamespace, place: int, text: str) -> None:
    """Ada, who has the words before her in another room."""
    session = here.session
    transcript = session.get_one(Transcript, here.transcript)
    project = session.get_one(Project, session.scalar(select(Story.project_id).where(Story.id == here.story)))
    ada = makers.viewer_of(session, makers.make_person(session, project, Role.COMMISSIONER, name="Ada"))
    corrections.make(session, ada, transcript.recording_id, transcript.id,
                     Words(here.segments[place], transcript.segments[place].text, text))
    session.commit()


def test_what_somebody_else_did_is_taken_back_once_that_is_said(here, sit_down) -> None:
    somebody_writes(here, 2, "Then Ada came.")
    page = sit_down.open()
    page.get_by_role("button", name="Undo").click()
    asked = page.get_by_role("dialog", name="Ada changed this. Take it back?")
    expect(asked).to_contain_text("Then Ada came.")
    expect(asked).to_contain_text(SAID[2])
    page.keyboard.press("Escape")
    expect(asked).to_have_count(0)
    assert texts(here)[2] == "Then Ada came."
    page.get_by_role("button", name="Undo").click()
    asked.get_by_role("button", name="Take it back").click()
    expect(words(page, 2)).to_have_text(SAID[2])
    assert texts(here)[2] == SAID[2]
