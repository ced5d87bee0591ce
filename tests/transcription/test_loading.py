"""What is said when a speech model cannot be used, and what may be one."""

import pickle
import shutil
from pathlib import Path

import pytest

from server.domain.errors import WeightsMissing
from server.transcription.loading import load_model
from server.transcription.weights import weights_file


def test_a_model_that_was_never_made_says_how_to_make_it(tmp_path: Path) -> None:
    with pytest.raises(WeightsMissing, match="make weights") as refusal:
        load_model("base", tmp_path)
    assert refusal.value.code == "weights_missing"


def test_a_model_that_was_cut_short_is_refused(tmp_path: Path) -> None:
    weights_file("base", tmp_path).write_bytes(b"half a model")
    with pytest.raises(WeightsMissing, match="damaged"):
        load_model("base", tmp_path)


def test_an_unknown_name_is_refused_with_the_names_there_are(tmp_path: Path) -> None:
    with pytest.raises(WeightsMissing, match="large-v3"):
        load_model("enormous", tmp_path)


def test_a_path_to_nothing_is_refused(tmp_path: Path) -> None:
    with pytest.raises(WeightsMissing, match="Put it there"):
        load_model(str(tmp_path / "other.pt"), tmp_path)


class _Mischief:
    def __reduce__(self) -> tuple[object, tuple[str]]:
        return Path.touch, (Path("mischief"),)


def test_a_file_that_brings_code_is_refused_and_its_code_is_not_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "other.pt"
    path.write_bytes(pickle.dumps({"dims": _Mischief()}, protocol=2))
    with pytest.raises(WeightsMissing, match="not a speech model"):
        load_model(str(path), tmp_path)
    assert not Path("mischief").exists()


def test_a_path_to_a_checkpoint_is_loaded_with_its_alignment_heads(weights_dir: Path, tmp_path: Path) -> None:
    path = tmp_path / "ours.pt"
    shutil.copy(weights_file("base", weights_dir), path)
    heads = load_model(str(path), tmp_path).alignment_heads.indices().T.tolist()
    assert heads == [[3, 1], [4, 2], [4, 3], [4, 7], [5, 1], [5, 2], [5, 4], [5, 6]]
