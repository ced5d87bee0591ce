"""Who speaks: what a machine may suggest, what people say, and that a name is written once."""

from types import SimpleNamespace

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from server.domain.access import Role
from server.domain.audit import Action
from server.domain.consent import Use
from server.domain.errors import Invalid, NotFound, VersionConflict
from server.domain.turns import Turn
from server.domain.work import FenceLost, Held, Kind
from server.models.audit import AuditEntry
from server.models.transcript import Speaker, Transcript
from server.models.work import Job
from server.services import speakers, withdrawals, work
from tests import makers
from tests.services import talk
from tests.services.talk import correct, now

# SAID: the first sentence to 2.0 s, the second from 2.5 to 3.5 s, the third from 4.0 to 5.5 s.
BACK_AND_FORTH = [Turn(0, 2_000, 1), Turn(2_400, 3_600, 2), Turn(3_900, 5_600, 1)]
ALONE = [Turn(0, 5_600, 1)]


@pytest.fixture
def world(session: Session, world: SimpleNamespace) -> SimpleNamespace:
    return talk.told(session, world)


def held(session: Session, transcript: Transcript) -> Held:
    story_id = session.scalar(select(Speaker.story_id))
    job = work.request(session, kind=Kind.SPEAKERS, subject_id=transcript.id, story_id=story_id, project_id=None)
    claimed = work.claim(session, job.id, "worker", makers.NOON)
    assert claimed is not None
    return Held(job.id, claimed[0].fence)


def suggest(session: Session, world: SimpleNamespace, turns: list[Turn], transcript: Transcript | None = None) -> None:
    transcript = transcript or world.transcript
    session.execute(update(Job).where(Job.kind == Kind.SPEAKERS).values(state="cancelled"))
    speakers.store_suggestion(session, transcript.id, turns, held(session, transcript))
    session.commit()


def who(session: Session, world: SimpleNamespace, transcript: Transcript | None = None) -> list[str | None]:
    """The speaker of each segment by the name that is shown; one that is only suggested with a question mark."""
    names = {one.id: one.shown for one in speakers.list_of_story(session, world.commissioner, world.story.id)}
    return [names[row.speaker_id] + "?" * row.speaker_suggested if row.speaker_id else None
            for row in now(session, transcript or world.transcript)]


def test_clear_segments_get_a_speaker_as_a_suggestion(session: Session, world) -> None:
    suggest(session, world, BACK_AND_FORTH)
    assert who(session, world) == ["Speaker 1?", "Speaker 2?", "Speaker 1?"]
    assert session.scalar(select(Job.state).where(Job.kind == Kind.SPEAKERS)) == "done"
    assert session.get_one(Transcript, world.transcript.id).version == 0


def test_one_voice_is_one_speaker(session: Session, world) -> None:
    suggest(session, world, ALONE)
    assert who(session, world) == ["Speaker 1?"] * 3


def test_what_is_not_clear_gets_nobody(session: Session, world) -> None:
    suggest(session, world, [Turn(0, 1_000, 1), Turn(1_000, 2_000, 2), Turn(2_400, 3_600, 3, is_clear=False)])
    assert who(session, world) == [None] * 3
    assert session.scalars(select(Speaker)).all() == []


def test_without_turns_the_job_is_done(session: Session, world) -> None:
    suggest(session, world, [])
    assert who(session, world) == [None] * 3


def test_a_person_is_never_written_over(session: Session, world) -> None:
    first, second, third = (row.id for row in now(session, world.transcript))
    correct(session, world, kind="speaker", segments=[second], speaker="new")
    correct(session, world, kind="speaker", segments=[third], speaker="new")
    correct(session, world, kind="speaker", segments=[third], speaker=None)
    suggest(session, world, ALONE)
    assert who(session, world) == ["Speaker 1?", "Speaker 1", None]
    assert first == now(session, world.transcript)[0].id


def test_words_that_a_person_corrected_still_get_a_suggestion(session: Session, world) -> None:
    talk.write(session, world, 0, "We waited half the night.")
    suggest(session, world, ALONE)
    assert who(session, world) == ["Speaker 1?"] * 3


def test_a_second_suggestion_takes_the_place_of_the_first_and_keeps_the_speakers(session: Session, world) -> None:
    suggest(session, world, BACK_AND_FORTH)
    before = {row.id for row in session.scalars(select(Speaker))}
    suggest(session, world, [Turn(0, 2_000, 1), Turn(2_400, 3_600, 2), Turn(3_900, 5_000, 1), Turn(5_000, 5_600, 2)])
    assert who(session, world) == ["Speaker 1?", "Speaker 2?", None]
    assert {row.id for row in session.scalars(select(Speaker))} == before


