"""Whichever way work is carried, it arrives, in order, and nothing fails because the way is closed for a while."""

import pickle
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest
from huey.consumer import Consumer

from server.domain.ids import new_id
from server.domain.work import Carried, Kind
from server.jobs.queue import LINES, Queue
from tests.databases import PostgresServer
from tests.redises import RedisServer

HERE, ELSEWHERE = new_id(), new_id()
PATIENCE_SECONDS = 30
WAYS = ["sqlite", "postgresql", "redis"]


class Place:
    """Where work is carried: its address, and how it goes away and comes back."""

    def __init__(self, url: str, go: Callable[[], None], come_back: Callable[[], None]) -> None:
        self.url, self.go, self.come_back = url, go, come_back


@pytest.fixture(params=WAYS)
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    if request.param == "sqlite":
        path = tmp_path / "queue" / "queue.sqlite3"
        return Place(f"sqlite:///{path}", lambda: path.mkdir(parents=True), path.rmdir)
    if request.param == "postgresql":
        postgres: PostgresServer = request.getfixturevalue("postgres")
        return Place(request.getfixturevalue("new_postgres")(), postgres.pause, postgres.resume)
    server: RedisServer = request.getfixturevalue("redis_server")
    server.empty()
    return Place(server.url, server.stop, server.start)


class Worker:
    """What a worker process does with a queue, in threads of this one."""

    def __init__(self, url: str, served: tuple[str, ...] = LINES) -> None:
        self.done: list[str] = []
        self.queue = Queue(url, self.done.append, served, HERE)

    @contextmanager
    def working(self) -> Iterator[list[Consumer]]:
        consumers = self.queue.consumers()
        for consumer in consumers:
            consumer.start()
        try:
            yield consumers
        finally:
            for consumer in consumers:
                consumer.stop_flag.set()
            for consumer in consumers:
                for _, thread in consumer.worker_threads:
                    thread.join()

    def wait_for(self, count: int) -> list[str]:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while len(self.done) < count:
            assert time.monotonic() < deadline, self.done
            time.sleep(0.02)
        return self.done


def jobs(count: int, kind: Kind = Kind.PHOTO, place: str | None = None) -> list[Carried]:
    return [Carried(new_id(), kind, place) for _ in range(count)]


def ids(carried: list[Carried]) -> list[str]:
    return [job.job_id for job in carried]


def waiting(url: str, served: tuple[str, ...] = LINES) -> dict[str, list[str]]:
    """The ids of the jobs in each line that a worker here serves."""
    queue = Queue(url, lambda job_id: None, served, HERE)
    return {consumer.huey.name.partition("-")[0]: [task.args[0] for task in consumer.huey.pending()]
            for consumer in queue.consumers()}


def test_what_is_put_by_one_process_is_done_by_another_in_order(place: Place) -> None:
    carried, worker = jobs(5), Worker(place.url)
    Worker(place.url).queue.put(carried)
    with worker.working():
        assert worker.wait_for(5) == ids(carried)
    assert waiting(place.url) == {"speech": [], "media": [], "store": []}


def test_speech_media_and_files_to_store_have_lines_of_their_own(place: Place) -> None:
    photo, speech, file = jobs(1) + jobs(1, Kind.TRANSCRIBE) + jobs(1, Kind.STORE, HERE)
    Worker(place.url).queue.put([photo, speech, file])
    assert waiting(place.url) == {"speech": [speech.job_id], "media": [photo.job_id], "store": [file.job_id]}


def test_a_worker_leaves_lines_that_are_not_its_own_and_files_of_other_places(place: Place) -> None:
    elsewhere, file, photo = jobs(1, Kind.STORE, ELSEWHERE) + jobs(1, Kind.STORE, HERE) + jobs(1)
    worker = Worker(place.url, ("store",))
    worker.queue.put([elsewhere, photo, file])
    with worker.working():
        assert worker.wait_for(1) == [file.job_id]
    assert waiting(place.url, ("media",)) == {"media": [photo.job_id]}


def test_refilling_puts_back_what_an_empty_line_has_lost_and_nothing_twice(place: Place) -> None:
    lost, kept = jobs(2), jobs(2, Kind.TRANSCRIBE)
    queue = Worker(place.url).queue
    queue.put(kept)
    for _ in range(2):
        queue.refill(lost + kept)
        assert waiting(place.url) == {"speech": ids(kept), "media": ids(lost), "store": []}


def test_a_queue_that_is_away_takes_nothing_fails_nothing_and_takes_work_again_when_it_is_back(
    place: Place, caplog: pytest.LogCaptureFixture
) -> None:
    """fault 50"""
    carried, worker = jobs(2), Worker(place.url)
    place.go()
    try:
        worker.queue.put(carried[:1])
        worker.queue.refill(carried[:1])
        worker.queue.consumers()
    finally:
        place.come_back()
    assert "the queue took no work" in caplog.text
    worker.queue.refill(carried)
    with worker.working():
        assert worker.wait_for(2) == ids(carried)


@pytest.mark.parametrize("place", ["postgresql", "redis"], indirect=True)
def test_a_worker_goes_on_after_its_queue_was_restarted(place: Place, caplog: pytest.LogCaptureFixture) -> None:
    """fault 50"""
    first, second = jobs(1), jobs(1)
    worker, asking = Worker(place.url), Worker(place.url)
    with worker.working():
        asking.queue.put(first)
        worker.wait_for(1)
        place.go()
        asking.queue.put(second)
        place.come_back()
        asking.queue.refill(second)
        assert worker.wait_for(2) == ids(first + second)


def test_what_lies_in_a_queue_can_be_read_and_is_never_run(place: Place) -> None:
    """A pickle in a queue that others can write to would be anybody's code."""
    carried, worker = jobs(1), Worker(place.url)
    with worker.working() as consumers:
        media = next(consumer.huey for consumer in consumers if consumer.huey.name == "media")
        media.storage.enqueue(pickle.dumps(Runs()), 0)
        worker.queue.put(carried)
        assert worker.wait_for(1) == ids(carried)
    assert Runs.count == 0


class Runs:
    """Counts how often it was unpickled."""

    count = 0

    def __reduce__(self) -> tuple[object, tuple[()]]:
        return _ran, ()


def _ran() -> None:
    Runs.count += 1


def test_many_processes_open_a_new_queue_at_once(place: Place) -> None:
    carried = jobs(8)
    with ThreadPoolExecutor(8) as at_once:
        list(at_once.map(lambda job: Worker(place.url).queue.put([job]), carried))
    assert sorted(waiting(place.url)["media"]) == sorted(ids(carried))


@pytest.mark.parametrize("url", ["", "queue.sqlite3", "mysql://host/queue"])
def test_an_address_that_is_none_is_said_at_the_start(url: str) -> None:
    with pytest.raises(ValueError, match="QUEUE_URL"):
        Worker(url)


@pytest.mark.parametrize("served", [(), ("speach",), ("speech", "")])
def test_a_line_that_is_none_is_said_at_the_start(served: tuple[str, ...], tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="WORK_LINES"):
        Worker(f"sqlite:///{tmp_path}/queue.sqlite3", served)
