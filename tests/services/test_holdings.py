"""Whatever can hold something of a story lets go of it, and a checklist looks whether it has: by being in one list."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from sqlalchemy import Column, ForeignKey, MetaData, Table, Text, delete, event, exists, insert, select
from sqlalchemy.orm import Session

from server.domain.access import Role
from server.domain.consent import Scope
from server.domain.withdrawal_step import Place
from server.domain.work import Kind
from server.models import Row
from server.models.row import Id
from server.models.story import Story
from server.models.work import Job
from server.services import holdings, withdrawal_steps, withdrawals, work
from tests import makers
from tests.services.test_withdrawals import CANARY, World

# What names a story that ended, or a part of it, by ids, moments and hashes alone.
KEEPS_IDS = {"withdrawal", "partial_withdrawal", "tombstone", "withdrawn_code", "phone_withdrawal", "withdrawal_step",
             "export_part"}
# What is agreed to and why it was held back: their words about people are emptied, and the rest is kept as evidence.
KEEPS_WHAT_WAS_DECIDED = {"consent_record", "embargo"}
# A story's own are reached by these columns, where no foreign key leads to it.
NAMES = {"story_id", "recording_id", "photo_id", "quote_id", "excerpt_id", "transcript_id", "conversation_id"}


def tables_of_stories(metadata: MetaData) -> set[str]:
    """The tables with something of a story: those with a column of such a name, and those that point at one of them."""
    found = {table.name for table in metadata.tables.values()
             if NAMES & set(table.columns.keys()) or table.name == "story"}
    while True:
        more = {table.name for table in metadata.tables.values()
                if any(key.column.table.name in found - KEEPS_IDS for key in table.foreign_keys)} - found
        if not more:
            return found
        found |= more


@pytest.fixture
def emptied(session: Session) -> Iterator[set[str]]:
    """The tables that something was deleted from since."""
    seen: set[str] = set()

    def look(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        words = statement.replace('"', "").split()
        if words[:2] == ["DELETE", "FROM"]:
            seen.add(words[2])

    engine = session.get_bind().engine
    event.listen(engine, "before_cursor_execute", look)
    yield seen
    event.remove(engine, "before_cursor_execute", look)


def test_every_table_with_something_of_a_story_is_emptied_or_keeps_ids_alone(session: Session,
                                                                          emptied: set[str]) -> None:
    """fault 29"""
    world = World(session)
    story = world.story()
    emptied.clear()
    withdrawals.withdraw(session, world.viewer(world.researcher), story.id)
    assert tables_of_stories(Row.metadata) - emptied - KEEPS_IDS - KEEPS_WHAT_WAS_DECIDED == set()


def test_a_new_table_that_nobody_empties_is_noticed() -> None:
    metadata = MetaData()
    for table in Row.metadata.sorted_tables:
        table.to_metadata(metadata)
    Table("passage_vector", metadata, Column("excerpt_id", Id, primary_key=True))
    Table("pack_page", metadata, Column("id", Id, primary_key=True), Column("of", Id, ForeignKey("quote.id")))
    assert tables_of_stories(metadata) - tables_of_stories(Row.metadata) == {"passage_vector", "pack_page"}


class WordIndex:
    """Stands in for what is built later: a table with words of stories, which knows no other table."""

    def __init__(self, session: Session, place: Place) -> None:
        self.place = place
        self.table = Table(f"test_{place.value}", MetaData(), Column("story_id", Text), Column("words", Text))
        self.table.create(session.connection(), checkfirst=True)
        session.execute(delete(self.table))

    def add(self, session: Session, story_id: str, words: str) -> None:
        session.execute(insert(self.table).values(story_id=story_id, words=words))

    def let_go(self, session: Session, story_id: str) -> None:
        session.execute(delete(self.table).where(self.table.c.story_id == story_id))

    def is_there(self, session: Session, story_id: str) -> bool:
        return bool(session.scalar(select(exists().where(self.table.c.story_id == story_id))))


class Forgetful(WordIndex):
    """One that does not let go."""

    def let_go(self, session: Session, story_id: str) -> None:
        pass


@pytest.fixture
def joined(session: Session, monkeypatch: pytest.MonkeyPatch) -> dict[Place, WordIndex]:
    """An index, embeddings and packs, which join by being in the list."""
    made = {place: WordIndex(session, place) for place in (Place.INDEX, Place.EMBEDDINGS, Place.PACKS)}
    monkeypatch.setattr(holdings, "HOLDINGS", (*made.values(), *holdings.HOLDINGS))
    return made


def test_what_joins_the_list_is_let_go_of_listed_and_looked_for(session: Session,
                                                                joined: dict[Place, WordIndex]) -> None:
    world = World(session)
    story_id, other_id = world.story().id, world.story("heron").id
    for index in joined.values():
        index.add(session, story_id, CANARY)
        index.add(session, other_id, "heron")
    withdrawals.withdraw(session, world.viewer(world.researcher), story_id)
    for index in joined.values():
        assert session.execute(select(index.table.c.words)).scalars().all() == ["heron"]
    done = {step.place for step in withdrawal_steps.list_steps(session, story_id) if step.done_at}
    assert set(joined) <= done


def test_what_does_not_let_go_keeps_its_step_open_until_it_has(session: Session, monkeypatch: pytest.MonkeyPatch,
                                                                ) -> None:
    forgetful = Forgetful(session, Place.PACKS)
    monkeypatch.setattr(holdings, "HOLDINGS", (forgetful, *holdings.HOLDINGS))
    world = World(session)
    story_id = world.story().id
    forgetful.add(session, story_id, CANARY)
    withdrawals.withdraw(session, world.viewer(world.researcher), story_id)
    assert Place.PACKS in _waiting(session, story_id)
    withdrawal_steps.settle(session, datetime.now(UTC))
    assert Place.PACKS in _waiting(session, story_id)
    session.execute(delete(forgetful.table))
    withdrawal_steps.settle(session, datetime.now(UTC))
    assert Place.PACKS not in _waiting(session, story_id)


def test_what_was_made_of_a_story_goes_with_a_part_of_it_and_the_story_stays(
    session: Session, joined: dict[Place, WordIndex]
) -> None:
    project = makers.make_project(session)
    story = makers.make_story(session, project, makers.make_person(session, project, Role.RESEARCHER))
    for index in joined.values():
        index.add(session, story.id, CANARY)
    work.request(session, kind=Kind.NOTE, subject_id=story.id, story_id=story.id, project_id=project.id)
    withdrawal_steps.begin(session, story.id, project.id, Scope.WORDS_ONLY, {}, datetime.now(UTC))
    assert not any(index.is_there(session, story.id) for index in joined.values())
    assert session.get(Story, story.id) is not None
    assert session.scalars(select(Job.kind).where(Job.story_id == story.id)).all() == [Kind.NOTE]


def _waiting(session: Session, story_id: str) -> set[Place]:
    return {step.place for step in withdrawal_steps.list_steps(session, story_id) if step.done_at is None}
