"""Correcting a transcript: what it says afterwards, what can be taken back, and who may."""

from types import SimpleNamespace

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from server.domain.access import Role
from server.domain.consent import Use
from server.domain.correction import MOST_SEGMENTS, read
from server.domain.errors import Invalid, NotFound, VersionConflict
from server.domain.ids import new_id
from server.models.audit import AuditEntry
from server.models.theme import Excerpt
from server.models.transcript import Correction, HeardStretch, Speaker, Transcript
from server.services import corrections, excerpts, withdrawals
from server.services.excerpts import Chosen
from tests import makers
from tests.services import talk
from tests.services.talk import correct, now, texts, write

NIGHT, NOBODY, HOME = talk.SAID


@pytest.fixture
def world(session: Session, world: SimpleNamespace) -> SimpleNamespace:
    return talk.told(session, world)


def test_words_are_written_in_place_and_kept_words_keep_their_times(session: Session, world) -> None:
    before = now(session, world.transcript)[0]
    made = write(session, world, 0, "We waited half the night.")
    [segment] = made.segments
    assert (made.version, segment.id, segment.text, made.gone) == (1, before.id, "We waited half the night.", ())
    assert segment.words[:2] == before.words[:2]
    assert texts(session, world.transcript) == ["We waited half the night.", NOBODY, HOME]
    assert (made.may_undo, made.may_redo) == (True, False)


def test_what_changes_nothing_is_no_correction(session: Session, world) -> None:
    made = write(session, world, 0, f"  {NIGHT.replace(' ', '  ')} ")
    assert (made.version, made.may_undo) == (0, False)
    assert session.scalar(select(func.count(Correction.id))) == 0


def test_a_segment_without_words_goes_and_comes_back(session: Session, world) -> None:
    there = [row.id for row in now(session, world.transcript)]
    assert write(session, world, 1, "").gone == (there[1],)
    assert texts(session, world.transcript) == [NIGHT, HOME]
    back = correct(session, world, kind="undo")
    assert ([one.text for one in back.segments], back.position) == ([NOBODY], 1)
    assert [row.id for row in now(session, world.transcript)] == there


def test_a_split_and_a_merge_leave_ids_where_the_words_are(session: Session, world) -> None:
    first, second, _ = now(session, world.transcript)
    made = correct(session, world, kind="split", segment=first.id, was=NIGHT, word=2)
    assert [one.text for one in made.segments] == ["We waited", "all night."]
    assert made.segments[0].id == first.id
    merged = correct(session, world, kind="merge", segment=made.segments[1].id, was="all night.", next=second.id)
    assert (merged.segments[0].text, merged.gone) == ("all night. Nobody came.", (second.id,))
    assert texts(session, world.transcript) == ["We waited", "all night. Nobody came.", HOME]
    assert [row.position for row in now(session, world.transcript)] == [0, 1, 2]


def test_only_neighbours_are_merged(session: Session, world) -> None:
    first, second, third = now(session, world.transcript)
    for segment, was, other in ((first, NIGHT, third), (second, NOBODY, first), (third, HOME, third)):
        with pytest.raises(Invalid, match="These two passages are not next to each other any more"):
            correct(session, world, kind="merge", segment=segment.id, was=was, next=other.id)


def test_a_speaker_is_given_to_passages_that_are_near_each_other(session: Session, world) -> None:
    talk.say(session, world.transcript, ["Yes."] * (MOST_SEGMENTS + 1))
    first, *_, last, beyond = (row.id for row in now(session, world.transcript))
    with pytest.raises(Invalid, match="Choose passages that are within 500 of each other"):
        correct(session, world, kind="speaker", segments=[first, beyond], speaker="new")
    correct(session, world, kind="speaker", segments=[first, last], speaker="new")


