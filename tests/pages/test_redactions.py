"""Withholding words of a story on its pages: from a form, from chosen words, from suggestions; and lifting it."""

import re
from types import SimpleNamespace

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from server.domain.access import ROLES_THAT_MAY, Permission, Role
from server.models.audit import AuditEntry
from server.models.redaction import Redaction
from tests import makers
from tests.pages.page_checks import assert_sound

SAID = "We told Rashida Khan at Northgate Hospital twice."


@pytest.fixture
def world(session: Session, sign_in_as) -> SimpleNamespace:
    project = makers.make_project(session)
    researcher = makers.make_person(session, project, Role.RESEARCHER)
    story = makers.make_story(session, project, researcher, place="Leeds")
    recording = makers.add_recording(session, story, SAID)
    quote = makers.add_quote(session, story, "Ring Rashida on 0161 496 0000 by 3 May 2024.")
    person = makers.make_person(session, project, Role.COMMISSIONER)
    session.commit()
    return SimpleNamespace(project=project, story=story, recording=recording, quote=quote, browser=sign_in_as(person),
                           address=f"/stories/{story.id}/withheld", sign_in_as=sign_in_as)


def words_of(session: Session) -> dict[str, str]:
    session.rollback()
    return {row.words: row.category for row in session.scalars(select(Redaction).order_by(Redaction.id))}


def test_words_are_withheld_with_a_form_and_shown_again_after_a_question(session: Session, world) -> None:
    page = world.browser.get(world.address)
    assert_sound(page)
    assert "Nothing is withheld in this story." in page.text
    sent = {"words": "Rashida Khan", "category": "name", "replacement": "", "sound": "silence"}
    saved = world.browser.post(world.address, data=sent, follow_redirects=True)
    assert_sound(saved)
    assert "They are withheld everywhere in this story." in saved.text
    assert "Rashida Khan" in saved.text
    assert "<strong>[name]</strong>" in saved.text
    story = world.browser.get(f"/stories/{world.story.id}").text
    assert "[name]" in story
    assert "Khan" not in story
    [row] = session.scalars(select(Redaction)).all()
    ask = world.browser.get(f"{world.address}/{row.id}/lift")
    assert_sound(ask)
    assert "Rashida Khan" in ask.text
    shown = world.browser.post(f"{world.address}/{row.id}/lift", follow_redirects=True)
    assert "They are not withheld any more." in shown.text
    assert words_of(session) == {}


def test_words_chosen_in_the_transcript_can_be_withheld_there_alone(session: Session, world) -> None:
    story = world.browser.get(f"/stories/{world.story.id}").text
    assert f'formaction="/stories/{world.story.id}/withheld/chosen"' in story
    chosen = {"recording_id": world.recording.id, "start_ms": "1000", "end_ms": "1900"}
    page = world.browser.post(f"{world.address}/chosen", data=chosen, follow_redirects=True)
    assert_sound(page)
    assert 'value="Rashida Khan"' in page.text
    assert "Only here, at 0:01" in page.text
    sent = dict(re.findall(r'type="hidden" name="(recording|start|end)" value="([^"]*)"', page.text))
    sent |= {"where": "here", "words": "Rashida Khan", "category": "name", "sound": "bleep"}
    world.browser.post(world.address, data=sent)
    session.rollback()
    [row] = session.scalars(select(Redaction)).all()
    assert (row.recording_id, row.start_ms, row.end_ms, row.words) == (world.recording.id, 1000, 1900, "Rashida Khan")


def test_suggestions_are_only_withheld_where_somebody_ticks_them(session: Session, world) -> None:
    page = world.browser.get(world.address)
    offered = re.findall(r'name="suggestion" type="checkbox" value="([^"]*)"', page.text)
    assert set(offered) >= {"name:Rashida Khan", "organisation:Northgate Hospital", "number:0161 496 0000",
                            "date:3 May 2024"}
    assert " checked" not in page.text[page.text.index('id="suggestion"'):].split("sound")[0]
    assert words_of(session) == {}
    nothing = world.browser.post(f"{world.address}/suggested", data={"sound": "bleep"})
    assert nothing.status_code == 422
    assert "Tick what to withhold." in nothing.text
    ticked = {"suggestion": ["name:Rashida Khan", "number:0161 496 0000"], "sound": "bleep"}
    world.browser.post(f"{world.address}/suggested", data=ticked)
    world.browser.post(f"{world.address}/suggested", data=ticked)
    assert words_of(session) == {"Rashida Khan": "name", "0161 496 0000": "number"}
    left = world.browser.get(world.address).text
    assert "name:Rashida Khan" not in left
    assert "date:3 May 2024" in left


