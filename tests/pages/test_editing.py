"""Correcting the words of a recording, with scripts (JSON) and without (forms)."""

import re
from types import SimpleNamespace

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from server.domain import heard as rules
from server.domain.access import Role
from server.domain.consent import Use
from server.models.theme import Excerpt
from server.models.transcript import HeardStretch, Speaker, Transcript, TranscriptSegment
from tests import makers
from tests.pages.page_checks import assert_sound


@pytest.fixture
def world(session: Session, sign_in_as) -> SimpleNamespace:
    """A recording that says: We waited all night for a bed. Half a second a word."""
    project = makers.make_project(session)
    researcher = makers.make_person(session, project, Role.RESEARCHER)
    commissioner = makers.make_person(session, project, Role.COMMISSIONER, name="Mo")
    story = makers.make_story(session, project, researcher)
    recording = makers.add_recording(session, story)
    transcript = session.scalars(select(Transcript).where(Transcript.recording_id == recording.id)).one()
    segment = transcript.segments[0].id
    address, transcript_id = f"/recordings/{recording.id}/transcript", transcript.id
    session.commit()
    browser = sign_in_as(commissioner)

    def change(**asked):
        return browser.post(f"/recordings/{recording.id}/corrections",
                            json={"transcript": transcript_id, "change": asked})

    def words() -> list[str]:
        session.rollback()
        rows = session.scalars(select(TranscriptSegment).where(TranscriptSegment.transcript_id == transcript_id)
                               .order_by(TranscriptSegment.position))
        return [row.text.strip() for row in rows]

    return SimpleNamespace(project=project, researcher=researcher, story=story, recording=recording, browser=browser,
                           transcript=transcript_id, segment=segment, address=address, change=change, words=words)


def form(world, **asked):
    sent = {"transcript": world.transcript, "segment": str(world.segment), "was": "We waited all night for a bed."}
    return world.browser.post(f"/recordings/{world.recording.id}/corrections", data=sent | asked)


def test_the_page_shows_each_passage_with_its_time_and_who_has_heard_it(world) -> None:
    page = world.browser.get(world.address)
    assert_sound(page)
    assert 'aria-label="Play from 0:00"' in page.text
    assert "Not heard yet" in page.text
    assert "No passage has been heard to its end yet." in page.text
    assert f'href="/stories/{world.story.id}#recording-{world.recording.id}"' in page.text


def test_the_storys_page_leads_to_it(world) -> None:
    page = world.browser.get(f"/stories/{world.story.id}")
    assert_sound(page)
    assert world.address in page.text
    assert "Correct the words" in page.text
    assert "No passage has been heard to its end yet." in page.text


def test_a_change_is_answered_with_what_became_of_the_passages(world) -> None:
    was = "We waited all night for a bed."
    answer = world.change(kind="words", segment=world.segment, was=was, text="We waited all night for a chair.")
    assert answer.status_code == 200
    [segment] = answer.json["segments"]
    assert (segment["id"], segment["text"]) == (world.segment, "We waited all night for a chair.")
    assert segment["words"][0][:3] == ["We", 0, 450]
    assert (answer.json["version"], answer.json["may_undo"], answer.json["may_redo"]) == (1, True, False)
    assert world.words() == ["We waited all night for a chair."]
    assert world.change(kind="undo", version=1).json["segments"][0]["text"] == was


def test_a_passage_is_split_and_joined(world) -> None:
    was = "We waited all night for a bed."
    split = world.change(kind="split", segment=world.segment, was=was, word=4).json
    assert [segment["text"] for segment in split["segments"]] == ["We waited all night", "for a bed."]
    second = split["segments"][1]["id"]
    joined = world.change(kind="merge", segment=world.segment, was="We waited all night", next=second).json
    assert (joined["segments"][0]["text"], joined["gone"]) == (was, [second])


def test_what_somebody_else_changed_is_told_with_both_texts_and_not_written_over(world) -> None:
    world.change(kind="words", segment=world.segment, was="We waited all night for a bed.", text="Theirs")
    answer = world.change(kind="words", segment=world.segment, was="We waited all night for a bed.", text="Mine")
    assert answer.status_code == 412
    assert answer.content_type == "application/problem+json"
    assert (answer.json["code"], answer.json["current"]["text"]) == ("version_conflict", "Theirs")
    assert world.words() == ["Theirs"]


@pytest.mark.parametrize("change", [
    {}, {"kind": "burn"}, {"kind": "words"}, {"kind": "words", "segment": "x", "was": "", "text": ""},
    {"kind": "split", "segment": 1, "was": "", "word": -1}, {"kind": "speaker", "segments": []}, "words", None, [],
])
def test_what_makes_no_sense_is_refused_as_a_problem(world, change) -> None:
    answer = world.browser.post(f"/recordings/{world.recording.id}/corrections",
                                json={"transcript": world.transcript, "change": change})
    assert (answer.status_code, answer.json["code"]) == (422, "invalid")
    assert world.browser.post(f"/recordings/{world.recording.id}/corrections", json=["x"]).status_code == 422
    assert len(world.words()) == 1


