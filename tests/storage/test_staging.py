"""Files on their way in: they grow in order, and what was not confirmed can be cut off."""

import hashlib
import multiprocessing
import resource
import stat
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Thread

import pytest

from server.domain.errors import ChecksumMismatch, StorageFull, TooLarge, UploadBusy
from server.domain.tus import Checksum
from server.storage.staging import Staging


@pytest.fixture
def staging(tmp_path: Path) -> Staging:
    return Staging(tmp_path / "uploads")


def test_a_file_grows_piece_by_piece(staging: Staging) -> None:
    assert staging.append("a", 0, [b"one", b"two"], most=100) == 6
    assert staging.append("a", 6, [b"three"], most=100) == 11
    assert staging.path("a").read_bytes() == b"onetwothree"
    assert (staging.size("a"), staging.size("b")) == (11, 0)


def test_what_lies_behind_the_offset_is_cut_off(staging: Staging) -> None:
    """fault 17"""
    staging.append("a", 0, [b"confirmed, and not"], most=100)
    assert staging.append("a", 9, [b"!"], most=100) == 10
    assert staging.path("a").read_bytes() == b"confirmed!"


def test_a_source_that_breaks_off_leaves_what_came(staging: Staging) -> None:
    """fault 16"""
    assert staging.append("a", 0, iter([b"some"]), most=1000) == 4


def test_too_many_bytes_are_refused_and_none_kept(staging: Staging) -> None:
    staging.append("a", 0, [b"kept"], most=4)
    with pytest.raises(TooLarge):
        staging.append("a", 4, [b"1234", b"5"], most=4)
    assert staging.path("a").read_bytes() == b"kept"


def test_a_piece_that_does_not_match_its_checksum_is_not_kept(staging: Staging) -> None:
    """fault 30"""
    right = Checksum("sha256", hashlib.sha256(b"abc").digest())
    assert staging.append("a", 0, [b"ab", b"c"], most=10, checksum=right) == 3
    with pytest.raises(ChecksumMismatch):
        staging.append("a", 3, [b"abd"], most=10, checksum=right)
    assert staging.path("a").read_bytes() == b"abc"


def test_when_the_disk_is_full_the_file_is_as_before(staging: Staging) -> None:
    """fault 48"""
    staging.append("a", 0, [b"x" * 1000], most=10_000_000)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (500_000, hard))
    try:
        with pytest.raises(StorageFull):
            staging.append("a", 1000, [b"y" * 100_000] * 10, most=10_000_000)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert staging.path("a").read_bytes() == b"x" * 1000


def test_one_at_a_time_works_on_a_file(staging: Staging) -> None:
    """fault 18"""
    seen: list[bool] = []

    def look() -> None:
        seen.append(is_busy(staging, "a"))

    with staging.held("a"):
        thread = Thread(target=look)
        thread.start()
        thread.join()
        assert not is_busy(staging, "b")
    assert seen == [True]
    assert not is_busy(staging, "a")


def test_other_processes_wait_too_and_a_killed_one_lets_go(staging: Staging) -> None:
    """faults 17, 18"""
    ready = multiprocessing.get_context("spawn").Event()
    other = multiprocessing.get_context("spawn").Process(target=hold, args=(staging, ready))
    other.start()
    assert ready.wait(30)
    assert is_busy(staging, "a")
    other.kill()
    other.join()
    assert not is_busy(staging, "a")


def test_staged_files_are_for_their_owner_alone(staging: Staging, tmp_path: Path) -> None:
    staging.append("a", 0, [b"private"], most=10)
    assert stat.S_IMODE(staging.path("a").stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "uploads").stat().st_mode) == 0o700


def test_a_discarded_file_leaves_nothing(staging: Staging, tmp_path: Path) -> None:
    with staging.held("a"):
        staging.append("a", 0, [b"x"], most=1)
    assert staging.names() == {"a"}
    staging.discard("a")
    staging.discard("a")
    assert list((tmp_path / "uploads").iterdir()) == []


def test_a_folder_keeps_its_id_and_two_folders_have_two(staging: Staging, tmp_path: Path) -> None:
    assert staging.place == Staging(tmp_path / "uploads").place
    assert staging.place != Staging(tmp_path / "other").place
    assert staging.names() == set()


def test_processes_that_begin_together_agree_on_the_id(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        places = set(pool.map(lambda _: Staging(tmp_path / "uploads").place, range(8)))
    assert len(places) == 1


def test_what_is_confirmed_now_and_then_is_on_disk_and_stays_when_the_rest_is_refused(
    staging: Staging, monkeypatch: pytest.MonkeyPatch
) -> None:
    """faults 17, 48"""
    monkeypatch.setattr("server.storage.staging.CONFIRM_BYTES", 10)
    confirmed: list[tuple[int, int]] = []

    def confirm(size: int) -> None:
        confirmed.append((size, staging.size("a")))

    with pytest.raises(TooLarge):
        staging.append("a", 0, [b"12345"] * 5, most=24, confirm=confirm)
    assert confirmed == [(10, 10), (20, 20)]
    assert staging.size("a") == 20


def test_a_slow_sender_is_confirmed_by_the_clock(staging: Staging, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("server.storage.staging.CONFIRM_SECONDS", 0.0)
    confirmed: list[int] = []
    staging.append("a", 0, [b"1", b"2"], most=10, confirm=confirmed.append)
    assert confirmed == [1, 2]


def test_a_piece_with_a_checksum_is_confirmed_as_a_whole(staging: Staging, monkeypatch: pytest.MonkeyPatch) -> None:
    """fault 30"""
    monkeypatch.setattr("server.storage.staging.CONFIRM_BYTES", 1)
    confirmed: list[int] = []
    checksum = Checksum("sha256", hashlib.sha256(b"other").digest())
    with pytest.raises(ChecksumMismatch):
        staging.append("a", 0, [b"some", b"thing"], most=10, checksum=checksum, confirm=confirmed.append)
    assert (confirmed, staging.size("a")) == ([], 0)


def test_a_disk_is_not_filled_to_its_last_byte(staging: Staging) -> None:
    """fault 48"""
    staging.require_room(0)
    with pytest.raises(StorageFull):
        staging.require_room(staging.free_bytes())


def test_whoever_held_a_file_that_was_discarded_does_not_hold_the_next_one(staging: Staging) -> None:
    with staging.held("a"):
        staging.discard("a")
        with staging.held("a"):
            assert is_busy(staging, "a")


def is_busy(staging: Staging, name: str) -> bool:
    try:
        with staging.held(name):
            return False
    except UploadBusy:
        return True


def hold(staging: Staging, ready: object) -> Iterator[None]:
    with staging.held("a"):
        ready.set()  # type: ignore[attr-defined]
        multiprocessing.Event().wait()
