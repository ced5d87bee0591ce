"""The first page: what a person can do now."""

from sqlalchemy.orm import Session

from server.domain.access import Role
from tests.makers import add_quote, make_person, make_project, make_story
from tests.pages.looking import open_to_board
from tests.pages.page_checks import assert_sound


def _home(browser) -> str:
    answer = browser.get("/")
    assert answer.status_code == 200
    assert_sound(answer)
    return answer.get_data(as_text=True)


def test_somebody_in_no_project_is_told_what_to_do(session: Session, sign_in_as) -> None:
    page = _home(sign_in_as(make_person(session)))
    assert "You are in no project yet" in page
    assert "Start a new project" not in page


def test_a_researcher_gets_to_the_phone_app(session: Session, sign_in_as) -> None:
    assert 'href="/collect/"' in _home(sign_in_as(make_person(session, make_project(session), Role.RESEARCHER)))


def test_nobody_else_is_sent_to_the_phone_app(session: Session, sign_in_as) -> None:
    others = [role for role in Role if role is not Role.RESEARCHER]
    assert "/collect/" not in _home(sign_in_as(make_person(session, make_project(session), *others)))


def test_a_made_up_project_says_so(session: Session, sign_in_as) -> None:
    project = make_project(session)
    project.is_demo = True
    assert "Made-up example" in _home(sign_in_as(make_person(session, project, Role.ANALYST)))


def test_only_ones_own_projects_are_named(session: Session, sign_in_as) -> None:
    make_project(session, "Somebody else's")
    page = _home(sign_in_as(make_person(session, make_project(session), Role.ANALYST)))
    assert "Listening to carers" in page
    assert "Somebody else" not in page


def test_an_operator_may_start_a_project(session: Session, sign_in_as) -> None:
    person = make_person(session)
    person.is_operator = True
    assert "Start a new project" in _home(sign_in_as(person))


def test_a_board_member_finds_the_open_questions_first(session: Session, sign_in_as) -> None:
    project = make_project(session)
    commissioner, member = (make_person(session, project, role) for role in (Role.COMMISSIONER, Role.BOARD_MEMBER))
    quote = add_quote(session, make_story(session, project, commissioner))
    at_desk = sign_in_as(commissioner)
    made = at_desk.post(f"/projects/{project.id}/provocations/new", data={"question": "Who tells them?"})
    address = made.location.removesuffix("/arrange")
    at_desk.post(f"{address}/evidence", data={"kind": "quote", "part": quote.id})
    assert "Who tells them?" not in _home(sign_in_as(member))
    open_to_board(at_desk, address)
    assert "Who tells them?" in _home(sign_in_as(member))
