"""The page of files that were taken away."""

import html
import re
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from server.domain.access import Role
from server.domain.ids import new_id
from server.models.export import ExportMade, ExportPart
from server.models.people import Person
from server.models.project import Project
from tests.makers import NOON, make_person, make_project
from tests.pages.page_checks import assert_sound


@pytest.fixture
def project(session: Session) -> Project:
    return make_project(session)


def take(session: Session, project: Project, person: Person | None, minute: int, parts: int = 1) -> str:
    """A file of that minute; its id."""
    made = ExportMade(id=new_id(), project_id=project.id, kind="quotes.csv", made_by=person.id if person else None,
                      made_at=NOON + timedelta(minutes=minute))
    session.add(made)
    session.flush()
    session.add_all(ExportPart(export_id=made.id, part_id=new_id(), story_id=new_id(), position=position)
                    for position in range(1, parts + 1))
    return made.id


def test_a_long_list_of_files_is_turned_both_ways_and_misses_none(session: Session, sign_in_as,
                                                                  project: Project) -> None:
    analyst = make_person(session, project, Role.ANALYST, name="Ann Alyst")
    made = [take(session, project, analyst if minute % 2 else None, minute // 3, minute) for minute in range(45)]
    take(session, make_project(session, "Another"), analyst, 99)
    session.commit()
    browser, address, pages = sign_in_as(analyst), f"/projects/{project.id}/exports/made", []
    while address:
        answer = browser.get(address)
        assert_sound(answer)
        pages.append(re.findall(r'exports/made/([0-9a-f-]{36})"', answer.text))
        older = re.search(r'href="([^"]*older=[^"]*)"', answer.text)
        address = html.unescape(older[1]) if older else ""
    assert [len(page) for page in pages] == [20, 20, 5]
    assert {export_id for page in pages for export_id in page} == set(made)
    assert pages[0][0] in made[-3:]
    newer = html.unescape(re.findall(r'href="([^"]*newer=[^"]*)"', answer.text)[0])
    back = browser.get(newer).text
    assert re.findall(r'exports/made/([0-9a-f-]{36})"', back) == pages[1]
    assert "Newer files" in back
    assert "Older files" in back


def test_a_list_that_is_empty_says_so_and_an_address_that_makes_no_sense_shows_the_newest(
    session: Session, sign_in_as, project: Project,
) -> None:
    administrator = make_person(session, project, Role.ADMINISTRATOR)
    session.commit()
    browser, address = sign_in_as(administrator), f"/projects/{project.id}/exports/made"
    assert "Nobody has taken a file away yet." in browser.get(address).text
    export_id = take(session, project, administrator, 1)
    session.commit()
    answer = browser.get(f"{address}?older=x&newer=%00")
    assert_sound(answer)
    assert export_id in answer.text
    assert "Older files" not in answer.text
