"""The rule of consent as a table: `pwa/tests/domain/consent-decision.test.ts` decides the same cases on the phone.

A case is what was said by whom and when, and what follows at `now`: the `uses` that hold, what is `cleared` for whom,
and how each person's agreement stands. Records and people that name nobody are null and "".
"""

import json
from collections import Counter
from datetime import datetime
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest

from server.domain.consent import (
    NEVER,
    Audience,
    ConsentRecord,
    Content,
    History,
    Scope,
    Standing,
    Use,
    Withdrawal,
    agreed_uses,
    decide,
    standings,
    still_to_agree,
)

CASES = json.loads((Path(__file__).parent / "consent.json").read_text(encoding="utf-8"))
# The uses that nobody's yes brings back.
OVER = {Scope.NO_NEW_USE: set(Use), Scope.WORDS_ONLY: {Use.RECORD, Use.PHOTOS},
        Scope.ANONYMOUS: {Use.RECORD, Use.PHOTOS, Use.TRANSCRIBE}, Scope.ERASE: set(Use)}
every_case = pytest.mark.parametrize("case", CASES, ids=lambda case: case["case"])


def record_of(row: dict[str, Any]) -> ConsentRecord:
    return ConsentRecord(row["sequence"], {use: use in row["agreed"] for use in Use}, _at(row["given_at"]),
                         row["participant"], {Use(use): _at(end) for use, end in row["until"].items()})


def history_of(case: dict[str, Any]) -> History:
    now = _at(case["now"])
    return History(tuple(record_of(row) for row in case["records"]), tuple(case["participants"]),
                   tuple(Withdrawal(now, Scope(scope)) for scope in case["withdrawals"]), case["embargo"])


def _at(text: str) -> datetime:
    return datetime.fromisoformat(text)


@every_case
def test_the_server_decides(case: dict[str, Any]) -> None:
    history, now = history_of(case), _at(case["now"])
    assert agreed_uses(history, now) == set(case["uses"])
    assert [item for item in decide(history) if item.until == NEVER] == []
    cleared = {(item.audience, item.content) for item in decide(history) if now < item.until}
    assert cleared == {(Audience(audience), Content(content)) for audience, content in case["cleared"]}
    found = {person or "": stands for person, stands in standings(history, now).items()}
    assert found == case["standings"]


@every_case
def test_no_order_of_people_or_rows_changes_what_is_decided(case: dict[str, Any]) -> None:
    history, now = history_of(case), _at(case["now"])
    for records in permutations(history.records):
        other = History(records, history.participants[::-1], history.withdrawals[::-1], history.is_under_embargo)
        assert (decide(other), agreed_uses(other, now)) == (decide(history), agreed_uses(history, now))
        assert standings(other, now) == standings(history, now)


@every_case
def test_a_use_holds_where_nobody_is_left_to_agree(case: dict[str, Any]) -> None:
    history, now = history_of(case), _at(case["now"])
    missing = still_to_agree(history, now)
    for use in Use:
        stands = {person: case["standings"][person][use] for person in case["standings"]}
        waits = {person for person, stand in stands.items() if stand != Standing.GRANTED}
        assert (use in case["uses"]) == bool(stands and not waits)
        if use in missing:
            assert {person or "" for person in missing[use]} == waits
    assert not set(missing) & {use for scope in case["withdrawals"] for use in OVER[Scope(scope)]}


def test_the_table_has_every_line_of_the_rule() -> None:
    """Each use, audience, content, scope and standing is somewhere granted and somewhere not."""
    assert len({case["case"] for case in CASES}) == len(CASES) >= 35
    assert {scope for case in CASES for scope in case["withdrawals"]} == set(Scope)
    assert {tuple(pair) for case in CASES for pair in case["cleared"]} == {
        (audience, content) for audience in Audience for content in Content
        if not (audience is Audience.PUBLICATION and content in (Content.AUDIO, Content.PHOTO))}
    seen = Counter((use, stand) for case in CASES for stands in case["standings"].values()
                   for use, stand in stands.items())
    assert set(seen) == {(use, stand) for use in Use for stand in Standing}
    assert any(case["embargo"] and case["uses"] for case in CASES)
