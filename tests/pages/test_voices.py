"""Groups and targets are kept with forms alone, and the page of voices shows no number that gives a small one away."""

from types import SimpleNamespace

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from server.domain.access import Role
from server.models.group import Group
from server.models.target import VoiceTarget
from tests import makers
from tests.pages.page_checks import assert_sound


@pytest.fixture
def world(app: Flask, session: Session, sign_in_as) -> SimpleNamespace:
    project = makers.make_project(session)
    people = {role: makers.make_person(session, project, role) for role in Role}
    session.commit()
    return SimpleNamespace(project=project, researcher=people[Role.RESEARCHER],
                           address=f"/projects/{project.id}/voices",
                           browsers={role: sign_in_as(person) for role, person in people.items()})


def _groups(session: Session) -> list[tuple[str, bool]]:
    session.rollback()
    rows = session.query(Group).order_by(Group.position)
    return [(row.name, row.retired_at is not None) for row in rows]


def test_groups_are_added_named_moved_and_retired_with_forms_alone(session: Session, world: SimpleNamespace) -> None:
    browser = world.browsers[Role.COMMISSIONER]
    for name in ("Deaf people", "Young carers"):
        assert browser.post(f"/projects/{world.project.id}/groups", data={"name": name}).status_code == 303
    second = session.query(Group.id).filter_by(name="Young carers").scalar()
    browser.post(f"/groups/{second}", data={"name": "Children who care"})
    browser.post(f"/groups/{second}/move", data={"where": "up"})
    assert _groups(session) == [("Children who care", False), ("Deaf people", False)]
    browser.post(f"/groups/{second}/retire")
    page = browser.get(f"{world.address}/targets")
    assert_sound(page)
    assert "Groups that nobody is asked about any more" in page.text
    browser.post(f"/groups/{second}/retire", data={"back": "yes"})
    assert ("Children who care", False) in _groups(session)


@pytest.mark.parametrize("name", ["", "  ", "x" * 81, "deaf  people"])
def test_a_group_needs_a_name_of_its_own(session: Session, world: SimpleNamespace, name: str) -> None:
    browser, address = world.browsers[Role.COMMISSIONER], f"/projects/{world.project.id}/groups"
    browser.post(address, data={"name": "Deaf people"})
    answer = browser.post(address, data={"name": name})
    assert answer.status_code == 422
    assert "There is a problem" in answer.text
    assert _groups(session) == [("Deaf people", False)]


def test_targets_are_kept_and_what_is_wrong_is_said_beside_what_was_typed(session: Session,
                                                                          world: SimpleNamespace) -> None:
    browser = world.browsers[Role.COMMISSIONER]
    typed = {"dimension-0": "place", "value-0": "Harbour", "wanted-0": "20", "counts-0": "stories"}
    assert browser.post(f"{world.address}/targets", data=typed).status_code == 303
    answer = browser.post(f"{world.address}/targets", data=typed | {"wanted-0": "many"})
    assert answer.status_code == 422
    assert "Write a whole number" in answer.text
    assert 'value="many"' in answer.text
    session.rollback()
    assert [(row.value, row.wanted) for row in session.query(VoiceTarget)] == [("Harbour", 20)]


def test_a_place_that_was_hardly_heard_is_named_and_its_number_is_not_shown(session: Session,
                                                                            world: SimpleNamespace) -> None:
    for _ in range(3):
        makers.make_story(session, world.project, world.researcher, place="Harbour")
    session.add(VoiceTarget(project_id=world.project.id, dimension="place", value="Harbour", counts="people",
                            wanted=20))
    session.commit()
    for role in (Role.COMMISSIONER, Role.BOARD_MEMBER, Role.ANALYST):
        page = world.browsers[role].get(world.address)
        assert_sound(page)
        assert "Harbour" in page.text
        assert "too few to show, and you hope for 20 people" in page.text
    for role in (Role.RESEARCHER, Role.CUSTODIAN):
        assert world.browsers[role].get(world.address).status_code == 404


def test_an_administrator_comes_to_groups_and_targets_from_settings_and_back(world: SimpleNamespace) -> None:
    browser = world.browsers[Role.ADMINISTRATOR]
    settings = f"/projects/{world.project.id}/settings"
    assert f'href="{world.address}/targets"' in browser.get(settings).text
    page = browser.get(f"{world.address}/targets")
    assert f'class="nhsuk-back-link" href="{settings}"' in page.text
    assert "Back to voices" not in page.text
