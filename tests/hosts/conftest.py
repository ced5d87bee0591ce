"""Two web hosts and workers on other hosts, with a database and a bucket between them."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask

from server.app import create_app
from server.config import Settings
from server.db import db
from server.domain.access import Role
from server.models.project import ConsentWording
from server.services import access_keys
from tests import makers
from tests.buckets import S3Server
from tests.databases import PostgresServer
from tests.hosts.network import Network, why_not
from tests.hosts.phones import Phone
from tests.hosts.site import Host


@dataclass(frozen=True)
class Site:
    """What runs, what lies in the bucket, and an app of our own on the same database, to look."""

    hosts: list[Host]
    phones: list[Phone]
    app: Flask
    contents: Callable[[], dict[str, bytes]]


@pytest.fixture
def site_of(postgres: PostgresServer, s3_server: S3Server, tmp_path: Path) -> Iterator[Callable[[int, int, int], Site]]:
    """Starts so many web hosts, so many hosts of workers alone, and so many phones.

    Web hosts store what they are sent. Where there are no other workers they do the rest of the work too.
    """
    reason = why_not()
    if reason:
        pytest.skip(reason)
    with Network() as network, relay(network.address, s3_server.port) as port, \
            postgres.listening(network.address, network.range) as listening:
        store_url, database = s3_server.fresh(), listening(postgres.fresh())
        shared = {"DATABASE_URL": database, "QUEUE_URL": database, "STORE_URL": store_url,
                  "S3_ENDPOINT_URL": f"http://{network.address}:{port}"}
        app = create_app(Settings.from_environment({"EARSHOT_DATA": str(tmp_path / "looking"),
                                                    "DATABASE_URL": database}))

        def site(webs: int, workers: int, phones: int) -> Site:
            lines = ["store" if workers else "store,media"] * webs + ["speech,media"] * workers
            hosts = [Host(network.machine(), tmp_path / f"host-{number}", shared, served, is_web=number < webs)
                     for number, served in enumerate(lines)]
            for host in hosts:
                host.start()
            addresses = [host.address for host in hosts if host.is_web]
            found = Site(hosts, phones_of(app, addresses, phones), app, lambda: s3_server.contents(store_url))
            for host in hosts:
                host.wait()
            return found

        yield site
        with app.app_context():
            db.engine.dispose()


def phones_of(app: Flask, addresses: list[str], count: int) -> list[Phone]:
    with app.app_context():
        session = db.session()
        project = makers.make_project(session)
        wording = session.query(ConsentWording).filter_by(project_id=project.id).first()
        wording_id, project_id = wording.id, project.id
        researchers = [makers.make_person(session, project, Role.RESEARCHER) for _ in range(count)]
        keys = [access_keys.make(session, makers.viewer_of(session, person), "phone")[1] for person in researchers]
        session.commit()
        db.session.remove()
    return [Phone(addresses, key, project_id, wording_id, number) for number, key in enumerate(keys)]


@contextmanager
def relay(address: str, to_port: int) -> Iterator[int]:
    """The S3 server of the tests listens on this machine alone; here it can be reached at `address` too."""
    listening = socket.create_server((address, 0))

    def accept() -> None:
        while True:
            try:
                here, _ = listening.accept()
            except OSError:
                return
            there = socket.create_connection(("127.0.0.1", to_port))
            for source, sink in ((here, there), (there, here)):
                threading.Thread(target=carry, args=(source, sink), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    yield listening.getsockname()[1]
    listening.close()


def carry(source: socket.socket, sink: socket.socket) -> None:
    with suppress(OSError):
        while block := source.recv(65536):
            sink.sendall(block)
    for end in (source, sink):
        with suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)
