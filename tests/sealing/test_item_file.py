"""Saved files that were made by somebody careless or hostile: each is refused by name, and none is read for long."""

import base64
import io
import json
from collections.abc import Callable
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from server.domain.errors import ItemDamaged, ItemOfAnotherServer, NotAnItem, Refusal
from server.domain.ids import new_id
from server.sealing.item_file import FRAME_BYTES, ItemFile
from server.sealing.keys import make_private_key, public_point
from tests.item_files import FIRST_LINE, entry_of, file_entry_of, opening, sealed

PRIVATE_KEY, KEY_ID = make_private_key(), new_id()
PUBLIC_KEY = public_point(PRIVATE_KEY)
STORY = new_id()
FILE = bytes(range(256)) * 40
ENTRIES = [entry_of("quote", {"id": new_id(), "story_id": STORY, "text": "naïve 🌧"}),
           file_entry_of(FILE, {"id": new_id(), "kind": "photo", "story_id": STORY, "position": 0})]


def saved(plain: bytes | None = None, **how: Any) -> bytes:
    return sealed(PUBLIC_KEY, KEY_ID, opening(new_id(), ENTRIES) + FILE if plain is None else plain, **how)


def opened(content: bytes) -> ItemFile:
    return ItemFile(io.BytesIO(content), {KEY_ID: PRIVATE_KEY}.get)


def frame_at(content: bytes, number: int) -> tuple[int, int]:
    """Where a frame begins and ends."""
    start = content.index(b"\n", len(FIRST_LINE)) + 1
    for _ in range(number):
        start += 4 + int.from_bytes(content[start:start + 4])
    return start, start + 4 + int.from_bytes(content[start:start + 4])


@pytest.mark.parametrize("frame_bytes", [1, 37, 700, FRAME_BYTES])
def test_what_was_saved_is_read_however_it_was_cut(frame_bytes: int) -> None:
    found = opened(saved(frame_bytes=frame_bytes))
    assert [entry.kind for entry in found.item.entries] == ["quote", "photo"]
    assert [b"".join(file.blocks) for file in found.files()] == [FILE]
    assert [file.entry.metadata["position"] for file in found.files()] == ["0"], "it can be read again"


def test_a_file_that_nobody_reads_is_passed_over() -> None:
    entries = [file_entry_of(bytes([n]) * 5000, {"id": new_id(), "kind": "photo", "story_id": STORY}) for n in range(3)]
    plain = opening(new_id(), entries) + b"".join(bytes([n]) * 5000 for n in range(3))
    read = [b"".join(file.blocks) if number == 1 else b""
            for number, file in enumerate(opened(saved(plain, frame_bytes=999)).files())]
    assert read == [b"", bytes([1]) * 5000, b""]


@pytest.mark.parametrize("content", [
    b"", b"EARSHOT-ITEM", b"EARSHOT-ITEM 2\n" + b"{}\n", b"PK\x03\x04 a zip", b"\xff\xd8\xff a photo", b"\n" * 100,
    b"x" * 100_000], ids=["nothing", "half a line", "a newer one", "a zip", "a photo", "lines", "one long line"])
def test_what_is_no_saved_file_is_not_an_item(content: bytes) -> None:
    with pytest.raises(NotAnItem):
        opened(content)


def test_a_newer_version_inside_is_not_an_item_here() -> None:
    with pytest.raises(NotAnItem):
        opened(saved(opening(new_id(), ENTRIES, version=2) + FILE))


def test_a_file_for_another_server_is_said_to_be_one() -> None:
    with pytest.raises(ItemOfAnotherServer):
        ItemFile(io.BytesIO(saved()), {new_id(): PRIVATE_KEY}.get)


def test_a_file_under_another_key_that_says_ours_is_damaged() -> None:
    other = public_point(make_private_key())
    with pytest.raises(ItemDamaged):
        opened(sealed(other, KEY_ID, opening(new_id(), ENTRIES) + FILE))


@pytest.mark.parametrize("to", [
    b"", b"{}", b"[]", b"null", b"not json", b'{"key_id": 5, "ephemeral": ""}', b"[" * 1900,
    json.dumps({"key_id": KEY_ID, "ephemeral": "%%%"}).encode(),
    json.dumps({"key_id": KEY_ID, "ephemeral": base64.b64encode(b"\x04" + bytes(64)).decode()}).encode(),
    json.dumps({"key_id": KEY_ID, "ephemeral": base64.b64encode(bytes(65)).decode()}).encode(),
    json.dumps({"key_id": KEY_ID, "ephemeral": base64.b64encode(b"\x02" + bytes(32)).decode()}).encode(),
    json.dumps({"key_id": [KEY_ID], "ephemeral": ""}).encode()], ids=range(12))
