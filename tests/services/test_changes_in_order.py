"""A device that follows the feed sees every newest state, however transactions overlap on a real PostgreSQL.

Hypothesis chooses what two writers and a reader do, and prints how to repeat what fails.
"""

import threading
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress

import hypothesis
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from sqlalchemy import Engine, event, select, update
from sqlalchemy.orm import Session

from server.db import db
from server.domain.access import Role
from server.domain.sync import ChangeKind, Cursor
from server.domain.theme import ThemeText
from server.models.people import Membership, Person
from server.models.project import Project
from server.models.theme import Theme
from server.services import changes, feed, people, themes
from tests import makers

pytestmark = pytest.mark.parametrize("settings", ["postgresql"], indirect=True)

WRITERS = (0, 1)
STEPS = st.lists(st.one_of(
    st.tuples(st.sampled_from(["describe", "theme", "role", "number", "commit"]), st.sampled_from(WRITERS)),
    st.tuples(st.just("read"), st.sampled_from([1, 3, 50]))), max_size=25)


class Writer:
    """Somebody who changes a project in a transaction of their own, which can be held between its number and its end.

    Only one transaction at a time may be there: `holds` says that it is this one.
    """

    def __init__(self, engine: Engine, pool: ThreadPoolExecutor, project_id: str, reader_id: str) -> None:
        self._session, self._pool = Session(engine), pool
        self._project_id, self._reader_id = project_id, reader_id
        self._numbered, self._may_end = threading.Event(), threading.Event()
        self._commit: Future[None] | None = None
        self._count = 0
        event.listen(self._session, "before_commit", self._wait)

    def _wait(self, _session: Session) -> None:
        if not self._session.in_nested_transaction():
            self._numbered.set()
            assert self._may_end.wait(30)

    @property
    def is_committing(self) -> bool:
        return self._commit is not None

    @property
    def holds(self) -> bool:
        return self.is_committing and self._numbered.is_set()

    def write(self, what: str) -> None:
        """Change the project, add a theme to it, or let the reader in or out."""
        self._count += 1
        if what == "describe":
            text = f"text {self._count}"
            self._session.execute(update(Project).where(Project.id == self._project_id).values(introduction=text))
            changes.note(self._session, ChangeKind.PROJECT, self._project_id, self._project_id)
        elif what == "theme":
            viewer = makers.viewer_of(self._session, makers.make_person(
                self._session, self._session.get_one(Project, self._project_id), Role.COMMISSIONER))
            themes.create(self._session, viewer, self._project_id, ThemeText(f"theme {self._count}"))
        else:
            self._turn_role()

    def _turn_role(self) -> None:
        key = (self._reader_id, self._project_id, Role.RESEARCHER.value)
        membership = self._session.get(Membership, key, populate_existing=True)
        if membership is None:
            people.add_role(self._session, self._reader_id, self._project_id, Role.RESEARCHER)
            return
        self._session.delete(membership)
        changes.note_membership(self._session, self._reader_id, self._project_id, gained=False)

    def number(self, *, is_free: bool) -> None:
        """Begin to commit; where nobody else is in between, go as far as the number."""
        self._numbered.clear()
        self._may_end.clear()
        self._commit = self._pool.submit(self._session.commit)
        if is_free:
            assert self._numbered.wait(30)

    def end(self) -> None:
        self._may_end.set()

    def join(self, seconds: float = 30) -> None:
        if self._commit is not None:
            self._commit.result(seconds)
            self._commit = None

    def close(self) -> None:
        self.end()
        self.join()
        self._session.close()


