"""What comes before what it belongs to, on both databases: held, seen by nobody, and let in when that has come."""

import json
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from server.domain.access import Role, Viewer
from server.domain.consent import Use
from server.domain.errors import NotFound, SameIdOtherContent, UseRefused, Withdrawn
from server.domain.ids import new_id
from server.domain.sent import read_consent, read_quote, read_story
from server.domain.sync import Body, PhoneClock, Receipt, Standing
from server.models.consent import ConsentRecord
from server.models.held import HeldArrival
from server.models.people import Membership
from server.models.story import Quote, Story
from server.services import held, people, pushes, receipts, withdrawals
from tests.makers import ALL_USES, make_person, make_project, viewer_of, wording_of
from tests.services.together import together

TOLD_AT = "2026-05-04T12:00:00+01:00"
READERS = {"consent": (read_consent, pushes.push_consent), "story": (read_story, pushes.push_story),
           "quote": (read_quote, pushes.push_quote)}
Sent = tuple[str, dict[str, object]]


@pytest.fixture
def place(world: SimpleNamespace, session: Session) -> SimpleNamespace:
    found = SimpleNamespace(project=world.project, person=world.researcher, wording=wording_of(session, world.project),
                            viewer=viewer_of(session, world.researcher), story_id=new_id())
    session.commit()
    return found


def push(session: Session, viewer: Viewer, sent: Sent, clock: PhoneClock | None = None) -> tuple[Receipt, bool]:
    kind, content = sent
    read, send = READERS[kind]
    body = Body.of(json.dumps(content).encode())
    return send(session, viewer, read(content, str(content["id"])), body, clock or PhoneClock())


def consent(place: SimpleNamespace, uses: frozenset[Use] = ALL_USES) -> Sent:
    return "consent", {
        "id": new_id(), "project_id": place.project.id, "story_id": place.story_id, "wording_id": place.wording.id,
        "answers": {use.value: use in uses for use in Use}, "how": "spoken", "for_whom": "self", "given_at": TOLD_AT}


def story(place: SimpleNamespace, pseudonym: str = "Amal") -> Sent:
    number = int(place.story_id.replace("-", ""), 16)
    code = "".join("0123456789ABCDEFGHJKMNPQRSTVWXYZ"[number >> 5 * at & 31] for at in range(26))
    return "story", {
        "id": place.story_id, "project_id": place.project.id, "pseudonym": pseudonym, "told_at": TOLD_AT, "place": "",
        "conversation": {"id": new_id(), "started_at": TOLD_AT, "place": ""}, "receipt_code": code}


def quote(place: SimpleNamespace, text: str = "Nobody told us.") -> Sent:
    return "quote", {"id": new_id(), "story_id": place.story_id, "text": text, "written_at": TOLD_AT}


def test_what_comes_in_the_wrong_order_is_held_and_then_let_in_with_its_first_receipt(session: Session,
                                                                                      place: SimpleNamespace) -> None:
    """fault 24"""
    said, told = quote(place), story(place)
    early = {kind: push(session, place.viewer, sent)[0] for kind, sent in (("quote", said), ("story", told))}
    session.commit()
    assert {receipt.standing for receipt in early.values()} == {Standing.HELD}
    assert session.query(Story).count() == session.query(Quote).count() == 0
    push(session, place.viewer, consent(place))
    session.commit()
    assert session.query(HeldArrival).count() == 0
    for kind, sent in (("quote", said), ("story", told)):
        again, is_new = push(session, place.viewer, sent)
        assert (again.standing, is_new) == (Standing.KEPT, False)
        assert (again.sha256, again.received_at) == (early[kind].sha256, early[kind].received_at)


@pytest.mark.parametrize("order", ["sqc", "qsc", "qcs", "cqs", "scq"])
def test_whatever_the_order_everything_ends_up_in_place(session: Session, place: SimpleNamespace, order: str) -> None:
    """fault 24"""
    sent = {"c": consent(place), "s": story(place), "q": quote(place)}
    for letter in order:
        push(session, place.viewer, sent[letter])
        session.commit()
    assert session.get_one(Story, place.story_id).researcher_id == place.person.id
    assert session.query(Quote).one().story_id == place.story_id
    assert session.query(HeldArrival).count() == 0


def test_all_at_once_nothing_is_left_held(app: Flask, session: Session, place: SimpleNamespace) -> None:
    """faults 22, 24"""
    viewer, stories = place.viewer, [SimpleNamespace(**vars(place) | {"story_id": new_id()}) for _ in range(4)]
    sent = [make(one) for one in stories for make in (quote, story, consent)]
    together(app, [lambda own, it=it: push(own, viewer, it) for it in sent for _ in range(2)])
    assert (session.query(ConsentRecord).count(), session.query(Story).count(), session.query(Quote).count(),
            session.query(HeldArrival).count()) == (4, 4, 4, 0)


def test_a_held_thing_is_held_once_and_other_bytes_are_refused(app: Flask, session: Session,
                                                               place: SimpleNamespace) -> None:
    """faults 22, 23, 24"""
    viewer, told = place.viewer, story(place)
    answers = together(app, [lambda own: push(own, viewer, told)] * 10)
    assert sorted(is_new for _, is_new in answers) == [False] * 9 + [True]
    assert len({receipt for receipt, _ in answers}) == 1
    with pytest.raises(SameIdOtherContent):
        push(session, viewer, ("story", told[1] | {"pseudonym": "Bo"}))
    session.rollback()
    assert b"Amal" in session.query(HeldArrival).one().body


