"""Projects, their guide and their consent wording, on both databases."""

import pytest
from sqlalchemy.orm import Session

from server.domain.access import Role, Viewer
from server.domain.consent import Use
from server.domain.consent_wording import Reading, Text
from server.domain.errors import Invalid, NotFound
from server.domain.suggested_wordings import SUGGESTED
from server.models.project import Project, Prompt
from server.services import consent_wordings, projects
from tests.makers import make_person, make_project, viewer_of


@pytest.fixture
def project(session: Session) -> Project:
    return make_project(session)


@pytest.fixture
def administrator(session: Session, project: Project) -> Viewer:
    return viewer_of(session, make_person(session, project, Role.ADMINISTRATOR))


def test_an_operator_becomes_administrator_of_the_project_they_start(session: Session) -> None:
    person = make_person(session)
    person.is_operator = True
    project_id = projects.create(session, viewer_of(session, person), " Coming  home ", "What it is like.")
    viewer = viewer_of(session, person)
    assert viewer.roles == {project_id: frozenset({Role.ADMINISTRATOR})}
    assert projects.get_name(session, viewer, project_id).name == "Coming home"
    assert set(consent_wordings.newest(session, viewer, project_id).wording.questions) == set(Use)


def test_nobody_else_starts_a_project(session: Session, administrator: Viewer) -> None:
    with pytest.raises(NotFound):
        projects.create(session, administrator, "Another", "")


@pytest.mark.parametrize("name", ["", "  ", "n" * 121, "Taken"])
def test_a_project_needs_a_name_of_its_own(session: Session, project: Project, administrator: Viewer,
                                           name: str) -> None:
    make_project(session, "Taken")
    with pytest.raises(Invalid) as refusal:
        projects.describe(session, administrator, project.id, name, "", 1)
    assert list(refusal.value.fields) == ["name"]


def test_a_project_may_keep_its_name(session: Session, project: Project, administrator: Viewer) -> None:
    projects.describe(session, administrator, project.id, project.name, "Something new.", 1)
    assert projects.get_name(session, administrator, project.id).introduction == "Something new."


def test_the_guide_keeps_order_and_the_ids_of_words_that_stay(session: Session, project: Project,
                                                              administrator: Viewer) -> None:
    before = {prompt.text: prompt.id for prompt in session.query(Prompt).filter_by(project_id=project.id)}
    projects.replace_prompts(session, administrator, project.id,
                             ["What would have helped?", "", " Who was there? ", "Who was there?"], 1)
    assert projects.get_guide(session, administrator, project.id).prompts == ("What would have helped?",
                                                                              "Who was there?")
    after = {prompt.text: prompt.id for prompt in session.query(Prompt).filter_by(project_id=project.id)}
    assert after["What would have helped?"] == before["What would have helped?"]


def test_a_guide_has_limits(session: Session, project: Project, administrator: Viewer) -> None:
    for texts in (["x" * 301], [f"Question {number}" for number in range(41)]):
        with pytest.raises(Invalid):
            projects.replace_prompts(session, administrator, project.id, texts, 1)
    assert len(projects.get_guide(session, administrator, project.id).prompts) == 2


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMINISTRATOR])
def test_nobody_else_changes_a_project(session: Session, project: Project, role: Role) -> None:
    viewer = viewer_of(session, make_person(session, project, role))
    for change in (
        lambda: projects.describe(session, viewer, project.id, "Mine now", "", 1),
        lambda: projects.replace_prompts(session, viewer, project.id, [], 1),
        lambda: consent_wordings.publish(session, viewer, project.id, [Text("en", Reading.FULL, SUGGESTED)], None),
        lambda: consent_wordings.newest(session, viewer, project.id),
    ):
        with pytest.raises(NotFound):
            change()


def test_a_person_sees_the_names_of_their_projects_alone(session: Session, administrator: Viewer) -> None:
    other = make_project(session, "Another")
    assert [found.name for found in projects.list_mine(session, administrator)] == ["Listening to carers"]
    with pytest.raises(NotFound):
        projects.get_name(session, administrator, other.id)
