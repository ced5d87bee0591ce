"""What every MediaStore promises."""

import hashlib
import io
from collections.abc import Callable
from pathlib import Path
from urllib.request import urlopen

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from server.domain.errors import HashMismatch, MediaMissing
from server.storage.store import MediaStore

WORDS = b"we waited and nobody came" * 1000
NAME = hashlib.sha256(WORDS).hexdigest()
OTHER = hashlib.sha256(b"other").hexdigest()


def read(store: MediaStore, name: str) -> bytes:
    with store.open(name) as source:
        return source.read()


def test_what_is_put_can_be_read_again(store: MediaStore):
    stored = store.put(io.BytesIO(WORDS))
    assert (stored.sha256, stored.size) == (NAME, len(WORDS))
    assert NAME in store
    assert store.size(NAME) == len(WORDS)
    assert read(store, NAME) == WORDS


def test_putting_the_same_bytes_twice_keeps_one_file(store: MediaStore):
    assert store.put(io.BytesIO(WORDS)) == store.put(io.BytesIO(WORDS))
    store.delete(NAME)
    assert NAME not in store


def test_nothing_at_all_can_be_put(store: MediaStore):
    stored = store.put(io.BytesIO(b""))
    assert (stored.size, read(store, stored.sha256)) == (0, b"")


def test_a_reader_can_go_to_any_place(store: MediaStore):
    store.put(io.BytesIO(WORDS))
    with store.open(NAME) as source:
        source.seek(-4, io.SEEK_END)
        assert source.read() == b"came"
        source.seek(3)
        assert source.read(6) == b"waited"


def test_a_staged_file_is_copied_in_and_left_for_the_caller(store: MediaStore, staged: Callable[[bytes], Path]):
    path = staged(WORDS)
    store.adopt(path, NAME)
    assert read(store, NAME) == WORDS
    assert path.read_bytes() == WORDS


def test_adopting_again_after_a_crash_is_no_error(store: MediaStore, staged: Callable[[bytes], Path]):
    path = staged(WORDS)
    store.adopt(path, NAME)
    store.adopt(path, NAME)
    path.unlink()
    store.adopt(path, NAME)
    assert read(store, NAME) == WORDS


def test_what_is_neither_staged_nor_stored_cannot_be_adopted(store: MediaStore, tmp_path: Path):
    with pytest.raises(MediaMissing):
        store.adopt(tmp_path / "gone", NAME)


def test_a_staged_file_with_other_bytes_is_refused_and_left(store: MediaStore, staged: Callable[[bytes], Path]):
    path = staged(b"x" + WORDS[1:])
    with pytest.raises(HashMismatch):
        store.adopt(path, NAME)
    assert NAME not in store
    assert path.exists()


def test_what_was_never_stored_is_missing(store: MediaStore):
    assert OTHER not in store
    with pytest.raises(MediaMissing):
        store.open(OTHER)
    with pytest.raises(MediaMissing):
        store.size(OTHER)


def test_deleted_bytes_are_gone_and_deleting_again_is_no_error(store: MediaStore):
    store.put(io.BytesIO(WORDS))
    store.delete(NAME)
    store.delete(NAME)
    assert NAME not in store
    with pytest.raises(MediaMissing):
        store.open(NAME)


def test_deleting_one_file_leaves_the_others(store: MediaStore):
    store.put(io.BytesIO(WORDS))
    store.put(io.BytesIO(b"other"))
    store.delete(NAME)
    assert read(store, OTHER) == b"other"


def test_a_link_reads_the_bytes_until_it_is_too_old_or_there_is_none(store: MediaStore):
    store.put(io.BytesIO(WORDS))
    link = store.link(NAME, "audio/mpeg", 60)
    if link is not None:
        with urlopen(link) as answer:
            assert (answer.read(), answer.headers["Content-Type"]) == (WORDS, "audio/mpeg")


def test_a_note_is_kept_beside_the_media_and_can_be_written_again(store: MediaStore):
    assert store.list_notes() == []
    for content in (b"first", b"second"):
        store.write_note("0192-b", content)
    store.write_note("0192-a", b"another")
    assert store.read_note("0192-b") == b"second"
    assert store.list_notes() == ["0192-a", "0192-b"]
    with pytest.raises(MediaMissing):
        store.read_note("never")


@pytest.mark.parametrize("name", ["", "../note", "a/b", "A", "a.json", "a\n"])
def test_a_note_has_a_plain_name(store: MediaStore, name: str):
    for act in (store.read_note, lambda name: store.write_note(name, b"")):
        with pytest.raises(ValueError, match="note"):
            act(name)
    assert store.list_notes() == []


@pytest.mark.parametrize(
    "name",
    ["", "../../etc/passwd", "a" * 63, "a" * 65, NAME.upper(), NAME + "\n", "../" + "a" * 61, "g" * 64],
)
def test_a_name_that_is_no_hash_is_refused(store: MediaStore, name: str, staged: Callable[[bytes], Path]):
    path = staged(WORDS)
    for act in (
        store.open,
        store.size,
        store.delete,
        store.__contains__,
        lambda name: store.adopt(path, name),
    ):
        with pytest.raises(ValueError, match="hex"):
            act(name)
    assert path.exists()


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=st.binary(max_size=5000))
def test_any_bytes_come_back_unchanged(content: bytes, store: MediaStore):
    assert read(store, store.put(io.BytesIO(content)).sha256) == content


def test_what_was_stored_is_there_after_a_restart(open_store: Callable[[], MediaStore]):
    open_store().put(io.BytesIO(WORDS))
    assert read(open_store(), NAME) == WORDS


def test_a_long_file_is_copied_whole(store: MediaStore, staged: Callable[[bytes], Path]):
    content = bytes(range(256)) * 70_000  # more than two parts of a large upload, and not a whole number of them
    name = hashlib.sha256(content).hexdigest()
    store.adopt(staged(content), name)
    assert read(store, name) == content