def test_a_clock_that_was_wrong_when_it_was_held_is_corrected_when_it_is_let_in(session: Session,
                                                                                place: SimpleNamespace) -> None:
    """faults 24, 31"""
    push(session, place.viewer, story(place), PhoneClock(timedelta(days=400)))
    push(session, place.viewer, consent(place))
    row = session.get_one(Story, place.story_id)
    assert (row.told_at - row.told_at_phone, row.told_at_phone) == (
        timedelta(days=400), datetime.fromisoformat(TOLD_AT))



@pytest.mark.parametrize("order", ["sqc", "qcs"])
def test_a_held_quote_that_nobody_may_read_is_dropped(session: Session, place: SimpleNamespace, order: str) -> None:
    """fault 24"""
    sent = {"c": consent(place, frozenset({Use.RECORD})), "s": story(place), "q": quote(place)}
    for letter in order:
        push(session, place.viewer, sent[letter])
    session.commit()
    assert session.query(HeldArrival).count() == session.query(Quote).count() == 0
    with pytest.raises(NotFound):
        receipts.find(session, place.viewer, str(sent["q"][1]["id"]))
    with pytest.raises(UseRefused):
        push(session, place.viewer, sent["q"])


def test_what_somebody_sent_who_collects_no_more_is_dropped(session: Session, place: SimpleNamespace) -> None:
    """fault 24"""
    other = make_person(session, place.project, Role.RESEARCHER, name="Lou")
    administrator = viewer_of(session, make_person(session, place.project, Role.ADMINISTRATOR))
    push(session, viewer_of(session, other), story(place))
    people.remove_role(session, administrator, place.project.id, other.id, Role.RESEARCHER)
    session.commit()
    push(session, place.viewer, consent(place))
    session.commit()
    assert session.query(HeldArrival).count() == session.query(Story).count() == 0


def test_a_story_held_for_one_project_is_not_let_in_by_another(session: Session, place: SimpleNamespace) -> None:
    """faults 24, 44"""
    push(session, place.viewer, story(place))
    other = make_project(session, "Another")
    elsewhere = SimpleNamespace(project=other, wording=wording_of(session, other), story_id=place.story_id)
    push(session, viewer_of(session, make_person(session, other, Role.RESEARCHER)), consent(elsewhere))
    session.commit()
    assert session.query(HeldArrival).count() == session.query(Story).count() == 0


def test_nobody_else_is_told_of_what_is_held(session: Session, place: SimpleNamespace) -> None:
    """fault 44"""
    said, told = quote(place), story(place)
    push(session, place.viewer, said)
    push(session, place.viewer, told)
    session.commit()
    other = make_project(session, "Another")
    stranger = viewer_of(session, make_person(session, other, Role.RESEARCHER))
    commissioner = viewer_of(session, make_person(session, place.project, Role.COMMISSIONER))
    for viewer in (stranger, commissioner):
        for _, content in (said, told):
            with pytest.raises(NotFound):
                receipts.find(session, viewer, str(content["id"]))
    with pytest.raises(NotFound):
        push(session, stranger, ("quote", said[1] | {"text": "Somebody told us."}))
    with pytest.raises(NotFound):
        push(session, commissioner, quote(place))


def test_a_passed_on_phone_goes_on_with_what_is_held(session: Session, place: SimpleNamespace) -> None:
    told = story(place)
    other = make_person(session, place.project, Role.RESEARCHER, name="Lou")
    first, _ = push(session, place.viewer, told)
    again, is_new = push(session, viewer_of(session, other), told)
    push(session, place.viewer, consent(place))
    assert (again, is_new) == (first, False)
    assert session.get_one(Story, place.story_id).researcher_id == other.id


def test_a_withdrawal_erases_what_is_held_and_refuses_it_for_ever(session: Session, place: SimpleNamespace) -> None:
    """faults 24, 26"""
    said, told = quote(place), story(place)
    push(session, place.viewer, consent(place))
    push(session, place.viewer, said)
    withdrawals.withdraw(session, place.viewer, place.story_id)
    session.commit()
    assert session.query(HeldArrival).count() == 0
    for sent in (said, told, quote(place), consent(place)):
        with pytest.raises(Withdrawn):
            push(session, place.viewer, sent)
    with pytest.raises(Withdrawn):
        receipts.find(session, place.viewer, str(said[1]["id"]))


def test_what_waits_for_two_weeks_is_flagged_where_it_may_belong(session: Session, place: SimpleNamespace) -> None:
    """fault 24"""
    other = make_project(session, "Another")
    told, said = story(place), quote(place)
    receipt, _ = push(session, place.viewer, told)
    push(session, place.viewer, said)
    session.commit()
    later = receipt.received_at + held.FLAGGED_AFTER
    assert held.list_overdue(session, later - timedelta(seconds=1)) == []
    found = held.list_overdue(session, datetime.now(UTC) + held.FLAGGED_AFTER)
    assert [(row.kind, row.project_id, row.person_name) for row in found] == [
        ("story", place.project.id, "Sam Okoro"), ("quote", None, "Sam Okoro")]
    assert held.list_overdue(session, datetime.now(UTC) + held.FLAGGED_AFTER, place.project.id) == found
    assert held.list_overdue(session, datetime.now(UTC) + held.FLAGGED_AFTER, other.id) == []
    session.add(Membership(person_id=place.person.id, project_id=other.id, role=Role.RESEARCHER.value))
    assert [row.kind for row in held.list_overdue(session, datetime.now(UTC) + held.FLAGGED_AFTER, other.id)] == [
        "quote"]
