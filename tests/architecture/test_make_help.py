"""What `make help` says a target does is what it does."""

import subprocess

import pytest

from tests.architecture.documents import ROOT


@pytest.mark.parametrize("target", ["setup", "weights"])
def test_it_names_both_models_that_are_made(target: str) -> None:
    said = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    [line] = [line for line in said.splitlines() if line.split()[:2] == ["make", target]]
    assert "speech model" in line
    assert "voice model" in line
