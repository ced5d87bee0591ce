"""A story that is held back: nobody has any of it from the moment it is here, until all whom it waits for lift it."""


import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from server.domain.access import Role
from server.domain.consent import Audience, Use
from server.domain.embargo import REASON_LETTERS
from server.domain.errors import Invalid, NotFound
from server.domain.export import Stale
from server.domain.work import Kind
from server.models.audit import AuditEntry
from server.models.consent import Embargo
from server.models.export import ExportPart
from server.models.people import Membership
from server.models.story import Story
from server.models.work import Job
from server.services import clearing, consents, embargoes, exports_made, people, withdrawals
from tests import makers
from tests.services.held_back import REASON, Place
from tests.services.together import together


@pytest.fixture
def place(session: Session) -> Place:
    return Place(session)


def test_a_story_is_cleared_for_nobody_until_it_is_lifted_and_then_for_the_same_as_before(
        session: Session, place: Place) -> None:
    before = place.cleared()
    embargo_id = place.put()
    assert before
    assert place.cleared() == set()
    with pytest.raises(NotFound):
        clearing.get_story(session, place.viewer(Role.COMMISSIONER), place.story_id, Audience.COMMISSIONERS)
    place.lift(Role.ADMINISTRATOR, embargo_id)
    assert place.cleared() == before
    assert clearing.get_story(session, place.viewer(Role.COMMISSIONER), place.story_id, Audience.COMMISSIONERS)


def test_what_was_agreed_to_stands_and_a_new_answer_clears_nothing_meanwhile(session: Session, place: Place) -> None:
    place.put()
    assert consents.agreed_uses(session, place.story_id) == makers.ALL_USES, "work on it goes on"
    makers.record_consent(session, place.project, place.person[Role.RESEARCHER], place.story_id)
    assert place.cleared() == set()


def test_only_the_named_person_lifts_it(place: Place) -> None:
    embargo_id = place.put(by=Role.ADMINISTRATOR, named=Role.COMMISSIONER)
    for role in set(Role) - {Role.COMMISSIONER}:
        with pytest.raises(NotFound):
            place.lift(role, embargo_id)
        place.session.rollback()
    assert place.cleared() == set()
    place.lift(Role.COMMISSIONER, embargo_id)
    place.lift(Role.COMMISSIONER, embargo_id)
    assert place.cleared()


def test_somebody_with_the_same_roles_in_another_project_lifts_nothing(session: Session, place: Place) -> None:
    embargo_id = place.put()
    other = makers.make_project(session, "Another")
    session.add(Membership(person_id=place.person[Role.ADMINISTRATOR].id, project_id=other.id, role="administrator"))
    session.commit()
    with pytest.raises(NotFound):
        embargoes.lift(session, place.viewer(Role.ADMINISTRATOR), other.id, embargo_id)
    assert place.cleared() == set()


def test_of_several_all_must_be_lifted(place: Place) -> None:
    first, second = place.put(), place.put(by=Role.ADMINISTRATOR, named=Role.RESEARCHER)
    assert {one.others for one in place.list_for(Role.ADMINISTRATOR)} == {1}
    place.lift(Role.ADMINISTRATOR, first)
    assert place.cleared() == set()
    place.lift(Role.RESEARCHER, second)
    assert place.cleared()


@pytest.mark.parametrize(("by", "may"), [(Role.ADMINISTRATOR, True), (Role.RESEARCHER, True), (Role.COMMISSIONER, True),
                                         (Role.ANALYST, False), (Role.BOARD_MEMBER, False)])
def test_whoever_has_the_story_in_their_hands_may_hold_it_back(place: Place, by: Role, may: bool) -> None:
    named = Role.RESEARCHER if by is Role.ADMINISTRATOR else Role.ADMINISTRATOR
    if may:
        place.put(by, named)
        return
    with pytest.raises(NotFound):
        place.put(by, named)


def test_a_researcher_holds_back_what_they_collected_and_a_commissioner_what_they_can_read(
        session: Session, place: Place) -> None:
    other = makers.viewer_of(session, makers.make_person(session, place.project, Role.RESEARCHER))
    with pytest.raises(NotFound):
        embargoes.put(session, other, place.project.id, place.story_id, REASON, place.person[Role.ADMINISTRATOR].id)
    makers.record_consent(session, place.project, place.person[Role.RESEARCHER], place.story_id, ())
    with pytest.raises(NotFound):
        place.put(by=Role.COMMISSIONER)


