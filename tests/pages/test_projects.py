"""Starting a project and its settings."""

import pytest
from sqlalchemy.orm import Session

from server.domain.access import Role
from server.models.project import Project, Prompt
from tests.makers import make_person, make_project
from tests.pages.page_checks import assert_sound


@pytest.fixture
def project(session: Session) -> Project:
    return make_project(session)


@pytest.fixture
def administrator(session: Session, sign_in_as, project: Project):
    return sign_in_as(make_person(session, project, Role.ADMINISTRATOR))


def test_an_operator_starts_a_project_and_lands_in_its_settings(session: Session, sign_in_as) -> None:
    person = make_person(session)
    person.is_operator = True
    browser = sign_in_as(person)
    assert_sound(browser.get("/projects/new"))
    answer = browser.post("/projects", data={"name": "Coming home", "introduction": "What it is like."})
    assert answer.status_code == 303
    settings = browser.get(answer.location)
    assert_sound(settings)
    assert "The project is ready." in settings.get_data(as_text=True)
    assert "May we record your voice?" in settings.get_data(as_text=True)


def test_a_project_without_a_name_is_explained(session: Session, sign_in_as) -> None:
    person = make_person(session)
    person.is_operator = True
    answer = sign_in_as(person).post("/projects", data={"name": " ", "introduction": "Kept words"})
    assert answer.status_code == 422
    assert_sound(answer)
    assert "Kept words" in answer.get_data(as_text=True)
    assert session.query(Project).count() == 0


def test_nobody_else_finds_the_page_that_starts_projects(administrator) -> None:
    assert administrator.get("/projects/new").status_code == 404
    assert administrator.post("/projects", data={"name": "Mine"}).status_code == 404


def test_the_guide_is_saved_line_by_line(session: Session, administrator, project: Project) -> None:
    address = f"/projects/{project.id}/settings"
    administrator.post(f"{address}/prompts", data={"version": "1", "prompts": "Who was there?\r\n\r\n  What then?  "})
    saved = session.query(Prompt).filter_by(project_id=project.id).order_by(Prompt.position)
    assert [prompt.text for prompt in saved] == ["Who was there?", "What then?"]


@pytest.mark.parametrize(("part", "sent", "words"), [
    ("introduction", {"version": "1", "name": "", "introduction": "Kept words"}, "Write a name for the project."),
    ("prompts", {"version": "1", "prompts": "Kept words\n" + "x" * 301}, "Make each question 300 letters or shorter."),
])
def test_settings_that_are_refused_keep_what_was_typed(administrator, project: Project, part: str,
                                                       sent: dict[str, str], words: str) -> None:
    answer = administrator.post(f"/projects/{project.id}/settings/{part}", data=sent)
    assert answer.status_code == 422
    assert_sound(answer)
    assert words in answer.get_data(as_text=True)
    assert "Kept words" in answer.get_data(as_text=True)
