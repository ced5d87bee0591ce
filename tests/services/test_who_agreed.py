"""Who stands in the way of what, on both databases."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

from sqlalchemy.orm import Session

from server.domain.consent import Standing, Use
from server.models.consent import ConsentRecord, PartialWithdrawal
from server.models.story import Participant, Story
from server.services import consents, who_agreed
from tests.makers import ALL_USES, NOON, add_participant, make_story, record_consent


def group(session: Session, world: SimpleNamespace) -> tuple[Story, Participant, Participant]:
    """A story told by Rose, who agrees to everything, and Ali, who says no to a board."""
    story = make_story(session, world.project, world.researcher)
    session.query(ConsentRecord).delete()
    return (story, add_participant(session, story, "Rose"),
            add_participant(session, story, "Ali", ALL_USES - {Use.BOARD}))


def end(session: Session, story: Story, person: Participant, use: Use, at: datetime) -> None:
    session.query(ConsentRecord).filter_by(participant_id=person.id).one().until = {use.value: at.isoformat()}
    consents.decide_again(session, story.id)


def test_each_persons_agreement_is_told_with_its_end(session: Session, world: SimpleNamespace) -> None:
    story, rose, ali = group(session, world)
    later, before = datetime.now(UTC) + timedelta(days=30), datetime.now(UTC) - timedelta(days=30)
    end(session, story, rose, Use.PUBLICATION, later)
    end(session, story, ali, Use.PHOTOS, before)
    found = who_agreed.of_story(session, story.id)
    assert list(found.stands) == [rose.id, ali.id]
    assert found.stands[rose.id][Use.PUBLICATION] == who_agreed.Stand(Standing.GRANTED, later)
    assert found.stands[ali.id][Use.PHOTOS] == who_agreed.Stand(Standing.EXPIRED, before)
    assert found.stands[ali.id][Use.BOARD] == who_agreed.Stand(Standing.REFUSED, None)
    assert found.stands[rose.id][Use.RECORD] == who_agreed.Stand(Standing.GRANTED, None)
    assert found.missing == {Use.BOARD: (ali.id,), Use.PHOTOS: (ali.id,)}


def test_somebody_who_was_not_asked_stands_in_the_way_of_everything(session: Session, world: SimpleNamespace) -> None:
    story, _, _ = group(session, world)
    cath = add_participant(session, story, "Cath", None)
    found = who_agreed.of_story(session, story.id)
    assert {stand.standing for stand in found.stands[cath.id].values()} == {Standing.NOT_ASKED}
    assert all(cath.id in found.missing[use] for use in Use)


def test_what_was_taken_back_is_told_and_nobody_is_asked_for_it_any_more(session: Session,
                                                                         world: SimpleNamespace) -> None:
    story, rose, ali = group(session, world)
    session.add(PartialWithdrawal(story_id=story.id, scope="words_only", project_id=story.project_id, at=NOON))
    consents.decide_again(session, story.id)
    found = who_agreed.of_story(session, story.id)
    assert found.stands[rose.id][Use.RECORD].standing is Standing.WITHDRAWN
    assert found.stands[ali.id][Use.TRANSCRIBE].standing is Standing.GRANTED
    assert set(found.missing) == {Use.BOARD}


def test_a_record_that_names_nobody_is_that_of_the_one_who_told_it(session: Session, world: SimpleNamespace) -> None:
    story = make_story(session, world.project, world.researcher, uses={Use.BOARD})
    found = who_agreed.of_story(session, story.id)
    assert {person: stands[Use.BOARD].standing for person, stands in found.stands.items()} == {None: Standing.GRANTED}
    record_consent(session, world.project, world.researcher, story.id, ())
    assert who_agreed.of_story(session, story.id).stands[None][Use.BOARD].standing is Standing.WITHDRAWN
