"""The operators' page, empty and with everything that can be wrong."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from server.domain.access import Role
from server.domain.ids import new_id
from server.domain.work import Held, Kind
from server.models.device import Device
from server.models.held import HeldArrival
from server.models.upload import StagingPlace
from server.models.work import Job
from server.services import work
from tests import makers
from tests.pages.page_checks import assert_sound


@pytest.fixture
def operator(session: Session, sign_in_as):
    person = makers.make_person(session, name="Olu")
    person.is_operator = True
    return sign_in_as(person)


def _fill(session: Session, name: str = "Sam Okoro") -> None:
    now = datetime.now(UTC)
    project = makers.make_project(session)
    researcher = makers.make_person(session, project, Role.RESEARCHER, name=name)
    story = makers.make_story(session, project, researcher, pseudonym="Zebedee", place="Mossy Hollow")
    job = work.request(session, kind=Kind.TRANSCRIBE, subject_id=new_id(), story_id=story.id, project_id=project.id)
    for _ in range(3):
        claimed = work.claim(session, job.id, "worker", now)
        work.fail(session, Held(job.id, claimed[0].fence), "audio_damaged", "Zebedee said")
    session.add(Device(id=new_id(), person_id=researcher.id, label=name, unsent=3, unsent_bytes=41_000_000,
                       oldest_unsent_at=now - timedelta(days=9), first_seen_at=now,
                       last_seen_at=now - timedelta(days=8)))
    session.add(HeldArrival(id=new_id(), kind="quote", story_id=new_id(), project_id=project.id,
                            person_id=researcher.id, body=b'{"text": "Zebedee"}', body_sha256=makers.digest("x"),
                            received_at=now - timedelta(days=15)))
    session.add(StagingPlace(id=new_id(), host="north", seen_at=now - timedelta(hours=2), free_bytes=10**9))
    session.commit()


def test_an_installation_where_all_is_well_says_so(operator) -> None:
    page = operator.get("/operations")
    assert_sound(page)
    for words in ("Nothing waits. All work is done.", "Every phone that was heard of has sent everything.",
                  "Nothing waits. Everything that was sent", "No machine has been heard of yet", "No worker is busy."):
        assert words in page.text


def test_everything_that_needs_somebody_is_said_with_what_to_do(session: Session, operator) -> None:
    """fault 12, fault 24, fault 36"""
    _fill(session)
    page = operator.get("/operations")
    assert_sound(page)
    for words in ("Transcript of a recording: 1 failed", "no sound could be read from it",
                  "Try all of this kind again", "3 parts not sent (41 MB)", "Last seen 8 days ago",
                  "Not heard of for a week", "A quote without its story", "Two weeks or longer", "north",
                  "Last heard of 2 hours ago", "1.0 GB free", "Silent", "Little room"):
        assert words in page.text


def test_no_story_is_named(session: Session, operator) -> None:
    """fault 44"""
    _fill(session)
    page = operator.get("/operations").text
    for words in ("Zebedee", "Mossy Hollow"):
        assert words not in page


def test_names_with_markup_are_shown_as_text(session: Session, operator) -> None:
    """fault 42"""
    _fill(session, "<script>alert(1)</script>")
    page = operator.get("/operations")
    assert_sound(page)
    assert "<script>alert" not in page.text
    assert "&lt;script&gt;alert(1)" in page.text


def test_the_button_gives_all_of_the_kind_another_turn(session: Session, operator) -> None:
    _fill(session)
    answer = operator.post("/operations/work/again", data={"kind": "transcribe"})
    assert (answer.status_code, answer.location) == (303, "/operations")
    session.rollback()
    assert [job.state for job in session.query(Job).filter_by(kind="transcribe")] == ["waiting"]
    assert operator.post("/operations/work/again", data={"kind": "nonsense"}).status_code == 404


def test_for_anybody_else_it_is_not_there(session: Session, sign_in_as, client) -> None:
    """fault 44"""
    browser = sign_in_as(makers.make_person(session, makers.make_project(session), *Role))
    assert browser.get("/operations").status_code == 404
    assert browser.post("/operations/work/again", data={"kind": "transcribe"}).status_code == 404
    assert client.get("/operations").status_code == 302
    assert "/operations" not in browser.get("/").text


def test_operators_find_it_on_the_first_page(operator) -> None:
    assert 'href="/operations"' in operator.get("/").text


def test_an_administrator_is_told_of_what_waits_in_their_project(session: Session, sign_in_as) -> None:
    """fault 24"""
    _fill(session)
    project = session.query(makers.Project).one()
    pages = {role: sign_in_as(makers.make_person(session, project, role)).get(f"/projects/{project.id}/work").text
             for role in (Role.ADMINISTRATOR, Role.RESEARCHER, Role.COMMISSIONER)}
    assert "A quote without its story</strong>, sent by Sam Okoro" in pages[Role.ADMINISTRATOR]
    assert "A quote without its story" not in pages[Role.RESEARCHER] + pages[Role.COMMISSIONER]
