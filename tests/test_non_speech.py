"""What is taken for sound without words must be as loud as it says, and the same each time."""

from collections.abc import Callable

import numpy as np
import pytest

from tests import non_speech

MAKERS = (non_speech.room, non_speech.hiss, non_speech.hum, non_speech.knocks, non_speech.music, non_speech.tune,
          non_speech.crying, non_speech.wailing)
every_kind = pytest.mark.parametrize("make", MAKERS, ids=lambda make: make.__name__)


@every_kind
def test_a_seed_gives_the_same_sound_again_and_another_seed_another(make: Callable[..., np.ndarray]) -> None:
    assert np.array_equal(make(4, seed=1), make(4, seed=1))
    assert not np.array_equal(make(4, seed=1), make(4, seed=2))


@every_kind
def test_a_sound_is_as_long_and_as_much_louder_as_it_was_asked_to_be(make: Callable[..., np.ndarray]) -> None:
    quiet, loud = make(4, level=-50), make(4, level=-40)
    assert (quiet.dtype, len(quiet)) == (np.float32, 4 * non_speech.RATE)
    assert 20 * np.log10(np.abs(loud).max() / np.abs(quiet).max()) == pytest.approx(10, abs=0.01)
    assert np.abs(make(4, level=-12)).max() <= 1


def test_silence_is_nothing_at_all() -> None:
    assert not non_speech.silence(2).any()
