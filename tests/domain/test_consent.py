"""The rules of consent, beside the decision table in `tests/contract/consent.json`."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.domain import consent as rules
from server.domain.consent import (
    FOREVER,
    Audience,
    Clearance,
    ConsentRecord,
    Content,
    History,
    Scope,
    Standing,
    Use,
    Withdrawal,
    are_all_asked,
    may_keep_quote,
    may_transcribe,
    standings,
)

EVERYTHING = {use: True for use in Use}
WITHDRAWN = Withdrawal(datetime(2026, 5, 4, tzinfo=UTC))

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)

ANSWERS = st.dictionaries(st.sampled_from(list(Use)), st.booleans())
MINUTES = st.integers(-10**6, 10**6)
HISTORIES = st.lists(st.tuples(ANSWERS, MINUTES)).map(
    lambda said: [record(number, answers, minutes) for number, (answers, minutes) in enumerate(said)]
)


def history_of(records: Sequence[ConsentRecord], withdrawal: Withdrawal | None = None,
               participants: Sequence[str] = ()) -> History:
    return History(tuple(records), tuple(participants), (withdrawal,) if withdrawal else ())


def agreed_uses(records: Sequence[ConsentRecord], withdrawal: Withdrawal | None = None,
                participants: Sequence[str] = ()) -> frozenset[Use]:
    return rules.agreed_uses(history_of(records, withdrawal, participants), NOON)


def agreed_by(person: str, records: Sequence[ConsentRecord], participants: Sequence[str]) -> set[Use]:
    return set(rules.ends_by(person, history_of(records, None, participants)))


def decide(records: Sequence[ConsentRecord], withdrawal: Withdrawal | None = None,
           participants: Sequence[str] = ()) -> frozenset[Clearance]:
    return rules.decide(history_of(records, withdrawal, participants))


def record(sequence: int, answers: dict[Use, bool], minutes: int = 0) -> ConsentRecord:
    """A record that was given so many minutes after noon."""
    return ConsentRecord(sequence, answers, NOON + timedelta(minutes=minutes))


def said_by(person: str | None, sequence: int, *uses: Use, minutes: int = 0) -> ConsentRecord:
    """What one of several people said: yes to these uses alone."""
    return ConsentRecord(sequence, dict.fromkeys(uses, True), NOON + timedelta(minutes=minutes), person)


def cleared(**answers: bool) -> set[tuple[Audience, Content]]:
    given_now = record(1, {Use(use): yes for use, yes in answers.items()})
    return {(item.audience, item.content) for item in decide([given_now])}


def test_without_a_record_nothing_is_cleared() -> None:
    assert decide([]) == frozenset()


def test_agreeing_to_everything_clears_all_but_voice_and_photos_in_publications() -> None:
    everything = {Clearance(audience, content) for audience in Audience for content in Content}
    never = {Clearance(Audience.PUBLICATION, Content.AUDIO), Clearance(Audience.PUBLICATION, Content.PHOTO)}
    assert decide([record(1, EVERYTHING)]) == everything - never


@pytest.mark.parametrize(("use", "audience"), [
    (Use.COMMISSIONERS, Audience.COMMISSIONERS), (Use.BOARD, Audience.BOARD), (Use.PUBLICATION, Audience.PUBLICATION),
])
def test_refusing_an_audience_clears_nothing_for_it(use: Use, audience: Audience) -> None:
    assert not {item for item in decide([record(1, EVERYTHING | {use: False})]) if item.audience is audience}


def test_a_transcript_needs_recording_and_transcribing() -> None:
    assert (Audience.BOARD, Content.WORDS) not in cleared(record=True, board=True)
    assert (Audience.BOARD, Content.WORDS) not in cleared(transcribe=True, board=True)
    assert (Audience.BOARD, Content.WORDS) in cleared(record=True, transcribe=True, board=True)
    assert not may_transcribe(frozenset({Use.TRANSCRIBE}))


def test_a_quote_is_kept_only_when_somebody_may_read_it() -> None:
    assert not may_keep_quote(frozenset({Use.RECORD, Use.TRANSCRIBE, Use.PHOTOS}))
    assert may_keep_quote(frozenset({Use.PUBLICATION}))


NARROW = EVERYTHING | {Use.BOARD: False}


@pytest.mark.parametrize("minutes", [0, 1])
def test_the_newest_record_counts(minutes: int) -> None:
    old, new = record(1, NARROW), record(2, EVERYTHING, minutes)
    assert decide([new, old]) == decide([new])


def test_a_late_record_that_was_given_earlier_widens_nothing() -> None:
    """fault 31"""
    narrow, late = record(1, NARROW, minutes=60), record(2, EVERYTHING, minutes=0)
    assert agreed_uses([narrow, late]) == agreed_uses([narrow])


def test_a_no_from_a_phone_that_lives_in_the_past_holds() -> None:
    """fault 31"""
    wide, narrow = record(1, EVERYTHING), record(2, NARROW, minutes=-7 * 365 * 24 * 60)
    assert Use.BOARD not in agreed_uses([wide, narrow])


def test_asking_again_ends_every_doubt() -> None:
    """fault 31"""
    doubtful = [record(1, EVERYTHING), record(2, NARROW, minutes=-600)]
    assert agreed_uses([*doubtful, record(3, EVERYTHING, minutes=5)]) == set(Use)
    assert agreed_uses([*doubtful, record(3, {}, minutes=5)]) == frozenset()


@given(HISTORIES.filter(bool))
def test_whichever_sign_is_right_no_more_holds_than_the_newest_answers_agree_to(history: list[ConsentRecord]) -> None:
    """fault 31"""
    last_given = max(history, key=lambda record: (record.given_at, record.sequence))
    for newest in (last_given, history[-1]):
        assert agreed_uses(history) <= {use for use, yes in newest.answers.items() if yes}


@given(st.lists(ANSWERS, min_size=1, max_size=4))
def test_with_right_clocks_no_order_of_arrival_gives_more_than_was_agreed_to_last(said: list[dict[Use, bool]]) -> None:
    """fault 31"""
    agreed_last = {use for use, yes in said[-1].items() if yes}
    for order in permutations(enumerate(said)):
        arrived = [record(number, answers, minutes) for number, (minutes, answers) in enumerate(order)]
        assert agreed_uses(arrived) <= agreed_last
    assert agreed_uses([record(number, answers, number) for number, answers in enumerate(said)]) == agreed_last


def test_after_a_withdrawal_nothing_is_cleared_whatever_came_later() -> None:
    assert agreed_uses([record(9, EVERYTHING)], WITHDRAWN) == frozenset()
    assert decide([record(9, EVERYTHING)], WITHDRAWN) == frozenset()


@given(HISTORIES)
def test_nothing_is_ever_cleared_for_an_audience_that_the_newest_answers_refuse(history: list[ConsentRecord]) -> None:
    newest = history[-1].answers if history else {}
    for item in decide(history):
        assert newest.get(Use(item.audience.value)) is True


BOARD, RECORD = Use.BOARD, Use.RECORD


@pytest.mark.parametrize(("records", "participants", "expected"), [
    # Everybody agrees, or one says no.
    ([said_by("a", 1, BOARD, RECORD), said_by("b", 2, BOARD, RECORD)], ["a", "b"], {BOARD, RECORD}),
    ([said_by("a", 1, BOARD, RECORD), said_by("b", 2, BOARD)], ["a", "b"], {BOARD}),
    # Somebody who was not asked has not agreed.
    ([said_by("a", 1, BOARD)], ["a", "b"], set()),
    ([], ["a", "b"], set()),
    # Each one's newest record counts, and nobody else's takes its place.
    ([said_by("a", 1, BOARD), said_by("b", 2, BOARD), said_by("a", 3, minutes=1)], ["a", "b"], set()),
    ([said_by("a", 1), said_by("b", 2, BOARD), said_by("a", 3, BOARD, minutes=1)], ["a", "b"], {BOARD}),
    # Somebody with a record is one of them, also where the story does not name them.
    ([said_by("a", 1, BOARD), said_by("c", 2)], ["a"], set()),
    ([said_by("a", 1, BOARD), said_by("c", 2, BOARD)], ["a"], {BOARD}),
    ([said_by("a", 1, BOARD), said_by("c", 2), said_by("c", 3, BOARD, minutes=1)], ["a"], {BOARD}),
    ([said_by(None, 1, BOARD), said_by("c", 2)], ["a"], set()),
    ([said_by("c", 1, BOARD)], ["a"], set()),
    # A record that names nobody is that of the only person, and speaks beside everybody's own where there are more.
    ([said_by(None, 1, BOARD)], ["a"], {BOARD}),
    ([said_by(None, 1, BOARD), said_by("a", 2, minutes=1)], ["a"], set()),
    ([said_by(None, 1, BOARD)], ["a", "b"], set()),
    ([said_by("a", 1, BOARD), said_by("b", 2, BOARD), said_by(None, 3)], ["a", "b"], set()),
    # Before the story has come nobody knows who told it: all who were asked count.
    ([said_by("a", 1, BOARD), said_by("b", 2)], [], set()),
    ([said_by("a", 1, BOARD), said_by("b", 2, BOARD)], [], {BOARD}),
])
def test_a_use_of_a_group_story_holds_when_everybody_who_told_it_agrees(
    records: list[ConsentRecord], participants: list[str], expected: set[Use]
) -> None:
    assert agreed_uses(records, None, participants) == expected
    for shuffled in permutations(records):
        assert agreed_uses(shuffled, None, list(reversed(participants))) == expected
    assert agreed_uses(records, WITHDRAWN, participants) == frozenset()


@given(HISTORIES, st.lists(st.sampled_from("abc"), unique=True))
def test_one_more_person_never_adds_a_use(history: list[ConsentRecord], people: list[str]) -> None:
    named = [ConsentRecord(item.sequence, item.answers, item.given_at, "abc"[item.sequence % 3]) for item in history]
    if people:
        assert agreed_uses(named, None, [*people, "d"]) <= agreed_uses(named, None, people)


@given(HISTORIES, st.lists(st.sampled_from("abc"), unique=True))
def test_a_story_that_comes_after_its_records_never_adds_a_use(history: list[ConsentRecord], people: list[str]) -> None:
    named = [ConsentRecord(item.sequence, item.answers, item.given_at, "abc"[item.sequence % 3]) for item in history]
    assert agreed_uses(named, None, people) <= agreed_uses(named)


def test_what_one_of_a_group_agreed_to_is_theirs_alone() -> None:
    records = [said_by("a", 1, BOARD), said_by("b", 2, RECORD)]
    assert agreed_by("a", records, ["a", "b"]) == {BOARD}
    assert agreed_by("b", records, ["a", "b"]) == {RECORD}
    assert agreed_by("a", [said_by(None, 1, BOARD)], ["a"]) == {BOARD}
    assert agreed_by("a", [said_by(None, 1, BOARD)], ["a", "b"]) == frozenset()


def test_a_story_waits_until_everybody_who_told_it_was_asked() -> None:
    assert not are_all_asked([], [])
    assert are_all_asked([None], [])
    assert are_all_asked([None], ["a"])
    assert not are_all_asked(["b"], ["a"])
    assert not are_all_asked([None, "a"], ["a", "b"])
    assert are_all_asked(["b", "a"], ["a", "b"])


YEAR = timedelta(days=365)


def test_a_yes_ends_when_it_was_said_to() -> None:
    history = history_of([ConsentRecord(1, EVERYTHING, NOON, "a", {Use.BOARD: NOON + YEAR})])
    assert Use.BOARD in rules.agreed_uses(history, NOON + YEAR - timedelta(microseconds=1))
    assert rules.agreed_uses(history, NOON + YEAR) == set(Use) - {Use.BOARD}
    ends = {item.audience: item.until for item in rules.decide(history)}
    assert ends == {Audience.COMMISSIONERS: FOREVER, Audience.BOARD: NOON + YEAR, Audience.PUBLICATION: FOREVER}


def test_what_needs_two_uses_ends_with_the_first_of_them() -> None:
    until = {Use.BOARD: NOON + 2 * YEAR, Use.TRANSCRIBE: NOON + YEAR}
    cleared = {item.content: item.until for item in rules.decide(history_of([ConsentRecord(
        1, EVERYTHING, NOON, None, until)])) if item.audience is Audience.BOARD}
    assert cleared == {Content.QUOTE: NOON + 2 * YEAR, Content.PHOTO: NOON + 2 * YEAR,
                       Content.AUDIO: NOON + 2 * YEAR, Content.WORDS: NOON + YEAR}


def test_a_use_of_a_group_story_ends_with_the_first_of_their_agreements() -> None:
    records = [ConsentRecord(number, EVERYTHING, NOON, person, {Use.BOARD: NOON + years * YEAR})
               for number, (person, years) in enumerate([("a", 2), ("b", 1)])]
    assert rules.agreed_until(history_of(records, None, ["a", "b"]))[Use.BOARD] == NOON + YEAR


@pytest.mark.parametrize(("scope", "kept"), [
    (Scope.NO_NEW_USE, set()), (Scope.ERASE, set()),
    (Scope.WORDS_ONLY, {Content.QUOTE, Content.WORDS}), (Scope.ANONYMOUS, {Content.QUOTE, Content.WORDS}),
])
def test_a_withdrawal_leaves_what_its_scope_leaves(scope: Scope, kept: set[Content]) -> None:
    history = history_of([record(1, EVERYTHING)], Withdrawal(NOON, scope))
    assert {item.content for item in rules.decide(history)} == kept
    agreed = rules.agreed_uses(history, NOON)
    assert not agreed & {Use.RECORD, Use.PHOTOS}, "nothing is kept of a voice or a face that comes late"
    assert (Use.TRANSCRIBE in agreed) is (scope is Scope.WORDS_ONLY)


def test_under_an_embargo_a_story_is_kept_and_nothing_of_it_leaves() -> None:
    history = History((record(1, EVERYTHING),), (), (), is_under_embargo=True)
    assert rules.decide(history) == frozenset()
    assert rules.agreed_uses(history, NOON) == set(Use)


def test_it_is_known_who_stands_in_the_way_of_what() -> None:
    """The other person agreed once, a third was not asked, and somebody else was who did not tell it."""
    records = [said_by("a", 1, BOARD), said_by("b", 2, BOARD), said_by("b", 3, minutes=1),
               ConsentRecord(4, {BOARD: True}, NOON, "d", {BOARD: NOON})]
    found = standings(history_of(records, None, ["a", "b", "c"]), NOON)
    assert {person: uses[BOARD] for person, uses in found.items()} == {
        "a": Standing.GRANTED, "b": Standing.WITHDRAWN, "c": Standing.NOT_ASKED, "d": Standing.EXPIRED}
    assert {uses[RECORD] for person, uses in found.items() if person != "c"} == {Standing.REFUSED}


@given(HISTORIES, st.lists(st.sampled_from("abc"), unique=True), st.integers(0, 3))
def test_a_use_holds_exactly_where_it_is_granted_by_everybody(
        history: list[ConsentRecord], people: list[str], choice: int) -> None:
    whose = [None, "a", "b", "d"]
    named = [ConsentRecord(item.sequence, item.answers, item.given_at, whose[item.sequence * choice % 4])
             for item in history]
    told = history_of(named, None, people)
    found = standings(told, NOON)
    expected = {use for use in Use if found and all(uses[use] is Standing.GRANTED for uses in found.values())}
    assert rules.agreed_uses(told, NOON) == expected
