"""Accounts and roles, on both databases."""

import pytest
from sqlalchemy.orm import Session

from server.domain.access import Permission, Role, may
from server.domain.errors import Invalid, LastAdministrator, LinkExpired, NotFound
from server.services import passwords, people, sign_in
from tests.makers import make_person, make_project, viewer_of
from tests.signing_in import changes_password, signs_in

PASSWORD = "four words in a row"


def test_an_account_can_sign_in_with_its_email_in_any_case(session: Session) -> None:
    person = people.create(session, "  Ada   Lind ", "Ada@Example.org", passwords.choose(PASSWORD, ""))
    assert person.name == "Ada Lind"
    assert signs_in(session, "ada@example.org", PASSWORD) is person


@pytest.mark.parametrize(("field", "name", "email", "password"), [
    ("name", " ", "a@b.org", PASSWORD),
    ("name", "n" * 81, "a@b.org", PASSWORD),
    ("email", "Ada", "ada", PASSWORD),
    ("email", "Ada", "ada@example", PASSWORD),
    ("email", "Ada", "ada lind@example.org", PASSWORD),
    ("email", "Ada", "a" * 250 + "@b.org", PASSWORD),
    ("password", "Ada", "a@b.org", "short"),
    ("password", "Ada", "a@b.org", "password1234"),
    ("password", "Ada", "a@b.org", "aaaaaaaaaaaaaaaa"),
    ("password", "Ada", "ada.lind.long@example.org", "ada.lind.long@example.org"),
    ("password", "Ada", "a@b.org", "x1y2" * 60),
])
def test_what_will_not_do_is_named_field_by_field(session: Session, field: str, name: str, email: str,
                                                  password: str) -> None:
    with pytest.raises(Invalid) as refusal:
        people.create(session, name, email, passwords.choose(password, email))
    assert list(refusal.value.fields) == [field]


def test_an_email_address_has_one_account(session: Session) -> None:
    people.create(session, "Ada", "ada@example.org", passwords.choose(PASSWORD, ""))
    with pytest.raises(Invalid) as refusal:
        people.create(session, "Another", "ADA@example.org", passwords.choose(PASSWORD, ""))
    assert list(refusal.value.fields) == ["email"]


def test_changing_a_password_asks_for_the_one_now_and_ends_other_sessions(session: Session) -> None:
    person = make_person(session, password=PASSWORD)
    viewer = viewer_of(session, person)
    here, elsewhere = sign_in.start(session, person), sign_in.start(session, person)
    with pytest.raises(Invalid) as refusal:
        changes_password(session, viewer, "wrong", "another four words", keep=here)
    assert list(refusal.value.fields) == ["current_password"]
    changes_password(session, viewer, PASSWORD, "another four words", keep=here)
    assert passwords.is_right(person.password_hash, "another four words")
    assert sign_in.who_is(session, here) is not None
    assert sign_in.who_is(session, elsewhere) is None


def test_changing_a_password_ends_links_that_could_sign_in(session: Session) -> None:
    person = make_person(session, password=PASSWORD)
    link = sign_in.make_link(session, person)
    changes_password(session, viewer_of(session, person), PASSWORD, "another four words", keep="")
    with pytest.raises(LinkExpired):
        sign_in.use_link(session, link)


def test_a_weak_new_password_changes_nothing(session: Session) -> None:
    person = make_person(session, password=PASSWORD)
    with pytest.raises(Invalid):
        changes_password(session, viewer_of(session, person), PASSWORD, "short", keep="")
    assert passwords.is_right(person.password_hash, PASSWORD)


def test_members_are_listed_once_with_their_roles_in_a_fixed_order(session: Session) -> None:
    project = make_project(session)
    ada = make_person(session, project, Role.BOARD_MEMBER, Role.ADMINISTRATOR, name="Ada")
    make_person(session, make_project(session, "Another"), Role.ANALYST, name="Outsider")
    make_person(session, project, Role.ANALYST, name="bo")
    members = people.list_members(session, viewer_of(session, ada), project.id)
    assert [(member.name, member.roles) for member in members] == [
        ("Ada", (Role.ADMINISTRATOR, Role.BOARD_MEMBER)), ("bo", (Role.ANALYST,))]


def test_removing_a_role_takes_away_what_it_allowed(session: Session) -> None:
    project = make_project(session)
    viewer = viewer_of(session, make_person(session, project, Role.ADMINISTRATOR))
    bo = make_person(session, project, Role.ANALYST, Role.COMMISSIONER)
    people.remove_role(session, viewer, project.id, bo.id, Role.ANALYST)
    assert not may(viewer_of(session, bo), Permission.EXPORT, project.id)
    assert may(viewer_of(session, bo), Permission.BROWSE_STORIES, project.id)


def test_the_last_administrator_stays_until_there_is_another(session: Session) -> None:
    project = make_project(session)
    ada = make_person(session, project, Role.ADMINISTRATOR)
    viewer = viewer_of(session, ada)
    with pytest.raises(LastAdministrator):
        people.remove_role(session, viewer, project.id, ada.id, Role.ADMINISTRATOR)
    make_person(session, project, Role.ADMINISTRATOR)
    people.remove_role(session, viewer, project.id, ada.id, Role.ADMINISTRATOR)
    assert viewer_of(session, ada).roles_in(project.id) == frozenset()


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMINISTRATOR])
def test_only_administrators_of_the_project_see_or_change_its_people(session: Session, role: Role) -> None:
    project = make_project(session)
    administrator = make_person(session, project, Role.ADMINISTRATOR)
    outsider = make_person(session, make_project(session, "Another"), Role.ADMINISTRATOR)
    for person in (make_person(session, project, role), outsider):
        viewer = viewer_of(session, person)
        with pytest.raises(NotFound):
            people.list_members(session, viewer, project.id)
        with pytest.raises(NotFound):
            people.remove_role(session, viewer, project.id, administrator.id, Role.ADMINISTRATOR)
