"""Saying on a phone, with a finger, that the computer guessed right who speaks."""

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from server.domain.ids import new_id
from server.models.transcript import Speaker, TranscriptSegment
from tests import makers
from tests.e2e import test_editor
from tests.e2e.everyone import PHONE
from tests.e2e.test_editor import saved, words

pytestmark = pytest.mark.xdist_group("browser")

here, sit_down = test_editor.here, test_editor.sit_down


def test_who_speaks_in_one_passage_alone_is_confirmed_with_a_finger(here, sit_down) -> None:
    session = here.session
    amal = Speaker(id=new_id(), story_id=here.story, label=1, name="Amal", made_at=makers.NOON)
    session.add(amal)
    session.flush()
    passage = session.get_one(TranscriptSegment, here.segments[1])
    passage.speaker_id, passage.speaker_suggested = amal.id, True
    session.commit()
    page = sit_down.open(viewport=PHONE, has_touch=True)
    guess = page.locator("[data-segment]").nth(1).locator("[data-guess]")
    expect(guess).to_be_visible()
    words(page, 1).tap()
    confirm = page.get_by_role("button", name="Confirm Amal", exact=True)
    confirm.tap()
    expect(page.get_by_text("Amal speaks.")).to_be_visible()
    expect(guess).to_be_hidden()
    expect(confirm).to_be_hidden()
    expect(page.locator("textarea")).to_be_focused()
    saved(page)
    session.rollback()
    assert session.scalar(select(TranscriptSegment.speaker_suggested).where(
        TranscriptSegment.id == here.segments[1])) is False
    session.rollback()