def test_a_part_of_a_withheld_name_that_stands_alone_is_suggested(session: Session, world) -> None:
    makers.add_quote(session, world.story, "Quillfeather said so.")
    session.commit()
    world.browser.post(world.address, data={"words": "Ada Quillfeather", "category": "name", "sound": "bleep"})
    assert "name:Quillfeather" in world.browser.get(world.address).text


@pytest.mark.parametrize(("sent", "sentence"), [
    ({"words": "", "category": "name", "sound": "bleep"}, "Write the words to withhold."),
    ({"words": "Khan", "category": "nobody", "sound": "bleep"}, "Choose what it is."),
    ({"words": "Khan", "category": "name", "sound": "loud"}, "Choose a bleep or silence."),
    ({"words": "Khan", "category": "name", "sound": "bleep", "replacement": "Mr Khan"}, "Choose a replacement without"),
    ({"words": "Khan", "category": "name", "sound": "bleep", "where": "here", "end": "x"}, "Choose some words"),
])
def test_what_will_not_do_comes_back_with_a_sentence(session: Session, world, sent, sentence: str) -> None:
    answer = world.browser.post(world.address, data=sent)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert words_of(session) == {}


def test_nobody_else_finds_the_page_or_anything_on_it(session: Session, world) -> None:
    world.browser.post(world.address, data={"words": "Rashida", "category": "name", "sound": "bleep"})
    session.rollback()
    [row] = session.scalars(select(Redaction)).all()
    for role in (Role.RESEARCHER, Role.ADMINISTRATOR, Role.BOARD_MEMBER, Role.ANALYST):
        browser = world.sign_in_as(makers.make_person(session, world.project, role))
        session.commit()
        sent = {"words": "Khan", "category": "name", "sound": "bleep", "suggestion": "name:Khan"}
        answers = [browser.get(world.address), browser.post(world.address, data=sent),
                   browser.post(f"{world.address}/suggested", data=sent), browser.post(f"{world.address}/chosen"),
                   browser.get(f"{world.address}/{row.id}/lift"), browser.post(f"{world.address}/{row.id}/lift")]
        assert {answer.status_code for answer in answers} == {404}
        assert not [answer for answer in answers if "Rashida" in answer.text]
    assert words_of(session) == {"Rashida": "name"}


def test_to_be_of_the_team_is_not_enough_for_any_of_these_pages(session: Session, world,
                                                               monkeypatch: pytest.MonkeyPatch) -> None:
    world.browser.post(world.address, data={"words": "Rashida", "category": "name", "sound": "bleep"})
    session.rollback()
    row = session.scalars(select(Redaction)).one()
    monkeypatch.setitem(ROLES_THAT_MAY, Permission.REDACT, frozenset())  # type: ignore[arg-type]
    sent = {"words": "Khan", "category": "name", "sound": "bleep", "suggestion": "name:Khan"}
    lift = f"{world.address}/{row.id}/lift"
    assert {world.browser.get(address).status_code for address in (world.address, lift)} == {404}
    for address in (world.address, f"{world.address}/suggested", f"{world.address}/chosen", lift):
        assert world.browser.post(address, data=sent).status_code == 404
    assert words_of(session) == {"Rashida": "name"}


def test_looking_at_withheld_words_is_in_the_audit(session: Session, world) -> None:
    world.browser.get(world.address)
    session.rollback()
    rows = session.scalars(select(AuditEntry).where(AuditEntry.kind == "withheld words")).all()
    assert [(row.action, row.subject_id) for row in rows] == [("read", world.story.id)]
