"""Projects, their guide and their consent wording, on both databases."""

from dataclasses import replace

import pytest
from sqlalchemy.orm import Session

from server.domain.access import Role, Viewer
from server.domain.consent import Use
from server.domain.consent_wording import SUGGESTED, Question
from server.domain.errors import Invalid, NotFound
from server.models.project import ConsentWording, Project, Prompt
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


def test_a_published_wording_is_never_changed(session: Session, project: Project, administrator: Viewer) -> None:
    before = consent_wordings.newest(session, administrator, project.id)
    assert consent_wordings.publish(session, administrator, project.id, replace(SUGGESTED, title="Version two")) == 2
    assert consent_wordings.newest(session, administrator, project.id).wording.title == "Version two"
    first = session.query(ConsentWording).filter_by(project_id=project.id, version=1).one()
    assert first.title == before.wording.title


def test_the_questions_of_a_wording_are_stored_in_the_order_they_are_asked(session: Session, project: Project,
                                                                           administrator: Viewer) -> None:
    backwards = dict(reversed(list(SUGGESTED.questions.items())))
    consent_wordings.publish(session, administrator, project.id, replace(SUGGESTED, questions=backwards))
    row = session.query(ConsentWording).filter_by(project_id=project.id, version=2).one()
    assert [item["use"] for item in row.uses] == list(Use)


def test_a_wording_that_says_nothing_new_is_not_published(session: Session, project: Project,
                                                          administrator: Viewer) -> None:
    same = consent_wordings.newest(session, administrator, project.id).wording
    with pytest.raises(Invalid):
        consent_wordings.publish(session, administrator, project.id, replace(same, title=f" {same.title} "))


def test_every_question_of_a_wording_needs_its_words(session: Session, project: Project,
                                                     administrator: Viewer) -> None:
    questions = {**SUGGESTED.questions, Use.BOARD: Question(" ", "y" * 2001)}
    with pytest.raises(Invalid) as refusal:
        consent_wordings.publish(session, administrator, project.id, replace(SUGGESTED, questions=questions))
    assert set(refusal.value.fields) == {"question_board", "explanation_board"}


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMINISTRATOR])
def test_nobody_else_changes_a_project(session: Session, project: Project, role: Role) -> None:
    viewer = viewer_of(session, make_person(session, project, role))
    for change in (
        lambda: projects.describe(session, viewer, project.id, "Mine now", "", 1),
        lambda: projects.replace_prompts(session, viewer, project.id, [], 1),
        lambda: consent_wordings.publish(session, viewer, project.id, SUGGESTED),
        lambda: consent_wordings.newest(session, viewer, project.id),
    ):
        with pytest.raises(NotFound):
            change()


def test_a_person_sees_the_names_of_their_projects_alone(session: Session, administrator: Viewer) -> None:
    other = make_project(session, "Another")
    assert [found.name for found in projects.list_mine(session, administrator)] == ["Listening to carers"]
    with pytest.raises(NotFound):
        projects.get_name(session, administrator, other.id)
