"""How two people's themes agree: which words are counted, and what is not."""

from fractions import Fraction

import pytest
from sqlalchemy.orm import Session

from server.domain.access import Role
from server.domain.agreement import Table
from server.domain.consent import Use
from server.domain.errors import Invalid, NotFound
from server.models.audit import AuditEntry
from server.services import agreement, redactions
from server.services.redactions import Asked
from tests import makers

WORDS = "one two three four five six seven eight nine ten"


@pytest.fixture
def world(session: Session, world):
    """Two commissioners, a recording of ten words and a quote of four."""
    world.ada, world.ben = (makers.make_person(session, world.project, Role.COMMISSIONER, name=name)
                            for name in ("Ada", "Ben"))
    world.viewer = makers.viewer_of(session, world.ada)
    world.administrator = makers.viewer_of(session, makers.make_person(session, world.project, Role.ADMINISTRATOR))
    world.story = makers.make_story(session, world.project, world.researcher)
    world.recording = makers.add_recording(session, world.story, WORDS)
    world.quote = makers.add_quote(session, world.story, "nobody told us then")
    world.care = makers.make_theme(session, world.project, "Care")
    world.waiting = makers.make_theme(session, world.project, "Waiting")
    world.nights = makers.make_theme(session, world.project, "Nights")
    world.nights.parent_id = world.waiting.id
    world.measured = lambda theme_id=None: agreement.measure(session, world.viewer, world.project.id, world.ada.id,
                                                             world.ben.id, theme_id)
    return world


def _passage(session: Session, world, first: int, last: int):
    """An excerpt of these words, numbered from 1."""
    found = makers.add_excerpt(session, world.recording, world.researcher, f"words {first} to {last}",
                               start_ms=(first - 1) * 500)
    found.end_ms = (last - 1) * 500 + 450
    session.flush()
    return found


def _tables(found: agreement.Agreement) -> dict[str, Table]:
    return {measured.theme.name: measured.table for measured in found.themes}


def test_words_of_transcripts_and_quotes_are_counted_by_what_each_put_on_them(session: Session, world) -> None:
    four, five = _passage(session, world, 1, 4), _passage(session, world, 3, 7)
    makers.tag(session, world.waiting, world.ada, four)
    makers.tag(session, world.waiting, world.ben, five)
    makers.tag(session, world.care, world.ada, world.quote)
    makers.tag(session, world.care, world.ben, world.quote)
    found = world.measured(world.waiting.id)
    assert (found.first, found.second, found.words) == ("Ada", "Ben", 14)
    assert _tables(found) == {"Care": Table(4, 0, 0, 10), "Waiting": Table(2, 2, 3, 7)}
    assert found.whole == Table(6, 2, 3, 17)
    assert found.whole.kappa == Fraction(48, 83)
    assert {(part.part.id, part.by_first, part.words) for part in found.differences} == {
        (four.id, True, 2), (five.id, False, 3)}
    assert found.story_ids == (world.story.id,)


def test_a_theme_counts_with_what_stands_under_it_and_the_whole_counts_each_by_itself(session: Session, world) -> None:
    makers.tag(session, world.waiting, world.ada, world.quote)
    makers.tag(session, world.nights, world.ben, world.quote)
    found = world.measured(world.waiting.id)
    assert _tables(found) == {"Waiting": Table(4, 0, 0, 10), "Nights": Table(0, 0, 4, 10)}
    assert found.whole == Table(0, 4, 4, 20)
    assert found.differences == ()


def test_the_same_two_people_the_other_way_round_agree_as_much(session: Session, world) -> None:
    makers.tag(session, world.waiting, world.ada, _passage(session, world, 1, 4))
    makers.tag(session, world.waiting, world.ben, _passage(session, world, 3, 7))
    turned = agreement.measure(session, world.viewer, world.project.id, world.ben.id, world.ada.id)
    assert turned.whole.kappa == world.measured().whole.kappa


def test_stories_that_one_of_them_worked_on_alone_are_not_counted(session: Session, world) -> None:
    makers.tag(session, world.care, world.ada, world.quote)
    other = makers.add_quote(session, makers.make_story(session, world.project, world.researcher), "of Ben alone")
    makers.tag(session, world.care, world.ben, other)
    makers.tag(session, world.care, world.ben, makers.add_photo(session, world.story))
    found = world.measured()
    assert (found.words, found.themes, found.whole.kappa) == (0, (), None)


@pytest.mark.parametrize(("refused", "words"), [(None, 14), (Use.TRANSCRIBE, 4), (Use.COMMISSIONERS, 0)])
def test_what_is_not_cleared_for_the_team_is_not_counted(session: Session, world, refused: Use | None,
                                                         words: int) -> None:
    passage = _passage(session, world, 1, 4)
    for person in (world.ada, world.ben):
        makers.tag(session, world.waiting, person, passage)
        makers.tag(session, world.care, person, world.quote)
    if refused:
        makers.record_consent(session, world.project, world.researcher, world.story.id, makers.ALL_USES - {refused})
    assert world.measured().words == words


def test_two_who_meet_only_in_what_is_not_cleared_have_no_story_in_common(session: Session, world) -> None:
    makers.tag(session, world.waiting, world.ada, _passage(session, world, 1, 4))
    makers.tag(session, world.care, world.ben, world.quote)
    assert world.measured().words == 14
    makers.record_consent(session, world.project, world.researcher, world.story.id, makers.ALL_USES - {Use.TRANSCRIBE})
    assert world.measured().words == 0


def test_words_that_are_withheld_are_not_counted(session: Session, world) -> None:
    for person in (world.ada, world.ben):
        makers.tag(session, world.care, person, world.quote)
    for words in ("five six", "nobody"):
        redactions.make(session, world.viewer, world.story.id, Asked(words))
    assert world.measured().words == 11


def test_who_may_not_put_themes_on_things_is_not_told_and_nobody_is_compared_with_themselves(session: Session,
                                                                                           world) -> None:
    ids = world.project.id, world.ada.id, world.ben.id
    for viewer in (world.board_member, world.analyst, world.administrator):
        with pytest.raises(NotFound):
            agreement.measure(session, viewer, *ids)
        with pytest.raises(NotFound):
            agreement.list_people(session, viewer, world.project.id)
    with pytest.raises(Invalid):
        agreement.measure(session, world.viewer, world.project.id, world.ada.id, world.ada.id)
    with pytest.raises(NotFound):
        agreement.measure(session, world.viewer, world.project.id, world.ada.id, world.researcher.id)


def test_only_an_administrator_switches_it_and_that_is_noted_once(session: Session, world) -> None:
    with pytest.raises(NotFound):
        agreement.switch(session, world.viewer, world.project.id, wanted=True)
    assert not agreement.is_on(session, world.project.id)
    for _ in range(2):
        agreement.switch(session, world.administrator, world.project.id, wanted=True)
    assert agreement.is_on(session, world.project.id)
    session.commit()
    assert session.query(AuditEntry).filter_by(kind="agreement setting").count() == 1
