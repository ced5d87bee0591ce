"""A withdrawn story, looked for at every address, as everybody: not a word, byte, count or name of it is left.

Before the story exists, every page of its project is kept as each role sees it. After the withdrawal each of them must
be the same again to the letter, so that no count gives the story away. A new route joins by itself; a route with a
part of its address that is not known here fails the test.
"""

from typing import Any

from flask import Flask
from sqlalchemy.orm import Session

from server.domain.access import Role
from server.models.consent import Clearance
from server.services import evidence, withdrawals
from tests import makers
from tests.pages.everywhere import (
    BYTES,
    CANARIES,
    CORRECTED,
    DESCRIPTION,
    DRAFTED,
    MEMO,
    NAME,
    QUOTE,
    SPEAKER,
    Place,
    Victim,
    addresses,
    pages,
)


def without_news(place: Place, seen: dict[tuple[str, str], Any]) -> dict[tuple[str, str], Any]:
    """All but what is there to tell of it: the feed, which goes on counting and tells the phones of the project which
    id has ended, and the list that leads to the checklists of withdrawals."""
    telling = {"/api/v1/changes", f"/projects/{place.project.id}/register/withdrawn"}
    return {(role, address): page for (role, address), page in seen.items() if address not in telling}


def test_every_part_of_an_address_is_known_to_this_test(app: Flask, place: Place) -> None:
    known = {*place.common, "story_id", "recording_id", "photo_id", "quote_id", "excerpt_id", "consent_id",
             "evidence_id", "part_id", "transcript_id", "speaker_id", "region_id", "note_id"}
    assert {name for rule in app.url_map.iter_rules() for name in rule.arguments} <= known


def test_a_withdrawn_story_is_nowhere(app: Flask, place: Place, session: Session) -> None:
    before = without_news(place, pages(app, place))
    victim = Victim(place, app.extensions["earshot"])
    found = b"".join(body for _, body in pages(app, place).values())
    for role, browser in place.browsers.items():
        for rule, address in victim.addresses(app, place):
            if "GET" in (rule.methods or ()) and not address.startswith("/sign-in/link"):
                found += browser.get(address).data
        assert role.value
    shown = {canary for canary in CANARIES if canary in found}
    assert {NAME.encode(), QUOTE.encode(), b"owls", DESCRIPTION.encode(), BYTES["playback"], BYTES["clip"],
            BYTES["derivative"], BYTES["drafted"], DRAFTED.encode(), CORRECTED.encode(), SPEAKER.encode(),
            MEMO.encode()} <= shown, "the test must be able to see what it looks for"
    assert BYTES["original"] not in shown
    assert BYTES["photo"] not in shown

    researcher = makers.viewer_of(session, place.people[Role.RESEARCHER])
    withdrawals.withdraw(session, researcher, victim.story.id, "They asked for it back.")
    session.commit()

    now = pages(app, place)
    assert without_news(place, now) == before
    assert not [key for key, (_, body) in now.items() if any(canary in body for canary in CANARIES)]
    for browser in (*place.browsers.values(), app.test_client()):
        for rule, address in victim.addresses(app, place):
            for method in (rule.methods or set()) - {"OPTIONS"}:
                answer = browser.open(address, method=method)
                assert not [canary for canary in CANARIES if canary in answer.data], (method, address)
                assert not [canary for canary in CANARIES if canary.decode() in str(answer.headers)], (method, address)


def test_its_addresses_answer_as_if_it_had_never_been(app: Flask, place: Place, session: Session) -> None:
    victim = Victim(place, app.extensions["earshot"])
    withdrawals.withdraw(session, makers.viewer_of(session, place.people[Role.ADMINISTRATOR]), victim.story.id)
    session.commit()
    for browser in place.browsers.values():
        for rule, address in addresses(app, place.common | victim.ids, []):
            if rule.arguments & set(victim.ids) and "GET" in (rule.methods or ()) and "withdrawn" not in address:
                # A phone is told that what it has ended, so that it lets go of its copy.
                ended = {404, 410} if address.startswith("/api/v1/recordings/") else {404}
                assert browser.get(address).status_code in ended, address


def test_taking_one_guard_away_is_noticed(app: Flask, place: Place, session: Session) -> None:
    """A story whose clearances are gone but whose rows are still there is as invisible as one that is erased."""
    audiences = (Role.COMMISSIONER, Role.BOARD_MEMBER, Role.ANALYST)
    before = pages(app, place, audiences)
    victim = Victim(place, app.extensions["earshot"])
    session.query(Clearance).filter_by(story_id=victim.story.id).delete()
    session.commit()
    now = pages(app, place, audiences)
    assert [key for key, page in now.items() if page != before[key]] == []
    assert evidence.list_evidence(session, place.commissioner, place.provocation.id)