def test_a_reason_and_a_person_are_needed(place: Place) -> None:
    for reason, sentence in (("  ", "Write what worries you."), ("a" * (REASON_LETTERS + 1),
                             "Use 2,000 letters or fewer."), ("\0", "cannot be stored")):
        with pytest.raises(Invalid) as refused:
            place.put(reason=reason)
        assert sentence in refused.value.fields["reason"]
    for named in (Role.BOARD_MEMBER, Role.ANALYST, Role.RESEARCHER):
        with pytest.raises(Invalid) as refused:
            place.put(named=named)
        assert refused.value.fields == {"named": "Choose who looks into it."}
    assert place.cleared()
    place.put(reason="a" * REASON_LETTERS)


def test_an_administrator_may_look_into_it_themselves(place: Place) -> None:
    place.lift(Role.ADMINISTRATOR, place.put(by=Role.ADMINISTRATOR, named=Role.ADMINISTRATOR))
    assert place.cleared()


def test_where_the_named_person_has_left_an_administrator_names_another(session: Session, place: Place) -> None:
    embargo_id = place.put(named=Role.COMMISSIONER)
    asks = (session, place.viewer(Role.ADMINISTRATOR), place.project.id, embargo_id)
    with pytest.raises(NotFound):  # the one who is named is there
        embargoes.name_another(*asks, place.person[Role.ADMINISTRATOR].id)
    people.remove_role(session, place.viewer(Role.ADMINISTRATOR), place.project.id, place.person[Role.COMMISSIONER].id,
                       Role.COMMISSIONER)
    session.commit()
    with pytest.raises(NotFound):
        place.lift(Role.COMMISSIONER, embargo_id)
    [waits] = place.list_for(Role.ADMINISTRATOR)
    assert (waits.named, waits.may_name, waits.may_lift) == ("", True, False)
    with pytest.raises(NotFound):
        embargoes.name_another(session, place.viewer(Role.RESEARCHER), place.project.id, embargo_id,
                               place.person[Role.ADMINISTRATOR].id)
    with pytest.raises(Invalid):
        embargoes.name_another(*asks, place.person[Role.ANALYST].id)
    embargoes.name_another(*asks, place.person[Role.ADMINISTRATOR].id)
    session.commit()
    place.lift(Role.ADMINISTRATOR, embargo_id)
    assert place.cleared()


def test_why_is_for_the_named_person_whoever_put_it_and_administrators(session: Session, place: Place) -> None:
    embargo_id = place.put(by=Role.COMMISSIONER, named=Role.RESEARCHER)
    others = [makers.viewer_of(session, makers.make_person(session, place.project, role))
              for role in (Role.RESEARCHER, Role.COMMISSIONER)]
    for role in (Role.ADMINISTRATOR, Role.RESEARCHER, Role.COMMISSIONER):
        assert [one.reason for one in place.list_for(role)] == [REASON]
    for viewer in others:
        assert embargoes.list_standing(session, viewer, place.project.id) == []
        with pytest.raises(NotFound):
            embargoes.get_one(session, viewer, place.project.id, embargo_id)
    for role in (Role.BOARD_MEMBER, Role.ANALYST):
        with pytest.raises(NotFound):
            place.list_for(role)


def test_whoever_read_it_and_held_it_back_is_told_its_name_no_more(place: Place) -> None:
    place.put(by=Role.COMMISSIONER, named=Role.ADMINISTRATOR)
    [theirs], [ours] = place.list_for(Role.COMMISSIONER), place.list_for(Role.ADMINISTRATOR)
    assert theirs.story is None
    assert ours.story == embargoes.ToldApart("Amal", "Northgate", place.story.told_on)


def test_it_waits_for_the_named_person_alone(session: Session, place: Place) -> None:
    place.put(named=Role.COMMISSIONER)
    waiting = {role: embargoes.count_waiting(session, place.viewer(role), place.project.id) for role in Role}
    assert {role for role, count in waiting.items() if count} == {Role.COMMISSIONER}


