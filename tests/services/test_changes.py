"""The feed that devices read, on both databases: what is new comes once, in order, and nothing is ever missed."""

from types import SimpleNamespace

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from server.domain.access import Role, Viewer
from server.domain.sync import ChangeKind, Cursor, PhoneClock
from server.domain.theme import ThemeText
from server.models.change import Change
from server.models.people import Person
from server.services import (
    changes,
    consent_wordings,
    consents,
    feed,
    invitations,
    people,
    projects,
    quotes,
    stories,
    themes,
    withdrawals,
)
from tests import makers
from tests.services import sending

CLOCK = PhoneClock()


def viewer_of(session: Session, person_id: str) -> Viewer:
    return makers.viewer_of(session, session.get_one(Person, person_id))


def read_all(session: Session, person_id: str, after: int = 0, limit: int = 500) -> tuple[list[feed.Told], int]:
    """Everything after a cursor, and the cursor after that."""
    found: list[feed.Told] = []
    while True:
        page = feed.read(session, viewer_of(session, person_id), Cursor(after, limit))
        found += page.changes
        after = page.next
        if not page.more:
            return found, after


def kinds(told: list[feed.Told]) -> list[str]:
    return [change.kind.value for change in told]


@pytest.fixture
def place(world: SimpleNamespace, session: Session) -> SimpleNamespace:
    """The world with an administrator, committed, and what its researcher has read of it."""
    administrator = makers.make_person(session, world.project, Role.ADMINISTRATOR)
    session.commit()
    found = SimpleNamespace(project_id=world.project.id, person_id=world.researcher.id,
                            researcher=makers.viewer_of(session, world.researcher),
                            administrator=makers.viewer_of(session, administrator), commissioner=world.commissioner)
    found.told, found.read = read_all(session, found.person_id)
    return found


def send_story(session: Session, place: SimpleNamespace) -> tuple[str, str, str]:
    """A consent, its story and a quote; their ids."""
    story = sending.story(place.project_id, makers.new_id())
    consent = sending.consent(place.project_id, _wording_id(session, place.project_id), story.id)
    quote = sending.quote(story.id)
    consents.record(session, place.researcher, consent, sending.BODY, CLOCK)
    stories.receive(session, place.researcher, story, sending.BODY, CLOCK)
    quotes.receive(session, place.researcher, quote, sending.BODY, CLOCK)
    session.commit()
    return consent.id, story.id, quote.id


def _wording_id(session: Session, project_id: str) -> str:
    found = consent_wordings.find_newest(session, project_id)
    assert found is not None
    return found.id


def test_from_the_start_a_device_is_told_of_its_project_and_all_that_belongs_to_it(place: SimpleNamespace) -> None:
    assert kinds(place.told) == ["project", "guide", "wording", "codebook"]
    assert [change.sequence for change in place.told] == sorted(change.sequence for change in place.told)
    assert {change.project_id for change in place.told} == {place.project_id}


def test_each_thing_that_changes_is_told_once_as_it_is_now(session: Session, place: SimpleNamespace) -> None:
    projects.describe(session, place.administrator, place.project_id, "First name", "", 1)
    session.commit()
    projects.describe(session, place.administrator, place.project_id, "Second name", "", 2)
    projects.replace_prompts(session, place.administrator, place.project_id, ["What now?"], 1)
    themes.create(session, place.commissioner, place.project_id, ThemeText("Waiting"))
    session.commit()
    told, after = read_all(session, place.person_id, place.read)
    assert kinds(told) == ["project", "guide", "codebook"]
    assert told[0].content.name == "Second name"
    assert [prompt.text for prompt in told[1].content.prompts] == ["What now?"]
    assert [theme.name for theme in told[2].content.themes] == ["Waiting"]
    assert read_all(session, place.person_id, after) == ([], after)


def test_what_was_rolled_back_is_never_told(session: Session, place: SimpleNamespace) -> None:
    themes.create(session, place.commissioner, place.project_id, ThemeText("Waiting"))
    session.rollback()
    projects.describe(session, place.administrator, place.project_id, "Another name", "", 1)
    session.commit()
    assert kinds(read_all(session, place.person_id, place.read)[0]) == ["project"]


def test_receipts_are_told_to_whoever_sent_it_alone(session: Session, place: SimpleNamespace, world) -> None:
    """fault 44"""
    other = makers.make_person(session, world.project, Role.RESEARCHER, name="Lou")
    sent = send_story(session, place)
    told, _ = read_all(session, place.person_id, place.read)
    assert [(change.id, change.content.kind) for change in told] == list(
        zip(sent, ["consent", "story", "quote"], strict=True))
    assert "receipt" not in kinds(read_all(session, other.id)[0])


def test_a_withdrawal_leaves_a_tombstone_and_no_receipt(session: Session, place: SimpleNamespace, world) -> None:
    """fault 26"""
    other = makers.make_person(session, world.project, Role.RESEARCHER, name="Lou")
    _, story_id, _ = send_story(session, place)
    _, after = read_all(session, place.person_id)
    withdrawals.withdraw(session, place.researcher, story_id)
    session.commit()
    told, _ = read_all(session, place.person_id, after)
    assert [change.id for change in told if change.kind is ChangeKind.TOMBSTONE] == [story_id]
    assert "receipt" not in kinds(read_all(session, place.person_id)[0])
    assert story_id in [change.id for change in read_all(session, other.id)[0]]
    assert session.scalars(select(Change.subject_id).where(Change.kind == ChangeKind.RECEIPT)).all() == []


