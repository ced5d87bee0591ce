"""Writing a consent wording in languages and readings, and publishing it."""

import pytest
from sqlalchemy.orm import Session

from server.domain.access import Role
from server.domain.consent import Use
from server.domain.consent_wording import Reading
from server.domain.suggested_wordings import SUGGESTED_TEXTS
from server.models.project import ConsentWording, DraftText, Project
from tests.conftest import Browser
from tests.makers import make_person, make_project
from tests.pages.page_checks import assert_sound


@pytest.fixture
def project(session: Session) -> Project:
    return make_project(session)


@pytest.fixture
def administrator(session: Session, sign_in_as, project: Project) -> Browser:
    return sign_in_as(make_person(session, project, Role.ADMINISTRATOR))


@pytest.fixture
def address(project: Project) -> str:
    return f"/projects/{project.id}/settings/wording"


def written(**changed: str) -> dict[str, str]:
    parts = {"title": "Our words", "introduction": "You choose.", "version": "0"}
    for use in Use:
        parts |= {f"question_{use}": f"May we {use}?", f"explanation_{use}": "You can say no."}
    return parts | changed


def publish(browser: Browser, address: str) -> None:
    page = browser.get(f"{address}/publish").get_data(as_text=True)
    seen = page.split('name="seen" value="')[1].split('"')[0]
    assert browser.post(f"{address}/publish", data={"seen": seen}).status_code == 303


def test_a_text_is_written_checked_and_published_beside_the_old_one(session: Session, administrator: Browser,
                                                                    address: str) -> None:
    assert_sound(administrator.get(address))
    assert_sound(administrator.get(f"{address}/texts/en/full"))
    assert administrator.post(f"{address}/texts/en/full", data=written()).status_code == 303
    assert session.query(ConsentWording).count() == 1
    changes = administrator.get(f"{address}/publish")
    assert_sound(changes)
    assert "<del>Sharing your story</del>" in changes.text
    assert "<ins>Our words</ins>" in changes.text
    publish(administrator, address)
    titles = {row.version: row.title for row in session.query(ConsentWording)}
    assert titles == {1: "Sharing your story", 2: "Our words"}
    assert "Version 2" in administrator.get(address.removesuffix("/wording")).text


def test_a_text_with_an_empty_question_is_explained_and_kept(session: Session, administrator: Browser,
                                                             address: str) -> None:
    answer = administrator.post(f"{address}/texts/en/full", data=written(question_board="", title="<b>Kept</b>"))
    assert answer.status_code == 422
    assert_sound(answer)
    assert "&lt;b&gt;Kept&lt;/b&gt;" in answer.text
    assert 'href="#question_board"' in answer.text
    assert session.query(DraftText).count() == 0


def test_a_right_to_left_language_is_written_and_shown_right_to_left(administrator: Browser, address: str) -> None:
    begun = administrator.get(f"{address}/add?language=ur", follow_redirects=True)
    assert_sound(begun)
    assert 'lang="ur" dir="rtl"' in begun.text
    assert "Suggested, have a speaker check it" in begun.text
    administrator.post(f"{address}/texts/ur/full", data=written(title="اپنی کہانی"))
    shown = administrator.get(f"{address}/publish").text
    assert '<div lang="ur" dir="rtl">' in shown
    assert "Suggested, have a speaker check it" not in shown


def test_words_that_we_suggest_stay_marked_until_somebody_changes_them(administrator: Browser, address: str) -> None:
    page = administrator.get(f"{address}/texts/cy/easy").text
    fields = [part.split('"')[0] for part in page.split('name="')[1:]]
    assert {"title", "introduction", "question_board"} <= set(fields)
    welsh = SUGGESTED_TEXTS["cy", Reading.EASY]
    form = {"version": "0", "title": welsh.title, "introduction": welsh.introduction}
    for use, asked in welsh.questions.items():
        form |= {f"question_{use}": asked.question, f"explanation_{use}": asked.explanation}
    administrator.post(f"{address}/texts/cy/easy", data=form)
    assert "Suggested, have a speaker check it" in administrator.get(address).text
    administrator.post(f"{address}/texts/cy/easy", data=form | {"title": "Wedi’i wirio", "version": "1"})
    assert "Suggested, have a speaker check it" not in administrator.get(address).text


