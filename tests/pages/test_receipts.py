"""The pages behind a participant's receipt."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from server.domain.access import Role
from server.domain.consent import Use
from server.domain.ids import new_id
from server.domain.sent_withdrawal import SentWithdrawal
from server.domain.sync import Body, PhoneClock, receipt_code_hash
from server.models.consent import ConsentRecord, PartialWithdrawal, ReceiptVisit, Withdrawal
from server.models.people import Person, SignInAttempt
from server.models.project import Project
from server.models.story import Story
from server.services import consents, phone_withdrawals
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
SECRETS = ("Listening to carers", "Amal", "Rose", "Northgate", "Nobody told us", "4 May", "Record", ">Yes<")
ASKS = "Type the name you are called in your story"


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


def enter(client: Browser, name: str = "amal", code: str = CODE) -> Browser:
    assert client.post(f"/receipt/{code}", data={"name": name}).status_code == 303
    return client


def record_of(session: Session, story: Story) -> ConsentRecord:
    return session.scalars(select(ConsentRecord).where(ConsentRecord.story_id == story.id)).first()


def test_a_code_alone_asks_for_the_name_and_says_nothing(client: Browser, story: Story) -> None:
    answer = client.get(f"/receipt/{CODE}")
    assert answer.status_code == 200
    assert_sound(answer)
    assert ASKS in answer.text
    assert [secret for secret in (*SECRETS, story.id) if secret in answer.text] == []


@pytest.mark.parametrize("path", ["answers", "less", "withdraw", "withdraw/no_new_use", "withdrawn/no_new_use",
                                  "consent.json"])
def test_no_page_of_a_receipt_opens_before_the_name(client: Browser, story: Story, path: str) -> None:
    answer = client.get(f"/receipt/{CODE}/{path}")
    assert (answer.status_code, answer.location) in ((302, f"/receipt/{CODE}"), (303, f"/receipt/{CODE}"))


@pytest.mark.parametrize(("path", "form"), [
    ("answers", {"use": "board", "answer": "no"}), ("withdraw", {}), ("withdraw/words_only", {})])
def test_nothing_is_changed_before_the_name(client: Browser, session: Session, story: Story, path: str,
                                            form: dict[str, str]) -> None:
    assert client.post(f"/receipt/{CODE}/{path}", data=form).location == f"/receipt/{CODE}"
    assert session.query(ConsentRecord).count() == 1
    assert session.query(Withdrawal).count() == session.query(PartialWithdrawal).count() == 0


def test_the_name_opens_what_was_agreed_and_nothing_of_the_story(client: Browser, story: Story) -> None:
    answer = enter(client, " ÁMAL").get(f"/receipt/{CODE}")
    assert answer.status_code == 200
    assert_sound(answer)
    page = answer.text
    for words in ("4 May 2026", "Listening to carers", "you are called <strong><bdi>Amal</bdi>", "You said so aloud"):
        assert words in page
    assert (page.count(">Yes<"), page.count(">No<")) == (2, 4)
    for words in ("Nowhere yet", "0303 123 1113", "ico.org.uk/make-a-complaint", "Delete everything"):
        assert words in page
    for secret in ("Northgate", "Nobody told us", "waited", "Sam Okoro", "empty chairs", story.id):
        assert secret not in page


def test_the_cookie_opens_this_receipt_alone_for_half_an_hour(client: Browser, session: Session, story: Story) -> None:
    add_participant(session, story, "Rose").receipt_code_hash = receipt_code_hash(OTHER_CODE)
    session.commit()
    answer = client.post(f"/receipt/{CODE}", data={"name": "Amal"}, base_url="https://localhost",
                         headers={"Origin": "https://localhost"})
    [cookie] = answer.headers.getlist("Set-Cookie")
    for part in (f"Path=/receipt/{CODE}", "HttpOnly", "SameSite=Strict", "Secure", "Max-Age=1800"):
        assert part in cookie
    token = cookie.partition("=")[2].partition(";")[0]
    visit = session.query(ReceiptVisit).one()
    assert token not in (visit.token_hash, visit.receipt_code_hash)
    client.set_cookie("earshot_receipt", token, path="/")
    assert ASKS not in client.get(f"/receipt/{CODE}").text
    assert ASKS in client.get(f"/receipt/{OTHER_CODE}").text
    visit.opened_at -= timedelta(minutes=30)
    session.commit()
    assert ASKS in client.get(f"/receipt/{CODE}").text


def test_closing_it_asks_for_the_name_again(client: Browser, session: Session, story: Story) -> None:
    enter(client)
    assert client.post(f"/receipt/{CODE}/close").status_code == 303
    assert session.query(ReceiptVisit).count() == 0
    assert ASKS in client.get(f"/receipt/{CODE}").text


@pytest.mark.parametrize("name", ["Rose", "Somebody", "x" * 5000, "<script>", "💬"])
def test_every_wrong_name_gets_the_same_answer_also_one_of_somebody_else(client: Browser, session: Session,
                                                                          story: Story, name: str) -> None:
    """fault 47"""
    add_participant(session, story, "Rose").receipt_code_hash = receipt_code_hash(OTHER_CODE)
    add_participant(session, story, "Amal").receipt_code_hash = receipt_code_hash(CODE)
    session.commit()
    answer = client.post(f"/receipt/{CODE}", data={"name": name})
    assert answer.status_code == 422
    assert_sound(answer)
    assert "That is not the name." in answer.text
    assert answer.text == client.post(f"/receipt/{CODE}", data={"name": "zzz"}).text
    assert name[:9] not in answer.text.replace("<script type", "")


def test_no_name_is_explained_and_not_counted(client: Browser, session: Session, story: Story) -> None:
    answer = client.post(f"/receipt/{CODE}", data={"name": " "})
    assert answer.status_code == 422
    assert_sound(answer)
    assert "Error" not in answer.text
    assert "There is a problem" in answer.text
    assert session.query(SignInAttempt).count() == 0


def test_after_ten_wrong_names_even_the_right_one_waits_for_an_hour(client: Browser, session: Session,
                                                                    story: Story) -> None:
    """fault 47"""
    for _ in range(10):
        assert client.post(f"/receipt/{CODE}", data={"name": "Rose"}).status_code == 422
    for name in ("amal", "Rose"):
        answer = client.post(f"/receipt/{CODE}", data={"name": name}, environ_base={"REMOTE_ADDR": "10.9.8.7"})
        assert answer.status_code == 429
        assert_sound(answer)
        assert "Wait 60 minutes" in answer.text
        assert int(answer.headers["Retry-After"]) > 3500
    for attempt in session.query(SignInAttempt):
        attempt.at -= timedelta(minutes=59)
    session.commit()
    assert client.post(f"/receipt/{CODE}", data={"name": "amal"}).status_code == 429
    for attempt in session.query(SignInAttempt):
        attempt.at -= timedelta(minutes=2)
    session.commit()
    enter(client)


def test_names_for_many_codes_from_one_network_are_counted_together(client: Browser, session: Session,
                                                                     story: Story) -> None:
    """fault 47"""
    codes = [f"{number:026d}" for number in range(4)]
    for code in codes:
        add_participant(session, story, "Rose").receipt_code_hash = receipt_code_hash(code)
    session.commit()
    wrong = [client.post(f"/receipt/{codes[number % 4]}", data={"name": "no"}).status_code for number in range(31)]
    assert wrong == [422] * 30 + [429]
    assert client.get(f"/receipt/{codes[0]}").status_code == 429


def test_a_right_name_counts_against_nobody(client: Browser, session: Session, story: Story) -> None:
    for _ in range(12):
        enter(client)
    assert session.query(SignInAttempt).count() == 0


def test_a_code_typed_with_dashes_leads_to_the_receipt(client: Browser, story: Story) -> None:
    typed = client.get("/receipt", query_string={"code": "7f3k-9m2q xw4t-b8zh-5cj1-vdn0-rp"})
    assert typed.status_code == 302
    assert ASKS in client.get(typed.location).text
    client.post(typed.location, data={"name": "Amal"})
    assert "Thank you" in client.get(typed.location).text


def test_an_unknown_code_may_still_be_on_the_phone(client: Browser) -> None:
    for answer in (client.get("/receipt/ZZZZ"), client.post("/receipt/ZZZZ", data={"name": "Amal"})):
        assert answer.status_code == 404
        assert_sound(answer)
        assert "It may still be on the phone" in answer.text


@pytest.mark.parametrize("code", ["%00", "x" * 3000, "💬", "..", "<script>"])
def test_a_garbled_code_is_an_unknown_one(client: Browser, code: str) -> None:
    assert client.get(f"/receipt/{code}").status_code == 404


def test_asking_without_a_code_is_explained(client: Browser) -> None:
    answer = client.get("/receipt?code=+")
    assert_sound(answer)
    assert "Write the code that is on your receipt." in answer.text


def test_after_thirty_wrong_codes_even_a_right_one_waits(client: Browser, story: Story) -> None:
    for number in range(30):
        assert client.get(f"/receipt/WRONG{number}").status_code == 404
    answer = client.get(f"/receipt/{CODE}")
    assert answer.status_code == 429
    assert_sound(answer)


@pytest.mark.parametrize(("language", "reading", "direction", "words"), [
    ("cy", "full", "ltr", "Diolch i chi am rannu eich stori"), ("ur", "easy", "rtl", "آپ کی کہانی کا شکریہ"),
    ("en", "easy", "ltr", "Thank you for your story"), ("pl", "", "ltr", "not in Polish yet")])
def test_it_is_in_the_language_and_the_reading_of_their_consent(
        client: Browser, session: Session, story: Story, language: str, reading: str, direction: str, words: str
) -> None:
    record = record_of(session, story)
    record.language, record.reading = language, reading
    session.commit()
    # Nothing of the consent shows before the name, not even its language.
    assert '<html lang="en">' in client.get(f"/receipt/{CODE}").text
    page = enter(client).get(f"/receipt/{CODE}").text
    shown = "en" if language == "pl" else language
    assert f'<html lang="{shown}"' in page
    assert ('<html lang="ur" dir="rtl">' in page) == (direction == "rtl")
    assert words in page
    assert f"receipt--{reading or 'full'}" in page
    assert "easy" not in client.get(f"/receipt/{CODE}?reading=full").text.partition("<main")[2].split("href")[0]


@pytest.mark.parametrize("path", ["", "/answers", "/less", "/withdraw"])
@pytest.mark.parametrize("language", ["cy", "ur"])
def test_every_page_has_its_words_in_each_language(client: Browser, story: Story, path: str, language: str) -> None:
    page = enter(client).get(f"/receipt/{CODE}{path}?language={language}").text
    assert f'<html lang="{language}"' in page
    for english in ("Skip to", "brings people", "Back", "Yes<", "Your ", "Delete", "Change"):
        assert english not in page.partition("</head>")[2]


def test_the_browsers_language_asks_for_the_name(client: Browser, story: Story) -> None:
    page = client.get(f"/receipt/{CODE}", headers={"Accept-Language": "ur-PK, ur;q=0.9, en;q=0.1"}).text
    assert '<html lang="ur" dir="rtl">' in page


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


def test_a_withdrawn_story_shows_that_it_was_and_when_and_nothing_else(client: Browser, session: Session, sign_in_as,
                                                                       story: Story) -> None:
    researcher = sign_in_as(session.get_one(Person, story.researcher_id))
    researcher.post(f"/projects/{story.project_id}/register/{story.id}/withdraw")
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
    assert "Whatever said whose story it is was taken back on" in page.text


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
    assert "cannot be taken apart" in client.get(f"/receipt/{OTHER_CODE}").text


def test_a_yes_that_ends_says_when(client: Browser, session: Session, story: Story) -> None:
    record_of(session, story).until = {"record": "2031-09-01T00:00:00+00:00",
                                       "commissioners": "2026-06-01T00:00:00+00:00"}
    session.commit()
    page = enter(client).get(f"/receipt/{CODE}").text
    assert "Until 1 September 2031" in page
    assert "Your yes ended on 1 June 2026" in page
    assert (page.count(">Yes<"), page.count(">No<")) == (1, 5)


def test_a_project_says_where_to_complain(client: Browser, session: Session, story: Story) -> None:
    session.get_one(Project, story.project_id).complaints = "Ring Bea on 020.\nOr write."
    session.commit()
    assert "Ring Bea on 020.\nOr write." in enter(client).get(f"/receipt/{CODE}").text


def test_their_consent_is_a_file(client: Browser, story: Story) -> None:
    answer = enter(client).get(f"/receipt/{CODE}/consent.json")
    assert answer.mimetype == "application/json"
    assert answer.get_json()
    assert "Amal" not in answer.text


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
    for words in ("Your story was taken back", "4 May 2026", "It never came to us", "we refuse it"):
        assert words in answer.text
    for words in ("We have deleted", "It is safe there", "moved away", "Sam Okoro", "Listening to carers"):
        assert words not in answer.text
    assert client.get(f"/receipt/{CODE}/withdraw").status_code == 303
