"""A story that several people told together, on both databases."""

import json
from collections.abc import Callable
from types import SimpleNamespace

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from server.domain.access import Viewer
from server.domain.consent import Audience, Scope, Use
from server.domain.consent import Standing as Stands
from server.domain.errors import Invalid, SameIdOtherContent
from server.domain.ids import new_id
from server.domain.sent import SentConsent, read_consent, read_quote, read_story
from server.domain.sync import Body, PhoneClock, Standing, receipt_code_hash
from server.models.consent import Clearance, Withdrawal, WithdrawnCode
from server.models.held import HeldArrival
from server.models.story import Participant, Quote, Story
from server.services import (
    clearing,
    consents,
    own_stories,
    pushes,
    receipt_codes,
    receipts,
    withdrawals,
    withdrawn_codes,
)
from server.services.receipt_codes import Holder, StoryEnded
from tests.api.phone import receipt_code
from tests.makers import ALL_USES, NOON, add_participant, add_photo, make_story, viewer_of, wording_of

TOLD_AT = "2026-05-04T12:00:00+01:00"
ADDRESS = "10.0.0.1"
Keep = Callable[[Session, Viewer, SentConsent, Body, PhoneClock], object]


class Group:
    """A phone in the middle of two people. Every method sends one thing."""

    def __init__(self, session: Session, world: SimpleNamespace) -> None:
        self.session, self.project = session, world.project
        self.viewer, self.wording = viewer_of(session, world.researcher), wording_of(session, world.project)
        self.story_id, self.rose, self.ali = new_id(), new_id(), new_id()
        session.commit()

    def consent(self, person: str | None, uses: frozenset[Use] = ALL_USES, at: str = TOLD_AT,
                keep: Keep = pushes.push_consent) -> None:
        content = {"id": new_id(), "project_id": self.project.id, "story_id": self.story_id, "given_at": at,
                   "wording_id": self.wording.id, "answers": {use.value: use in uses for use in Use}, "how": "spoken",
                   "for_whom": "self", "participant_id": person}
        body = Body.of(json.dumps(content).encode())
        keep(self.session, self.viewer, read_consent(content, content["id"]), body, PhoneClock())
        self.session.commit()

    def story(self, *only: str) -> Standing:
        """Told by both of them, or as a phone has it that names these only."""
        people = [{"id": person, "pseudonym": name, "receipt_code": receipt_code(person)}
                  for person, name in ((self.rose, "Rose"), (self.ali, "Ali")) if not only or person in only]
        content = {"id": self.story_id, "project_id": self.project.id, "pseudonym": "The choir", "told_at": TOLD_AT,
                   "place": "Leeds", "conversation": {"id": self.rose, "started_at": TOLD_AT, "place": "Leeds"},
                   "receipt_code": receipt_code(self.rose), "participants": people}
        body = Body.of(json.dumps(content).encode())
        receipt, _ = pushes.push_story(self.session, self.viewer, read_story(content, self.story_id), body,
                                       PhoneClock())
        self.session.commit()
        return receipt.standing

    def quote(self, text: str, person: str | None) -> None:
        content = {"id": new_id(), "story_id": self.story_id, "text": text, "written_at": TOLD_AT,
                   "participant_id": person}
        body = Body.of(json.dumps(content).encode())
        pushes.push_quote(self.session, self.viewer, read_quote(content, content["id"]), body, PhoneClock())
        self.session.commit()

    def audiences(self) -> set[str]:
        return set(self.session.scalars(select(Clearance.audience).where(Clearance.story_id == self.story_id)))


@pytest.fixture
def group(session: Session, world: SimpleNamespace) -> Group:
    return Group(session, world)


def test_a_story_is_held_until_everybody_who_told_it_was_asked(group: Group, session: Session) -> None:
    """fault 24"""
    group.consent(group.rose)
    assert group.story() is Standing.HELD
    came_at = session.query(HeldArrival).one().received_at
    group.consent(group.rose, at="2026-05-04T12:30:00+01:00")  # asked again: it is still Ali who is missing
    assert session.query(HeldArrival).one().received_at == came_at
    assert group.story() is Standing.HELD
    group.consent(group.ali)
    assert session.query(HeldArrival).count() == 0
    assert receipts.find(session, group.viewer, group.story_id).standing is Standing.KEPT
    assert [row.pseudonym for row in session.query(Participant).order_by(Participant.position)] == ["Rose", "Ali"]
    assert group.audiences() == {"commissioners", "board", "publication"}
    assert group.story() is Standing.KEPT


