"""Receipt codes of stories that were withdrawn, some of which never came, on both databases."""

import json
from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import delete
from sqlalchemy.orm import Session

from server import writing_down
from server.domain.access import Role, Viewer
from server.domain.consent import Scope
from server.domain.errors import Invalid, Withdrawn
from server.domain.ids import new_id
from server.domain.sent import SentParticipant, SentStory, read_story
from server.domain.sync import Body, PhoneClock, receipt_code_hash
from server.models.consent import PhoneWithdrawal, Tombstone, Withdrawal, WithdrawnCode
from server.models.project import Project
from server.models.story import Conversation, Participant, Story
from server.services import own_stories, pushes, receipt_codes, stories, withdrawal_log, withdrawals, withdrawn_codes
from server.services.receipt_codes import Holder, StoryEnded
from tests import makers
from tests.api.phone import receipt_code
from tests.services import sending
from tests.services.test_phone_withdrawals import push, withdrawal

CLOCK, ADDRESS = PhoneClock(), "10.0.0.1"
ROSE, ALI, SAM = (receipt_code(name) for name in ("rose", "ali", "sam"))


def hashes(*codes: str) -> tuple[str, ...]:
    return tuple(receipt_code_hash(code) for code in codes)


def look_up(session: Session, code: str) -> object:
    return receipt_codes.look_up(session, code, ADDRESS)


def told(session: Session, project: Project, viewer: Viewer, sent: SentStory) -> bool:
    """Take in a story that everybody has agreed to; whether it is new."""
    wording = makers.wording_of(session, project)
    for person in [one.id for one in sent.participants] or [None]:
        consent = replace(sending.consent(project.id, wording.id, sent.id), participant_id=person)
        pushes.push_consent(session, viewer, consent, sending.BODY, CLOCK)
    return stories.receive(session, viewer, sent, sending.BODY, CLOCK)[1]


def test_the_receipts_of_a_story_that_never_came_say_that_it_was_taken_back(
        session: Session, project: Project, viewer: Viewer) -> None:
    story_id = new_id()
    push(session, viewer, withdrawal(project.id, story_id, receipt_code_hashes=hashes(ROSE, ALI)))
    session.commit()
    for code in (ROSE, ALI.lower()):
        assert look_up(session, code) == StoryEnded(receipt_code_hash(code), story_id, project.id, makers.NOON,
                                                    had_come=False, on_time=False, scope=Scope.ERASE)
    with pytest.raises(Withdrawn):
        pushes.push_story(session, viewer, sending.story(project.id, story_id), sending.BODY, CLOCK)


def test_of_one_person_nobody_else_is_spoken_of(session: Session, project: Project, viewer: Viewer) -> None:
    push(session, viewer, withdrawal(project.id, new_id(), receipt_code_hashes=hashes(ROSE)))
    assert look_up(session, ROSE).had_come is False
    push(session, viewer, withdrawal(project.id, new_id()))  # of a phone of before
    assert session.query(WithdrawnCode).count() == 1


def test_a_story_that_waited_here_says_itself_whose_receipts_end(session: Session, project: Project,
                                                                 viewer: Viewer) -> None:
    """fault 24: a phone of before sends no codes with its withdrawal. It had come: it is deleted here only now."""
    story_id = new_id()
    body, sent = choir_of(project, story_id)
    pushes.push_story(session, viewer, sent, body, CLOCK)
    assert look_up(session, ALI) is None
    push(session, viewer, withdrawal(project.id, story_id))
    assert [(look_up(session, code).story_id, look_up(session, code).had_come) for code in (ROSE, ALI)] == [
        (story_id, True)] * 2


def test_a_story_that_waited_here_with_the_code_of_another_takes_nothing_from_that(
        session: Session, project: Project, viewer: Viewer) -> None:
    """fault 44: not even where it ends first."""
    there = replace(sending.story(project.id, new_id()), receipt_code_hash=hashes(ROSE)[0])
    assert told(session, project, viewer, there)
    forged = new_id()
    body, sent = choir_of(project, forged)
    pushes.push_story(session, viewer, sent, body, CLOCK)
    push(session, viewer, withdrawal(project.id, forged))
    assert isinstance(look_up(session, ROSE), Holder)
    assert look_up(session, ALI).story_id == forged
    withdrawals.withdraw(session, viewer, there.id)
    assert (look_up(session, ROSE).story_id, look_up(session, ROSE).had_come) == (there.id, True)


