"""Whoever has a file is known, and what of it should not be used any more."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from server.config import Settings
from server.db import db
from server.domain.access import Role
from server.domain.bookmark import Turn
from server.domain.consent import Scope, Use
from server.domain.errors import NotFound
from server.domain.export import Stale
from server.jobs.sweep import sweep
from server.models.consent import Clearance, Embargo
from server.models.export import ExportMade, ExportPart
from server.models.people import Person
from server.models.story import Story
from server.services import (
    consents,
    export_list,
    exports_made,
    publication,
    spoken_words,
    withdrawal_scopes,
    withdrawals,
)
from tests import makers

LATER = makers.NOON + timedelta(days=900)


class World:
    """A story with a quote and an excerpt, and an analyst who took a file with both of them."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.project = makers.make_project(session)
        self.researcher = makers.make_person(session, self.project, Role.RESEARCHER)
        self.administrator = self.viewer(makers.make_person(session, self.project, Role.ADMINISTRATOR))
        self.analyst = self.viewer(makers.make_person(session, self.project, Role.ANALYST, name="Ann Alyst"))
        self.story = self.make_story("Nobody told us.")
        self.story_id = self.story.id
        self.recording = makers.add_recording(session, self.story)
        self.excerpt = makers.add_excerpt(session, self.recording, self.researcher)

    def viewer(self, person: Person) -> makers.Viewer:
        return makers.viewer_of(self.session, person)

    def make_story(self, quote: str) -> Story:
        story = makers.make_story(self.session, self.project, self.researcher)
        makers.add_quote(self.session, story, quote)
        return story

    def take(self) -> str:
        return publication.take_away(self.session, self.analyst, self.project.id).export_id

    def agree(self, *uses: Use) -> None:
        makers.record_consent(self.session, self.project, self.researcher, self.story.id, uses)

    def stale(self, export_id: str) -> dict[str, Stale | None]:
        """Why each part of a file should not be used, by its id."""
        self.session.expire_all()
        file = export_list.get_file(self.session, self.administrator, self.project.id, export_id)
        return {part.part_id: part.because for part in file.parts}


@pytest.fixture
def world(session: Session) -> World:
    return World(session)


def test_a_file_is_noted_with_who_has_it_and_what_is_in_it_by_its_places(session: Session, world: World) -> None:
    export_id = world.take()
    made = session.get_one(ExportMade, export_id)
    parts = session.scalars(select(ExportPart).order_by(ExportPart.position)).all()
    assert (made.kind, made.made_by) == ("quotes.csv", world.analyst.person_id)
    assert [(part.position, part.part_id) for part in parts] == [
        (1, world.story.quotes[0].id), (2, world.excerpt.id)]
    assert {part.story_id for part in parts} == {world.story.id}


def test_what_the_operator_is_given_is_noted_as_nobodys(session: Session, world: World) -> None:
    spoken_words.for_operator(session, world.recording.id, "txt")
    [listed] = export_list.get_page(session, world.administrator, world.project.id, Turn()).files
    assert (listed.kind, listed.made_by, listed.parts) == ("transcript.txt", None, 1)


def test_after_a_withdrawal_every_file_that_held_the_story_says_so_and_no_other_part(
    session: Session, world: World
) -> None:
    other = world.make_story("We were told.")
    export_id = world.take()
    withdrawals.withdraw(session, world.viewer(world.researcher), world.story.id)
    stale = world.stale(export_id)
    assert stale.pop(session.get_one(Story, other.id).quotes[0].id) is None
    assert set(stale.values()) == {Stale.WITHDRAWN}
    [holding] = exports_made.list_holding(session, world.administrator, world.project.id, world.story_id)
    assert (holding.made_by, holding.positions, holding.because) == ("Ann Alyst", (1, 2), Stale.WITHDRAWN)


def test_after_a_voice_was_taken_back_files_of_before_say_so_also_for_words_that_stay(session: Session,
                                                                                    world: World) -> None:
    export_id = world.take()
    withdrawal_scopes.withdraw(session, world.viewer(world.researcher), world.story.id, Scope.WORDS_ONLY, makers.NOON)
    assert world.stale(export_id) == {world.story.quotes[0].id: Stale.WITHDRAWN, world.excerpt.id: Stale.WITHDRAWN}


def test_agreeing_to_less_marks_the_files_that_rest_on_what_is_gone_alone(session: Session, world: World) -> None:
    quotes, words = world.take(), _words_taken(session, world)
    world.agree(*(set(Use) - {Use.PUBLICATION}))
    assert set(world.stale(quotes).values()) == {Stale.NARROWED}
    assert set(world.stale(words).values()) == {None}
    world.agree(Use.COMMISSIONERS)
    assert set(world.stale(words).values()) == {Stale.NARROWED}


def test_without_a_recording_its_excerpts_are_stale_and_quotes_are_not(session: Session, world: World) -> None:
    export_id = world.take()
    world.agree(*(set(Use) - {Use.TRANSCRIBE}))
    assert world.stale(export_id) == {world.story.quotes[0].id: None, world.excerpt.id: Stale.NARROWED}


def test_what_nothing_was_lost_of_stays_as_it_is(session: Session, world: World) -> None:
    export_id = world.take()
    world.agree(*Use)
    assert set(world.stale(export_id).values()) == {None}