def test_without_scripts_one_passage_is_corrected_in_a_form(world) -> None:
    opened = world.browser.get(f"{world.address}?segment={world.segment}")
    assert_sound(opened)
    assert f'<textarea class="nhsuk-textarea" id="text-{world.segment}"' in opened.text
    answer = form(world, kind="words", text="We waited for a chair.")
    assert (answer.status_code, answer.location) == (303, f"{world.address}#segment-{world.segment}")
    assert world.words() == ["We waited for a chair."]
    turned = re.search(r'name="version" value="(\d+)"', world.browser.get(world.address).text)
    assert turned
    world.browser.post(f"/recordings/{world.recording.id}/corrections",
                       data={"transcript": world.transcript, "kind": "undo", "version": turned[1]})
    assert world.words() == ["We waited all night for a bed."]


def test_without_scripts_a_passage_is_split_and_somebody_is_named(session: Session, world) -> None:
    form(world, kind="split", word="4")
    assert world.words() == ["We waited all night", "for a bed."]
    form(world, kind="speaker", speaker="new")
    page = world.browser.get(world.address)
    assert_sound(page)
    assert "Speaker 1" in page.text
    session.rollback()
    speaker = session.scalars(select(Speaker)).one().id
    session.rollback()
    answer = world.browser.post(f"/speakers/{speaker}", data={"name": "Amal", "next": world.address})
    assert answer.location == world.address
    assert "Amal" in world.browser.get(world.address).text


def test_without_scripts_both_texts_are_shown_and_one_is_chosen(world) -> None:
    form(world, kind="words", text="Theirs")
    answer = form(world, kind="words", text="Mine")
    assert answer.status_code == 412
    assert_sound(answer)
    assert "Theirs" in answer.text
    assert form(world, kind="words", was="Theirs", text="Mine").status_code == 303
    assert world.words() == ["Mine"]


def test_what_was_listened_to_is_noted_with_a_name(session: Session, world, sign_in_as, monkeypatch) -> None:
    monkeypatch.setattr(rules, "SLACK_MS", 5000)  # nobody waits for a player here
    address = f"/recordings/{world.recording.id}/heard"
    answer = world.browser.post(address, json={
        "transcript": world.transcript, "version": 0, "stretches": [[0, 2000], [2000, 3500]]})
    assert answer.json == {"heard": [[0, 3500]], "quotable": []}
    assert "Heard by you" in world.browser.get(world.address).text
    other = makers.make_person(session, world.project, Role.COMMISSIONER, name="Ada")
    session.commit()
    assert "Heard by Mo" in sign_in_as(other).get(world.address).text
    for wrong in ([[5, 1]], "x", [[0, "1"]], [["0", 1]]):
        refused = world.browser.post(address, json={"transcript": world.transcript, "version": 0, "stretches": wrong})
        assert refused.status_code == 422
    for version in (None, True, "0", 1, -1):
        refused = world.browser.post(address, json={"transcript": world.transcript, "version": version,
                                                    "stretches": [[0, 1]]})
        assert refused.status_code == 422
    session.rollback()
    assert len(session.scalars(select(HeardStretch)).all()) == 1


def test_a_speaker_is_named_and_two_are_made_one_by_a_module(session: Session, world) -> None:
    was = "We waited all night for a bed."
    world.change(kind="split", segment=world.segment, was=was, word=4)
    session.rollback()
    ids = list(session.scalars(select(TranscriptSegment.id).order_by(TranscriptSegment.position)))
    session.rollback()
    first, second = (world.change(kind="speaker", segments=[one], speaker="new").json["segments"][0]["speaker"]["id"]
                     for one in ids)
    assert world.browser.put(f"/speakers/{first}", json={"name": "Amal"}).json == {"id": first, "name": "Amal"}
    assert world.browser.post(f"/speakers/{second}/merge", json={"into": first}).json["name"] == "Amal"
    assert world.browser.put(f"/speakers/{second}", json={"name": "Gone"}).status_code == 404
    assert world.browser.put(f"/speakers/{first}", json={"name": 5}).status_code == 422


def test_an_excerpt_that_holds_the_old_words_is_named_where_it_is(session: Session, world) -> None:
    excerpt = makers.add_excerpt(session, world.recording, world.researcher)
    excerpt_id = excerpt.id
    session.commit()
    world.change(kind="words", segment=world.segment, was="We waited all night for a bed.", text="We sat all night.")
    page = world.browser.get(world.address)
    assert_sound(page)
    assert "An excerpt holds the old words." in page.text
    assert "waited all night" in page.text
    alone = world.browser.get(f"/excerpts/{excerpt_id}")
    assert_sound(alone)
    assert "This excerpt holds the old words." in alone.text
    refused = world.browser.post(f"/excerpts/{excerpt_id}/words", data={"words": "take", "seen": "0" * 64})
    assert refused.status_code == 422
    seen = re.search(r'name="seen" value="([0-9a-f]{64})"', page.text)
    assert seen
    answer = world.browser.post(f"/excerpts/{excerpt_id}/words", data={"words": "take", "seen": seen[1]})
    assert (answer.status_code, answer.location) == (303, world.address)
    session.rollback()
    assert "sat" in session.scalars(select(Excerpt.text)).one()
    assert "An excerpt holds the old words." not in world.browser.get(world.address).text