class Device:
    """Follows the feed, and keeps what it is told."""

    def __init__(self, engine: Engine, person_id: str) -> None:
        self._engine, self._person_id = engine, person_id
        self._after = 0
        self.projects: dict[str, str] = {}
        self.themes: dict[str, set[str]] = {}

    def read(self, limit: int) -> bool:
        """One page; whether there is more."""
        with Session(self._engine) as session:
            viewer = makers.viewer_of(session, session.get_one(Person, self._person_id))
            page = feed.read(session, viewer, Cursor(self._after, limit))
        assert not page.was_reset
        assert [told.sequence for told in page.changes] == sorted({told.sequence for told in page.changes})
        for told in page.changes:
            self._keep(told)
        self._after = page.next
        return page.more

    def _keep(self, told: feed.Told) -> None:
        match told.content:
            case feed.PhoneProject():
                self.projects[told.project_id] = told.content.introduction
            case feed.Codebook():
                self.themes[told.project_id] = {theme.name for theme in told.content.themes}
            case feed.Collecting(collects=False):
                self.projects.pop(told.project_id, None)
                self.themes.pop(told.project_id, None)


@hypothesis.settings(max_examples=max(10, hypothesis.settings.default.max_examples // 20),
                     suppress_health_check=list(hypothesis.HealthCheck))
@given(STEPS)
@example([("describe", 0), ("describe", 1), ("number", 0), ("number", 1), ("commit", 1), ("read", 50), ("commit", 0)])
@example([("role", 0), ("number", 0), ("read", 1), ("theme", 1), ("number", 1), ("commit", 1), ("read", 50),
          ("commit", 0), ("role", 0), ("read", 1), ("number", 0), ("commit", 0)])
def test_whoever_follows_next_misses_nothing_however_writers_overlap(app: object, steps: list[tuple[str, int]]) -> None:
    engine = db.engine
    with Session(engine) as session:
        reader_id = makers.make_person(session, name="Reader").id
        mine = [makers.make_project(session, f"Project {makers.new_id()}").id for _ in WRITERS]
        for project_id in mine:
            people.add_role(session, reader_id, project_id, Role.RESEARCHER)
        session.commit()
    device = Device(engine, reader_id)
    with ThreadPoolExecutor(len(WRITERS)) as pool:
        writers = [Writer(engine, pool, project_id, reader_id) for project_id in mine]
        try:
            for what, number in steps:
                take_step(what, number, writers, device)
        finally:
            for writer in writers:
                writer.end()
            for writer in writers:
                writer.close()
    while device.read(limit=2):
        pass
    assert (device.projects, device.themes) == as_it_is(engine, reader_id)


def take_step(what: str, number: int, writers: list[Writer], device: Device) -> None:
    if what == "read":
        device.read(number)
        return
    writer, other = writers[number], writers[1 - number]
    if what == "number" and not writer.is_committing:
        writer.number(is_free=not other.is_committing)
    elif what == "commit" and writer.is_committing:
        writer.end()
        with suppress(TimeoutError):  # it waits for the other one, and ends after it
            writer.join(30 if writer.holds or not other.is_committing else 0.2)
    elif what in ("describe", "theme", "role") and not writer.is_committing:
        writer.write(what)


def as_it_is(engine: Engine, reader_id: str) -> tuple[dict[str, str], dict[str, set[str]]]:
    """The reader's projects and their themes, asked for directly."""
    with Session(engine) as session:
        mine = select(Membership.project_id).where(Membership.person_id == reader_id)
        projects = {row.id: row.introduction for row in session.scalars(select(Project).where(Project.id.in_(mine)))}
        found: dict[str, set[str]] = {project_id: set() for project_id in projects}
        for theme in session.scalars(select(Theme).where(Theme.project_id.in_(mine))):
            found[theme.project_id].add(theme.name)
    return projects, found


def test_a_transaction_that_has_its_number_keeps_others_from_getting_theirs(app: object) -> None:
    engine = db.engine
    with Session(engine) as session:
        project_ids = [makers.make_project(session, f"Project {makers.new_id()}").id for _ in WRITERS]
        reader_id = makers.make_person(session).id
        session.commit()
    with ThreadPoolExecutor(len(WRITERS)) as pool:
        first, second = (Writer(engine, pool, project_id, reader_id) for project_id in project_ids)
        first.write("describe")
        second.write("describe")
        first.number(is_free=True)
        second.number(is_free=False)
        second.end()
        with Session(engine) as session:
            assert not second.holds
            before = changes.newest(session)
        first.close()
        second.close()
    with Session(engine) as session:
        assert changes.newest(session) == before + 2