def test_speakers_are_given_and_somebody_new_has_the_next_number(session: Session, world) -> None:
    first, second, third = (row.id for row in now(session, world.transcript))
    made = correct(session, world, kind="speaker", segments=[first, third], speaker="new")
    assert [one.speaker and one.speaker.name for one in made.segments] == ["Speaker 1", None, "Speaker 1"]
    made = correct(session, world, kind="speaker", segments=[second], speaker="new")
    assert made.segments[0].speaker.name == "Speaker 2"
    assert not made.segments[0].speaker.is_suggested
    correct(session, world, kind="speaker", segments=[third], speaker=made.segments[0].speaker.id)
    assert correct(session, world, kind="undo").segments[0].speaker.name == "Speaker 1"
    correct(session, world, kind="speaker", segments=[first], speaker=None)
    assert [row.speaker_id is None for row in now(session, world.transcript)] == [True, False, False]


def test_a_speaker_is_of_the_same_story(session: Session, world) -> None:
    elsewhere = Speaker(id=new_id(), story_id=makers.make_story(session, world.project, world.researcher).id, label=1,
                        name="", made_at=makers.NOON)
    session.add(elsewhere)
    session.flush()
    for speaker in (elsewhere.id, new_id()):
        with pytest.raises(NotFound):
            correct(session, world, kind="speaker", segments=[now(session, world.transcript)[0].id], speaker=speaker)


def test_a_guess_that_came_after_a_correction_stays_when_that_is_taken_back(session: Session, world) -> None:
    write(session, world, 1, "Nobody at all came.")
    speaker = correct(session, world, kind="speaker", segments=[now(session, world.transcript)[0].id], speaker="new")
    correct(session, world, kind="undo")
    row = now(session, world.transcript)[1]
    row.speaker_id, row.speaker_suggested = speaker.segments[0].speaker.id, True
    session.flush()
    [segment] = correct(session, world, kind="undo").segments
    assert (segment.text, segment.speaker.is_suggested) == (NOBODY, True)


def test_words_of_another_machine_version_are_taken_over(session: Session, world) -> None:
    other = talk.heard_again(session, world.recording, ["We waited half night.", "Somebody came."])
    made = correct(session, world, **{"kind": "adopt", "from": other.id, "start_ms": 1000, "end_ms": 1450})
    assert made.segments[0].text == "We waited half night."
    made = correct(session, world, **{"kind": "adopt", "from": other.id, "start_ms": 2500, "end_ms": 2950})
    assert texts(session, world.transcript) == ["We waited half night.", "Somebody came.", HOME]
    for source, stretch in ((other.id, (60_000, 61_000)), (world.transcript.id, (0, 100)), (new_id(), (0, 100))):
        with pytest.raises((Invalid, NotFound)):
            correct(session, world, **{"kind": "adopt", "from": source, "start_ms": stretch[0], "end_ms": stretch[1]})


def test_undo_and_redo_are_of_the_whole_transcript_newest_first_for_any_of_the_team(session: Session, world) -> None:
    write(session, world, 0, "We stayed.")
    write(session, world, 2, "We left.", viewer=world.other)
    made = correct(session, world, kind="undo")
    assert (texts(session, world.transcript), made.may_redo) == (["We stayed.", NOBODY, HOME], True)
    correct(session, world, world.other, kind="undo")
    assert texts(session, world.transcript) == list(talk.SAID)
    assert correct(session, world, kind="undo").segments == ()
    correct(session, world, kind="redo")
    made = correct(session, world, kind="redo")
    assert (texts(session, world.transcript), made.may_redo) == (["We stayed.", NOBODY, "We left."], False)
    assert made.version == session.scalar(select(func.count(Correction.id))) == 6


def test_a_change_after_an_undo_ends_what_could_be_redone(session: Session, world) -> None:
    write(session, world, 0, "We stayed.")
    correct(session, world, kind="undo")
    assert not write(session, world, 1, "Somebody came.").may_redo
    assert correct(session, world, kind="redo").segments == ()


