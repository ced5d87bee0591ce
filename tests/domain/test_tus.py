"""Headers of tus, from clients that may send anything."""

import base64
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.domain.errors import BadRequest
from server.domain.tus import read_bytes, read_checksum, read_metadata

KEYS = st.text("abcdefghijklmnopqrstuvwxyz_", min_size=1, max_size=20)


@given(st.dictionaries(KEYS, st.text(max_size=100), max_size=10), st.sampled_from([",", ", ", " , "]))
def test_metadata_is_read_as_it_was_written(values: dict[str, str], between: str) -> None:
    header = between.join(f"{key} {base64.b64encode(value.encode()).decode()}" for key, value in values.items())
    assert read_metadata(header) == values


def test_a_key_without_a_value_is_empty() -> None:
    assert read_metadata("is_confidential,name cGhvdG8=") == {"is_confidential": "", "name": "photo"}


@given(st.text(max_size=300))
def test_any_header_is_read_or_refused(header: str) -> None:
    for read in (read_metadata, read_checksum, lambda text: read_bytes("Upload-Offset", text)):
        with suppress(BadRequest):
            read(header)


@pytest.mark.parametrize("header", ["id @@", "id QQ", "id QQ==,id QQ==", "id /w==", "naïve QQ==", "a" * 20_000])
def test_metadata_that_is_not_tus_is_refused(header: str) -> None:
    with pytest.raises(BadRequest):
        read_metadata(header)


def test_a_checksum_says_how_to_hash() -> None:
    checksum = read_checksum("sha1 " + base64.b64encode(b"\1" * 20).decode())
    assert checksum is not None
    assert (checksum.algorithm, checksum.digest) == ("sha1", b"\1" * 20)
    assert read_checksum(None) is None
    digest = checksum.started()
    digest.update(b"abc")
    assert digest.digest().hex() == "a9993e364706816aba3e25717850c26c9cd0d89d"


@pytest.mark.parametrize("text", [None, "", "-1", "1.0", " 1", "1e3", "٣", "9" * 19])
def test_a_length_is_a_plain_number(text: str | None) -> None:
    with pytest.raises(BadRequest):
        read_bytes("Upload-Length", text)
    assert read_bytes("Upload-Length", "0012") == 12
