"""What a project asks of phones, on the pages of its administrators."""

import pytest
from sqlalchemy.orm import Session

from server.domain.access import Role
from server.models.project import Project
from tests import makers
from tests.conftest import Browser
from tests.pages.page_checks import assert_sound


@pytest.fixture
def project(session: Session) -> Project:
    return makers.make_project(session)


@pytest.fixture
def administrator(session: Session, project: Project, sign_in_as) -> Browser:
    return sign_in_as(makers.make_person(session, project, Role.ADMINISTRATOR))


def test_they_are_said_in_words_and_can_be_changed(administrator: Browser, project: Project, session: Session,
                                                   sign_in_as) -> None:
    settings = f"/projects/{project.id}/settings"
    assert "A phone keeps a file for 24 hours after it has arrived here." in administrator.get(settings).text
    assert_sound(administrator.get(f"{settings}/phones"))
    saved = administrator.post(f"{settings}/phones", data={"keep_hours": "0", "photo_pixels": "1600", "version": "1"},
                               follow_redirects=True)
    assert_sound(saved)
    for words in ("Phones get it the next time they are online.", "as soon as it has arrived here", "1,600 pixels"):
        assert words in saved.text
    researcher = sign_in_as(makers.make_person(session, project, Role.RESEARCHER))
    [told] = [change["project"] for change in researcher.get("/api/v1/changes").json["changes"]
              if change["kind"] == "project"]
    assert (told["keep_hours"], told["photo_pixels"], told["version"]) == (0, 1600, 2)


def test_what_will_not_do_comes_back_with_what_to_write(administrator: Browser, project: Project) -> None:
    answer = administrator.post(f"/projects/{project.id}/settings/phones",
                                data={"keep_hours": "<b>1000", "photo_pixels": "9", "version": "1"})
    assert answer.status_code == 422
    assert_sound(answer)
    for words in ("from 0 to 720", "from 800 to 6000", "&lt;b&gt;1000", 'value="9"'):
        assert words in answer.text
    assert "2,048 pixels" in administrator.get(f"/projects/{project.id}/settings").text


def test_a_form_that_says_no_version_saves_nothing(administrator: Browser, project: Project) -> None:
    answer = administrator.post(f"/projects/{project.id}/settings/phones",
                                data={"keep_hours": "1", "photo_pixels": "900"})
    assert answer.status_code == 428
    assert "Longest side of a photo, in pixels" in answer.text
