"""Correcting a transcript in which something is withheld: people write around it, and what is under it stays."""

from types import SimpleNamespace

import pytest
from sqlalchemy.orm import Session

from server.domain.anchor import hash_of
from server.domain.consent import Audience
from server.domain.errors import Invalid, VersionConflict
from server.models.transcript import Speaker
from server.services import anchors, clearing, heard, redactions, speakers, transcript_versions
from server.services.redactions import Asked
from tests import makers
from tests.makers_of_words import flag
from tests.services import talk
from tests.services.talk import correct, now, texts

SAID = ("We waited for Anna Smith.", "Anna Smith's bed came.", "We went home.")
FIRST, SECOND = "We waited for [name].", "[name]'s bed came."


@pytest.fixture
def world(session: Session, world: SimpleNamespace) -> SimpleNamespace:
    told = talk.told(session, world)
    talk.say(session, told.transcript, SAID)
    redactions.make(session, told.commissioner, told.story.id, Asked("Anna Smith"))
    session.commit()
    told.ids = [row.id for row in now(session, told.transcript)]
    return told


def write(session: Session, world: SimpleNamespace, place: int, was: str, text: str, viewer=None):
    return correct(session, world, viewer, kind="words", segment=world.ids[place], was=was, text=text)


def test_what_is_written_around_a_name_keeps_the_name(session: Session, world) -> None:
    done = write(session, world, 0, FIRST, "We all waited for [name], yes.")
    assert done.segments[0].text == "We all waited for [name], yes."
    row = now(session, world.transcript)[0]
    assert row.text == "We all waited for Anna Smith, yes."
    assert [(word.text, word.start_ms) for word in row.words][4:6] == [(" Anna", 1500), (" Smith,", 2000)]
    assert [place[:2] for place in world.recording.withheld_words] == [[1500, 2400], [3000, 3900]]


def test_what_was_shown_is_nothing_new(session: Session, world) -> None:
    assert write(session, world, 0, FIRST, FIRST).version == 0
    assert texts(session, world.transcript) == list(SAID)


@pytest.mark.parametrize("text", ["We waited.", "", "We waited for [name] and [name].", "We waited for [Name]."])
def test_a_name_is_not_taken_out_or_put_in(session: Session, world, text: str) -> None:
    with pytest.raises(Invalid, match="lift its withholding first") as refused:
        write(session, world, 0, FIRST, text)
    assert (refused.value.code, *refused.value.fields) == ("invalid", "text")
    assert texts(session, world.transcript) == list(SAID)


def test_a_writer_who_was_slower_is_told_what_is_shown_now(session: Session, world) -> None:
    write(session, world, 0, FIRST, "He waited for [name].", world.other)
    with pytest.raises(VersionConflict) as conflict:
        write(session, world, 0, FIRST, "They waited for [name].")
    assert conflict.value.current["text"] == "He waited for [name]."
    with pytest.raises(VersionConflict) as conflict:
        correct(session, world, kind="undo", others=False)
    assert (conflict.value.current["text"], conflict.value.current["before"]) == ("He waited for [name].", FIRST)


def test_a_split_counts_a_name_as_one_word(session: Session, world) -> None:
    done = correct(session, world, kind="split", segment=world.ids[1], was=SECOND, word=1)
    assert [one.text for one in done.segments] == ["[name]'s", "bed came."]
    assert texts(session, world.transcript)[1:3] == ["Anna Smith's", "bed came."]
    with pytest.raises(Invalid, match="between two words"):
        correct(session, world, kind="split", segment=world.ids[0], was=FIRST, word=4)


def test_a_merge_keeps_both_names(session: Session, world) -> None:
    done = correct(session, world, kind="merge", segment=world.ids[0], was=FIRST, next=world.ids[1])
    assert done.segments[0].text == f"{FIRST} {SECOND}"
    assert texts(session, world.transcript)[0] == f"{SAID[0]} {SAID[1]}"


