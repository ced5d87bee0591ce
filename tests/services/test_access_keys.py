"""Keys for other programs, on both databases."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from server.domain.access import Permission, Role, may
from server.domain.errors import Invalid, NotFound
from server.models.people import AccessKey, Person
from server.services import access_keys, operators, people, sign_in
from tests.makers import make_person, make_project, viewer_of
from tests.signing_in import changes_password

PASSWORD = "four words in a row"


def _key_of(session: Session, person: Person, name: str = "Importer") -> str:
    return access_keys.make(session, viewer_of(session, person), name)[1]


def test_a_key_acts_for_its_person_and_only_its_hash_is_kept(session: Session) -> None:
    project = make_project(session)
    token = _key_of(session, make_person(session, project, Role.RESEARCHER))
    assert token.startswith("ear_")
    assert len(token) >= 4 + 256 / 6
    assert may(access_keys.who_is(session, token).viewer, Permission.COLLECT, project.id)
    row = session.query(AccessKey).one()
    assert token not in (row.token_hash, row.id, row.name)


@pytest.mark.parametrize("changed", ["", "ear_", "shorter", "another"])
def test_another_token_finds_nobody(session: Session, changed: str) -> None:
    token = _key_of(session, make_person(session))
    other = {"shorter": token[:-1], "another": token[:-2] + token[-1] + token[-2] + "x"}.get(changed, changed)
    assert access_keys.who_is(session, other) is None


def test_a_key_ends_after_a_year(session: Session) -> None:
    token = _key_of(session, make_person(session))
    row = session.query(AccessKey).one()
    assert timedelta(days=364) < row.expires_at - datetime.now(UTC) <= timedelta(days=365)
    row.expires_at = datetime.now(UTC) - timedelta(seconds=1)
    session.flush()
    assert access_keys.who_is(session, token) is None


def test_an_operator_acts_through_a_key_as_anybody_else(session: Session) -> None:
    person = make_person(session)
    person.is_operator = True
    assert viewer_of(session, person).is_operator
    assert not access_keys.who_is(session, _key_of(session, person)).viewer.is_operator


def test_its_use_is_noted_once_an_hour(session: Session) -> None:
    token = _key_of(session, make_person(session))
    assert not access_keys.who_is(session, token).use_is_old_news
    access_keys.note_use(session, token)
    session.expire_all()
    first = session.query(AccessKey).one().last_used_at
    assert first is not None
    assert access_keys.who_is(session, token).use_is_old_news
    access_keys.note_use(session, token)
    session.expire_all()
    assert session.query(AccessKey).one().last_used_at == first
    session.query(AccessKey).update({"last_used_at": first - timedelta(hours=2)})
    access_keys.note_use(session, token)
    session.expire_all()
    assert session.query(AccessKey).one().last_used_at >= first


def test_a_person_sees_and_removes_their_own_keys_alone(session: Session) -> None:
    ada, bo = viewer_of(session, make_person(session)), viewer_of(session, make_person(session))
    first, token = access_keys.make(session, ada, "  First   one ")
    access_keys.make(session, ada, "Second")
    assert [key.name for key in access_keys.list_mine(session, ada)] == ["Second", "First one"]
    assert access_keys.list_mine(session, bo) == []
    with pytest.raises(NotFound):
        access_keys.remove(session, bo, first.id)
    access_keys.remove(session, ada, first.id)
    assert access_keys.who_is(session, token) is None
    with pytest.raises(NotFound):
        access_keys.remove(session, ada, first.id)


def test_a_key_says_what_it_is_for_and_there_are_not_too_many(session: Session) -> None:
    viewer = viewer_of(session, make_person(session))
    for name in (" ", "n" * 81):
        with pytest.raises(Invalid):
            access_keys.make(session, viewer, name)
    for number in range(access_keys.AT_MOST):
        access_keys.make(session, viewer, f"Program {number}")
    with pytest.raises(Invalid):
        access_keys.make(session, viewer, "One more")


def test_a_new_password_ends_every_key(session: Session) -> None:
    person = make_person(session, password=PASSWORD)
    token = _key_of(session, person)
    changes_password(session, viewer_of(session, person), PASSWORD, "another four words")
    assert access_keys.who_is(session, token) is None


def test_a_password_taken_away_by_an_operator_ends_every_key(session: Session) -> None:
    person = make_person(session, password=PASSWORD)
    token = _key_of(session, person)
    operators.reset_password(session, person.email)
    assert access_keys.who_is(session, token) is None


def test_a_key_loses_a_role_with_its_person_and_ends_with_the_last(session: Session) -> None:
    project = make_project(session)
    administrator = viewer_of(session, make_person(session, project, Role.ADMINISTRATOR))
    person = make_person(session, project, Role.RESEARCHER, Role.ANALYST)
    token = _key_of(session, person)
    people.remove_role(session, administrator, project.id, person.id, Role.RESEARCHER)
    assert access_keys.who_is(session, token).viewer.roles_in(project.id) == {Role.ANALYST}
    people.remove_role(session, administrator, project.id, person.id, Role.ANALYST)
    people.add_role(session, person.id, project.id, Role.ANALYST)
    assert access_keys.who_is(session, token) is None


def test_signing_out_leaves_keys_alone(session: Session) -> None:
    person = make_person(session)
    token, here = _key_of(session, person), sign_in.start(session, person)
    sign_in.end(session, here)
    assert access_keys.who_is(session, token) is not None