def test_a_line_that_names_no_key_or_no_point_is_refused(to: bytes) -> None:
    with pytest.raises((ItemDamaged, ItemOfAnotherServer)):
        opened(FIRST_LINE + to + b"\n" + bytes(100))


SPOILT: dict[str, Callable[[bytes], bytes]] = {
    "cut at any byte": lambda content: content[:-1],
    "cut between frames": lambda content: content[:frame_at(content, 2)[1]],
    "without frames": lambda content: content[:frame_at(content, 0)[0]],
    "with more behind": lambda content: content + b"\0",
    "with a frame twice": lambda content: content[:frame_at(content, 1)[1]] + content[slice(*frame_at(content, 1))]
    + content[frame_at(content, 1)[1]:],
    "with a frame left out": lambda content: content[:frame_at(content, 1)[0]] + content[frame_at(content, 1)[1]:],
    "with two frames in each other's place": lambda content: content[:frame_at(content, 1)[0]]
    + content[slice(*frame_at(content, 2))] + content[slice(*frame_at(content, 1))] + content[frame_at(content, 2)[1]:],
    "with one bit changed": lambda content: content[:-40] + bytes([content[-40] ^ 1]) + content[-39:],
    "with a huge frame": lambda content: content[:frame_at(content, 1)[0]] + b"\xff\xff\xff\xff"
    + content[frame_at(content, 1)[0] + 4:],
    "with a frame too short to be one": lambda content: content[:frame_at(content, 1)[0]] + b"\0\0\0\x0f" + bytes(15),
}


@pytest.mark.parametrize("how", SPOILT)
def test_a_file_that_was_cut_or_changed_is_damaged(how: str) -> None:
    """fault 30"""
    content = saved(frame_bytes=1000)
    with pytest.raises(ItemDamaged):
        opened(SPOILT[how](content))


def changed(entry: dict[str, Any], **changes: Any) -> bytes:
    return opening(new_id(), [entry | changes]) + FILE


@pytest.mark.parametrize("plain", [
    b"no line at all", b"[]\n", b"[" * 3000 + b"\n", b'{"version": 1}\n', opening("nobody", ENTRIES) + FILE,
    opening(new_id(), []), opening(new_id(), ENTRIES, saved_at="yesterday") + FILE,
    opening(new_id(), ENTRIES, entries={}), opening(new_id(), ENTRIES, entries=[5]),
    opening(new_id(), [ENTRIES[0]] * 2001),
    opening(new_id(), ENTRIES), opening(new_id(), ENTRIES) + FILE[:-1], opening(new_id(), ENTRIES) + FILE + b"\0",
    opening(new_id(), ENTRIES) + FILE[::-1],
    changed(ENTRIES[0], sha256="0" * 64), changed(ENTRIES[0], bytes=1), changed(ENTRIES[0], body=5),
    changed(ENTRIES[0], body=None), changed(ENTRIES[1], metadata=None), changed(ENTRIES[0], metadata={}),
    changed(ENTRIES[1], metadata={"id": ["x"]}), changed(ENTRIES[1], metadata={"id": True}),
    changed(ENTRIES[1], metadata={"id": "\0"}), changed(ENTRIES[1], bytes=-1), changed(ENTRIES[1], bytes=2**60),
    changed(ENTRIES[1], metadata={"id": "half"}).replace(b"half", b"\\ud800"), changed(ENTRIES[1], id="../../etc"),
    changed(ENTRIES[1], sha256="x")])
def test_what_contradicts_itself_inside_is_damaged(plain: bytes) -> None:
    with pytest.raises(ItemDamaged):
        opened(saved(plain))


def test_a_line_that_never_ends_is_given_up() -> None:
    with pytest.raises(ItemDamaged):
        opened(saved(b"x" * (10 * 1024 * 1024)))


@pytest.mark.parametrize("place", [0, 1, 5])
def test_frames_with_nothing_in_them_are_refused_since_they_only_cost_time(place: int) -> None:
    with pytest.raises(ItemDamaged):
        opened(saved(frame_bytes=1000, empty_after=place))


def test_whatever_is_changed_in_a_file_it_is_never_taken_for_another() -> None:
    """fault 30: every byte of a small file, one after the other."""
    content = bytearray(saved(opening(new_id(), ENTRIES[:1]), ephemeral=ec.generate_private_key(ec.SECP256R1())))
    for place in range(0, len(content), 7):
        content[place] ^= 1
        with pytest.raises(Refusal):
            opened(bytes(content))
        content[place] ^= 1
    assert opened(bytes(content)).item.entries[0].kind == "quote"
