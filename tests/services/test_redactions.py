"""Withholding words of a story: who may, what is shown and played then, and that lifting brings all of it back."""

import json
import re
from dataclasses import asdict
from types import SimpleNamespace

import pytest
from sqlalchemy import select, true
from sqlalchemy.orm import Session

from server.domain.access import ROLES_THAT_MAY, Permission
from server.domain.consent import Audience
from server.domain.errors import Invalid, NotFound
from server.domain.ids import new_id
from server.domain.redaction import MARGIN_MS, Category, Sound
from server.models.audit import AuditEntry
from server.models.export import ExportPart
from server.models.redaction import Redaction
from server.models.story import Recording
from server.models.transcript import Speaker, Translation
from server.models.work import Job
from server.naming.lists import shipped
from server.services import (
    clearing,
    excerpts,
    exports_made,
    redactions,
    speakers,
    spoken_words,
    suggested_redactions,
    transcript_versions,
)
from server.services.excerpts import Chosen
from server.services.redactions import Asked, Stretch
from tests import makers
from tests.services import talk

ANNA = "We waited for Anna Smith."
SAID = (ANNA, "Anna Smith's bed came.", "We went home.")


@pytest.fixture
def world(session: Session, world: SimpleNamespace) -> SimpleNamespace:
    told = talk.told(session, world)
    talk.say(session, told.transcript, SAID)
    session.commit()
    return told


def withhold(session: Session, world: SimpleNamespace, words: str = "Anna Smith", **wanted: object) -> str:
    made = redactions.make(session, world.commissioner, world.story.id, Asked(words, **wanted))  # type: ignore[arg-type]
    session.commit()
    return made


def around(start_ms: int, end_ms: int) -> tuple[int, int]:
    return start_ms - MARGIN_MS, end_ms + MARGIN_MS


def shown(session: Session, world: SimpleNamespace, audience: Audience = Audience.COMMISSIONERS):
    session.expire_all()
    return clearing.get_story(session, world.commissioner, world.story.id, audience)


def said(session: Session, world: SimpleNamespace) -> list[str]:
    transcript = shown(session, world).recordings[0].transcript
    return [segment.text for segment in transcript.segments]


def test_words_are_withheld_from_all_that_is_shown_of_a_story(session: Session, world) -> None:
    world.story.place, world.story.pseudonym = "Anna Smith's ward", "Anna Smith"
    makers.add_quote(session, world.story, "anna-smith told us.")
    makers.add_photo(session, world.story, "The bed of Anna Smith")
    makers.add_excerpt(session, world.recording, makers.make_person(session), "for Anna Smith.")
    session.add(Translation(id=new_id(), transcript_id=world.transcript.id, model="base", made_at=makers.NOON,
                            passages=[[0, 2400, "We waited for Anna Smith."], [1500, 2400, "for Hannah Smits"]]))
    session.add(Speaker(id=new_id(), story_id=world.story.id, label=1, name="Anna Smith", made_at=makers.NOON))
    session.commit()
    withhold(session, world)
    story = shown(session, world)
    assert (story.pseudonym, story.place) == ("[name]", "[name]'s ward")
    assert story.opening == "[name] told us."
    assert [part.text for part in (*story.quotes, *story.excerpts)] == ["[name] told us.", "for [name]."]
    assert story.photos[0].description == "The bed of [name]"
    transcript = story.recordings[0].transcript
    assert [one.text for one in transcript.segments] == ["We waited for [name].", "[name]'s bed came.", SAID[2]]
    assert [one.text for one in transcript.translation.passages] == ["We waited for [name].", "[withheld]"]
    assert transcript.segments[0].words[-1].start_ms == 1500
    assert [one.name for one in speakers.list_of_story(session, world.commissioner, world.story.id)] == ["[name]"]
    assert "Anna" not in repr(story)
    assert "Smith" not in repr(story)
    everything = repr([clearing.list_parts(session, world.commissioner, world.project.id, Audience.COMMISSIONERS,
                                           true()),
                       clearing.list_stories(session, world.commissioner, world.project.id, Audience.COMMISSIONERS,
                                             [world.story.id]),
                       spoken_words.for_operator(session, world.recording.id, "text")])
    assert "Smith" not in everything


