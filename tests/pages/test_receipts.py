"""The pages behind a participant's receipt: they open with the name in the story, and for nobody else."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from server.domain.access import Role
from server.domain.ids import new_id
from server.domain.sent_withdrawal import SentWithdrawal
from server.domain.sync import Body, PhoneClock, receipt_code_hash
from server.models.consent import ConsentRecord, PartialWithdrawal, ReceiptVisit, Withdrawal
from server.models.people import SignInAttempt
from server.models.project import Project
from server.models.story import Story
from server.services import phone_withdrawals
from tests.conftest import Browser
from tests.makers import NOON, add_participant, make_person, make_project, viewer_of
from tests.pages.opened_receipts import ASKS, CODE, OTHER_CODE, SECRETS, enter, record_of, told_by_amal
from tests.pages.page_checks import assert_sound


@pytest.fixture
def story(session: Session) -> Story:
    return told_by_amal(session)


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
