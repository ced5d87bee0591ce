"""What a participant changes and takes back on their receipt."""

import pytest
from sqlalchemy.orm import Session

from server.domain.consent import Use
from server.domain.sync import receipt_code_hash
from server.models.consent import ConsentRecord, ReceiptVisit
from server.models.people import Person, SignInAttempt
from server.models.story import Story
from server.services import consents, withdrawals
from tests.conftest import Browser
from tests.makers import add_participant, viewer_of
from tests.pages.opened_receipts import ASKS, CODE, OTHER_CODE, SECRETS, enter, record_of, told_by_amal
from tests.pages.page_checks import assert_sound


@pytest.fixture
def story(session: Session) -> Story:
    return told_by_amal(session)


def test_an_answer_is_changed_at_once_and_may_be_changed_back(client: Browser, session: Session, story: Story) -> None:
    enter(client)
    page = client.get(f"/receipt/{CODE}/answers")
    assert_sound(page)
    assert page.text.count("talk with the person who listened") == 4
    answer = client.post(f"/receipt/{CODE}/answers", data={"use": "commissioners", "answer": "no"})
    assert answer.location == f"/receipt/{CODE}/answers?changed=commissioners"
    changed = client.get(answer.location)
    assert_sound(changed)
    assert "You now say no to this: Share it with the people who plan the service" in changed.text
    assert "You changed this yourself, on this page" in changed.text
    assert consents.agreed_uses(session, story.id) == {Use.RECORD}
    client.post(f"/receipt/{CODE}/answers", data={"use": "commissioners", "answer": "yes"})
    assert "You now say yes to this" in client.get(answer.location).text
    assert consents.agreed_uses(session, story.id) == {Use.RECORD, Use.COMMISSIONERS}


def test_a_yes_that_nobody_was_given_cannot_be_given_here(client: Browser, session: Session, story: Story) -> None:
    answer = enter(client).post(f"/receipt/{CODE}/answers", data={"use": "board", "answer": "yes"})
    assert answer.status_code == 422
    assert session.query(ConsentRecord).count() == 1
    for form in ({}, {"use": "tea", "answer": "no"}, {"use": "board", "answer": "maybe"}):
        assert client.post(f"/receipt/{CODE}/answers", data=form).status_code == 404


def test_two_taps_after_the_name_end_a_story(client: Browser, session: Session, story: Story) -> None:
    page = enter(client).get(f"/receipt/{CODE}").text
    assert f'href="/receipt/{CODE}/withdraw"' in page
    asked = client.get(f"/receipt/{CODE}/withdraw")
    assert_sound(asked)
    assert f'action="/receipt/{CODE}/withdraw"' in asked.text
    assert session.query(Story).count() == 1
    answer = client.post(f"/receipt/{CODE}/withdraw")
    assert answer.status_code == 303
    assert client.post(f"/receipt/{CODE}/withdraw").status_code == 303
    ended = client.get(answer.location)
    assert_sound(ended)
    for words in ("Your story was withdrawn", "What happens now", "Backups keep an old copy until", "Print or save"):
        assert words in ended.text
    assert session.query(Story).count() == 0
    assert client.get(f"/receipt/{CODE}/withdraw").status_code == 303


def test_what_was_ended_is_confirmed_in_their_language(client: Browser, session: Session, story: Story) -> None:
    record = record_of(session, story)
    record.language, record.reading = "cy", "easy"
    session.commit()
    answer = enter(client).post(f"/receipt/{CODE}/withdraw")
    assert '<html lang="cy">' in client.get(answer.location).text


def test_a_withdrawn_story_shows_that_it_was_and_when_and_nothing_else(client: Browser, session: Session,
                                                                       story: Story) -> None:
    withdrawals.withdraw(session, viewer_of(session, session.get_one(Person, story.researcher_id)), story.id)
    session.commit()
    answer = client.get(f"/receipt/{CODE}")
    assert_sound(answer)
    assert "Your story was withdrawn" in answer.text
    for words in (*SECRETS, ASKS, "What happens now"):
        assert words not in answer.text


@pytest.mark.parametrize(("scope", "words"), [
    ("no_new_use", "Nobody is shown, played or given any of your story"),
    ("words_only", "Your voice and your photos are deleted")])
