"""The server reads exactly what the phone writes: `pwa/tests/domain/wire.test.ts` writes the same bodies."""

import json
from pathlib import Path

from server.domain.consent import EvidenceKind, Use
from server.domain.consent_wording import Reading
from server.domain.embargo import SentEmbargo
from server.domain.manifest import Ended
from server.domain.sent import SentEvidence, read_consent, read_quote, read_story
from server.domain.sent_manifest import read_manifest
from server.domain.sent_withdrawal import read_withdrawal

BODIES = json.loads((Path(__file__).parent / "phone_bodies.json").read_text(encoding="utf-8"))


def test_the_server_reads_a_consent_from_the_phone() -> None:
    sent = read_consent(BODIES["consent"], BODIES["consent"]["id"])
    assert sent.answers == {Use(use): agreed for use, agreed in BODIES["consent"]["answers"].items()}
    assert sent.story_id == BODIES["story"]["id"]


def test_the_server_reads_a_story_from_the_phone() -> None:
    sent = read_story(BODIES["story"], BODIES["story"]["id"])
    assert (sent.pseudonym, sent.place, sent.conversation_place) == ("Rose", "Leeds", "Leeds")


def test_the_server_reads_why_a_story_is_held_back_and_who_is_told() -> None:
    body = BODIES["story_held_back"]
    assert read_story(body, body["id"]).embargo == SentEmbargo(
        body["embargo"]["id"], "She is afraid to go home.", body["embargo"]["named_id"])
    assert read_story(BODIES["story"], BODIES["story"]["id"]).embargo is None


def test_the_server_reads_a_manifest_from_the_phone() -> None:
    body = BODIES["manifest"]
    sent = read_manifest(body, body["id"])
    assert [(one.number, one.size, one.offset_ms, one.ended) for one in sent.segments] == [
        (0, 61_234, 0, Ended.INTERRUPTED), (1, 20_480, 54_321, Ended.STOPPED)]
    assert [(one.saved_at_ms, one.prompt_id, one.theme_id) for one in sent.markers] == [
        (1500, body["markers"][0]["prompt_id"], None), (13_000, None, body["markers"][1]["theme_id"])]


def test_the_server_reads_a_quote_from_the_phone() -> None:
    sent = read_quote(BODIES["quote"], BODIES["quote"]["id"])
    assert sent.text == "So “cold”"


def test_the_server_reads_a_withdrawal_from_the_phone() -> None:
    sent = read_withdrawal(BODIES["withdrawal"], BODIES["withdrawal"]["id"])
    assert (sent.story_id, sent.reason) == (BODIES["story"]["id"], "")


def test_the_server_knows_the_codes_of_a_withdrawal_as_those_of_its_story() -> None:
    body, story = BODIES["withdrawal_by_a_group"], BODIES["story_of_a_group"]
    told = read_story(story, story["id"])
    assert read_withdrawal(body, body["id"]).receipt_code_hashes == tuple(
        one.receipt_code_hash for one in told.participants)


def test_the_server_reads_what_a_consent_in_a_group_rests_on() -> None:
    body = BODIES["consent_of_a_child_in_a_group"]
    sent = read_consent(body, body["id"])
    assert (sent.participant_id, sent.wording_sha256) == (body["participant_id"], body["wording_sha256"])
    assert (sent.language, sent.reading, sent.agreed_by) == ("ur", Reading.EASY, "mother")
    assert sent.evidence == SentEvidence(body["evidence"]["id"], EvidenceKind(body["evidence"]["kind"]),
                                         body["evidence"]["sha256"])


def test_the_server_reads_who_told_a_story_and_said_a_quote() -> None:
    body, quote = BODIES["story_of_a_group"], BODIES["quote_of_one_in_a_group"]
    sent = read_story(body, body["id"])
    assert [one.pseudonym for one in sent.participants] == ["Rose", "Sam"]
    assert read_quote(quote, quote["id"]).participant_id == sent.participants[1].id


def test_the_server_reads_what_somebody_says_of_themselves() -> None:
    body = BODIES["story_of_somebody_who_says_who_they_are"]
    [rose] = read_story(body, body["id"]).participants
    assert rose.own_words == "A deaf gran of five “terrors” 🌧"
    assert list(rose.groups) == body["participants"][0]["groups"]
    group = BODIES["story_of_a_group"]
    assert [(one.own_words, one.groups) for one in read_story(group, group["id"]).participants] == [("", ()), ("", ())]


def test_bodies_of_phones_of_before_say_nothing_new() -> None:
    """fault 14"""
    sent = read_consent(BODIES["consent"], BODIES["consent"]["id"])
    assert (sent.participant_id, sent.wording_sha256, sent.evidence) == (None, None, None)
    assert read_story(BODIES["story"], BODIES["story"]["id"]).participants == ()
    assert read_quote(BODIES["quote"], BODIES["quote"]["id"]).participant_id is None
    assert read_withdrawal(BODIES["withdrawal"], BODIES["withdrawal"]["id"]).receipt_code_hashes == ()
