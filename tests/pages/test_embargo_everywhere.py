"""A story that is held back, looked for at every address, as everybody: not a word, byte, count or name of it leaves.

The register keeps what tells it apart, for those who may withdraw it. Once it is lifted everything is as it was, to the
letter. A new route joins by itself.
"""

from collections.abc import Callable, Iterator

import pytest
from flask import Flask

from server.domain.access import Role
from server.domain.sync import receipt_code_hash
from server.models.story import Participant
from server.services import embargoes
from tests import makers
from tests.conftest import Browser
from tests.pages.everywhere import (
    ASKED,
    BYTES,
    CANARIES,
    NAME,
    PASSING,
    PLACE,
    QUOTE,
    TELLER,
    UNFINISHED,
    WITNESS,
    Place,
    Victim,
    pages,
)

AUDIENCES = (Role.COMMISSIONER, Role.BOARD_MEMBER, Role.ANALYST)
CUSTODY = {text.encode() for text in (NAME, PLACE, TELLER, WITNESS)}
# What administrators keep: how the work stands, and the register.
KEPT: dict[Role, set[bytes]] = {role: set() for role in Role} | {
    Role.RESEARCHER: CUSTODY, Role.ADMINISTRATOR: CUSTODY | {UNFINISHED.encode()}}
REASON, CODE = "A worry about wolverines.", "0123456789ABCDEFGHJKMNPQRS"
CHANGES = "/api/v1/changes"
RANGE = {"Range": "bytes=0-6"}


@pytest.fixture
def victim(app: Flask, place: Place) -> Victim:
    return Victim(place, app.extensions["earshot"])


def hold_back(place: Place, victim: Victim) -> str:
    """By whoever collected it, named to an administrator."""
    session = place.session
    embargo_id = embargoes.put(session, makers.viewer_of(session, place.people[Role.RESEARCHER]), place.project.id,
                               victim.story.id, REASON, place.people[Role.ADMINISTRATOR].id)
    session.commit()
    victim.ids["embargo_id"] = embargo_id
    return embargo_id


def seen_at(app: Flask, place: Place, victim: Victim, browser: Browser) -> Iterator[tuple[str, int, bytes]]:
    """Every answer to a question for something of the story, whole and in part."""
    for rule, address in victim.addresses(app, place):
        if "GET" in (rule.methods or ()) and rule.arguments & {*victim.ids, "part_id", "provocation_id"}:
            for headers in ({}, RANGE):
                answer = browser.get(address, headers=headers)
                yield address, answer.status_code, PASSING.sub(b"", answer.data + str(answer.headers).encode())


def without_feed(seen: dict[tuple[str, str], tuple[int, bytes]]) -> dict[tuple[str, str], tuple[int, bytes]]:
    return {key: page for key, page in seen.items() if key[1] != CHANGES}


def test_whom_it_was_agreed_for_finds_a_story_that_is_held_back_as_if_it_had_never_been(
        app: Flask, place: Place) -> None:
    before = pages(app, place, AUDIENCES)
    victim = Victim(place, app.extensions["earshot"])
    assert pages(app, place, AUDIENCES) != before, "the test must be able to see what it looks for"
    hold_back(place, victim)
    assert pages(app, place, AUDIENCES) == before


def test_nothing_of_it_gets_out_at_any_address_whole_or_in_part(app: Flask, place: Place, victim: Victim) -> None:
    first = {}
    for role in (Role.COMMISSIONER, Role.ADMINISTRATOR):
        shown = b"".join(body for _, _, body in seen_at(app, place, victim, place.browsers[role]))
        first[role] = {mark for mark in CANARIES if mark in shown}
    assert {QUOTE.encode(), BYTES["playback"], BYTES["clip"], ASKED.encode()} <= first[Role.COMMISSIONER]
    assert BYTES["evidence"] in first[Role.ADMINISTRATOR]
    hold_back(place, victim)
    for role, browser in place.browsers.items():
        for address, status, body in seen_at(app, place, victim, browser):
            assert {mark for mark in CANARIES if mark in body} <= KEPT[role], (role, address)
            assert status != 206, (role, address)
    for (role, address), (_, body) in pages(app, place, KEPT).items():
        assert {mark for mark in CANARIES if mark in body} <= KEPT[Role(role)], (role, address)
    for address, _, body in seen_at(app, place, victim, app.test_client()):
        assert not [mark for mark in CANARIES if mark in body], address


@pytest.mark.slow
def test_why_is_shown_to_those_whom_it_concerns_alone(app: Flask, place: Place, victim: Victim,
                                                      sign_in_as: Callable[..., Browser]) -> None:
    hold_back(place, victim)
    others = [sign_in_as(makers.make_person(place.session, place.project, role)) for role in
              (Role.RESEARCHER, Role.COMMISSIONER)]
    knows = {Role.RESEARCHER, Role.ADMINISTRATOR}
    for role, browser in place.browsers.items():
        is_told = any(b"wolverines" in body for _, _, body in seen_at(app, place, victim, browser))
        assert is_told == (role in knows), role
    for browser in [*others, app.test_client()]:
        for address, _, body in seen_at(app, place, victim, browser):
            assert b"wolverines" not in body, address
    for (role, address), (_, body) in pages(app, place, set(Role) - knows).items():
        assert b"wolverines" not in body, (role, address)


@pytest.mark.slow
def test_lifting_it_brings_everything_back_to_the_letter(app: Flask, place: Place, victim: Victim) -> None:
    every = without_feed(pages(app, place, AUDIENCES))
    parts = {role: list(seen_at(app, place, victim, place.browsers[role])) for role in AUDIENCES}
    embargo_id = hold_back(place, victim)
    del victim.ids["embargo_id"]
    assert without_feed(pages(app, place, AUDIENCES)) != every
    embargoes.lift(place.session, makers.viewer_of(place.session, place.people[Role.ADMINISTRATOR]), place.project.id,
                   embargo_id)
    place.session.commit()
    assert without_feed(pages(app, place, AUDIENCES)) == every
    assert {role: list(seen_at(app, place, victim, place.browsers[role])) for role in AUDIENCES} == parts


def test_the_receipt_of_whoever_told_it_says_nothing_of_it(app: Flask, place: Place, victim: Victim) -> None:
    person = place.session.query(Participant).filter_by(story_id=victim.story.id, position=0).one()
    person.receipt_code_hash = receipt_code_hash(CODE)
    place.session.commit()
    visitor = app.test_client()

    def receipt() -> bytes:
        answer = visitor.get(f"/receipt/{CODE}")
        assert answer.status_code == 200
        return PASSING.sub(b"", answer.data)

    before = receipt()
    hold_back(place, victim)
    assert receipt() == before


def test_the_operators_command_line_gives_none_of_its_words(app: Flask, place: Place, victim: Victim) -> None:
    run = app.test_cli_runner().invoke
    assert "owls" in run(args=["transcript", victim.recording.id]).output
    hold_back(place, victim)
    refused = run(args=["transcript", victim.recording.id])
    assert refused.exit_code == 1
    assert not [mark for mark in CANARIES if mark.decode() in refused.output]
