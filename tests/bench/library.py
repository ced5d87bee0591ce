"""Finding one's way through a large library: how long the server takes for the pages that people open most.

A project has 200 themes and, at 20,000 stories, 100,000 excerpts. Everything is asked for through the app itself, on
SQLite and on PostgreSQL, with 1,000, 20,000 and 100,000 stories. What the search of words costs is held against a bare
query of the index for the same rows, with no clearance, no custody, no filter and nothing counted for anybody.
"""

import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import event, text
from sqlalchemy.orm import Session

from server.db import db
from server.domain.access import Viewer
from server.domain.search_query import HitTurn
from server.domain.story_filter import StoryFilter
from server.models.people import Person
from server.services import searching, sign_in
from server.services.turning import ON_A_PAGE
from tests.bench.library_stories import PLACES, Library
from tests.bench.table import Row, median, percentile
from tests.bench.world import World, installed
from tests.databases import PostgresServer

SIZES = (1_000, 20_000, 100_000)
# With how many stories every page must be there within this many milliseconds, 95 times of a hundred.
FULL, ALLOWED_MS = 20_000, 50.0
WARM, TIMES = 10, 100
# How often the words that are searched for are said, as their place among all words.
RANKS = range(5, 200)

BARE = {
    "SQLite": "SELECT rowid FROM search_text WHERE search_text MATCH :words ORDER BY rowid DESC LIMIT :most",
    "PostgreSQL": "SELECT id FROM search_passage WHERE tokens @@ CAST(:words AS tsquery) ORDER BY id DESC LIMIT :most"}


def rows() -> Iterator[Row]:
    with TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        with installed(Path(folder) / "sqlite") as world:
            yield from _grown("SQLite", world)
        server = PostgresServer(Path(folder))
        try:
            with installed(Path(folder) / "postgresql", server.fresh()) as world:
                yield from _grown("PostgreSQL", world)
        finally:
            server.stop()


def _grown(database: str, world: World) -> Iterator[Row]:
    """Rows for one database, each size against the smallest."""
    library, first = Library(db.session(), world), dict[str, float]()
    for size in SIZES:
        sample = library.grow(size)
        for what, address in _addresses(world, library, sample).items():
            times = _times(world, address)
            slow, smallest = percentile(times, 95), first.setdefault(what, percentile(times, 95))
            against = (f"{ALLOWED_MS:.0f} ms" if size == FULL else f"{smallest:.1f} ms at {SIZES[0]:,}"
                       if size > FULL else "")
            yield Row(f"{what}, {size:,} stories, {database}", f"p95 {slow:.1f} ms", against,
                      slow / (ALLOWED_MS if size == FULL else smallest) if against else None)
        yield from _search_against_bare(database, size, world, library)


def _addresses(world: World, library: Library, sample: list[str]) -> Mapping[str, Callable[[], str]]:
    random = Random(1)
    project = f"/projects/{world.project_id}"

    def search() -> str:
        word, theme = library.vocabulary.words[random.choice(RANKS)], random.choice(library.theme_ids)
        return f"{project}/search?q={word}&theme={theme}&place=Ward+{random.randrange(PLACES)}"

    return {
        "first page of the list": lambda: f"{project}/stories",
        "page of a theme": lambda: f"/themes/{random.choice(library.theme_ids)}",
        "search with two filters": search,
        "page of a story": lambda: f"/stories/{random.choice(sample)}",
    }


def _times(world: World, address: Callable[[], str]) -> list[float]:
    """Milliseconds of the server for each of so many pages, after some that do not count."""
    browser, times = world.browser(world.commissioner_id), []
    for number in range(WARM + TIMES):
        page = address()
        started = time.perf_counter()
        answer = browser.get(page)
        taken = 1000 * (time.perf_counter() - started)
        assert answer.status_code == 200, (page, answer.status)
        if number >= WARM:
            times.append(taken)
    return times


def _search_against_bare(database: str, size: int, world: World, library: Library) -> Iterator[Row]:
    """The statement that finds a page of hits, and the bare one for as many rows, in turns, on one connection."""
    session = db.session()
    viewer = sign_in.viewer_of(session, session.get_one(Person, world.commissioner_id))
    ours, bare = [], []
    for rank in RANKS:
        word = library.vocabulary.words[rank]
        statement, values = _finding(session, viewer, world.project_id, word)
        connection = session.connection()
        ours.append(_ms(lambda: connection.exec_driver_sql(statement, values).all()))  # noqa: B023
        asked = {"words": f'"{word}"' if database == "SQLite" else f"'{word}'", "most": ON_A_PAGE + 1}
        bare.append(_ms(lambda: connection.execute(text(BARE[database]), asked).all()))  # noqa: B023
        session.rollback()
    yield Row(f"statement that finds hits, {size:,} stories, {database}", f"{median(ours):.2f} ms",
              f"{median(bare):.2f} ms bare", median(ours) / median(bare))


def _finding(session: Session, viewer: Viewer, project_id: str, word: str) -> tuple[str, Any]:
    """The first statement with which a search looks words up, and its values."""
    seen: list[tuple[str, Any]] = []

    def remember(_connection: object, _cursor: object, statement: str, values: Any, *_: object) -> None:
        if "MATCH" in statement or "@@" in statement:
            seen.append((statement, values))

    engine = session.get_bind()
    event.listen(engine, "before_cursor_execute", remember)
    try:
        searching.search(session, viewer, project_id, word, StoryFilter(), HitTurn())
    finally:
        event.remove(engine, "before_cursor_execute", remember)
    return seen[0]


def _ms(doing: Callable[[], object]) -> float:
    started = time.perf_counter()
    doing()
    return 1000 * (time.perf_counter() - started)
