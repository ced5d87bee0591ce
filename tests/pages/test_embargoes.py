"""Holding a story back from its pages: why, who looks into it, and who learns of it."""

import html
import re
from collections.abc import Callable

import pytest
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from server.domain.access import Role
from server.models.audit import AuditEntry
from server.models.consent import Embargo
from server.models.people import Membership
from tests import makers
from tests.conftest import Browser
from tests.pages.page_checks import assert_sound

REASON = "She is afraid.\nOf what her <brother> will do."


class Place:
    """A project with everybody in it and a story."""

    def __init__(self, session: Session, sign_in_as: Callable[..., Browser]) -> None:
        self.session, self.project = session, makers.make_project(session)
        self.people = {role: makers.make_person(session, self.project, role, name=f"A {role.value} & Co")
                       for role in Role}
        self.story = makers.make_story(session, self.project, self.people[Role.RESEARCHER], pseudonym="Rose & Co")
        makers.add_quote(session, self.story)
        session.commit()
        self.browsers = {role: sign_in_as(person) for role, person in self.people.items()}
        self.home, self.entry = f"/projects/{self.project.id}", f"/projects/{self.project.id}/register/{self.story.id}"
        self.ask = f"/projects/{self.project.id}/stories/{self.story.id}/hold-back"

    def get(self, role: Role, address: str) -> str:
        return words(self.browsers[role].get(address))

    def put(self, by: Role = Role.RESEARCHER, named: Role = Role.COMMISSIONER, reason: str = REASON) -> str:
        """The address of the page about it."""
        answer = self.browsers[by].post(self.ask, data={
            "reason": reason.replace("\n", "\r\n"), "named": self.people[named].id})
        assert answer.status_code == 303, answer.text
        return answer.headers["Location"]


@pytest.fixture
def place(session: Session, sign_in_as) -> Place:
    return Place(session, sign_in_as)


def words(answer: TestResponse) -> str:
    assert_sound(answer)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", answer.get_data(as_text=True))).split())


@pytest.mark.parametrize("by", [Role.RESEARCHER, Role.ADMINISTRATOR])
def test_the_register_leads_to_holding_a_story_back(session: Session, place: Place, by: Role) -> None:
    assert f'href="{place.ask}"' in place.browsers[by].get(place.entry).text
    asked = place.get(by, place.ask)
    assert "Nobody will hear or read this story until the person you choose has looked into it." in asked
    assert "Rose & Co" in asked
    assert "A commissioner & Co" in asked
    assert "A board_member & Co" not in asked
    page = place.get(by, place.put(by))
    assert "The story is held back. Nobody can hear or read it now." in page
    assert "She is afraid. Of what her <brother> will do." in page
    assert session.query(Embargo).one().reason == REASON


def test_whoever_reads_a_story_holds_it_back_and_gets_none_of_it_from_then_on(place: Place) -> None:
    story = f"/stories/{place.story.id}"
    assert f'href="{place.ask}"' in place.browsers[Role.COMMISSIONER].get(story).text
    page = place.put(by=Role.COMMISSIONER, named=Role.ADMINISTRATOR)
    shown = place.get(Role.COMMISSIONER, page)
    assert REASON.split("\n")[0] in shown
    assert "Rose" not in shown
    assert "Rose" not in place.get(Role.COMMISSIONER, f"{place.home}/held-back")
    for address in (story, place.ask):
        assert place.browsers[Role.COMMISSIONER].get(address).status_code == 404
    assert place.browsers[Role.COMMISSIONER].post(place.ask, data={}).status_code == 404


def test_what_is_missing_is_asked_for_and_what_was_written_stays(session: Session, place: Place) -> None:
    browser = place.browsers[Role.RESEARCHER]
    answer = browser.post(place.ask, data={"reason": "Something she said."})
    assert answer.status_code == 422
    assert "Choose who looks into it." in words(answer)
    assert "Something she said." in answer.text
    named = place.people[Role.ADMINISTRATOR].id
    answer = browser.post(place.ask, data={"reason": "a" * 2001, "named": named})
    assert "Use 2,000 letters or fewer." in words(answer)
    assert f'value="{named}" checked' in answer.text
    assert session.query(Embargo).count() == 0