def test_a_use_holds_only_when_everybody_who_told_it_agrees_to_it(group: Group, session: Session) -> None:
    group.consent(group.rose)
    group.consent(group.ali, ALL_USES - {Use.BOARD})
    group.story()
    assert group.audiences() == {"commissioners", "publication"}
    group.consent(group.ali, at="2026-05-04T12:30:00+01:00")
    assert group.audiences() == {"commissioners", "board", "publication"}
    group.consent(group.rose, frozenset({Use.BOARD}), at="2026-05-04T13:00:00+01:00")
    assert group.audiences() == {"board"}


def test_a_no_holds_also_of_somebody_whom_the_story_does_not_name(group: Group, session: Session) -> None:
    group.consent(group.rose)
    group.consent(group.ali, frozenset())
    assert group.audiences() == set()
    assert group.story(group.rose) is Standing.KEPT
    assert consents.agreed_uses(session, group.story_id) == frozenset()
    assert group.audiences() == set()


def test_a_no_holds_also_of_somebody_unknown_who_was_asked_after_the_story_came(group: Group) -> None:
    group.consent(group.rose)
    group.consent(group.ali)
    group.story()
    stranger = new_id()
    group.consent(stranger, ALL_USES - {Use.BOARD})
    assert group.audiences() == {"commissioners", "publication"}
    group.consent(stranger, at="2026-05-04T12:30:00+01:00")
    assert group.audiences() == {"commissioners", "board", "publication"}


def test_a_story_of_one_person_waits_for_the_consent_of_that_person(group: Group) -> None:
    """fault 24"""
    group.consent(group.ali)
    assert group.story(group.rose) is Standing.HELD
    group.consent(group.rose)
    assert group.story(group.rose) is Standing.KEPT


def test_a_held_story_is_not_replaced_by_one_that_names_fewer_people(group: Group, session: Session) -> None:
    """fault 24"""
    group.consent(group.rose)
    assert group.story() is Standing.HELD
    with pytest.raises(SameIdOtherContent):
        group.story(group.rose)
    session.rollback()
    assert session.query(Story).count() == 0
    group.consent(group.ali)
    assert [row.pseudonym for row in session.query(Participant).order_by(Participant.position)] == ["Rose", "Ali"]


def test_a_held_story_that_comes_again_once_all_were_asked_is_held_no_more(group: Group, session: Session) -> None:
    """fault 24"""
    group.consent(group.rose)
    group.story()
    came_at = session.query(HeldArrival).one().received_at
    group.consent(group.ali, keep=consents.record)  # without what a push of it lets in
    assert group.story() is Standing.KEPT
    assert session.query(HeldArrival).count() == 0
    assert session.query(Story).one().received_at == came_at


def test_a_record_that_names_nobody_asks_for_everybody_still(group: Group, session: Session) -> None:
    group.consent(None)
    assert group.story() is Standing.HELD
    group.consent(group.rose)
    group.consent(group.ali)
    assert group.audiences() == {"commissioners", "board", "publication"}


def test_a_quote_is_in_the_name_of_whoever_said_it(group: Group, session: Session, world: SimpleNamespace) -> None:
    group.quote("It was cold.", group.ali)  # held until the story has come
    group.consent(group.rose)
    group.consent(group.ali)
    group.story()
    group.quote("We all sang.", None)
    story = clearing.get_story(session, world.commissioner, group.story_id, Audience.COMMISSIONERS)
    assert {(quote.text, quote.pseudonym) for quote in story.quotes} == {
        ("It was cold.", "Ali"), ("We all sang.", "The choir")}
    assert story.told_by == ("Rose", "Ali")
    rows = clearing.list_for_publication(session, world.analyst, group.project.id, [group.story_id])
    assert {row.pseudonym for row in rows} == {"Ali", "The choir"}