def test_another_version_of_the_words_has_the_same_speakers_with_their_names(session: Session, world) -> None:
    suggest(session, world, BACK_AND_FORTH)
    second = next(row for row in session.scalars(select(Speaker)) if row.label == 2)
    speakers.rename(session, world.commissioner, second.id, "Rose")
    again = talk.heard_again(session, world.recording, talk.SAID)
    suggest(session, world, BACK_AND_FORTH, again)
    assert who(session, world, again) == ["Speaker 1?", "Rose?", "Speaker 1?"]


def test_another_recording_has_speakers_of_its_own(session: Session, world) -> None:
    suggest(session, world, ALONE)
    other = makers.add_recording(session, world.story, "They came at last.")
    transcript = session.scalars(select(Transcript).where(Transcript.recording_id == other.id)).one()
    suggest(session, world, [Turn(0, 2_000, 1)], transcript)
    assert who(session, world, transcript) == ["Speaker 2?"]


def test_whoever_has_lost_the_job_writes_nothing(session: Session, world) -> None:
    mine = held(session, world.transcript)
    with pytest.raises(FenceLost):
        speakers.store_suggestion(session, world.transcript.id, ALONE, Held(mine.job_id, mine.fence - 1))
    session.rollback()
    assert who(session, world) == [None] * 3


def test_without_agreement_nothing_is_written(session: Session, world) -> None:
    mine = held(session, world.transcript)
    makers.record_consent(session, world.project, world.researcher, world.story.id, set(Use) - {Use.TRANSCRIBE})
    speakers.store_suggestion(session, world.transcript.id, ALONE, mine)
    assert session.scalars(select(Speaker)).all() == []
    assert session.scalar(select(Job.state).where(Job.id == mine.job_id)) == "cancelled"


def test_a_name_is_written_once_and_shown_everywhere(session: Session, world) -> None:
    suggest(session, world, BACK_AND_FORTH)
    first = speakers.list_of_story(session, world.commissioner, world.story.id)[0]
    named = speakers.rename(session, world.commissioner, first.id, "  Rose\n Amin ")
    assert (named.name, named.shown) == ("Rose Amin", "Rose Amin")
    assert who(session, world) == ["Rose Amin?", "Speaker 2?", "Rose Amin?"]
    assert speakers.rename(session, world.commissioner, first.id, " ").shown == "Speaker 1"


def test_a_name_has_eighty_characters_at_most(session: Session, world) -> None:
    suggest(session, world, ALONE)
    [one] = speakers.list_of_story(session, world.commissioner, world.story.id)
    assert speakers.rename(session, world.commissioner, one.id, "x" * 80).name == "x" * 80
    with pytest.raises(Invalid) as refused:
        speakers.rename(session, world.commissioner, one.id, "x" * 81)
    assert list(refused.value.fields) == ["name"]


def test_two_speakers_become_one(session: Session, world) -> None:
    suggest(session, world, BACK_AND_FORTH)
    first, second = speakers.list_of_story(session, world.commissioner, world.story.id)
    speakers.rename(session, world.commissioner, second.id, "Rose")
    merged = speakers.merge(session, world.commissioner, second.id, first.id)
    assert (merged.id, merged.name) == (first.id, "Rose")
    assert who(session, world) == ["Rose?"] * 3
    with pytest.raises(NotFound):
        speakers.rename(session, world.commissioner, second.id, "Amal")


def test_a_name_that_is_there_stays_when_two_become_one(session: Session, world) -> None:
    suggest(session, world, BACK_AND_FORTH)
    first, second = speakers.list_of_story(session, world.commissioner, world.story.id)
    speakers.rename(session, world.commissioner, first.id, "Kit")
    assert speakers.merge(session, world.commissioner, second.id, first.id).name == "Kit"


def test_after_two_became_one_an_earlier_choice_can_be_taken_back(session: Session, world) -> None:
    segment = now(session, world.transcript)[0].id
    chosen = correct(session, world, kind="speaker", segments=[segment], speaker="new").segments[0].speaker
    other = correct(session, world, kind="speaker", segments=[segment], speaker="new").segments[0].speaker
    speakers.merge(session, world.commissioner, chosen.id, other.id)
    correct(session, world, kind="undo")
    assert who(session, world) == ["Speaker 2", None, None]
    correct(session, world, kind="undo")
    assert who(session, world) == [None] * 3


def test_nobodys_name_goes_by_the_way_when_two_become_one(session: Session, world) -> None:
    suggest(session, world, BACK_AND_FORTH)
    one, other = speakers.list_of_story(session, world.commissioner, world.story.id)
    speakers.rename(session, world.commissioner, one.id, "Maria")
    speakers.rename(session, world.commissioner, other.id, "Mo")
    with pytest.raises(Invalid, match="Maria and Mo"):
        speakers.merge(session, world.commissioner, one.id, other.id)
    assert who(session, world) == ["Maria?", "Mo?", "Maria?"]