def test_what_was_changed_while_somebody_looked_is_looked_at_again(session: Session, administrator: Browser,
                                                                   address: str) -> None:
    """fault 25"""
    administrator.post(f"{address}/texts/en/full", data=written())
    answer = administrator.post(f"{address}/publish", data={"seen": "something else"})
    assert answer.status_code == 412
    assert_sound(answer)
    assert session.query(ConsentWording).count() == 1
    again = administrator.post(f"{address}/texts/en/full", data=written(title="Written at the same time"))
    assert again.status_code == 412
    assert "Written at the same time" in again.text


def test_a_text_is_left_out_and_the_draft_thrown_away(session: Session, administrator: Browser, address: str) -> None:
    administrator.post(f"{address}/texts/cy/full", data=written())
    assert administrator.post(f"{address}/texts/cy/full/leave-out").status_code == 303
    assert session.query(DraftText).filter_by(language="cy").count() == 0
    assert administrator.post(f"{address}/discard").status_code == 303
    assert session.query(DraftText).count() == 0


@pytest.mark.parametrize("path", ["/texts/en/quick", "/texts/tlh/full", "/texts/xx/easy"])
def test_readings_and_languages_that_are_not_there_are_not_found(administrator: Browser, address: str,
                                                                 path: str) -> None:
    assert administrator.get(address + path).status_code == 404
    assert administrator.post(address + path, data=written()).status_code == 404


def test_the_questions_of_the_guide_are_written_in_a_language(session: Session, administrator: Browser,
                                                              project: Project) -> None:
    address = f"/projects/{project.id}/settings/prompts"
    page = administrator.get(f"{address}?language=ur", follow_redirects=True)
    assert_sound(page)
    names = [part.split('"')[0] for part in page.text.split('name="')[1:] if part.startswith("text_")]
    assert 'dir="rtl"' in page.text
    assert administrator.post(f"{address}/ur", data={"version": "1", names[0]: "کیا ہوا؟"}).status_code == 303
    assert "کیا ہوا؟" in administrator.get(f"{address}/ur").text
    assert "اردو" in administrator.get(f"/projects/{project.id}/settings").text
    late = administrator.post(f"{address}/ur", data={"version": "1", names[0]: "کچھ اور"})
    assert late.status_code == 412
    long = administrator.post(f"{address}/ur", data={"version": "2", names[0]: "x" * 301})
    assert long.status_code == 422
    assert_sound(long)
    assert administrator.get(f"{address}/en").status_code == 404


def test_how_long_a_yes_lasts_is_said_checked_and_published(session: Session, administrator: Browser,
                                                            address: str) -> None:
    assert "A yes to this version lasts for good." in administrator.get(address).text
    assert_sound(administrator.get(f"{address}/term"))
    assert administrator.post(f"{address}/term", data={"months": " 24 ", "version": "0"}).status_code == 303
    assert "lasts 2 years. A yes to version 1 lasts for good." in administrator.get(address).text
    changes = administrator.get(f"{address}/publish")
    assert_sound(changes)
    assert "<del>for good</del>" in changes.text
    assert "<ins>2 years</ins>" in changes.text
    publish(administrator, address)
    assert {row.version: row.months for row in session.query(ConsentWording)} == {1: None, 2: 24}
    assert "A yes to it lasts 2 years." in administrator.get(address.removesuffix("/wording")).text


@pytest.mark.parametrize("typed", ["0", "601", "two years", "-3", "1e9", "9" * 30])
def test_a_time_that_is_none_is_explained_and_kept(session: Session, administrator: Browser, address: str,
                                                   typed: str) -> None:
    answer = administrator.post(f"{address}/term", data={"months": typed, "version": "0"})
    assert answer.status_code == 422
    assert_sound(answer)
    assert f'value="{typed}"' in answer.text
    assert session.query(DraftText).count() == 0


def test_how_long_a_yes_lasts_is_not_written_over_unseen(administrator: Browser, address: str) -> None:
    """fault 25"""
    administrator.post(f"{address}/term", data={"months": "24", "version": "0"})
    late = administrator.post(f"{address}/term", data={"months": "36", "version": "0"})
    assert late.status_code == 412
    assert_sound(late)
    assert administrator.post(f"{address}/term", data={"months": "36", "version": "24"}).status_code == 303
    assert "lasts 3 years" in administrator.get(address).text
