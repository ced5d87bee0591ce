"""A story that comes from a phone with a worry in it: held back from the moment it is here, also from a file."""

from dataclasses import replace

import pytest
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from server.domain.access import Role
from server.domain.embargo import SentEmbargo
from server.domain.errors import SameIdOtherContent
from server.domain.ids import new_id
from server.domain.sync import Body, ChangeKind, PhoneClock
from server.importing import bring_in
from server.models.change import Change
from server.models.consent import ConsentRecord, Embargo
from server.models.people import Membership, Person
from server.models.project import Project
from server.models.story import Story
from server.services import embargoes, people, stories
from tests import makers
from tests.item_files import entry_of
from tests.services import sending
from tests.services.held_back import REASON, Place
from tests.services.test_item_imports import SavedOn


@pytest.fixture
def place(session: Session) -> Place:
    return Place(session)


class FromPhone:
    """A story that a phone sends with a worry in it."""

    def __init__(self, session: Session, place: Place, named_id: str | None) -> None:
        self.session, self.place = session, place
        self.embargo = SentEmbargo(new_id(), REASON, named_id)
        self.sent = replace(sending.story(place.project.id, new_id()), embargo=self.embargo)
        self.body = Body.of(repr(self.sent).encode())

    def consent(self) -> ConsentRecord:
        return makers.record_consent(self.session, self.place.project, self.place.person[Role.RESEARCHER], self.sent.id)

    def send(self, body: Body | None = None):
        found = stories.receive(self.session, self.place.viewer(Role.RESEARCHER), self.sent, body or self.body,
                                PhoneClock())
        self.session.commit()
        return found

    @property
    def row(self) -> Embargo | None:
        self.session.expire_all()
        return self.session.get(Embargo, self.embargo.id)


def test_a_story_that_comes_with_a_worry_is_never_cleared_and_the_same_again_changes_nothing(
        session: Session, place: Place) -> None:
    phone = FromPhone(session, place, place.person[Role.ADMINISTRATOR].id)
    phone.consent()
    first, is_new = phone.send()
    assert is_new
    assert phone.row
    assert phone.row.named_id == place.person[Role.ADMINISTRATOR].id
    assert place.cleared(phone.sent.id) == set()
    place.lift(Role.ADMINISTRATOR, phone.embargo.id)
    assert phone.send() == (first, False)
    assert place.cleared(phone.sent.id), "what was lifted is not put again"
    with pytest.raises(SameIdOtherContent):
        phone.send(Body.of(b"other"))


def test_a_worry_does_not_wait_for_the_consent_that_its_story_waits_for(session: Session, place: Place) -> None:
    """fault 14"""
    phone = FromPhone(session, place, None)
    phone.send()
    assert session.get(Story, phone.sent.id) is None
    assert phone.row
    [waits] = place.list_for(Role.ADMINISTRATOR)
    assert (waits.reason, waits.story, waits.may_name) == (REASON, None, True)
    phone.consent()
    # What the held bytes say is read again by the door: here they are what this test sends.
    session.commit()
    phone.send()
    assert session.get(Story, phone.sent.id) is not None
    assert place.cleared(phone.sent.id) == set()
    assert session.query(Embargo).count() == 1


@pytest.mark.parametrize("named", ["nobody", "a board member", "somebody who left", "an id of nobody", "themselves"])
def test_whom_a_phone_may_not_name_is_nobody_and_administrators_are_asked(session: Session, place: Place,
                                                                         named: str) -> None:
    left = makers.make_person(session, place.project, Role.COMMISSIONER)
    session.execute(delete(Membership).where(Membership.person_id == left.id))
    named_id = {"nobody": None, "a board member": place.person[Role.BOARD_MEMBER].id, "somebody who left": left.id,
                "an id of nobody": new_id(), "themselves": place.person[Role.RESEARCHER].id}[named]
    phone = FromPhone(session, place, named_id)
    phone.consent()
    phone.send()
    assert phone.row
    assert phone.row.named_id is None
    assert embargoes.count_waiting(session, place.viewer(Role.ADMINISTRATOR), place.project.id) == 1
    assert place.cleared(phone.sent.id) == set()


def test_the_id_of_another_storys_embargo_holds_nothing_back(session: Session, place: Place) -> None:
    phone, other = FromPhone(session, place, None), FromPhone(session, place, None)
    phone.consent()
    phone.send()
    other.sent = replace(other.sent, embargo=phone.embargo)
    other.consent()
    session.commit()
    with pytest.raises(SameIdOtherContent):
        other.send()


def test_phones_are_told_when_whom_to_tell_has_changed(session: Session, project: Project) -> None:
    person = makers.make_person(session)

    def number() -> int:
        session.commit()
        return session.scalar(select(Change.sequence).where(Change.kind == ChangeKind.PROJECT,
                                                            Change.subject_id == project.id)) or 0

    before = number()
    people.add_role(session, person.id, project.id, Role.BOARD_MEMBER)
    assert number() == before
    people.add_role(session, person.id, project.id, Role.COMMISSIONER)
    assert number() > before


def test_whoever_asks_is_offered_everybody_but_themselves_and_those_who_only_look(session: Session,
                                                                                  place: Place) -> None:
    def names(role: Role) -> list[str]:
        return [one.name for one in embargoes.list_nameable(session, place.person[role].id, place.project.id)]

    assert names(Role.RESEARCHER) == ["administrator", "commissioner"]
    assert names(Role.ADMINISTRATOR) == ["administrator", "commissioner", "researcher"]
    assert session.query(Person).count() == len(Role)


def test_a_worry_in_a_file_that_a_phone_saved_holds_its_story_back(session: Session, place: Place) -> None:
    person, story_id = place.person[Role.RESEARCHER], new_id()
    saved = SavedOn(session, place.project, person)
    embargo = {"id": new_id(), "reason": REASON, "named_id": place.person[Role.COMMISSIONER].id}
    entries = [entry_of("story", saved.phone.story_body(story_id, embargo=embargo)),
               entry_of("consent", saved.phone.consent_body(story_id))]
    bring_in(saved.file(entries), place.project.id, place.viewer(Role.ADMINISTRATOR))
    session.expire_all()
    assert session.get_one(Story, story_id).researcher_id == person.id
    assert place.cleared(story_id) == set()
    assert [one.reason for one in place.list_for(Role.COMMISSIONER)] == [REASON]