def test_the_named_person_is_told_at_home_and_lifts_it_after_a_question(session: Session, place: Place) -> None:
    page = place.put()
    assert "1 story is held back and waits for you to look into a worry" in place.get(Role.COMMISSIONER, "/")
    assert "looks into it" in place.get(Role.COMMISSIONER, f"{place.home}/held-back")
    assert "Talk to A researcher & Co about what they heard." in place.get(Role.COMMISSIONER, page)
    assert "Let this story be heard again?" in place.get(Role.COMMISSIONER, f"{page}/lift")
    for _ in range(2):
        answer = place.browsers[Role.COMMISSIONER].post(f"{page}/lift")
        assert (answer.status_code, answer.headers["Location"]) == (303, page)
    assert "This was lifted on" in place.get(Role.COMMISSIONER, page)
    assert "for you to look into" not in place.get(Role.COMMISSIONER, "/")
    assert place.browsers[Role.COMMISSIONER].get(f"/stories/{place.story.id}").status_code == 200
    assert place.browsers[Role.COMMISSIONER].get(f"{page}/lift").status_code == 404
    assert session.query(AuditEntry).filter_by(kind="embargo", action="removed").count() == 1


def test_nobody_else_lifts_it_or_learns_of_it(session: Session, place: Place, sign_in_as) -> None:
    page = place.put()
    others = [sign_in_as(makers.make_person(session, place.project, role)) for role in Role
              if role is not Role.ADMINISTRATOR]
    for browser in others:
        for address in (page, f"{page}/lift", f"{page}/name"):
            assert browser.get(address).status_code == 404
            assert browser.post(address).status_code in (404, 405)
        assert "afraid" not in browser.get(f"{place.home}/held-back").text
        assert "is held back" not in browser.get("/").text
    for role in (Role.RESEARCHER, Role.ADMINISTRATOR):
        assert "She is afraid." in place.get(role, page)
        assert place.browsers[role].get(f"{page}/lift").status_code == 404
        assert place.browsers[role].post(f"{page}/lift").status_code == 404
    session.expire_all()
    assert session.query(Embargo).one().lifted_at is None


def test_whoever_collected_it_sees_nothing_of_a_worry_that_was_told_to_others(place: Place) -> None:
    before = {address: place.browsers[Role.RESEARCHER].get(address).status_code for address in ("/", place.entry)}
    place.put(by=Role.ADMINISTRATOR, named=Role.COMMISSIONER)
    for address, status in before.items():
        answer = place.browsers[Role.RESEARCHER].get(address)
        assert answer.status_code == status
        assert "is held back" not in answer.text
    assert "This story is held back" in place.get(Role.ADMINISTRATOR, place.entry)


def test_an_administrator_names_another_where_whoever_was_named_has_left(session: Session, place: Place) -> None:
    page = place.put()
    administrator = place.browsers[Role.ADMINISTRATOR]
    assert administrator.get(f"{page}/name").status_code == 404
    session.query(Membership).filter_by(person_id=place.people[Role.COMMISSIONER].id).delete()
    session.commit()
    assert "1 story is held back and waits for you" in place.get(Role.ADMINISTRATOR, "/")
    assert "Nobody can at the moment." in place.get(Role.ADMINISTRATOR, page)
    assert "Nobody can lift this at the moment" in place.get(Role.ADMINISTRATOR, f"{page}/name")
    nobody = administrator.post(f"{page}/name")
    assert (nobody.status_code, "Choose who looks into it." in words(nobody)) == (422, True)
    named = {"named": place.people[Role.ADMINISTRATOR].id}
    assert administrator.post(f"{page}/name", data=named).headers["Location"] == page
    assert administrator.post(f"{page}/lift").status_code == 303


def test_two_worries_are_both_looked_into(place: Place) -> None:
    first = place.put()
    place.put(by=Role.ADMINISTRATOR, named=Role.ADMINISTRATOR, reason="Another worry.")
    assert "1 more worry about this story is being looked into." in place.get(Role.COMMISSIONER, first)
    assert "The story stays held back" in place.get(Role.COMMISSIONER, f"{first}/lift")
    place.browsers[Role.COMMISSIONER].post(f"{first}/lift")
    assert place.browsers[Role.COMMISSIONER].get(f"/stories/{place.story.id}").status_code == 404
    assert "for those it was agreed for" not in place.get(Role.COMMISSIONER, first)


def test_a_page_with_nothing_on_it_says_when_there_would_be_something(place: Place) -> None:
    assert "No story is held back that you should know of" in place.get(Role.RESEARCHER, f"{place.home}/held-back")