def test_withdrawal_wins_and_forgets_why(session: Session, place: Place) -> None:
    embargo_id = place.put()
    withdrawals.withdraw(session, place.viewer(Role.RESEARCHER), place.story_id)
    session.commit()
    session.expire_all()
    assert session.get_one(Embargo, embargo_id).reason == ""
    assert place.list_for(Role.ADMINISTRATOR) == []
    for again in (lambda: place.lift(Role.ADMINISTRATOR, embargo_id), lambda: place.put()):
        with pytest.raises(NotFound):
            again()
        session.rollback()
    assert place.cleared() == set()


@pytest.mark.parametrize("kind", ["quotes.csv", "transcript.txt", "evidence.signature"])
def test_whoever_took_it_away_before_is_told_not_to_use_it_until_it_is_lifted(session: Session, place: Place,
                                                                              kind: str) -> None:
    part_id = makers.add_quote(session, session.get_one(Story, place.story_id)).id
    exports_made.note(session, place.viewer(Role.ANALYST), place.project.id, kind, [(part_id, place.story_id)])
    session.commit()
    embargo_id = place.put()
    assert session.scalars(select(ExportPart.stale_because)).all() == [Stale.EMBARGO]
    place.lift(Role.ADMINISTRATOR, embargo_id)
    assert session.scalars(select(ExportPart.stale_because)).all() == [""]


def test_files_are_not_used_again_while_another_embargo_stands(session: Session, place: Place) -> None:
    exports_made.note(session, None, place.project.id, "evidence.signature", [(place.story_id, place.story_id)])
    session.commit()
    first, second = place.put(), place.put(by=Role.ADMINISTRATOR, named=Role.RESEARCHER)
    place.lift(Role.ADMINISTRATOR, first)
    assert session.scalars(select(ExportPart.stale_because)).all() == [Stale.EMBARGO]
    place.lift(Role.RESEARCHER, second)
    assert session.scalars(select(ExportPart.stale_because)).all() == [""]


def test_what_is_withheld_and_what_was_agreed_to_less_meanwhile_stay_marked_once_it_is_lifted(
        session: Session, place: Place) -> None:
    quotes = [makers.add_quote(session, session.get_one(Story, place.story_id)).id for _ in range(2)]
    exports_made.note(session, None, place.project.id, "quotes.csv", [(one, place.story_id) for one in quotes])
    exports_made.mark_stale(session, place.story_id, Stale.WITHHELD, makers.NOON, quotes[:1])
    session.commit()
    embargo_id = place.put()
    makers.record_consent(session, place.project, place.person[Role.RESEARCHER], place.story_id,
                          makers.ALL_USES - {Use.PUBLICATION})
    place.lift(Role.ADMINISTRATOR, embargo_id)
    rows = session.execute(select(ExportPart.part_id, ExportPart.stale_because)).tuples()
    assert dict(rows.all()) == {quotes[0]: Stale.WITHHELD, quotes[1]: Stale.NARROWED}


def test_the_audit_has_ids_alone_and_a_note_outside_is_asked_for(session: Session, place: Place) -> None:
    embargo_id = place.put()
    assert session.scalars(select(Job.subject_id).where(Job.kind == Kind.NOTE)).all() == [embargo_id]
    session.commit()
    place.lift(Role.ADMINISTRATOR, embargo_id)
    entries = session.scalars(select(AuditEntry).where(AuditEntry.kind == "embargo").order_by(AuditEntry.sequence))
    assert [(one.action, one.person_id, one.subject_id) for one in entries] == [
        ("made", place.person[Role.RESEARCHER].id, embargo_id), ("removed", place.person[Role.ADMINISTRATOR].id,
                                                                embargo_id)]
    assert all(REASON not in str(one.details) for one in session.scalars(select(AuditEntry)))


def test_two_who_hold_back_and_lift_at_once_leave_it_held_back(app: Flask, session: Session, place: Place) -> None:
    first = place.put()
    lifts, puts = place.viewer(Role.ADMINISTRATOR), place.viewer(Role.RESEARCHER)
    project_id = place.project.id
    session.commit()
    together(app, [
        lambda own: embargoes.lift(own, lifts, project_id, first),
        lambda own: embargoes.put(own, puts, project_id, place.story_id, REASON, lifts.person_id)])
    session.expire_all()
    assert place.cleared() == set()
