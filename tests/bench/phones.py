"""Two hundred phones that find the network again at once, against web as the Procfile starts it."""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from server.db import db
from server.models.project import Project
from server.models.story import Quote, Recording, Story
from tests.bench.table import Row, median, percentile
from tests.bench.world import installed
from tests.e2e.installation import Installation
from tests.faults.crowd import CrowdPlace, Heard, reconnect
from tests.faults.test_many_phones import keys_for

PHONES = 200


def rows() -> Iterator[Row]:
    with TemporaryDirectory(ignore_cleanup_errors=True) as folder, installed(Path(folder)) as world:
        session = db.session()
        keys = keys_for(session, session.get_one(Project, world.project_id), PHONES)
        installation = Installation(Path(folder))
        try:
            installation.start_web()
            heard = reconnect(CrowdPlace(installation.port, world.project_id, world.wording_id), keys)
        finally:
            installation.stop_all()
        arrived = [session.query(kind).count() for kind in (Story, Quote, Recording)]
        if heard.server_errors or arrived != [PHONES] * 3:
            raise RuntimeError(f"{arrived} of {PHONES} stories, quotes and recordings; {heard.server_errors}")
        yield from _told(heard)


def _told(heard: Heard) -> Iterator[Row]:
    milliseconds = [1000 * seconds for seconds in heard.pushes]
    yield Row(f"{PHONES} phones at once: stories, quotes and recordings that arrived", f"{PHONES} of each")
    yield Row(f"{PHONES} phones at once: answers of 5xx, connections lost",
              f"{len(heard.server_errors)}, {heard.unanswered}", f"{len(heard.statuses):,} answers")
    yield Row(f"{PHONES} phones at once: a small push, half within", f"{median(milliseconds):.0f} ms")
    yield Row(f"{PHONES} phones at once: a small push, 95 of 100 within", f"{percentile(milliseconds, 95):.0f} ms")
