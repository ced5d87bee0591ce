"""A story that a partner keeps, looked for at every address, as everybody: others find nothing of it, not a word, byte,
count or name, until it is shared; the partner's own people have it whole. Whoever runs the project learns in the
register that there is one, of which day and under which number, and no more. A new route joins by itself.

Nobody but the partner's lead changes what it shares, unless that is entered as an override: every route is tried.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from server.domain.access import Role
from server.domain.audit import Action
from server.domain.consent import FOREVER
from server.domain.ids import new_id
from server.models.audit import AuditEntry
from server.models.consent import Clearance
from server.models.organisation import Partner
from server.models.people import Membership
from server.models.story import Story
from tests import makers, makers_of_partners
from tests.conftest import Browser
from tests.pages.everywhere import (
    BYTES,
    CANARIES,
    NAME,
    PLACE,
    QUOTE,
    TELLER,
    UNFINISHED,
    WITNESS,
    Place,
    Victim,
    pages,
)
from tests.pages.test_embargo_everywhere import AUDIENCES, seen_at, without_feed

NAMES = {text.encode() for text in (NAME, PLACE, TELLER, WITNESS)}
# A lead keeps the register of the partner; administrators how the work stands; a phone offers the places where its own
# person was.
KEPT: dict[Role, set[bytes]] = {role: set() for role in Role} | {
    Role.CUSTODIAN: NAMES, Role.RESEARCHER: {PLACE.encode()}, Role.ADMINISTRATOR: {UNFINISHED.encode()}}


@pytest.fixture
def victim(app: Flask, place: Place) -> Victim:
    return Victim(place, app.extensions["earshot"])


def keep(place: Place, victim: Victim) -> None:
    makers_of_partners.keep(place.session, victim.story, place.partner)
    place.session.commit()


def test_for_others_a_kept_story_is_as_if_it_had_never_been(app: Flask, place: Place) -> None:
    """fault 44"""
    before = without_feed(pages(app, place, AUDIENCES))
    victim = Victim(place, app.extensions["earshot"])
    assert without_feed(pages(app, place, AUDIENCES)) != before, "the test must be able to see what it looks for"
    keep(place, victim)
    address = (Role.COMMISSIONER.value, f"/provocations/{place.provocation.id}")
    now = without_feed(pages(app, place, AUDIENCES))
    assert b"4 things that this rested on are not shown any more" in now.pop(address)[1], "who made it is told"
    del before[address]
    assert now == before


@pytest.mark.slow
def test_nothing_of_it_gets_out_at_any_address_whole_or_in_part(app: Flask, place: Place, victim: Victim) -> None:
    """fault 44"""
    keep(place, victim)
    for role, browser in place.browsers.items():
        for address, status, body in seen_at(app, place, victim, browser):
            assert {mark for mark in CANARIES if mark in body} <= KEPT[role], (role, address)
            assert status != 206, (role, address)
    for (role, address), (_, body) in pages(app, place).items():
        assert {mark for mark in CANARIES if mark in body} <= KEPT[Role(role)], (role, address)
    for address, _, body in seen_at(app, place, victim, app.test_client()):
        assert not [mark for mark in CANARIES if mark in body], address


@pytest.mark.slow
def test_its_own_people_have_it_whole(app: Flask, place: Place, victim: Victim,
                                      sign_in_as: Callable[..., Browser]) -> None:
    theirs = {role: sign_in_as(makers_of_partners.person_of(place.session, place.project, place.partner, role))
              for role in AUDIENCES}
    place.session.commit()
    shown = {role: {mark for _, _, body in seen_at(app, place, victim, place.browsers[role]) for mark in CANARIES
                    if mark in body} for role in AUDIENCES}
    assert {QUOTE.encode(), BYTES["playback"], BYTES["clip"]} <= shown[Role.COMMISSIONER]
    keep(place, victim)
    for role, browser in theirs.items():
        found = {mark for _, _, body in seen_at(app, place, victim, browser) for mark in CANARIES if mark in body}
        assert found >= shown[role], role


@pytest.mark.slow
def test_once_the_day_has_come_it_is_there_for_everybody_to_the_letter(app: Flask, place: Place,
                                                                       victim: Victim) -> None:
    every = without_feed(pages(app, place, AUDIENCES))
    parts = {role: list(seen_at(app, place, victim, place.browsers[role])) for role in AUDIENCES}
    keep(place, victim)
    soon = datetime.now(UTC) + timedelta(days=1)
    for others_from in (soon, soon - timedelta(days=2)):
        for table in (Clearance, Partner):
            place.session.execute(update(table).where(table.others_from > makers.NOON).values(others_from=others_from))
        place.session.commit()
        is_there = others_from < datetime.now(UTC)
        assert (without_feed(pages(app, place, AUDIENCES)) == every) is is_there
    assert {role: list(seen_at(app, place, victim, place.browsers[role])) for role in AUDIENCES} == parts


def test_what_a_provocation_rested_on_is_spoken_of_to_whoever_made_it_alone(
        place: Place, victim: Victim, sign_in_as: Callable[..., Browser]) -> None:
    other = sign_in_as(makers.make_person(place.session, place.project, Role.COMMISSIONER))
    keep(place, victim)
    for browser, is_told in ((place.browsers[Role.COMMISSIONER], True), (other, False)):
        shown = browser.get(f"/provocations/{place.provocation.id}")
        assert ("has taken them back" in shown.text) is is_told


def test_the_register_of_the_project_says_that_there_is_one_and_no_name(place: Place, victim: Victim) -> None:
    keep(place, victim)
    address = f"/projects/{place.project.id}/register"
    for where in (address, f"{address}/{victim.story.id}", f"{address}/{victim.story.id}/withdraw"):
        shown = place.browsers[Role.ADMINISTRATOR].get(where)
        assert shown.status_code == 200
        assert "Carers Together" in shown.text
        assert not [mark for mark in NAMES if mark in shown.data], where
    for search in (NAME, TELLER, PLACE):
        found = place.browsers[Role.ADMINISTRATOR].get(address, query_string={"search": search}).text
        assert victim.story.id not in found
    own = place.browsers[Role.CUSTODIAN].get(address).text
    assert NAME in own
    assert place.staying.id not in own, "what others collected is not a lead's to look after"


def custody_of(session: Session) -> list[Any]:
    session.rollback()
    return [sorted(session.execute(query).all(), key=str) for query in (
        select(Clearance.story_id, Clearance.audience, Clearance.content, Clearance.held_by, Clearance.others_from),
        select(Story.id, Story.organisation_id, Story.custody),
        select(Partner.organisation_id, Partner.others_from, Partner.left_at),
        select(Membership.person_id, Membership.role, Membership.organisation_id).where(
            Membership.organisation_id.is_not(None)))]


# What forms ask for, with which something would be shared. Whatever else a form wants is wrong or missing.
SHARE = {"sharing": "at_once", "choice": "shared", "version": "1", "role": "custodian", "name": "Carers Together",
         "role_name": "custodian"}


def test_no_route_lets_an_administrator_change_what_a_partner_keeps_without_an_override(
        app: Flask, place: Place, victim: Victim, session: Session) -> None:
    keep(place, victim)
    browser, before, tried = place.browsers[Role.ADMINISTRATOR], custody_of(session), 0
    ends = ("withdraw", "sign-out", "/remove", "/role")  # a withdrawal and a role's end give nobody anything
    for rule, address in victim.addresses(app, place):
        if "POST" not in (rule.methods or ()) or address.endswith(ends):
            continue
        tried += 1
        browser.post(address, data=SHARE | {"story": victim.story.id})
        assert custody_of(session) == before, address
    assert tried > 40
    assert Action.OVERRODE_CUSTODY not in set(session.scalars(select(AuditEntry.action)))


@pytest.mark.parametrize(("path", "form"), [
    ("terms", {}), ("stories", {}), ("leave", {}), ("invite", {})], ids=["terms", "one story", "leaving", "a lead"])
def test_with_a_reason_it_is_an_override_in_the_audit_and_on_the_partners_page(
        place: Place, victim: Victim, session: Session, path: str, form: dict[str, str]) -> None:
    keep(place, victim)
    before = custody_of(session)
    address = f"/projects/{place.project.id}/partners/{place.partner}"
    answer = place.browsers[Role.ADMINISTRATOR].post(
        f"{address}/{path}", data=SHARE | form | {"story": victim.story.id, "reason": "Their office burnt down."})
    assert answer.status_code in (200, 302, 303)
    entries = session.scalars(select(AuditEntry).where(AuditEntry.action == Action.OVERRODE_CUSTODY.value)).all()
    assert [(entry.person_id, entry.subject_id) for entry in entries] == [
        (place.people[Role.ADMINISTRATOR].id, place.partner)]
    assert "burnt" not in str(entries[0].details)
    if path == "leave":
        assert place.browsers[Role.CUSTODIAN].get(address).status_code == 404
        return
    assert (custody_of(session) != before) == (path != "invite")
    assert "decided something in your place" in place.browsers[Role.CUSTODIAN].get("/").text
    told = place.browsers[Role.CUSTODIAN].get(address).text
    assert "An administrator did this in your place" in told
    assert "Their office burnt down." in told
    override = entries[0].details["override"]
    assert place.browsers[Role.CUSTODIAN].post(f"{address}/overrides/{override}").status_code == 303
    told = place.browsers[Role.CUSTODIAN].get(address).text
    assert "An administrator did this in your place" not in told
    assert "Their office burnt down." in told, "what was done stays in the list"


def test_a_lead_shares_takes_back_and_chooses_on_pages_that_need_no_script(place: Place, victim: Victim) -> None:
    keep(place, victim)
    lead, session = place.browsers[Role.CUSTODIAN], place.session
    address = f"/projects/{place.project.id}/partners/{place.partner}"

    def others_from() -> set[datetime]:
        session.rollback()
        return set(session.scalars(select(Clearance.others_from).where(Clearance.story_id == victim.story.id)))

    day, form = {"from-day": "1", "from-month": "9", "from-year": "2100"}, lead.get(f"{address}/terms").text
    assert all(f'name="{field}"' in form for field in (*day, "sharing", "version"))
    assert lead.post(f"{address}/terms", data={"sharing": "from", "version": "1"} | day).status_code == 303
    assert others_from() == {datetime(2100, 9, 1, tzinfo=UTC)}
    assert "1 September 2100" in lead.get(address).text
    for wrong in ({"sharing": "from"} | day | {"from-day": "31"}, {"sharing": "never"}, {"sharing": "from"}):
        answer = lead.post(f"{address}/terms", data=wrong | {"version": "2"})
        assert answer.status_code == 422
        assert "There is a problem" in answer.text
    assert lead.post(f"{address}/terms", data={"sharing": "not", "version": "1"}).status_code == 412
    assert lead.post(f"{address}/stories", data={"story": victim.story.id, "choice": "kept"}).status_code == 303
    assert others_from() == {FOREVER}
    assert lead.post(f"{address}/stories", data={"choice": "kept"}).status_code == 422
    assert lead.post(f"{address}/stories", data={"story": victim.story.id}).status_code == 422
    for story_id in (place.staying.id, new_id(), "no id"):
        assert lead.post(f"{address}/stories", data={"story": story_id, "choice": "shared"}).status_code == 404