def test_earlier_versions_name_whoever_stayed_when_two_became_one(session: Session, world) -> None:
    suggest(session, world, BACK_AND_FORTH)
    one, other = speakers.list_of_story(session, world.commissioner, world.story.id)
    first, second, _ = now(session, world.transcript)
    correct(session, world, kind="merge", segment=first.id, was=first.text, next=second.id)
    speakers.merge(session, world.commissioner, other.id, one.id)
    correct(session, world, kind="undo")
    assert who(session, world) == ["Speaker 1?", "Speaker 1?", "Speaker 1?"]


def test_an_undo_with_nothing_to_do_does_not_stand_in_the_way_of_others(session: Session, world) -> None:
    suggest(session, world, BACK_AND_FORTH)
    one, other = speakers.list_of_story(session, world.commissioner, world.story.id)
    row = now(session, world.transcript)[0]
    correct(session, world, kind="words", segment=row.id, was=row.text, text="We waited all day.")
    correct(session, world, kind="speaker", segments=[row.id], speaker=one.id)
    correct(session, world, kind="speaker", segments=[row.id], speaker=other.id)
    speakers.merge(session, world.commissioner, other.id, one.id)
    for _ in range(3):
        correct(session, world, kind="undo")
    assert now(session, world.transcript)[0].text == "We waited all night."


def test_nobody_names_over_a_name_that_they_have_not_seen(session: Session, world) -> None:
    suggest(session, world, ALONE)
    [one] = speakers.list_of_story(session, world.commissioner, world.story.id)
    speakers.rename(session, world.commissioner, one.id, "Maria", was="Speaker 1")
    with pytest.raises(VersionConflict) as refused:
        speakers.rename(session, world.other, one.id, "Mo", was="Speaker 1")
    assert refused.value.current == {"name": "Maria"}
    speakers.rename(session, world.other, one.id, "Maria", was="Speaker 1")
    assert who(session, world)[0] == "Maria?"


def test_nobody_is_put_together_with_themselves_or_with_somebody_of_another_story(session: Session, world) -> None:
    suggest(session, world, ALONE)
    [one] = speakers.list_of_story(session, world.commissioner, world.story.id)
    with pytest.raises(Invalid):
        speakers.merge(session, world.commissioner, one.id, one.id)
    other = talk.told(session, world)
    suggest(session, other, ALONE)
    [stranger] = speakers.list_of_story(session, world.commissioner, other.story.id)
    with pytest.raises(NotFound):
        speakers.merge(session, world.commissioner, one.id, stranger.id)


def test_only_the_team_knows_and_names_speakers(session: Session, world) -> None:
    suggest(session, world, ALONE)
    [one] = speakers.list_of_story(session, world.commissioner, world.story.id)
    elsewhere = makers.viewer_of(session, makers.make_person(session, makers.make_project(session, "Other"),
                                                             Role.COMMISSIONER))
    for viewer in (world.board_member, world.analyst, elsewhere):
        with pytest.raises(NotFound):
            speakers.list_of_story(session, viewer, world.story.id)
        with pytest.raises(NotFound):
            speakers.rename(session, viewer, one.id, "Rose")
        with pytest.raises(NotFound):
            speakers.merge(session, viewer, one.id, one.id)
    with pytest.raises(NotFound):
        speakers.rename(session, world.commissioner, "0" * 36, "Rose")


def test_where_the_words_are_not_for_the_team_speakers_are_not_either(session: Session, world) -> None:
    suggest(session, world, ALONE)
    [one] = speakers.list_of_story(session, world.commissioner, world.story.id)
    makers.record_consent(session, world.project, world.researcher, world.story.id, set(Use) - {Use.TRANSCRIBE})
    with pytest.raises(NotFound):
        speakers.rename(session, world.commissioner, one.id, "Rose")


def test_a_withdrawn_story_has_no_speakers(session: Session, world) -> None:
    suggest(session, world, ALONE)
    administrator = makers.viewer_of(session, makers.make_person(session, world.project, Role.ADMINISTRATOR))
    withdrawals.withdraw(session, administrator, world.story.id)
    assert session.scalars(select(Speaker)).all() == []


def test_changes_are_audited_by_ids_alone(session: Session, world) -> None:
    suggest(session, world, BACK_AND_FORTH)
    first, second = speakers.list_of_story(session, world.commissioner, world.story.id)
    speakers.rename(session, world.commissioner, first.id, "Rose")
    speakers.rename(session, world.commissioner, first.id, "Rose")
    speakers.merge(session, world.commissioner, second.id, first.id)
    session.commit()
    query = select(AuditEntry).where(AuditEntry.kind == "speaker").order_by(AuditEntry.sequence)
    entries = session.scalars(query).all()
    assert [(entry.action, entry.subject_id) for entry in entries] == [
        (Action.CHANGED, first.id), (Action.REMOVED, second.id)]
    assert all("Rose" not in str(entry.details) for entry in entries)
