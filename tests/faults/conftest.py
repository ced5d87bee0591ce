"""A phone and a server between which, and in which, things break."""

import os
import random

import pytest

from tests.api.conftest import phone, place

__all__ = ["chance", "phone", "place"]


@pytest.fixture
def chance() -> random.Random:
    """Where things break at random. A failing test prints the seed: FAULT_SEED repeats it."""
    seed = os.environ.get("FAULT_SEED") or str(random.SystemRandom().getrandbits(32))
    print(f"FAULT_SEED={seed}")
    return random.Random(seed)