def test_undo_and_redo_go_through_a_name(session: Session, world) -> None:
    write(session, world, 0, FIRST, "We stayed for [name].")
    undone = correct(session, world, kind="undo")
    assert (undone.segments[0].text, texts(session, world.transcript)[0]) == (FIRST, SAID[0])
    done = correct(session, world, kind="redo")
    assert done.segments[0].text == "We stayed for [name]."
    assert texts(session, world.transcript)[0] == "We stayed for Anna Smith."


def test_words_of_another_version_are_taken_over_beside_a_name(session: Session, world) -> None:
    other = talk.heard_again(session, world.recording, ["We stayed for Anna Smith.", *SAID[1:]])
    [different] = [one for one in transcript_versions.compare(
        session, world.commissioner, world.recording.id, 2).passages if not one.is_same]
    assert (different.now, different.other) == ("waited", "stayed")
    done = correct(session, world, **{"kind": "adopt", "from": other.id, "start_ms": different.start_ms,
                                      "end_ms": different.end_ms, "version": 0})
    assert done.segments[0].text == "We stayed for [name]."
    assert texts(session, world.transcript)[0] == "We stayed for Anna Smith."


def test_earlier_versions_and_the_log_show_no_name(session: Session, world) -> None:
    write(session, world, 0, FIRST, "We stayed for [name].")
    who = world.commissioner, world.recording.id, world.transcript.id
    [made] = transcript_versions.list_corrections(session, *who)
    assert (made.before, made.after) == ((FIRST,), ("We stayed for [name].",))
    assert [one.text for one in transcript_versions.as_it_was(session, *who, 0)] == [FIRST, SECOND, SAID[2]]


def test_a_name_that_was_put_right_before_it_was_withheld_is_in_no_version(session: Session, world) -> None:
    redactions.lift(session, world.commissioner, world.story.id,
                    redactions.list_of(session, world.commissioner, world.story.id)[0].id)
    write(session, world, 0, SAID[0], "We waited for Hanna Smyth.")
    redactions.make(session, world.commissioner, world.story.id, Asked("Hanna Smyth"))
    session.commit()
    who = world.commissioner, world.recording.id, world.transcript.id
    assert transcript_versions.as_it_was(session, *who, 0)[0].text == FIRST
    assert transcript_versions.list_corrections(session, *who)[0].before == (FIRST,)


def test_a_speaker_has_no_withheld_name_and_keeps_it(session: Session, world) -> None:
    speaker_id = speakers.add(session, world.story.id)
    session.get_one(Speaker, speaker_id).name = "Anna Smith"
    session.commit()
    named = speakers.rename(session, world.commissioner, speaker_id, "[name], nurse", was="[name]")
    assert (named.name, session.get_one(Speaker, speaker_id).name) == ("[name], nurse", "Anna Smith, nurse")
    with pytest.raises(Invalid, match="lift its withholding first"):
        speakers.rename(session, world.commissioner, speaker_id, "Somebody")


def test_the_new_words_of_an_excerpt_are_chosen_by_what_is_shown(session: Session, world) -> None:
    excerpt = makers.add_excerpt(session, world.recording, makers.make_person(session), "waited for Anna Smith.", 500)
    excerpt.quotable_at, excerpt.end_ms = None, 2400
    session.commit()
    write(session, world, 0, FIRST, "We stayed for [name].")
    session.commit()
    found = clearing.get_excerpt(session, world.commissioner, excerpt.id, Audience.COMMISSIONERS)
    assert (found.text, found.changed_text) == ("waited for [name].", "stayed for [name].")
    anchors.take(session, world.commissioner, excerpt.id, hash_of("stayed for [name]."))
    session.commit()
    assert excerpt.text == "stayed for Anna Smith."
    heard.listened_to_excerpt(session, world.commissioner, excerpt.id, hash_of("stayed for [name]."))
    assert excerpt.quotable_at is not None
    flag(excerpt, "stayed for Anna Smith!")
    session.commit()
    anchors.keep(session, world.commissioner, excerpt.id, hash_of("stayed for [name]!"))