def test_what_is_fed_from_cleared_values_holds_no_withheld_word(session: Session, world) -> None:
    """Search and packs are to come: a stand-in for each is made of all that they could be given."""
    quote = makers.add_quote(session, world.story, "Anna Smith told us.")
    makers.tag(session, makers.make_theme(session, world.project), makers.make_person(session), quote)
    session.commit()
    withhold(session, world)
    viewers = {Audience.COMMISSIONERS: world.commissioner, Audience.BOARD: world.board_member,
               Audience.PUBLICATION: world.analyst}
    fed = [asdict(part) for audience, viewer in viewers.items()
           for part in clearing.list_parts(session, viewer, world.project.id, audience, true())]
    fed += [asdict(shown(session, world)), *map(asdict, clearing.list_for_publication(
        session, world.analyst, world.project.id, [world.story.id]))]
    pack = json.dumps(fed, default=str).casefold()
    index = set(re.findall(r"\w+", pack))
    assert {"told", "waited", "name"} <= index
    assert not {"anna", "smith"} & index


def test_a_pseudonym_may_stand_instead_and_is_the_same_in_all_of_a_story(session: Session, world) -> None:
    withhold(session, world, replacement="Beth Lee")
    assert said(session, world)[0] == "We waited for Beth Lee."
    with pytest.raises(Invalid, match="withheld already"):
        withhold(session, world, "anna smith")
    here = Stretch(world.recording.id, 1500, 2400)
    with pytest.raises(Invalid, match="Beth Lee stands for these words elsewhere"):
        withhold(session, world, replacement="Carol", here=here)


def test_one_stretch_alone_can_be_withheld(session: Session, world) -> None:
    withhold(session, world, here=Stretch(world.recording.id, 1500, 2400), sound=Sound.SILENCE)
    assert said(session, world) == ["We waited for [name].", SAID[1], SAID[2]]
    assert session.get_one(Recording, world.recording.id).withheld == [[*around(1500, 2400), "silence"]]


def test_the_sound_is_withheld_with_margins_and_its_copy_is_made_again(session: Session, world) -> None:
    excerpt = makers.add_excerpt(session, world.recording, makers.make_person(session), "waited")
    excerpt.clip_sha256 = "c" * 64
    session.commit()
    clean = world.recording.playback_sha256
    made = withhold(session, world)
    session.expire_all()
    assert world.recording.withheld == [[*around(1500, 2400), "bleep"], [*around(3000, 3900), "bleep"]]
    assert (world.recording.playback_sha256, world.recording.clean_sha256) == (None, clean)
    assert excerpt.clip_sha256 is None
    assert {job.kind for job in session.scalars(select(Job))} >= {"playback", "clip"}
    redactions.lift(session, world.commissioner, world.story.id, made)
    session.commit()
    assert world.recording.withheld == []
    assert world.recording.playback_sha256 == clean
    assert said(session, world) == list(SAID)


def test_a_correction_can_add_what_is_withheld(session: Session, world) -> None:
    withhold(session, world)
    done = talk.write(session, world, 2, "We went home with Anna Smith.")
    assert done.segments[0].text == "We went home with [name]."
    session.commit()
    assert said(session, world)[2] == "We went home with [name]."
    assert len(world.recording.withheld) == 3


def test_a_new_machine_version_that_hears_another_name_there_shows_neither(session: Session, world) -> None:
    withhold(session, world)
    other = talk.heard_again(session, world.recording, ["We waited for Hannah Smits.", *SAID[1:]])
    found = transcript_versions.compare(session, world.commissioner, world.recording.id, 2)
    assert not [one for one in found.passages if "Hannah" in one.other or "Anna" in one.now]
    transcript_versions.use(session, world.commissioner, other.id)
    session.commit()
    assert said(session, world)[0] == "We waited for [name]."
    assert world.recording.withheld[0] == [*around(1500, 2400), "bleep"]


