"""Excerpts whose words change under them."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from server.domain import anchor
from server.domain.access import Role
from server.domain.consent import Audience
from server.domain.errors import Invalid, NotFound
from server.domain.hashes import sha256_of
from server.domain.transcript import Word
from server.models.consent import Erasure
from server.models.people import Membership
from server.models.theme import Excerpt
from server.models.work import Job
from server.services import anchors, clearing, excerpts, heard
from server.services.excerpts import Chosen
from tests import makers
from tests.heard import listen, transcript_of


@pytest.fixture
def world(session: Session, world):
    """An excerpt of: We waited all night for a bed. Half a second a word. It says "waited all night", and was heard."""
    world.story = makers.make_story(session, world.project, world.researcher)
    world.recording = makers.add_recording(session, world.story)
    world.transcript = transcript_of(session, world.recording)
    world.other = makers.viewer_of(session, makers.make_person(session, world.project, Role.COMMISSIONER, name="Mo"))
    listen(session, world.commissioner, world.recording)
    made = excerpts.make(session, world.commissioner, Chosen(world.recording.id, 500, 1950))
    world.excerpt = session.get_one(Excerpt, made.id)
    session.commit()
    return world


def says(session: Session, world, *words: tuple[str, int, int]) -> list[str]:
    """Let the transcript say this from "waited" to "night"; the excerpts that are flagged."""
    [segment] = world.transcript.segments
    before = tuple(word for word in world.said if word.end_ms <= 500)
    after = tuple(word for word in world.said if word.start_ms >= 2000)
    segment.words = (*before, *(Word(f" {text}", start_ms, end_ms) for text, start_ms, end_ms in words), *after)
    segment.text = "".join(word.text for word in segment.words)
    session.flush()
    return anchors.check(session, world.transcript.id)


SAT = ("sat", 500, 950)
ALL_NIGHT = ("all", 1000, 1450), ("night", 1500, 1950)
WAITED = "waited", 500, 950


@pytest.fixture(autouse=True)
def said(world) -> None:
    world.said = world.transcript.segments[0].words


def shown(session: Session, world, audience: Audience = Audience.COMMISSIONERS):
    viewer = world.commissioner if audience is Audience.COMMISSIONERS else world.board_member
    return clearing.get_excerpt(session, viewer, world.excerpt.id, audience)


def seen(text: str) -> str:
    return anchor.hash_of(text)


def test_a_change_inside_an_excerpt_flags_it_and_leaves_it_as_it_is(session: Session, world) -> None:
    assert says(session, world, SAT, *ALL_NIGHT) == [world.excerpt.id]
    found = shown(session, world)
    assert (found.text, found.changed_text) == ("waited all night", "sat all night")
    assert (found.start_ms, found.end_ms, found.is_draft) == (500, 1950, False)
    assert [word.text for word in found.words] == ["waited", " all", " night"]


def test_a_change_elsewhere_flags_nothing(session: Session, world) -> None:
    [segment] = world.transcript.segments
    segment.words = (Word("They", 0, 200), Word(" have", 200, 450), *segment.words[1:4], Word(" on", 2000, 2450))
    session.flush()
    assert anchors.check(session, world.transcript.id) == []
    assert shown(session, world).changed_text is None


def test_what_changed_is_told_to_the_team_alone(session: Session, world) -> None:
    says(session, world, SAT, *ALL_NIGHT)
    found = shown(session, world, Audience.BOARD)
    assert (found.text, found.changed_text) == ("waited all night", None)


def test_the_flag_goes_when_the_words_are_back(session: Session, world) -> None:
    says(session, world, SAT, *ALL_NIGHT)
    assert says(session, world, WAITED, *ALL_NIGHT) == []
    assert (world.excerpt.changed_at, world.excerpt.changed_text, world.excerpt.changed_words) == (None, None, None)


def test_words_that_were_heard_are_taken_and_may_be_quoted(session: Session, world) -> None:
    says(session, world, SAT, *ALL_NIGHT)
    anchors.take(session, world.other, world.excerpt.id, seen("sat all night"))
    found = shown(session, world, Audience.BOARD)
    assert (found.text, found.start_ms, found.end_ms) == ("sat all night", 500, 1950)
    assert world.excerpt.text_sha256 == sha256_of("sat all night")
    assert anchors.check(session, world.transcript.id) == []


def test_words_that_nobody_heard_make_it_a_draft_again(session: Session, world) -> None:
    other = makers.add_recording(session, world.story, "Never listened to by anybody here.")
    made = excerpts.make(session, world.commissioner, Chosen(other.id, 0, 950))
    row = session.get_one(Excerpt, made.id)
    row.text, row.words, row.quotable_at = "Ever listened", (Word("Ever", 0, 450), row.words[1]), makers.NOON
    session.flush()
    assert anchors.check(session, transcript_of(session, other).id) == [row.id]
    anchors.take(session, world.commissioner, row.id, seen("Never listened"))
    assert (row.text, row.quotable_at) == ("Never listened", None)
    listen(session, world.commissioner, other, (0, 950))
    assert row.quotable_at is not None


def test_other_times_have_its_sound_cut_again(session: Session, world) -> None:
    world.excerpt.clip_sha256 = makers.digest("clip")
    session.flush()
    says(session, world, *ALL_NIGHT)
    anchors.take(session, world.commissioner, world.excerpt.id, seen("all night"))
    assert (world.excerpt.start_ms, world.excerpt.end_ms, world.excerpt.clip_sha256) == (1000, 1950, None)
    jobs = session.scalars(select(Job.kind).where(Job.subject_id == world.excerpt.id, Job.state == "waiting")).all()
    assert jobs == ["clip"]
    assert session.scalars(select(Erasure.sha256)).all() == [makers.digest("clip")]


def test_the_same_times_keep_the_same_sound(session: Session, world) -> None:
    world.excerpt.clip_sha256 = makers.digest("clip")
    says(session, world, SAT, *ALL_NIGHT)
    anchors.take(session, world.commissioner, world.excerpt.id, seen("sat all night"))
    assert world.excerpt.clip_sha256 == makers.digest("clip")


def test_words_that_were_kept_are_asked_about_again_only_when_others_are_said(session: Session, world) -> None:
    says(session, world, SAT, *ALL_NIGHT)
    anchors.keep(session, world.commissioner, world.excerpt.id, seen("sat all night"))
    assert shown(session, world).changed_text is None
    assert says(session, world, SAT, *ALL_NIGHT) == []
    assert says(session, world, ("stood", 500, 950), *ALL_NIGHT) == [world.excerpt.id]
    assert shown(session, world).text == "waited all night"


def test_whoever_chooses_has_seen_the_words_as_they_are_now(session: Session, world) -> None:
    says(session, world, SAT, *ALL_NIGHT)
    for choose in (anchors.take, anchors.keep):
        with pytest.raises(Invalid):
            choose(session, world.commissioner, world.excerpt.id, seen("stood all night"))
    anchors.take(session, world.commissioner, world.excerpt.id, seen("sat all night"))
    anchors.take(session, world.commissioner, world.excerpt.id, seen("sat all night"))  # pressed twice
    assert world.excerpt.text == "sat all night"


def test_of_a_passage_that_went_nothing_can_be_taken(session: Session, world) -> None:
    assert says(session, world) == [world.excerpt.id]
    assert shown(session, world).changed_text == ""
    with pytest.raises(Invalid):
        anchors.take(session, world.commissioner, world.excerpt.id, seen(""))
    anchors.keep(session, world.commissioner, world.excerpt.id, seen(""))
    assert shown(session, world).text == "waited all night"


def test_two_excerpts_never_say_the_same_at_the_same_place(session: Session, world) -> None:
    excerpts.make(session, world.commissioner, Chosen(world.recording.id, 1000, 1950))
    says(session, world, *ALL_NIGHT)
    with pytest.raises(Invalid):
        anchors.take(session, world.commissioner, world.excerpt.id, seen("all night"))
    assert session.scalar(select(func.count(Excerpt.id))) == 2


def test_a_draft_whose_words_changed_is_not_quoted_until_somebody_keeps_them(session: Session, world) -> None:
    world.excerpt.quotable_at = None
    says(session, world, SAT, *ALL_NIGHT)
    listen(session, world.other, world.recording)
    assert world.excerpt.quotable_at is None
    anchors.keep(session, world.commissioner, world.excerpt.id, seen("sat all night"))
    listen(session, world.other, world.recording)
    assert world.excerpt.quotable_at is None  # who reads the transcript reads other words
    heard.listened_to_excerpt(session, world.other, world.excerpt.id, seen("waited all night"))
    assert world.excerpt.quotable_at is not None


def test_nothing_is_flagged_by_a_transcript_that_nobody_reads(session: Session, world) -> None:
    says(session, world, SAT, *ALL_NIGHT)
    world.transcript.is_current = False
    session.flush()
    assert anchors.check(session, world.transcript.id) == []


def test_flags_go_to_whoever_made_the_excerpt_or_to_all_when_they_have_gone(session: Session, world) -> None:
    says(session, world, SAT, *ALL_NIGHT)

    def told(viewer) -> list[str]:
        return [item.changed_text for item in anchors.flagged_for(session, viewer, world.project.id)]

    assert (told(world.commissioner), told(world.other)) == (["sat all night"], [])
    session.delete(session.get_one(Membership, (world.commissioner.person_id, world.project.id, "commissioner")))
    session.flush()
    assert told(world.other) == ["sat all night"]
    with pytest.raises(NotFound):
        told(world.board_member)


def test_only_the_team_chooses(session: Session, world) -> None:
    says(session, world, SAT, *ALL_NIGHT)
    for choose in (anchors.take, anchors.keep):
        with pytest.raises(NotFound):
            choose(session, world.board_member, world.excerpt.id, seen("sat all night"))


def test_no_more_flags_are_told_of_at_once_than_anybody_looks_at(session: Session, world, monkeypatch) -> None:
    says(session, world, SAT, *ALL_NIGHT)
    other = makers.add_recording(session, world.story, "Nobody came.")
    late = excerpts.make(session, world.commissioner, Chosen(other.id, 0, 950))
    row = session.get_one(Excerpt, late.id)
    row.changed_at, row.changed_text, row.changed_words = datetime.now(UTC) + timedelta(minutes=1), "Somebody came.", ()
    session.flush()
    assert len(anchors.flagged_for(session, world.commissioner, world.project.id)) == 2
    monkeypatch.setattr(anchors, "MOST_FLAGGED", 1)
    told = anchors.flagged_for(session, world.commissioner, world.project.id)
    assert [found.id for found in told] == [world.excerpt.id]