def test_an_undo_may_say_which_version_it_means(session: Session, world) -> None:
    write(session, world, 0, "We stayed.")
    with pytest.raises(VersionConflict):
        correct(session, world, kind="undo", version=0)
    assert correct(session, world, kind="undo", version=1).version == 2


def test_whoever_writes_words_has_heard_those_and_an_undo_takes_that_back(session: Session, world) -> None:
    made = write(session, world, 0, "We waited half night.")
    assert made.heard == ((1000, 1400),)
    assert session.scalars(select(HeardStretch.how)).all() == ["corrected"]
    assert correct(session, world, kind="undo").heard == ()
    assert correct(session, world, kind="redo").heard == ((1000, 1400),)
    correct(session, world, kind="undo")
    assert correct(session, world, world.other, kind="redo").heard == ()


def test_words_of_a_machine_are_heard_by_nobody(session: Session, world) -> None:
    other = talk.heard_again(session, world.recording, ["We waited half night."])
    write(session, world, 0, "We waited some night.")
    made = correct(session, world, **{"kind": "adopt", "from": other.id, "start_ms": 1000, "end_ms": 1400})
    assert made.heard == ()


def test_an_excerpt_keeps_its_words_and_is_flagged(session: Session, world) -> None:
    chosen = excerpts.make(session, world.commissioner, Chosen(world.recording.id, 500, 1950))
    assert write(session, world, 1, "Somebody came.").flagged == ()
    assert write(session, world, 0, "We waited half night.").flagged == (chosen.id,)
    row = session.get_one(Excerpt, chosen.id)
    assert (row.text, row.changed_text) == ("waited all night.", "waited half night.")
    assert correct(session, world, kind="undo").flagged == ()


def test_the_audit_holds_ids_and_no_words(session: Session, world) -> None:
    write(session, world, 0, "We waited half night.")
    session.commit()
    entry = session.scalars(select(AuditEntry).order_by(AuditEntry.sequence.desc())).first()
    assert (entry.action, entry.kind, entry.subject_id) == ("changed", "transcript", world.transcript.id)
    assert entry.details == {"story": world.story.id, "correction": 1, "how": "words"}


@pytest.mark.parametrize("role", [Role.RESEARCHER, Role.BOARD_MEMBER, Role.ANALYST, Role.ADMINISTRATOR])
def test_only_the_team_that_themes_corrects(session: Session, world, role: Role) -> None:
    viewer = makers.viewer_of(session, makers.make_person(session, world.project, role))
    with pytest.raises(NotFound):
        write(session, world, 0, "We sat.", viewer=viewer)


def test_what_is_not_cleared_or_of_another_recording_is_not_found(session: Session, world) -> None:
    row = now(session, world.transcript)[0]
    change = read({"kind": "words", "segment": row.id, "was": NIGHT, "text": "We sat."})
    silent = makers.make_story(session, world.project, world.researcher, uses={Use.RECORD, Use.COMMISSIONERS})
    closed = makers.add_recording(session, silent)
    theirs = session.scalars(select(Transcript.id).where(Transcript.recording_id == closed.id)).one()
    for recording_id, transcript_id in ((closed.id, theirs), (closed.id, world.transcript.id),
                                        (world.recording.id, theirs), (new_id(), new_id())):
        with pytest.raises(NotFound):
            corrections.make(session, world.commissioner, recording_id, transcript_id, change)


def test_a_withdrawn_story_is_corrected_by_nobody_and_its_log_is_gone(session: Session, world) -> None:
    write(session, world, 0, "We sat.")
    session.commit()
    ids = world.recording.id, world.transcript.id
    withdrawals.withdraw(session, makers.viewer_of(session, world.researcher), world.story.id)
    session.commit()
    assert session.scalar(select(func.count(Correction.id))) == 0
    with pytest.raises(NotFound):
        corrections.make(session, world.commissioner, *ids, read({"kind": "undo"}))
