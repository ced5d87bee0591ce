"""What a story costs when there are many: sending one, the list of them, and one of them to read.

Everything is asked for through the app itself, on SQLite and on PostgreSQL, with 1,000, 10,000 and 100,000 stories
in one project. Times are medians; what matters is how they grow.
"""

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from server.db import db
from server.jobs.sweep import sweep
from server.services import changes
from tests.api.phone import Phone
from tests.bench.many_stories import fill, in_turn
from tests.bench.table import Row, median
from tests.bench.world import World, installed
from tests.databases import PostgresServer
from tests.makers import NOON

SIZES = (1_000, 10_000, 100_000)
SECONDS_EACH, MOST, FEWEST = 3.0, 60, 3

Doing = Callable[[], object]


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
    first: dict[str, float] = {}
    there = 0
    for size in SIZES:
        sample = fill(db.session(), world, size, there)
        there = size
        for what, doing in _doings(world, sample).items():
            milliseconds = _median_ms(doing)
            smallest = first.setdefault(what, milliseconds)
            against = f"{smallest:.1f} ms at {SIZES[0]:,}" if size > SIZES[0] else ""
            yield Row(f"{what}, {size:,} stories, {database}", f"{milliseconds:.1f} ms", against,
                      milliseconds / smallest if against else None)


def _doings(world: World, sample: list[str]) -> dict[str, Doing]:
    phone = Phone(world.browser(world.researcher_id), world.project_id, world.wording_id)
    browser = world.browser(world.commissioner_id)
    next_id = in_turn(sample)
    newest = changes.newest(db.session())
    db.session.rollback()

    def push() -> None:
        story_id = phone.send_story()
        assert phone.put("quotes", phone.quote_body(story_id)).status_code == 201

    def page(path: str) -> None:
        answer = browser.get(path)
        assert answer.status_code == 200, answer.status

    return {
        "push of consent, story and quote": push,
        "list page": lambda: page(f"/projects/{world.project_id}/stories"),
        "story page": lambda: page(f"/stories/{next_id()}"),
        "changes since a moment ago": lambda: phone.browser.get(f"/api/v1/changes?after={newest}"),
        "one sweep of the worker": lambda: _sweep(world),
    }


def _sweep(world: World) -> None:
    sweep(world.app.extensions["earshot_work"].queue, world.app.extensions["earshot"].settings, NOON)


def _median_ms(doing: Doing) -> float:
    """Of as many times as fit, after one that does not count."""
    doing()
    times: list[float] = []
    until = time.perf_counter() + SECONDS_EACH
    while len(times) < FEWEST or (len(times) < MOST and time.perf_counter() < until):
        started = time.perf_counter()
        doing()
        times.append(1000 * (time.perf_counter() - started))
    return median(times)