def test_words_of_somebody_who_did_not_tell_the_story_are_refused(group: Group, session: Session,
                                                                  world: SimpleNamespace) -> None:
    group.consent(group.rose)
    group.consent(group.ali)
    group.story()
    other = add_participant(session, make_story(session, group.project, world.researcher), "Zed")
    session.commit()
    for person in (new_id(), other.id):
        with pytest.raises(Invalid) as refused:
            group.quote("Not mine.", person)
        assert set(refused.value.fields) == {"participant_id"}
        session.rollback()
    assert session.query(Quote).count() == 0


def test_each_receipt_shows_its_holders_own_name_and_answers(group: Group, session: Session) -> None:
    group.consent(group.rose)
    group.consent(group.ali, frozenset({Use.BOARD}))
    group.story()
    found = {name: receipt_codes.look_up(session, receipt_code(person), ADDRESS)
             for name, person in (("Rose", group.rose), ("Ali", group.ali))}
    for name, kept in found.items():
        assert isinstance(kept, Holder)
        own = own_stories.get(session, kept, NOON)
        assert (own.name, own.is_shared, own.story_id) == (name, True, group.story_id)
        assert {one.use for one in own.uses if one.is_done} == {Use.BOARD}
    assert _agreed(session, found["Rose"]) == set(Use)
    assert _agreed(session, found["Ali"]) == {Use.BOARD}


def test_any_of_them_ends_the_whole_story_and_every_receipt_says_so(group: Group, session: Session) -> None:
    group.consent(group.rose)
    group.consent(group.ali)
    group.story()
    _ends(session, receipt_code(group.ali).lower())
    session.commit()
    assert session.query(Story).count() == session.query(Participant).count() == session.query(Clearance).count() == 0
    ended = session.query(Withdrawal).one()
    assert (ended.recorded_by, ended.reason) == (None, "")
    for person in (group.rose, group.ali):
        found = receipt_codes.look_up(session, receipt_code(person), ADDRESS)
        assert isinstance(found, StoryEnded)
        assert (found.story_id, found.had_come) == (group.story_id, True)
    assert session.query(Withdrawal).count() == 1


def test_the_receipt_of_one_person_ends_their_story_too(session: Session, world: SimpleNamespace) -> None:
    story = make_story(session, world.project, world.researcher)
    code = receipt_code("one")
    story.receipt_code_hash = receipt_code_hash(code)
    session.commit()
    _ends(session, code)
    assert isinstance(receipt_codes.look_up(session, code, ADDRESS), StoryEnded)


def _ends(session: Session, code: str) -> None:
    """Somebody ends their story with their receipt."""
    holder = receipt_codes.look_up(session, code, ADDRESS)
    assert isinstance(holder, Holder)
    own_stories.take_back(session, holder, Scope.ERASE, NOON)


def _agreed(session: Session, holder: Holder) -> set[Use]:
    own = own_stories.get(session, holder, NOON)
    return {one.use for one in own.uses if one.standing is Stands.GRANTED}


def test_a_withdrawal_that_is_replayed_keeps_every_receipt(group: Group, session: Session) -> None:
    """fault 28"""
    group.consent(group.rose)
    group.consent(group.ali)
    group.story()
    withdrawals.withdraw(session, group.viewer, group.story_id)
    codes = withdrawn_codes.list_kept(session, group.story_id)
    assert len(codes) == 2
    session.query(WithdrawnCode).delete()
    withdrawn_codes.keep(session, group.story_id, codes)
    withdrawn_codes.keep(session, group.story_id, codes)
    assert withdrawn_codes.list_kept(session, group.story_id) == codes


def test_a_photo_says_who_can_be_seen_and_not_who_that_is(session: Session, world: SimpleNamespace) -> None:
    story = make_story(session, world.project, world.researcher)
    photo = add_photo(session, story)
    photo.people, photo.people_note = "agreed", "Rose, in a blue coat"
    session.commit()
    found = clearing.get_photo(session, world.commissioner, photo.id, Audience.COMMISSIONERS)
    assert found.people == "agreed"
    assert "blue coat" not in repr(found)


def test_a_participant_without_a_record_is_a_no(session: Session, world: SimpleNamespace) -> None:
    story = make_story(session, world.project, world.researcher)
    add_participant(session, story, "Rose")
    assert consents.agreed_uses(session, story.id) == ALL_USES
    add_participant(session, story, "Ali", uses=None)
    assert consents.agreed_uses(session, story.id) == frozenset()