def test_versions_and_changes_are_shown(world) -> None:
    world.change(kind="words", segment=world.segment, was="We waited all night for a bed.", text="We sat there.")
    page = world.browser.get(f"{world.address}/versions")
    assert_sound(page)
    for said in ("Version 1: this is what people read", "1 change", "1. Changed the words", "Mo", "We sat there.",
                 "We waited all night for a bed.", "Write it down again", "or named a speaker"):
        assert said in page.text
    before = world.browser.get(f"{world.address}/versions/0")
    assert_sound(before)
    assert "We waited all night for a bed." in before.text
    for number in ("2", "-1", "x", "9" * 30):
        assert world.browser.get(f"{world.address}/versions/{number}").status_code == 404


def test_another_version_is_compared_taken_over_in_part_and_used(session: Session, world) -> None:
    other = _second_version(session, world, "We waited all day for a bed.")
    page = world.browser.get(f"{world.address}/compare/2")
    assert_sound(page)
    assert "They differ in 1 place." in page.text
    fields = dict(re.findall(r'name="(from|start_ms|end_ms|back)" value="([^"]*)"', page.text))
    answer = world.browser.post(f"/recordings/{world.recording.id}/corrections",
                                data={"transcript": world.transcript, "kind": "adopt", **fields})
    assert (answer.status_code, answer.location) == (303, f"{world.address}/compare/2")
    assert world.words() == ["We waited all day for a bed."]
    assert world.browser.post(f"/transcripts/{other}/use").location == world.address
    assert "Both say the same." in world.browser.get(f"{world.address}/compare/1").text


def _second_version(session: Session, world, text: str) -> str:
    first = session.get_one(Transcript, world.transcript)
    second = Transcript(id=makers.new_id(), recording_id=first.recording_id, number=2, is_current=False, language="en",
                        language_probability=0.9, model="small", created_at=makers.NOON)
    [row] = first.segments
    words = tuple(type(word)(word.text.replace("night", "day"), word.start_ms, word.end_ms, 0.9) for word in row.words)
    second.segments = [TranscriptSegment(position=0, start_ms=row.start_ms, end_ms=row.end_ms, text=text, words=words)]
    session.add(second)
    session.flush()
    second_id = second.id
    session.commit()
    return second_id


def test_writing_it_down_again_is_asked_for(world) -> None:
    answer = world.browser.post(f"/recordings/{world.recording.id}/transcribe-again")
    assert (answer.status_code, answer.location) == (303, f"{world.address}/versions")
    assert_sound(world.browser.get(answer.location))


def test_where_nothing_is_written_down_the_page_says_so(session: Session, world) -> None:
    for row in session.scalars(select(TranscriptSegment)):
        session.delete(row)
    session.commit()
    page = world.browser.get(world.address)
    assert_sound(page)
    assert "No speech was found in this recording." in page.text
    session.delete(session.get_one(Transcript, world.transcript))
    session.commit()
    page = world.browser.get(world.address)
    assert_sound(page)
    assert "This recording is not written down yet." in page.text


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.COMMISSIONER])
def test_nobody_else_may_look_or_change(session: Session, world, sign_in_as, role: Role) -> None:
    browser = sign_in_as(makers.make_person(session, world.project, role))
    for path in ("", "/versions", "/versions/0", "/compare/1"):
        assert browser.get(world.address + path).status_code == 404
    sent = {"transcript": world.transcript, "change": {"kind": "undo"}, "stretches": [[0, 1]]}
    for path in ("corrections", "heard", "transcribe-again"):
        assert browser.post(f"/recordings/{world.recording.id}/{path}", json=sent).status_code == 404


def test_words_that_were_refused_are_not_shown(session: Session, world) -> None:
    silent = makers.make_story(session, world.project, world.researcher, uses=makers.ALL_USES - {Use.TRANSCRIBE})
    recording = makers.add_recording(session, silent, "Zanzibar at midnight")
    address = f"/recordings/{recording.id}/transcript"
    session.commit()
    page = world.browser.get(address)
    assert "Zanzibar" not in page.text
    assert world.browser.get(f"{address}/versions").status_code == 404


def test_a_passage_without_our_own_token_is_not_changed(world) -> None:
    """fault 43"""
    world.browser.csrf_token = ""
    answer = world.change(kind="words", segment=world.segment, was="We waited all night for a bed.", text="x")
    assert answer.status_code == 403
    assert answer.json["code"] == "csrf_failed"
    assert world.words() == ["We waited all night for a bed."]
