"""A worker killed before each thing it does to a file that it stores, or erases: the next one makes it good."""

import multiprocessing
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from server.domain.ids import new_id
from server.models.consent import Erasure
from server.models.story import Recording
from server.models.work import Job
from server.parts import parts
from server.services import withdrawals
from server.storage.staging import Staging
from tests.api.conftest import Place
from tests.api.phone import Phone
from tests.faults.files import small_sound
from tests.faults.killing import CONTROL, KILLED, work_once
from tests.makers import viewer_of

EVERY_STEP = pytest.mark.parametrize("which", [" commit", pytest.param("", marks=pytest.mark.slow)])

_FRESH = multiprocessing.get_context("forkserver")
_FRESH.set_forkserver_preload(["tests.faults.killing", "server.jobs.tasks"])


def sent_whole(phone: Phone, story_id: str, content: bytes) -> str:
    """The id of a sound that has come whole and is not stored yet."""
    part_id = new_id()
    url = phone.announce(story_id, content, part_id=part_id).headers["Location"]
    assert phone.patch(url, 0, content).status_code == 204
    return part_id


def worked(folder: Path, *kinds: str) -> bool:
    """Have a process of its own do what waits. False when it was killed before it had done it all."""
    process = _FRESH.Process(target=work_once, args=(str(folder), kinds))
    process.start()
    process.join()
    assert process.exitcode in (0, -9)
    return process.exitcode == 0


def killed_again_and_again(folder: Path, which: str, prepare: Callable[[int], None], *kinds: str) -> list[str]:
    """Each time with something new to do: a worker is killed at the first step, the second, … and another follows it.

    The steps, which are printed too for a test that fails.
    """
    steps: list[str] = []
    for number in range(1, 1000):
        prepare(number)
        (folder / CONTROL).write_text(f"{number}{which}")
        if worked(folder, *kinds):
            (folder / CONTROL).unlink()
            assert worked(folder, *kinds)
            return steps
        steps.append((folder / KILLED).read_text())
        print(f"killed at step {number}: before {steps[-1]}")
        assert worked(folder, *kinds)
    raise AssertionError("there is no end of steps")


@EVERY_STEP
def test_a_file_is_stored_once_and_whole_whatever_step_the_worker_is_killed_at(
    app: Flask, session: Session, phone: Phone, data_dir: Path, which: str
) -> None:
    """faults 17, 34"""
    story_id = phone.send_story()
    sent: dict[str, bytes] = {}

    def prepare(number: int) -> None:
        content = small_sound(number)
        sent[sent_whole(phone, story_id, content)] = content

    steps = killed_again_and_again(data_dir, which, prepare, "store")
    assert {row.id: parts().store.open(row.sha256).read() for row in session.query(Recording)} == sent
    assert all(row.stored_at for row in session.query(Recording))
    assert [phone.receipt(part_id).status_code for part_id in sent] == [200] * len(sent)
    assert {state for state, in session.query(Job.state).filter_by(kind="store")} == {"done"}
    assert session.query(Job).filter_by(kind="store").count() == len(sent)
    assert session.query(Erasure).count() == 0
    assert Staging(parts().settings.uploads_dir).names() == set()
    assert len(set(steps)) > (8 if not which else 0)


@EVERY_STEP
def test_a_withdrawn_file_is_erased_whatever_step_the_worker_is_killed_at(
    app: Flask, session: Session, phone: Phone, place: Place, data_dir: Path, which: str
) -> None:
    """faults 17, 29"""
    withdrawn: list[str] = []

    def prepare(number: int) -> None:
        story_id = phone.send_story()
        part_id = sent_whole(phone, story_id, small_sound(number))
        if number % 2:
            assert worked(data_dir, "store")
        session.rollback()
        withdrawals.withdraw(session, viewer_of(session, place.researcher), story_id)
        session.commit()
        withdrawn.extend((story_id, part_id))

    steps = killed_again_and_again(data_dir, which, prepare, "store", "erase", "scrub")
    assert len(steps) > 4
    assert [phone.receipt(part_id).status_code for part_id in withdrawn] == [410] * len(withdrawn)
    assert session.query(Erasure).count() == session.query(Job).count() == 0
    left = [path for path in parts().settings.media_dir.rglob("*") if path.is_file()]
    assert [path for path in left if path.parent.name != "withdrawals"] == []
    assert Staging(parts().settings.uploads_dir).names() == set()