def test_a_yes_that_ends_is_found_by_the_sweep(session: Session, world: World) -> None:
    export_id = world.take()
    session.execute(update(Clearance).values(until=LATER))
    assert exports_made.expire(session, LATER - timedelta(seconds=1)) == 0
    assert exports_made.expire(session, LATER) == 2
    assert set(world.stale(export_id).values()) == {Stale.EXPIRED}


def test_the_sweep_looks_for_it(app: Flask, session: Session, settings: Settings, world: World) -> None:
    export_id = world.take()
    now = datetime.now(UTC)
    session.execute(update(Clearance).values(until=now))
    session.commit()
    sweep(app.extensions["earshot_work"].queue, settings, now)
    assert set(world.stale(export_id).values()) == {Stale.EXPIRED}


def test_a_story_that_is_held_back_is_stale_because_of_that(session: Session, world: World) -> None:
    export_id = world.take()
    session.add(Embargo(id=makers.new_id(), story_id=world.story.id, project_id=world.project.id, reason="",
                        put_at=makers.NOON))
    session.flush()
    consents.decide_again(session, world.story.id)
    assert set(world.stale(export_id).values()) == {Stale.EMBARGO}


def test_parts_whose_words_are_withheld_are_marked_alone_and_a_withdrawal_outlasts_that(
    session: Session, world: World
) -> None:
    export_id, quote_id = world.take(), world.story.quotes[0].id
    assert exports_made.mark_stale(session, world.story.id, Stale.WITHHELD, makers.NOON, [quote_id]) == 1
    assert world.stale(export_id) == {quote_id: Stale.WITHHELD, world.excerpt.id: None}
    withdrawals.withdraw(session, world.viewer(world.researcher), world.story.id)
    assert exports_made.mark_stale(session, world.story_id, Stale.WITHHELD, makers.NOON) == 0
    assert set(world.stale(export_id).values()) == {Stale.WITHDRAWN}


def test_a_row_that_ended_a_second_ago_is_left_out_and_in_the_list_of_what_was(session: Session, world: World) -> None:
    """fault 45"""
    gone, quote_id = world.make_story("Never again."), world.story.quotes[0].id
    never = makers.make_story(session, world.project, world.researcher, uses=set(Use) - {Use.PUBLICATION})
    gone_id, excerpt_id = gone.id, world.excerpt.id
    for story_id in (gone_id, never.id):
        withdrawals.withdraw(session, world.viewer(world.researcher), story_id)
    session.execute(update(Clearance).where(Clearance.story_id == world.story.id)
                    .values(until=makers.NOON))
    taken = publication.take_away(session, world.analyst, world.project.id)
    file = export_list.get_file(session, world.analyst, world.project.id, taken.export_id)
    assert (taken.rows, file.parts) == ([], ())
    assert {(one.part_id, one.because) for one in file.left_out} == {
        (quote_id, Stale.EXPIRED), (excerpt_id, Stale.EXPIRED), (gone_id, Stale.WITHDRAWN)}


def test_what_went_out_of_an_earlier_file_is_named_in_the_next(session: Session, world: World) -> None:
    """fault 45"""
    world.take()
    world.agree(*(set(Use) - {Use.PUBLICATION}))
    file = export_list.get_file(session, world.analyst, world.project.id, world.take())
    assert {one.because for one in file.left_out} == {Stale.NARROWED}
    assert len(file.left_out) == 2


def test_a_withdrawal_waits_for_a_file_that_is_being_made_and_finds_it(app: Flask, session: Session,
                                                                      world: World) -> None:
    """fault 45"""
    story_id, viewer, project_id = world.story_id, world.viewer(world.researcher), world.project.id
    session.commit()
    read, order = threading.Event(), []

    def withdraw() -> None:
        with app.app_context():
            read.wait(10)
            withdrawals.withdraw(db.session(), viewer, story_id)
            order.append("withdrawn")
            db.session.commit()

    thread = threading.Thread(target=withdraw)
    thread.start()
    with app.app_context():
        own = db.session()
        export_id = publication.take_away(own, world.analyst, project_id).export_id
        read.set()
        thread.join(0.4)
        order.append("taken")
        own.commit()
    thread.join(20)
    assert order == ["taken", "withdrawn"]
    assert set(world.stale(export_id).values()) == {Stale.WITHDRAWN}


def test_nobody_else_learns_of_files(session: Session, world: World) -> None:
    """fault 44"""
    export_id = world.take()
    elsewhere = makers.make_project(session, "Elsewhere")
    for asks in (world.viewer(world.researcher), world.viewer(makers.make_person(session, elsewhere, Role.ANALYST))):
        with pytest.raises(NotFound):
            export_list.get_file(session, asks, world.project.id, export_id)
        with pytest.raises(NotFound):
            export_list.get_page(session, asks, world.project.id, Turn())
    with pytest.raises(NotFound):
        export_list.get_file(session, world.viewer(makers.make_person(session, elsewhere, Role.ANALYST)),
                             elsewhere.id, export_id)


def _words_taken(session: Session, world: World) -> str:
    """A transcript that a commissioner saved."""
    commissioner = world.viewer(makers.make_person(session, world.project, Role.COMMISSIONER))
    spoken_words.take_away(session, commissioner, world.recording.id, "txt")
    return session.scalars(select(ExportMade.id).where(ExportMade.kind == "transcript.txt")).one()
