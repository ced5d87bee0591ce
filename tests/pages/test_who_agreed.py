"""Who agreed to what, as the register and the page of a group's story say it."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from server.domain.access import Role
from server.domain.consent import Use
from server.models.consent import ConsentRecord
from server.models.people import Person
from server.models.project import Project
from server.models.story import Story
from server.pages import words
from server.services import consents
from tests.makers import ALL_USES, add_participant, add_quote, make_person, make_project, make_story
from tests.pages.page_checks import assert_sound

ENDED, ENDS = datetime(2026, 1, 5, 9, tzinfo=UTC), datetime.now(UTC) + timedelta(days=365)


@pytest.fixture
def project(session: Session) -> Project:
    return make_project(session)


@pytest.fixture
def story(session: Session, project: Project) -> Story:
    """Told by Rose, who agrees for a year, <b>Ali</b>, whose yes to photos has ended, and Cath, who refuses a board."""
    story = make_story(session, project, make_person(session, project, Role.RESEARCHER), pseudonym="The choir")
    session.query(ConsentRecord).delete()
    ends = {"Rose": {use: ENDS for use in Use}, "<b>Ali</b>": {Use.PHOTOS: ENDED}, "Cath": {}}
    for name, until in ends.items():
        person = add_participant(session, story, name, ALL_USES - ({Use.BOARD} if name == "Cath" else set()))
        record = session.query(ConsentRecord).filter_by(participant_id=person.id).one()
        record.until = {use.value: at.isoformat() for use, at in until.items()}
    add_quote(session, story)
    consents.decide_again(session, story.id)
    session.commit()
    return story


def words_of(page: str) -> str:
    return " ".join(re.sub(r"<[^>]*>", " ", page).split())


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.RESEARCHER])
def test_the_register_says_how_everybodys_agreement_stands_and_whose_yes_is_missing(
    session: Session, sign_in_as, project: Project, story: Story, role: Role
) -> None:
    person = (session.get_one(Person, story.researcher_id) if role is Role.RESEARCHER
              else make_person(session, project, role))
    answer = sign_in_as(person).get(f"/projects/{project.id}/register/{story.id}")
    assert_sound(answer)
    words = words_of(answer.text)
    year = f"Yes, until {ENDS.day} {ENDS:%B %Y}"
    assert f"Show it to a board {year} Rose Yes &lt;b&gt;Ali&lt;/b&gt; No Cath It also needs a yes from Cath ." in words
    assert (f"Show your photos {year} Rose Ended on 5 January 2026 &lt;b&gt;Ali&lt;/b&gt; Yes Cath It also needs a yes "
            "from &lt;b&gt;Ali&lt;/b&gt; .") in words
    assert f"Record your voice {year} Rose Yes &lt;b&gt;Ali&lt;/b&gt; , Cath Write" in words


def test_whoever_reads_a_groups_story_is_told_how_many_agreed_and_not_who_said_no(
    session: Session, sign_in_as, project: Project, story: Story
) -> None:
    page = sign_in_as(make_person(session, project, Role.COMMISSIONER)).get(f"/stories/{story.id}")
    assert_sound(page)
    said = words_of(page.text).partition("How many agreed to what")[2]
    assert f"Record your voice Yes, until {ENDS.day} {ENDS:%B %Y} Write" in said
    for use in ("Show it to a board", "Show your photos"):
        assert f"{use} Not everybody 2 of 3 people agree It also needs a yes from 1 other person." in said
    for name in ("Cath", "Ali", "Rose"):
        assert name not in said
        assert name in page.text, "who told it is said, for whoever reads it"


def test_a_use_that_nobody_of_a_group_agrees_to_says_that_and_waits_for_nobody(
    session: Session, sign_in_as, project: Project, story: Story
) -> None:
    for record in session.query(ConsentRecord):
        record.answers = record.answers | {Use.PUBLICATION.value: False}
    consents.decide_again(session, story.id)
    session.commit()
    page = sign_in_as(make_person(session, project, Role.COMMISSIONER)).get(f"/stories/{story.id}")
    assert f"{words.use_name(Use.PUBLICATION)} Nobody" in words_of(page.text)
    assert words_of(page.text).count("It also needs a yes") == 2


def test_of_one_person_the_register_says_how_it_stands_without_a_name(session: Session, sign_in_as,
                                                                      project: Project) -> None:
    story = make_story(session, project, make_person(session, project, Role.RESEARCHER), uses={Use.BOARD})
    session.query(ConsentRecord).one().until = {"board": ENDED.isoformat()}
    session.commit()
    administrator = sign_in_as(make_person(session, project, Role.ADMINISTRATOR))
    answer = administrator.get(f"/projects/{project.id}/register/{story.id}")
    assert_sound(answer)
    assert "Show it to a board Ended on 5 January 2026 Quote it" in words_of(answer.text)
    assert "It also needs a yes" not in answer.text


def test_the_page_of_one_persons_story_has_no_table_of_who_agreed(session: Session, sign_in_as,
                                                                  project: Project) -> None:
    story = make_story(session, project, make_person(session, project, Role.RESEARCHER))
    session.commit()
    page = sign_in_as(make_person(session, project, Role.COMMISSIONER)).get(f"/stories/{story.id}")
    assert "agreed to what" not in page.text
