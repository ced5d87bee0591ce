"""The page behind a participant's receipt."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from server.domain.access import Role
from server.domain.consent import Use
from server.domain.ids import new_id
from server.domain.sent_withdrawal import SentWithdrawal
from server.domain.sync import Body, PhoneClock, receipt_code_hash
from server.models.people import Person, SignInAttempt
from server.models.story import Story
from server.services import phone_withdrawals
from tests.conftest import Browser
from tests.makers import (
    NOON,
    add_participant,
    add_photo,
    add_quote,
    add_recording,
    make_person,
    make_project,
    make_story,
    viewer_of,
)
from tests.pages.page_checks import assert_sound

CODE = "7F3K9M2QXW4TB8ZH5CJ1VDN0RP"
OTHER_CODE = "0F3K9M2QXW4TB8ZH5CJ1VDN0RQ"


@pytest.fixture
def story(session: Session) -> Story:
    project = make_project(session)
    researcher = make_person(session, project, Role.RESEARCHER, name="Sam Okoro")
    story = make_story(session, project, researcher, uses={Use.RECORD, Use.COMMISSIONERS}, pseudonym="Amal")
    story.receipt_code_hash = receipt_code_hash(CODE)
    add_quote(session, story, "Nobody told us he had moved.")
    add_recording(session, story)
    add_photo(session, story)
    session.commit()
    return story


def test_the_receipt_says_what_was_agreed_and_nothing_of_the_story(client: FlaskClient, story: Story) -> None:
    answer = client.get(f"/receipt/{CODE}")
    assert answer.status_code == 200
    assert_sound(answer)
    page = answer.get_data(as_text=True)
    assert "4 May 2026" in page
    assert "Listening to carers" in page
    assert (page.count(">Yes<"), page.count(">No<")) == (2, 4)
    assert "you are called <strong><bdi>Amal</bdi>" in page
    for secret in ("Northgate", "Nobody told us", "waited", "Sam Okoro", "empty chairs", story.id):
        assert secret not in page


def test_a_code_typed_with_dashes_leads_to_the_receipt(client: FlaskClient, story: Story) -> None:
    typed = client.get("/receipt", query_string={"code": "7f3k-9m2q xw4t-b8zh-5cj1-vdn0-rp"})
    assert typed.status_code == 302
    assert client.get(typed.location).status_code == 200


def test_an_unknown_code_may_still_be_on_the_phone(client: FlaskClient) -> None:
    answer = client.get("/receipt/ZZZZ")
    assert answer.status_code == 404
    assert_sound(answer)
    assert "It may still be on the phone" in answer.get_data(as_text=True)


@pytest.mark.parametrize("code", ["%00", "x" * 3000, "💬", "..", "<script>"])
def test_a_garbled_code_is_an_unknown_one(client: FlaskClient, code: str) -> None:
    assert client.get(f"/receipt/{code}").status_code == 404


def test_asking_without_a_code_is_explained(client: FlaskClient) -> None:
    answer = client.get("/receipt?code=+")
    assert_sound(answer)
    assert "Write the code that is on your receipt." in answer.get_data(as_text=True)


def test_after_thirty_wrong_codes_even_a_right_one_waits(client: FlaskClient, story: Story) -> None:
    for number in range(30):
        assert client.get(f"/receipt/WRONG{number}").status_code == 404
    answer = client.get(f"/receipt/{CODE}")
    assert answer.status_code == 429
    assert_sound(answer)


def test_a_withdrawn_story_says_so_and_keeps_nothing(client: FlaskClient, session: Session, sign_in_as,
                                                     story: Story) -> None:
    researcher = sign_in_as(session.get_one(Person, story.researcher_id))
    researcher.post(f"/projects/{story.project_id}/register/{story.id}/withdraw")
    answer = client.get(f"/receipt/{CODE}")
    assert_sound(answer)
    page = answer.get_data(as_text=True)
    assert "Your story was withdrawn" in page
    assert "Amal" not in page
    assert ">Yes<" not in page


def test_two_taps_end_a_story(client: Browser, session: Session, story: Story) -> None:
    asked = client.get(f"/receipt/{CODE}/withdraw")
    assert_sound(asked)
    assert session.query(Story).count() == 1
    for _ in range(2):
        answer = client.post(f"/receipt/{CODE}/withdraw")
        assert (answer.status_code, answer.location) == (303, f"/receipt/{CODE}")
    ended = client.get(answer.location)
    assert_sound(ended)
    assert "Your story was withdrawn" in ended.text
    assert session.query(Story).count() == 0
    assert client.get(f"/receipt/{CODE}/withdraw").status_code == 302


def test_another_site_cannot_end_a_story(client: Browser, session: Session, story: Story) -> None:
    """fault 43"""
    assert client.post(f"/receipt/{CODE}/withdraw", headers={"Origin": "https://elsewhere.example"}).status_code == 403
    assert session.query(Story).count() == 1


def test_a_code_that_stands_for_nothing_ends_nothing(client: Browser, session: Session, story: Story) -> None:
    for method in (client.get, client.post):
        assert method(f"/receipt/{CODE[:-1]}0/withdraw").status_code == 404
    assert session.query(SignInAttempt).count() == 2


def test_one_of_several_sees_their_own_name_and_answers_and_why_the_whole_story_ends(
    client: Browser, session: Session, story: Story
) -> None:
    people = [add_participant(session, story, "Rose", {Use.BOARD}), add_participant(session, story, "Ali")]
    people[0].receipt_code_hash = receipt_code_hash(OTHER_CODE)
    session.commit()
    page = client.get(f"/receipt/{OTHER_CODE}")
    assert_sound(page)
    assert "Rose" in page.text
    assert "1 other person" in page.text
    assert [name for name in ("Ali", "Amal") if name in page.text] == []
    assert (page.text.count(">Yes<"), page.text.count(">No<")) == (1, 5)
    assert "cannot take one voice out" in client.get(f"/receipt/{OTHER_CODE}/withdraw").text
    client.post(f"/receipt/{OTHER_CODE}/withdraw")
    assert "cannot be taken apart" in client.get(f"/receipt/{OTHER_CODE}").text


@pytest.mark.parametrize("is_shared", [False, True])
def test_a_story_that_was_taken_back_before_it_came_is_not_said_to_be_safe_on_the_phone(
        client: Browser, session: Session, is_shared: bool) -> None:
    project = make_project(session)
    researcher = viewer_of(session, make_person(session, project, Role.RESEARCHER, name="Sam Okoro"))
    hashes = tuple(receipt_code_hash(code) for code in ((CODE, OTHER_CODE) if is_shared else (CODE,)))
    sent = SentWithdrawal(new_id(), project.id, new_id(), "They moved away.", NOON, hashes)
    phone_withdrawals.receive(session, researcher, sent, Body.of(b"{}"), PhoneClock())
    session.commit()
    answer = client.get(f"/receipt/{CODE}")
    assert answer.status_code == 200
    assert_sound(answer)
    for words in ("Your story was taken back", "4 May 2026", "never came to “Listening to carers”", "we refuse it"):
        assert words in answer.text
    for words in ("We have deleted", "It is safe there", "moved away", "Sam Okoro"):
        assert words not in answer.text
    assert ("cannot be taken apart" in answer.text) == is_shared
    assert client.get(f"/receipt/{CODE}/withdraw").status_code == 302