def test_a_part_is_taken_back_one_page_further(client: Browser, session: Session, story: Story, scope: str,
                                               words: str) -> None:
    assert f'href="/receipt/{CODE}/less"' in enter(client).get(f"/receipt/{CODE}").text
    ways = client.get(f"/receipt/{CODE}/less")
    assert_sound(ways)
    assert f'href="/receipt/{CODE}/withdraw/{scope}"' in ways.text
    asked = client.get(f"/receipt/{CODE}/withdraw/{scope}")
    assert_sound(asked)
    answer = client.post(f"/receipt/{CODE}/withdraw/{scope}")
    assert answer.location == f"/receipt/{CODE}/withdrawn/{scope}"
    done = client.get(answer.location)
    assert_sound(done)
    assert words in done.text
    assert ("Backups keep an old copy until" in done.text) == (scope == "words_only")
    assert_sound(client.get(f"/receipt/{CODE}"))
    assert f"withdraw/{scope}" not in client.get(f"/receipt/{CODE}/less").text


def test_all_that_says_whose_it_is_is_taken_back(client: Browser, story: Story) -> None:
    answer = enter(client).post(f"/receipt/{CODE}/withdraw/anonymous")
    page = client.get(answer.location)
    assert_sound(page)
    assert "we deleted all that said that the story is yours" in page.text
    assert "Only passages that people chose from your words stay." in page.text
    for words in ("All we keep is", "one of you may have asked"):
        assert words not in page.text


def test_the_name_still_opens_a_story_whose_names_have_gone(client: Browser, session: Session, story: Story) -> None:
    """fault 47"""
    enter(client).post(f"/receipt/{CODE}/withdraw/words_only")
    assert session.query(Story).one().pseudonym != "Amal"
    client.post(f"/receipt/{CODE}/close")
    assert client.post(f"/receipt/{CODE}", data={"name": "Somebody"}).status_code == 422
    page = enter(client).get(f"/receipt/{CODE}")
    assert_sound(page)
    assert "Voice and photos were taken back on" in page.text
    assert "Somebody" not in page.text


def test_a_way_that_there_is_not_is_not_found(client: Browser, story: Story) -> None:
    enter(client)
    for path in ("withdraw/tea", "withdrawn/tea"):
        assert client.get(f"/receipt/{CODE}/{path}").status_code == 404
    assert client.get(f"/receipt/{CODE}/withdrawn/words_only").location == f"/receipt/{CODE}"


@pytest.mark.parametrize(("path", "form"), [("", {"name": "Amal"}), ("/answers", {"use": "record", "answer": "no"}),
                                            ("/withdraw", {}), ("/close", {})])
def test_another_site_can_do_nothing_here(client: Browser, session: Session, story: Story, path: str,
                                          form: dict[str, str]) -> None:
    """fault 43"""
    enter(client)
    before = session.query(ReceiptVisit).count()
    answer = client.post(f"/receipt/{CODE}{path}", data=form, headers={"Origin": "https://elsewhere.example"})
    assert answer.status_code == 403
    assert (session.query(Story).count(), session.query(ConsentRecord).count()) == (1, 1)
    assert session.query(ReceiptVisit).count() == before


def test_a_code_that_stands_for_nothing_ends_nothing(client: Browser, session: Session, story: Story) -> None:
    for method in (client.get, client.post):
        assert method(f"/receipt/{CODE[:-1]}0/withdraw").status_code == 404
    assert session.query(SignInAttempt).count() == 2


def test_one_of_several_sees_their_own_name_and_answers_and_that_not_all_agreed(
    client: Browser, session: Session, story: Story
) -> None:
    people = [add_participant(session, story, "Rose", {Use.BOARD}), add_participant(session, story, "Ali")]
    people[0].receipt_code_hash = receipt_code_hash(OTHER_CODE)
    session.commit()
    page = enter(client, "rose", OTHER_CODE).get(f"/receipt/{OTHER_CODE}")
    assert_sound(page)
    assert "Rose" in page.text
    assert "with somebody else" in page.text
    assert [name for name in ("Ali", "Amal") if name in page.text] == []
    assert (page.text.count(">Yes<"), page.text.count(">No<")) == (1, 5)
    assert page.text.count("not all of you agreed") == 1
    asked = client.get(f"/receipt/{OTHER_CODE}/withdraw").text
    assert "This is done to all of it" in asked
    client.post(f"/receipt/{OTHER_CODE}/withdraw")
    assert "cannot be taken apart" not in client.get(f"/receipt/{OTHER_CODE}").text
    assert "cannot be taken apart" in client.get(f"/receipt/{CODE}").text


def test_a_yes_that_ends_says_when(client: Browser, session: Session, story: Story) -> None:
    record_of(session, story).until = {"record": "2031-09-01T00:00:00+00:00",
                                       "commissioners": "2026-06-01T00:00:00+00:00"}
    session.commit()
    page = enter(client).get(f"/receipt/{CODE}").text
    assert "Until 1 September 2031" in page
    assert "Your yes ended on 1 June 2026" in page
    assert (page.count(">Yes<"), page.count(">No<")) == (1, 5)