@pytest.mark.parametrize("role", [Role.COMMISSIONER, Role.BOARD_MEMBER, Role.ANALYST, Role.ADMINISTRATOR])
def test_nobody_who_does_not_collect_is_told_anything(session: Session, place: SimpleNamespace, world,
                                                      role: Role) -> None:
    """fault 44"""
    send_story(session, place)
    person = makers.make_person(session, world.project, role)
    session.commit()
    assert read_all(session, person.id)[0] == []


def test_whoever_joins_late_is_told_of_everything_after_their_cursor(session: Session, place: SimpleNamespace) -> None:
    _, withdrawn_id, _ = send_story(session, place)
    withdrawals.withdraw(session, place.researcher, withdrawn_id)
    person = makers.make_person(session, name="Lou")
    session.commit()
    _, after = read_all(session, person.id)
    _, token = invitations.make(session, place.administrator, place.project_id, Role.RESEARCHER, "")
    invitations.accept(session, viewer_of(session, person.id), token)
    session.commit()
    told, _ = read_all(session, person.id, after)
    assert sorted(kinds(told)) == sorted(["project", "guide", "wording", "codebook", "tombstone", "membership"])
    assert told[-1].content == feed.Collecting(place.project_id, True)


def test_whoever_loses_a_project_is_told_so_and_gets_it_back_with_their_receipts(session: Session,
                                                                                 place: SimpleNamespace) -> None:
    sent = send_story(session, place)
    _, after = read_all(session, place.person_id)
    people.remove_role(session, place.administrator, place.project_id, place.person_id, Role.RESEARCHER)
    projects.describe(session, place.administrator, place.project_id, "Not for them", "", 1)
    session.commit()
    told, after = read_all(session, place.person_id, after)
    assert [change.content for change in told] == [feed.Collecting(place.project_id, False)]
    people.add_role(session, place.person_id, place.project_id, Role.RESEARCHER)
    session.commit()
    told, _ = read_all(session, place.person_id, after)
    assert sorted(kinds(told)) == sorted(["project", "guide", "wording", "codebook", "membership", *["receipt"] * 3])
    assert {change.id for change in told if change.kind is ChangeKind.RECEIPT} == set(sent)


def test_a_role_that_neither_collects_nor_looks_into_worries_is_not_told_of(session: Session,
                                                                            place: SimpleNamespace) -> None:
    people.add_role(session, place.person_id, place.project_id, Role.BOARD_MEMBER)
    session.commit()
    assert read_all(session, place.person_id, place.read)[0] == []


def test_a_cursor_from_a_later_time_than_the_database_begins_again(session: Session, place: SimpleNamespace) -> None:
    """fault 28"""
    page = feed.read(session, place.researcher, Cursor(place.read + 1, 500))
    assert page.was_reset
    assert page.changes == tuple(place.told)
    assert not feed.read(session, place.researcher, Cursor(place.read, 500)).was_reset


@pytest.mark.parametrize("limit", [2, 500])
def test_after_a_restore_every_cursor_begins_again_once(session: Session, place: SimpleNamespace, limit: int) -> None:
    """fault 28"""
    send_story(session, place)
    before, old = read_all(session, place.person_id)
    changes.restart(session)
    session.commit()
    themes.create(session, place.commissioner, place.project_id, ThemeText("Waiting"))
    session.commit()
    for cursor in (1, place.read, old, old + 10):
        page = feed.read(session, place.researcher, Cursor(cursor, limit))
        assert page.was_reset
        again, after = read_all(session, place.person_id, page.next, limit)
        told = [*page.changes, *again]
        assert sorted((change.kind, change.id) for change in told) == sorted(
            (change.kind, change.id) for change in before)
        assert not feed.read(session, place.researcher, Cursor(after, limit)).was_reset
    changes.restart(session)
    session.commit()
    assert feed.read(session, place.researcher, Cursor(after, limit)).was_reset


def test_others_at_work_leave_a_cursor_near_the_end(session: Session, place: SimpleNamespace, world) -> None:
    other = makers.make_person(session, world.project, Role.RESEARCHER, name="Lou")
    session.commit()
    send_story(session, place)
    told, after = read_all(session, other.id, place.read)
    assert told == []
    assert after == changes.newest(session)


@pytest.mark.parametrize("limit", [1, 2, 3, 500])
def test_pages_of_any_size_tell_the_same(session: Session, place: SimpleNamespace, limit: int) -> None:
    send_story(session, place)
    assert read_all(session, place.person_id, limit=limit) == read_all(session, place.person_id)


def test_what_a_savepoint_holds_is_numbered_when_the_whole_is_kept(session: Session, place: SimpleNamespace) -> None:
    with session.begin_nested():
        changes.note(session, "guide", place.project_id, place.project_id)
    assert changes.newest(session) == place.read
    session.commit()
    assert kinds(read_all(session, place.person_id, place.read)[0]) == ["guide"]