def choir_of(project: Project, story_id: str) -> tuple[Body, SentStory]:
    """A story that Rose and Ali told, as a phone sends it."""
    content = {"id": story_id, "project_id": project.id, "pseudonym": "The choir", "told_at": "2026-05-04T12:00:00Z",
               "place": "", "receipt_code": ROSE,
               "conversation": {"id": new_id(), "started_at": "2026-05-04T12:00:00Z", "place": ""},
               "participants": [{"id": new_id(), "pseudonym": name, "receipt_code": code}
                                for name, code in (("Rose", ROSE), ("Ali", ALI))]}
    return Body.of(json.dumps(content).encode()), read_story(content, story_id)


def test_a_story_that_had_come_is_not_said_never_to_have(session: Session, project: Project, viewer: Viewer) -> None:
    alone = replace(sending.story(project.id, new_id()), receipt_code_hash=hashes(SAM)[0])
    choir = replace(sending.story(project.id, new_id()), receipt_code_hash=hashes(ROSE)[0], participants=tuple(
        SentParticipant(new_id(), name, hashes(code)[0]) for name, code in (("Rose", ROSE), ("Ali", ALI))))
    for sent, codes in ((alone, (SAM,)), (choir, (ROSE, ALI))):
        assert told(session, project, viewer, sent)
        push(session, viewer, withdrawal(project.id, sent.id, receipt_code_hashes=hashes(*codes)))
    assert [look_up(session, code).had_come for code in (SAM, ROSE, ALI)] == [True, True, True]


def test_codes_that_come_after_the_end_are_taken_and_written_down_again(app: Flask, session: Session, project: Project,
                                                                        viewer: Viewer) -> None:
    """fault 28"""
    store, story_id = app.extensions["earshot"].store, new_id()
    push(session, viewer, withdrawal(project.id, story_id))
    writing_down.write_missing(session, store)
    push(session, viewer, withdrawal(project.id, story_id, receipt_code_hashes=hashes(ROSE)))
    assert writing_down.write_missing(session, store) == 1
    for owner in (WithdrawnCode, Tombstone, PhoneWithdrawal):
        session.execute(delete(owner).where(owner.story_id == story_id))
    session.execute(delete(Withdrawal))
    session.commit()
    assert withdrawal_log.replay(session, store, [story_id]) == 1
    assert look_up(session, ROSE).had_come is False


def test_nobody_adds_receipts_to_a_story_that_was_a_colleagues(session: Session, project: Project,
                                                               viewer: Viewer) -> None:
    """fault 44: the receipt of whoever told it alone would say that several did. However often they try."""
    lou = makers.viewer_of(session, makers.make_person(session, project, Role.RESEARCHER, name="Lou"))
    came = replace(sending.story(project.id, new_id()), receipt_code_hash=hashes(ROSE)[0])
    assert told(session, project, viewer, came)
    withdrawals.withdraw(session, viewer, came.id)
    unseen = new_id()
    push(session, viewer, withdrawal(project.id, unseen, receipt_code_hashes=hashes(ALI)))
    for story_id in (came.id, unseen) * 2:
        receipt, is_new = push(session, lou, withdrawal(project.id, story_id, receipt_code_hashes=hashes(SAM, ROSE)))
        assert (receipt.kind, is_new) == ("withdrawal", True)
    assert look_up(session, SAM) is None
    assert [look_up(session, code).had_come for code in (ROSE, ALI)] == [True, False]


@pytest.mark.parametrize("role", [Role.RESEARCHER, Role.ADMINISTRATOR])
def test_whoever_may_withdraw_a_story_adds_its_receipts_also_when_it_ended_otherwise(
        session: Session, project: Project, viewer: Viewer, role: Role) -> None:
    sent = replace(sending.story(project.id, new_id()), receipt_code_hash=hashes(ROSE)[0])
    assert told(session, project, viewer, sent)
    own_stories.take_back(session, look_up(session, ROSE), Scope.ERASE, makers.NOON)
    administrator = makers.viewer_of(session, makers.make_person(session, project, Role.ADMINISTRATOR))
    person = viewer if role is Role.RESEARCHER else administrator
    push(session, person, withdrawal(project.id, sent.id, receipt_code_hashes=hashes(ROSE)))
    assert withdrawn_codes.list_kept(session, sent.id) == [*hashes(ROSE)]


