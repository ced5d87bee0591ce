"""The stories whose consent has ended or ends soon."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from server.domain.access import Role, Viewer
from server.domain.consent import Use
from server.domain.errors import NotFound
from server.models.consent import ConsentRecord
from server.models.project import Project
from server.models.story import Story
from server.services import consent_ends, consents
from tests import makers
from tests.makers import NOON


def until(session: Session, story: Story, **ends: timedelta) -> None:
    record = session.query(ConsentRecord).filter_by(story_id=story.id).one()
    record.until = {Use(use).value: (NOON + after).isoformat() for use, after in ends.items()}
    session.flush()
    consents.decide_again(session, story.id)


def test_a_yes_without_an_end_is_never_listed(session: Session, project: Project, administrator: Viewer,
                                              story: Story) -> None:
    assert consent_ends.list_ending(session, administrator, project.id, NOON + timedelta(days=40_000)) == []
    assert consent_ends.count(session, administrator, project.id, NOON + timedelta(days=40_000)) == 0


def test_one_that_ends_is_listed_from_sixty_days_before(session: Session, project: Project, administrator: Viewer,
                                                        story: Story) -> None:
    until(session, story, **{use.value: timedelta(days=100) for use in Use})
    found = [consent_ends.count(session, administrator, project.id, NOON + timedelta(days=day))
             for day in (39, 40, 100, 500)]
    assert found == [0, 1, 1, 1]


def test_it_says_which_use_ends_first_and_when_nobody_sees_it_any_more(session: Session, project: Project,
                                                                      administrator: Viewer, story: Story) -> None:
    until(session, story, board=timedelta(days=5), commissioners=timedelta(days=50), publication=timedelta(days=9))
    project.retention_months, project.retention_set_at = 12, NOON
    session.flush()
    [found] = consent_ends.list_ending(session, administrator, project.id, NOON)
    assert (found.story_id, found.first_end, found.last_end) == (
        story.id, NOON + timedelta(days=5), NOON + timedelta(days=50))
    assert found.kept_until == NOON.replace(year=2027)


def test_stories_of_other_projects_are_not_listed(session: Session, administrator: Viewer, story: Story) -> None:
    until(session, story, **{use.value: timedelta(days=1) for use in Use})
    other = makers.make_project(session, "Another")
    theirs = makers.viewer_of(session, makers.make_person(session, other, Role.ADMINISTRATOR))
    assert consent_ends.list_ending(session, theirs, other.id, NOON) == []
    assert consent_ends.count(session, theirs, other.id, NOON) == 0
    for asked in (consent_ends.list_ending, consent_ends.count):
        with pytest.raises(NotFound):
            asked(session, administrator, other.id, NOON)


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMINISTRATOR])
def test_nobody_but_an_administrator_is_told(session: Session, project: Project, role: Role) -> None:
    """fault 44"""
    other = makers.viewer_of(session, makers.make_person(session, project, role))
    for asked in (consent_ends.list_ending, consent_ends.count):
        with pytest.raises(NotFound):
            asked(session, other, project.id, NOON)
