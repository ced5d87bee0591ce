"""Several machines with only PostgreSQL and S3 in common: whichever of them is killed, everything arrives once."""

import hashlib
import random
import secrets
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import func, select, text

from server.db import db
from server.domain.ids import new_id
from server.domain.work import Kind, State
from server.models.story import Photo, Recording
from server.models.work import Job
from tests.api.phone import picture, sound
from tests.hosts.conftest import Site
from tests.hosts.phones import File, Phone
from tests.hosts.site import PATIENCE_SECONDS

pytestmark = pytest.mark.xdist_group("s3")
Sites = Callable[[int, int, int], Site]
Disturbance = Callable[[Callable[[], bool]], None]


def files(seed: int, count: int) -> list[File]:
    """Recordings and photos, no two of them with the same bytes."""
    made = []
    for number in range(count):
        mark = f"{seed}-{number}-{new_id()}".encode()
        if number % 3 == 2:
            made.append(File(new_id(), "photo", "image/jpeg", picture(width=64 + number) + mark))
        else:
            made.append(File(new_id(), "recording", "audio/webm", sound("webm", 1 + number % 4) + mark))
    return made


def send_all(phones: Sequence[Phone], sent: Sequence[list[File]], disturb: Disturbance) -> None:
    """Every phone sends its story at once, while somebody disturbs, who can ask whether they all are done."""
    with ThreadPoolExecutor(len(phones)) as at_once:
        sending = [at_once.submit(phone.send, files) for phone, files in zip(phones, sent, strict=True)]
        disturb(lambda: all(phone.done() for phone in sending))
        for phone in sending:
            phone.result()


def check(site: Site, sent: Sequence[File]) -> None:
    """Each file is one row, stored once, with one copy that can be shown, and lies nowhere else."""
    with site.app.app_context():
        session = db.session()
        until(lambda: finished(session), lambda: left_over(session, site))
        recordings, photos = session.scalars(select(Recording)).all(), session.scalars(select(Photo)).all()
        assert sorted((row.id, row.sha256) for row in (*recordings, *photos)) == sorted(
            (file.part_id, file.sha256) for file in sent)
        assert all(row.stored_at for row in (*recordings, *photos))
        assert session.execute(select(func.count()).where(Job.kind == Kind.STORE)).scalar_one() == len(sent)
        wanted = {file.sha256 for file in sent} | {row.playback_sha256 for row in recordings} | {
            row.derivative_sha256 for row in photos}
        db.session.remove()
    until(lambda: not any(host.staged() for host in site.hosts), lambda: [host.staged() for host in site.hosts])
    kept = {key: content for key, content in site.contents().items() if "/" not in key}
    assert {key: hashlib.sha256(content).hexdigest() for key, content in kept.items()} == {key: key for key in wanted}
    bytes_of = {file.sha256: file.content for file in sent}
    assert all(kept[sha256] == content for sha256, content in bytes_of.items())


def finished(session) -> bool:
    """Whether nothing is left to do but speech, for which there is no model here."""
    states = session.execute(select(Job.kind, Job.state)).all()
    session.rollback()
    return all(kind == Kind.TRANSCRIBE or state == State.DONE for kind, state in states)


def left_over(session, site: Site) -> str:
    logs = "\n".join(f"--- {host.folder.name}\n{host.log()[-3000:]}" for host in site.hosts)
    return f"{session.execute(select(Job.kind, Job.state, Job.tries)).all()}\n{logs}"


def until(happened: Callable[[], bool], otherwise: Callable[[], object]) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not happened():
        assert time.monotonic() < deadline, otherwise()
        time.sleep(0.2)


@pytest.mark.slow
def test_one_of_two_web_hosts_is_killed_while_phones_send(site_of: Sites) -> None:
    """fault 17"""
    site = site_of(2, 0, 3)
    sent = [files(number, 3) for number in range(3)]

    def kill_one(is_over: Callable[[], bool]) -> None:
        time.sleep(0.3)
        site.hosts[0].kill()
        assert not is_over()
        site.hosts[0].start()

    send_all(site.phones, sent, kill_one)
    check(site, [file for files in sent for file in files])


@pytest.mark.slow
def test_hosts_are_killed_at_random_and_everything_arrives_once(site_of: Sites) -> None:
    """faults 17, 34"""
    seed = secrets.randbelow(10**6)
    print(f"seed {seed}")
    chance = random.Random(seed)
    site = site_of(2, 2, 6)
    sent = [files(number, 6) for number in range(6)]

    def kill_at_random(is_over: Callable[[], bool]) -> None:
        for _ in range(6):
            time.sleep(chance.uniform(0.2, 2.0))
            host = chance.choice(site.hosts)
            if chance.random() < 0.3:
                host.vanish()
            else:
                host.kill()
            time.sleep(chance.uniform(0, 1))
            host.start()
            if is_over():
                return

    send_all(site.phones, sent, kill_at_random)
    check(site, [file for files in sent for file in files])


HOLD = """
import time
from server.app import create_app
from server.db import db
from sqlalchemy import text

with create_app().app_context():
    db.session.execute(text("select pg_advisory_xact_lock(7)"))
    print("held", flush=True)
    time.sleep(1000)
"""


@pytest.mark.slow
def test_what_a_machine_had_locked_is_free_again_soon_after_it_vanished(site_of: Sites) -> None:
    """fault 50"""
    site = site_of(1, 0, 1)
    host = site.hosts[0]
    host.kill()
    host.run(HOLD)
    until(lambda: "held" in host.log(), host.log)
    with site.app.app_context():
        session = db.session()
        free = text("select pg_try_advisory_xact_lock(7)")
        assert session.scalar(free) is False
        session.rollback()
        host.machine.unplug()
        host.kill()
        until(lambda: session.scalar(free) or session.rollback(), host.log)
        db.session.remove()
