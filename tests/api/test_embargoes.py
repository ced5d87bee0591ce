"""Stories that phones send with a worry about somebody's safety in them."""

import json

import pytest
from sqlalchemy.orm import Session

from server.domain.access import Role
from server.domain.ids import new_id
from server.models.consent import Clearance, Embargo
from server.models.project import Project
from server.models.story import Quote, Story
from tests import makers
from tests.api.phone import Phone

REASON = "She is afraid to go home."


def embargo(**changes: object) -> dict[str, object]:
    return {"id": new_id(), "reason": REASON, "named_id": None} | changes


def cleared(session: Session, story_id: str) -> int:
    session.expire_all()
    return session.query(Clearance).filter_by(story_id=story_id).count()


def test_a_story_with_a_worry_is_held_back_from_the_moment_it_is_here(phone: Phone, session: Session) -> None:
    project = session.get_one(Project, phone.project_id)
    ade = makers.make_person(session, project, Role.ADMINISTRATOR)
    session.commit()
    story_id = new_id()
    assert phone.put("consents", phone.consent_body(story_id)).status_code == 201
    assert cleared(session, story_id) > 0, "the test must be able to see what it looks for"
    body = phone.story_body(story_id, embargo=embargo(named_id=ade.id))
    first, again = phone.put("stories", body), phone.put("stories", body)
    assert (first.status_code, again.status_code, first.json) == (201, 200, again.json)
    assert cleared(session, story_id) == 0
    row = session.query(Embargo).one()
    assert (row.story_id, row.reason, row.named_id) == (story_id, REASON, ade.id)
    assert phone.put("quotes", phone.quote_body(story_id)).status_code == 201
    assert cleared(session, story_id) == 0
    other = phone.put("stories", body | {"embargo": embargo()})
    assert (other.status_code, other.json["code"]) == (409, "same_id_other_content")
    session.expire_all()
    assert session.query(Embargo).count() == 1


def test_a_worry_comes_at_once_though_its_story_waits_and_what_waited_is_never_cleared(
        phone: Phone, session: Session) -> None:
    """fault 14"""
    story_id = new_id()
    assert phone.put("stories", phone.story_body(story_id, embargo=embargo())).status_code == 202
    assert phone.put("quotes", phone.quote_body(story_id)).status_code == 202
    assert session.query(Embargo).one().story_id == story_id
    assert phone.put("consents", phone.consent_body(story_id)).status_code == 201
    session.expire_all()
    assert session.get(Story, story_id) is not None
    assert session.query(Quote).filter_by(story_id=story_id).count() == 1
    assert cleared(session, story_id) == 0
    assert session.query(Embargo).count() == 1


@pytest.mark.parametrize(("wrong", "field"), [
    ({"reason": ""}, "embargo.reason"), ({"reason": " "}, "embargo.reason"), ({"reason": "a" * 2001}, "embargo.reason"),
    ({"id": "x"}, "embargo.id"), ({"named_id": 7}, "embargo.named_id")])
def test_what_is_wrong_with_it_is_said_and_nothing_of_the_story_is_kept(
        phone: Phone, session: Session, wrong: dict[str, object], field: str) -> None:
    story_id = new_id()
    phone.put("consents", phone.consent_body(story_id))
    answer = phone.put("stories", phone.story_body(story_id, embargo=embargo(**wrong)))
    assert (answer.status_code, list(answer.json["fields"])) == (422, [field])
    assert session.get(Story, story_id) is None
    assert session.query(Embargo).count() == 0


def test_neither_the_answer_nor_the_feed_nor_the_receipt_says_why(phone: Phone) -> None:
    story_id = new_id()
    phone.put("consents", phone.consent_body(story_id))
    answer = phone.put("stories", phone.story_body(story_id, embargo=embargo()))
    told = [answer.json, phone.browser.get("/api/v1/changes").json]
    assert "afraid" not in json.dumps(told)
    assert "embargo" not in json.dumps(told)


def test_phones_are_told_whom_they_can_tell(phone: Phone, session: Session) -> None:
    project = session.get_one(Project, phone.project_id)
    for role in Role:
        makers.make_person(session, project, role, name=f"A {role.value}")
    session.commit()
    changes = phone.browser.get("/api/v1/changes").json["changes"]
    [told] = [one["project"] for one in changes if one["kind"] == "project"]
    assert [one["name"] for one in told["may_be_named"]] == ["A administrator", "A commissioner", "A researcher"]