def test_a_code_of_another_story_ends_nothing_and_answers_like_one_of_none(session: Session, project: Project,
                                                                           viewer: Viewer) -> None:
    """fault 44: nobody asks in this way whether there is a story, and no receipt says what is not so."""
    other = makers.make_project(session, "Another")
    elsewhere = makers.viewer_of(session, makers.make_person(session, other, Role.RESEARCHER))
    there = replace(sending.story(project.id, new_id()), receipt_code_hash=hashes(ROSE)[0], participants=tuple(
        SentParticipant(new_id(), name, hashes(code)[0]) for name, code in (("Rose", ROSE), ("Ali", ALI))))
    assert told(session, project, viewer, there)
    ended, forged = new_id(), new_id()
    push(session, viewer, withdrawal(project.id, ended, receipt_code_hashes=hashes(SAM)))
    receipt, is_new = push(session, elsewhere, withdrawal(other.id, forged, receipt_code_hashes=hashes(ROSE, ALI, SAM)))
    assert (receipt.kind, is_new) == ("withdrawal", True)
    assert isinstance(look_up(session, ROSE), Holder)
    assert isinstance(look_up(session, ALI), Holder)
    assert look_up(session, SAM).story_id == ended
    assert withdrawn_codes.list_kept(session, forged) == []
    withdrawals.withdraw(session, viewer, there.id)
    assert {look_up(session, code).story_id for code in (ROSE, ALI)} == {there.id}


@pytest.mark.parametrize("had_come", [True, False])
def test_the_code_of_a_withdrawn_story_is_refused_and_nothing_is_half_kept(
        session: Session, project: Project, viewer: Viewer, had_come: bool) -> None:
    first = replace(sending.story(project.id, new_id()), receipt_code_hash=hashes(ROSE)[0])
    if had_come:
        told(session, project, viewer, first)
    push(session, viewer, withdrawal(project.id, first.id, receipt_code_hashes=hashes(ROSE)))
    session.commit()
    alone = replace(sending.story(project.id, new_id()), receipt_code_hash=hashes(ROSE)[0])
    choir = replace(sending.story(project.id, new_id()), receipt_code_hash=hashes(SAM)[0], participants=(
        SentParticipant(new_id(), "Sam", hashes(SAM)[0]), SentParticipant(new_id(), "Rose", hashes(ROSE)[0])))
    for sent in (alone, choir):
        with pytest.raises(Invalid) as refused:
            told(session, project, viewer, sent)
        assert refused.value.fields == {"receipt_code": "This code belongs to another story."}
        session.rollback()
    assert [session.query(owner).count() for owner in (Story, Participant, Conversation)] == [0, 0, 0]
    assert look_up(session, ROSE).story_id == first.id


def test_a_story_that_was_taken_gets_its_first_answer_again_whatever_became_of_its_code(
        app: Flask, session: Session, project: Project, viewer: Viewer) -> None:
    """fault 23: and where an older server took a code twice, both stories end, also in a replay (fault 28)."""
    store, person = app.extensions["earshot"].store, session.get_one(makers.Person, viewer.person_id)
    first, second = (makers.make_story(session, project, person) for _ in range(2))
    second_id, code = second.id, first.receipt_code_hash
    sent = replace(sending.story(project.id, second_id), receipt_code_hash=code)
    withdrawals.withdraw(session, viewer, first.id)
    second.receipt_code_hash, second.body_sha256 = code, sending.BODY.sha256
    session.commit()
    assert stories.receive(session, viewer, sent, sending.BODY, CLOCK)[1] is False
    withdrawals.withdraw(session, viewer, second_id)
    session.commit()
    assert session.get(Story, second_id) is None
    writing_down.write_missing(session, store)
    noted = store.read_note(second_id)
    session.execute(delete(Tombstone).where(Tombstone.story_id == second_id))
    session.execute(delete(Withdrawal).where(Withdrawal.story_id == second_id))
    session.commit()
    own = session.query(Withdrawal).one()
    store.write_note(second_id, noted.replace(
        json.loads(noted)["receipt_code_hash"].encode(), own.receipt_code_hash.encode()))
    assert withdrawal_log.replay(session, store, [second_id]) == 1
    assert session.get(Withdrawal, second_id) is not None


def test_the_id_of_somebody_who_told_another_story_is_named_as_what_is_wrong(session: Session, project: Project,
                                                                            viewer: Viewer) -> None:
    person_id = new_id()
    one, other = (replace(sending.story(project.id, new_id()), receipt_code_hash=hashes(code)[0],
                          participants=(SentParticipant(person_id, "Rose", hashes(code)[0]),)) for code in (ROSE, ALI))
    assert told(session, project, viewer, one)
    session.commit()
    with pytest.raises(Invalid) as refused:
        told(session, project, viewer, other)
    assert list(refused.value.fields) == ["participants"]
    session.rollback()
    assert session.get(Story, other.id) is None
