"""Real recordings through the real model."""

import io
import wave
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from server.domain.errors import EmptyFile, Invalid, UnsupportedAudio, WeightsMissing
from server.domain.hearing import Heard, HeardWindow
from server.domain.transcript import Transcription, Word
from server.transcription import device, windows
from server.transcription.samples import Samples
from server.transcription.transcriber import Transcriber
from tests.transcription.conftest import sound_of

RATE = 16_000


def wav(samples: np.ndarray) -> io.BytesIO:
    made = io.BytesIO()
    with wave.open(made, "wb") as writer:
        writer.setnchannels(1)
        writer.setsampwidth(2)
        writer.setframerate(RATE)
        writer.writeframes((samples * 32_767).astype("<i2").tobytes())
    return made


def quiet(seconds: float) -> np.ndarray:
    return np.zeros(round(seconds * RATE), dtype=np.float32)


def words(transcription: Transcription) -> list[Word]:
    return [word for segment in transcription.segments for word in segment.words]


def samples_of(path: Path) -> Samples:
    return Samples.of(sound_of(path))


@pytest.fixture(scope="session")
def address(transcriber: Transcriber, speech: Path) -> Transcription:
    return transcriber.transcribe(speech / "jfk.flac")


def test_the_words_of_an_address_are_heard(address: Transcription) -> None:
    heard = address.text.lower().replace(",", "")
    assert "my fellow americans ask not what your country can do for you" in heard
    assert heard.endswith("ask what you can do for your country.")
    assert (address.language, address.model, address.duration_ms) == ("en", "base", 11_000)
    assert address.language_probability is not None
    assert address.language_probability > 0.8


def test_words_follow_one_another_inside_the_recording(address: Transcription) -> None:
    spoken = words(address)
    assert spoken[0].start_ms >= 0
    assert spoken[-1].end_ms <= address.duration_ms
    assert all(word.start_ms < word.end_ms for word in spoken)
    assert all(word.end_ms <= following.start_ms for word, following in pairwise(spoken))


def test_a_word_is_where_it_was_said(address: Transcription) -> None:
    """`country` is said twice, at about 5.8 and at 10.0 seconds."""
    first, second = [word for word in words(address) if "country" in word.text]
    assert 5_500 <= first.start_ms < first.end_ms <= 6_600
    assert 9_500 <= second.start_ms < second.end_ms <= 10_700


def test_the_words_of_each_segment_joined_are_its_text(address: Transcription) -> None:
    assert len(address.segments) >= 2
    for segment in address.segments:
        assert "".join(word.text for word in segment.words) == segment.text


def test_times_count_from_the_start_of_the_recording_across_long_silences(
    transcriber: Transcriber, speech: Path
) -> None:
    sentence = sound_of(speech / "jfk.flac")[: round(2.4 * RATE)]
    heard = transcriber.transcribe(wav(np.concatenate([quiet(40), sentence, quiet(25), sentence, quiet(5)])))
    starts = [word.start_ms for word in words(heard) if "Americans" in word.text]
    assert len(starts) == 2
    assert 41_000 <= starts[0] <= 42_400
    assert 68_400 <= starts[1] <= 69_800


def test_spanish_is_recognised(transcriber: Transcriber, speech: Path) -> None:
    heard = transcriber.transcribe(speech / "fleurs-es-000.ogg")
    assert heard.language == "es"
    assert "viajeros" in heard.text


def test_a_language_that_is_given_is_not_detected(transcriber: Transcriber, speech: Path) -> None:
    heard = transcriber.transcribe(speech / "fleurs-fr-000.ogg", language="French")
    assert (heard.language, heard.language_probability) == ("fr", None)


def test_an_unknown_language_is_refused(transcriber: Transcriber, speech: Path) -> None:
    with pytest.raises(Invalid, match="klingon"):
        transcriber.transcribe(speech / "jfk.flac", language="klingon")


def test_silence_and_noise_have_no_words(transcriber: Transcriber) -> None:
    hiss = np.random.default_rng(7).normal(scale=0.05, size=20 * RATE).astype(np.float32)
    shares: list[float] = []
    heard = transcriber.transcribe(wav(np.concatenate([quiet(40), hiss])), on_progress=shares.append)
    assert (heard.segments, heard.text, heard.duration_ms) == ((), "", 60_000)
    assert shares == [1.0]


def test_progress_ends_with_the_whole(transcriber: Transcriber, speech: Path) -> None:
    shares: list[float] = []
    transcriber.transcribe(speech / "fleurs-en-004.ogg", on_progress=shares.append)
    assert shares == [1.0]


def test_work_stops_when_progress_is_refused(transcriber: Transcriber, speech: Path) -> None:
    def stop(share: float) -> None:
        raise InterruptedError

    with pytest.raises(InterruptedError):
        transcriber.transcribe(speech / "fleurs-en-004.ogg", on_progress=stop)


@pytest.fixture
def short_windows(monkeypatch: pytest.MonkeyPatch) -> None:
    """Several windows in eleven seconds, heard one at a time."""
    monkeypatch.setattr(windows, "MAX_WINDOW", 4 * RATE)
    monkeypatch.setattr(device.Device, "batch", 1)


@pytest.mark.usefixtures("short_windows")
def test_hearing_goes_on_with_the_windows_that_are_left_and_ends_in_the_same_words(
    transcriber: Transcriber, speech: Path
) -> None:
    """fault 34"""
    samples = samples_of(speech / "jfk.flac")
    whole: list[Heard] = []
    outline = transcriber.hear(samples, on_heard=lambda heard, _: whole.append(heard))
    windows_heard = [window for heard in whole for window in heard.windows]
    assert [window.position for window in windows_heard] == list(range(outline.windows))
    assert outline.windows >= 3

    done = Heard(tuple(replace(window, words=()) for window in windows_heard[:-1]))
    rest: list[tuple[Heard, float]] = []
    again = transcriber.hear(samples, done=done, on_heard=lambda *heard: rest.append(heard))
    assert rest == [(whole[-1], 1.0)]
    assert again == outline


@pytest.mark.usefixtures("short_windows")
def test_a_window_that_was_cut_elsewhere_is_heard_anew(transcriber: Transcriber, speech: Path) -> None:
    heard_anew: list[int] = []
    done = Heard((HeardWindow(0, 0, 17, (), "en", 0.9),))
    outline = transcriber.hear(samples_of(speech / "jfk.flac"), done=done,
                               on_heard=lambda heard, _: heard_anew.extend(w.position for w in heard.windows))
    assert heard_anew == list(range(outline.windows))
    assert outline.language == "en"


def test_what_is_not_sound_is_refused(transcriber: Transcriber) -> None:
    with pytest.raises(UnsupportedAudio):
        transcriber.transcribe(io.BytesIO(b"This is a letter, not a recording." * 100))
    with pytest.raises(EmptyFile):
        transcriber.transcribe(io.BytesIO())


def test_without_a_model_it_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(WeightsMissing, match="make weights"):
        Transcriber("base", tmp_path).transcribe(wav(quiet(1)))
