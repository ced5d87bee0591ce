"""The decision table of consent."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.domain.consent import (
    Audience,
    Clearance,
    ConsentRecord,
    Content,
    Use,
    Withdrawal,
    agreed_uses,
    decide,
    may_keep_quote,
    may_transcribe,
)

EVERYTHING = {use: True for use in Use}
WITHDRAWN = Withdrawal(datetime(2026, 5, 4, tzinfo=UTC))

HISTORIES = st.lists(st.dictionaries(st.sampled_from(list(Use)), st.booleans())).map(
    lambda answers: [ConsentRecord(number, answer) for number, answer in enumerate(answers)]
)


def cleared(**answers: bool) -> set[tuple[Audience, Content]]:
    record = ConsentRecord(1, {Use(use): yes for use, yes in answers.items()})
    return {(item.audience, item.content) for item in decide([record])}


def test_without_a_record_nothing_is_cleared() -> None:
    assert decide([]) == frozenset()


def test_agreeing_to_everything_clears_all_but_voice_and_photos_in_publications() -> None:
    everything = {Clearance(audience, content) for audience in Audience for content in Content}
    never = {Clearance(Audience.PUBLICATION, Content.AUDIO), Clearance(Audience.PUBLICATION, Content.PHOTO)}
    assert decide([ConsentRecord(1, EVERYTHING)]) == everything - never


@pytest.mark.parametrize(("use", "audience"), [
    (Use.COMMISSIONERS, Audience.COMMISSIONERS), (Use.BOARD, Audience.BOARD), (Use.PUBLICATION, Audience.PUBLICATION),
])
def test_refusing_an_audience_clears_nothing_for_it(use: Use, audience: Audience) -> None:
    assert not {item for item in decide([ConsentRecord(1, EVERYTHING | {use: False})]) if item.audience is audience}


def test_a_transcript_needs_recording_and_transcribing() -> None:
    assert (Audience.BOARD, Content.WORDS) not in cleared(record=True, board=True)
    assert (Audience.BOARD, Content.WORDS) not in cleared(transcribe=True, board=True)
    assert (Audience.BOARD, Content.WORDS) in cleared(record=True, transcribe=True, board=True)
    assert not may_transcribe(frozenset({Use.TRANSCRIBE}))


def test_a_quote_is_kept_only_when_somebody_may_read_it() -> None:
    assert not may_keep_quote(frozenset({Use.RECORD, Use.TRANSCRIBE, Use.PHOTOS}))
    assert may_keep_quote(frozenset({Use.PUBLICATION}))


def test_the_newest_record_counts() -> None:
    old, new = ConsentRecord(1, EVERYTHING), ConsentRecord(2, EVERYTHING | {Use.BOARD: False})
    assert decide([new, old]) == decide([new])


def test_after_a_withdrawal_nothing_is_cleared_whatever_came_later() -> None:
    assert agreed_uses([ConsentRecord(9, EVERYTHING)], WITHDRAWN) == frozenset()
    assert decide([ConsentRecord(9, EVERYTHING)], WITHDRAWN) == frozenset()


@given(HISTORIES)
def test_nothing_is_ever_cleared_for_an_audience_that_the_newest_answers_refuse(history: list[ConsentRecord]) -> None:
    newest = history[-1].answers if history else {}
    for item in decide(history):
        assert newest.get(Use(item.audience.value)) is True