def test_an_excerpt_over_withheld_words_shows_what_stands_for_them(session: Session, world) -> None:
    made = withhold(session, world)
    excerpt = excerpts.make(session, world.commissioner, Chosen(world.recording.id, 1000, 1600))
    assert (excerpt.text, excerpt.end_ms) == ("for [name]", 1900)
    redactions.lift(session, world.commissioner, world.story.id, made)
    session.commit()
    assert excerpts.get(session, world.commissioner, excerpt.id).text == "for Anna"


def test_files_that_were_saved_before_are_stale_for_what_held_the_words(session: Session, world) -> None:
    quote = makers.add_quote(session, world.story, "Anna Smith told us.")
    other = makers.add_quote(session, world.story, "Nobody came.")
    exports_made.note(session, world.analyst, world.project.id, "quotes.csv",
                      [(quote.id, world.story.id), (other.id, world.story.id)])
    session.commit()
    withhold(session, world)
    stale = {row.part_id: row.stale_because for row in session.scalars(select(ExportPart))}
    assert stale == {quote.id: "withheld", other.id: ""}


def test_only_the_team_that_edits_may_withhold_or_look(session: Session, world) -> None:
    made = withhold(session, world)
    for viewer in (world.board_member, world.analyst):
        with pytest.raises(NotFound):
            redactions.list_of(session, viewer, world.story.id)
        with pytest.raises(NotFound):
            redactions.make(session, viewer, world.story.id, Asked("bed"))
        with pytest.raises(NotFound):
            redactions.lift(session, viewer, world.story.id, made)
    other = makers.make_story(session, world.project, world.researcher)
    with pytest.raises(NotFound):
        redactions.lift(session, world.commissioner, other.id, made)
    with pytest.raises(NotFound):
        redactions.make(session, world.commissioner, other.id, Asked(here=Stretch(world.recording.id, 0, 400)))


def test_to_be_of_the_team_is_not_enough_to_withhold_look_or_be_told_what_to_withhold(
        session: Session, world, monkeypatch: pytest.MonkeyPatch) -> None:
    made = withhold(session, world)
    monkeypatch.setitem(ROLES_THAT_MAY, Permission.REDACT, frozenset())  # type: ignore[arg-type]
    assert shown(session, world)
    asked = session, world.commissioner, world.story.id
    for act in (lambda: redactions.list_of(*asked), lambda: redactions.make(*asked, Asked("bed")),
                lambda: redactions.lift(*asked, made), lambda: suggested_redactions.list_of(*asked, shipped())):
        with pytest.raises(NotFound):
            act()


def test_what_is_withheld_is_listed_with_where_it_is_said(session: Session, world) -> None:
    makers.add_quote(session, world.story, "Anna Smith and ANNA SMITH told us.")
    made = withhold(session, world, category=Category.OTHER)
    [found] = redactions.list_of(session, world.commissioner, world.story.id)
    assert (found.id, found.words, found.replacement, found.written) == (made, "Anna Smith", "[withheld]", 2)
    assert found.places == ((world.recording.id, 1500), (world.recording.id, 3000))


def test_the_audit_says_who_withheld_and_lifted_and_holds_no_word(session: Session, world) -> None:
    made = withhold(session, world)
    redactions.lift(session, world.commissioner, world.story.id, made)
    session.commit()
    rows = session.scalars(select(AuditEntry).where(AuditEntry.kind == "redaction")).all()
    assert [(row.action, row.subject_id) for row in rows] == [("made", made), ("removed", made)]
    assert "Anna" not in repr([(row.details, row.kind) for row in rows])
    assert session.scalars(select(Redaction)).all() == []


@pytest.mark.parametrize("asked", [
    Asked(""), Asked("?!"), Asked("[name] and Bo"), Asked("Anna", "Anna B"), Asked("Anna", "x" * 81)])
def test_words_that_will_not_do_are_refused(session: Session, world, asked: Asked) -> None:
    with pytest.raises(Invalid):
        redactions.make(session, world.commissioner, world.story.id, asked)
