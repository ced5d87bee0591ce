"""Reading CTranslate2's model files."""

import io

import numpy as np
import pytest

from server.transcription.ct2 import Ct2Unreadable, read_ct2
from tests.transcription.ct2_writer import ct2_bytes

VARIABLES = {
    "encoder/conv1/weight": np.arange(24, dtype=np.float16).reshape(4, 2, 3),
    "encoder/num_heads": np.array(8, dtype=np.int16),
    "decoder/embeddings/weight": np.array([[0.5, -1.5]], dtype=np.float32),
    "decoder/pre_norm": np.array(1, dtype=np.int8),
}


def test_every_variable_comes_back_with_its_shape_type_and_numbers() -> None:
    model = read_ct2(io.BytesIO(ct2_bytes(VARIABLES)))
    assert (model.spec, model.revision) == ("WhisperSpec", 3)
    assert list(model.variables) == list(VARIABLES)
    for name, value in VARIABLES.items():
        assert model.variables[name].dtype == value.dtype
        np.testing.assert_array_equal(model.variables[name], value)


def test_an_alias_is_the_variable_it_stands_for() -> None:
    aliases = {"decoder/projection/weight": "decoder/embeddings/weight"}
    variables = read_ct2(io.BytesIO(ct2_bytes(VARIABLES, aliases))).variables
    assert variables["decoder/projection/weight"] is variables["decoder/embeddings/weight"]


def test_an_alias_of_nothing_is_refused() -> None:
    with pytest.raises(Ct2Unreadable, match="not in the file"):
        read_ct2(io.BytesIO(ct2_bytes(VARIABLES, {"one": "other"})))


def test_a_file_cut_short_anywhere_is_refused() -> None:
    whole = ct2_bytes(VARIABLES, {"one": "encoder/num_heads"})
    for length in range(len(whole)):
        with pytest.raises(Ct2Unreadable):
            read_ct2(io.BytesIO(whole[:length]))


def test_another_version_is_refused() -> None:
    with pytest.raises(Ct2Unreadable, match="version 5"):
        read_ct2(io.BytesIO(ct2_bytes(VARIABLES, version=5)))


def test_numbers_of_an_unknown_type_are_refused() -> None:
    written = bytearray(ct2_bytes({"x": np.array(1, dtype=np.int8)}))
    written[-10] = 9  # the type, before four bytes of size, one number and the count of aliases
    with pytest.raises(Ct2Unreadable, match="unknown type"):
        read_ct2(io.BytesIO(written))


def test_a_shape_that_does_not_fit_its_numbers_is_refused() -> None:
    written = bytearray(ct2_bytes({"x": np.array([1], dtype=np.int8)}))
    written[-14] = 7  # the only dimension
    with pytest.raises(Ct2Unreadable, match="shape"):
        read_ct2(io.BytesIO(written))
