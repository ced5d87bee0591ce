"""What somebody sees whose change of a transcript comes after somebody else's, with scripts and without."""

import re
from types import SimpleNamespace

import pytest
from sqlalchemy import event, select
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from server.domain.access import Role
from server.models.transcript import Transcript, TranscriptSegment
from tests import makers
from tests.pages.page_checks import assert_sound
from tests.services import talk

BED = "We waited all night for a bed."


@pytest.fixture
def world(session: Session, sign_in_as) -> SimpleNamespace:
    """A recording that says BED, and a second version of it. Ada and Mo correct."""
    project = makers.make_project(session)
    researcher = makers.make_person(session, project, Role.RESEARCHER)
    people = [makers.make_person(session, project, Role.COMMISSIONER, name=name) for name in ("Ada", "Mo")]
    recording = makers.add_recording(session, makers.make_story(session, project, researcher))
    transcript = session.scalars(select(Transcript).where(Transcript.recording_id == recording.id)).one()
    ids = SimpleNamespace(recording=recording.id, transcript=transcript.id, segment=transcript.segments[0].id)
    ids.other = talk.heard_again(session, recording, ["We waited all day for a bed."]).id
    session.commit()
    ids.ada, ids.mo = map(sign_in_as, people)
    ids.address = f"/recordings/{ids.recording}/transcript"
    return ids


def form(world, browser, **sent):
    sent = {"transcript": world.transcript, "segment": str(world.segment), "was": BED} | sent
    return browser.post(f"/recordings/{world.recording}/corrections", data=sent)


def change(world, browser, **asked):
    return browser.post(f"/recordings/{world.recording}/corrections",
                        json={"transcript": world.transcript, "change": asked})


def words(session: Session, transcript: str) -> list[str]:
    session.rollback()
    rows = session.scalars(select(TranscriptSegment).where(TranscriptSegment.transcript_id == transcript)
                           .order_by(TranscriptSegment.position))
    found = [row.text.strip() for row in rows]
    session.rollback()
    return found


def fields_of(html: str, action: str) -> list[dict[str, str]]:
    """What each form that posts to this address sends."""
    forms = re.findall(rf'<form[^>]*action="{re.escape(action)}"[^>]*>(.*?)</form>', html, re.DOTALL)
    return [dict(re.findall(r'name="([a-z_]+)" value="([^"]*)"', one)) for one in forms]


def test_words_that_were_not_seen_are_not_taken_over(session: Session, world) -> None:
    corrections = f"/recordings/{world.recording}/corrections"
    [sent] = fields_of(world.ada.get(f"{world.address}/compare/2").text, corrections)
    form(world, world.mo, kind="words", text="We waited all week for a bed.")
    answer = world.ada.post(corrections, data=sent)
    assert answer.status_code == 412
    assert_sound(answer)
    assert "We waited all week for a bed." in answer.text
    assert f'href="{world.address}/compare/2"' in answer.text
    assert words(session, world.transcript) == ["We waited all week for a bed."]


@pytest.mark.parametrize("page", ["compare/2", "versions"])
def test_a_version_is_not_used_in_place_of_words_that_were_not_seen(session: Session, world, page: str) -> None:
    use = f"/transcripts/{world.other}/use"
    [sent] = fields_of(world.ada.get(f"{world.address}/{page}").text, use)
    form(world, world.mo, kind="words", text="We waited all week for a bed.")
    answer = world.ada.post(use, data=sent)
    assert answer.status_code == 412
    assert_sound(answer)
    assert f'href="{world.address}/{page}"' in answer.text
    [sent] = fields_of(world.ada.get(f"{world.address}/{page}").text, use)
    assert world.ada.post(use, data=sent).status_code == 303


def test_what_somebody_else_did_is_taken_back_once_that_is_said(session: Session, world) -> None:
    form(world, world.mo, kind="words", text="We waited all week.")
    asked = change(world, world.ada, kind="undo", version=1)
    assert (asked.status_code, asked.json["current"]["by"], asked.json["current"]["before"]) == (412, "Mo", BED)
    answer = form(world, world.ada, kind="undo", version="1")
    assert answer.status_code == 412
    assert_sound(answer)
    for said in ("Take back what Mo did?", "We waited all week.", BED):
        assert said in answer.text
    assert words(session, world.transcript) == ["We waited all week."]
    corrections = f"/recordings/{world.recording}/corrections"
    [sent] = fields_of(answer.text, corrections)
    assert world.ada.post(corrections, data=sent).status_code == 303
    assert words(session, world.transcript) == [BED]


@pytest.mark.parametrize("sent", [{"kind": "split", "word": "4"}, {"kind": "merge", "next": "7"}, {"kind": "speaker"},
                                  {"kind": "undo", "version": "0"}], ids=lambda sent: sent["kind"])
def test_what_was_chosen_for_other_words_is_chosen_again(session: Session, world, sent: dict[str, str]) -> None:
    form(world, world.mo, kind="words", text="Theirs")
    if sent["kind"] == "speaker":
        form(world, world.mo, kind="words", was="Theirs", text="")
    answer = form(world, world.ada, **sent)
    assert answer.status_code == 412
    assert_sound(answer)
    assert fields_of(answer.text, f"/recordings/{world.recording}/corrections") == []
    assert f'href="{world.address}"' in answer.text
    assert sent["kind"] not in ("split", "merge") or all(said in answer.text for said in ("Theirs", BED))


def test_words_for_a_passage_that_is_no_more_are_shown_beside_what_is_there(session: Session, world) -> None:
    form(world, world.mo, kind="split", word="4")
    second = session.scalars(select(TranscriptSegment.id).where(TranscriptSegment.text.contains("for a bed"),
                                                                TranscriptSegment.position == 1)).one()
    session.rollback()
    form(world, world.mo, kind="merge", was="We waited all night", next=str(second))
    answer = form(world, world.ada, kind="words", segment=str(second), was="for a bed.", text="for a chair.")
    assert answer.status_code == 412
    assert_sound(answer)
    assert all(said in answer.text for said in ("for a chair.", BED))
    assert fields_of(answer.text, f"/recordings/{world.recording}/corrections") == []


def test_words_are_put_in_the_version_that_is_read_now(session: Session, world) -> None:
    assert world.mo.post(f"/transcripts/{world.other}/use").status_code == 303
    answer = form(world, world.ada, kind="words", text="We waited for a chair.")
    assert answer.status_code == 412
    corrections = f"/recordings/{world.recording}/corrections"
    mine = fields_of(answer.text, corrections)[0]
    assert world.ada.post(corrections, data=mine).status_code == 303
    assert words(session, world.other) == ["We waited for a chair."]
    assert words(session, world.transcript) == [BED]


def test_brackets_in_brackets_are_refused(world) -> None:
    answer = world.ada.post(f"/recordings/{world.recording}/corrections", data="[" * 60_000 + "]" * 60_000,
                            content_type="application/json")
    assert (answer.status_code, answer.json["code"]) == (422, "invalid")


def test_what_is_saved_while_somebody_types_asks_little_of_the_database(world) -> None:
    asked: list[str] = []

    def note(_connection, _cursor, statement, *_rest) -> None:
        asked.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        assert change(world, world.ada, kind="words", segment=world.segment, was=BED, text="We sat.").status_code == 200
    finally:
        event.remove(Engine, "before_cursor_execute", note)
    assert len(asked) <= 50, "\n".join(asked)
