"""A worker that stops dead while it stores a file."""

import hashlib
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from server.domain.ids import new_id
from server.models.consent import Erasure
from server.models.story import Recording
from server.models.upload import Upload
from server.parts import parts
from server.services import staged_files, storing, work
from server.storage.staging import Staging
from tests.api.phone import Phone, sound
from tests.api.test_interruptions import KilledError, killed
from tests.storing import store_what_waits


@pytest.mark.parametrize("killed_in", ["begin", "adopt", "adopted", "settle", "discard"])
def test_a_worker_killed_while_it_stores_a_file_stores_it_again(
    phone: Phone, session: Session, app: Flask, monkeypatch: pytest.MonkeyPatch, killed_in: str
) -> None:
    """faults 17, 50"""
    content, part_id = sound(), new_id()
    url = phone.announce(phone.send_story(), content, part_id=part_id).headers["Location"]
    assert phone.patch(url, 0, content).status_code == 204
    with monkeypatch.context() as patched:
        kill_in(killed_in, patched)
        with pytest.raises(KilledError):
            store_what_waits(app)
    session.rollback()
    here = Staging(parts().settings.uploads_dir)
    assert here.names() == {session.query(Upload.id).filter_by(part_id=part_id).scalar()}
    assert phone.ask_for_receipt(part_id).status_code == (200 if killed_in == "discard" else 202)
    work.sweep_lost(session, datetime.now(UTC) + timedelta(hours=1), 60)
    session.commit()
    assert phone.receipt(part_id).json["sha256"] == hashlib.sha256(content).hexdigest()
    staged_files.expire(session, here, datetime.now(UTC))
    session.commit()
    assert here.names() == set()
    assert session.query(Recording).count() == 1
    assert session.query(Erasure).count() == 0
    assert parts().store.open(session.get_one(Recording, part_id).sha256).read() == content


def kill_in(place: str, patched: pytest.MonkeyPatch) -> None:
    """Let the worker stop dead at a step, or (`adopted`) when the bytes are stored and nothing else is."""
    store = type(parts().store)
    real = store.adopt

    def killed_after(*arguments: object, **named: object) -> None:
        real(*arguments, **named)
        raise KilledError

    owner, name = {"adopt": (store, "adopt"), "adopted": (store, "adopt"), "discard": (Staging, "discard")}.get(
        place, (storing, place))
    patched.setattr(owner, name, killed_after if place == "adopted" else killed)
