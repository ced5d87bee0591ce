"""When words were said, held against openai-whisper's own alignment."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from whisper import Whisper, timing
from whisper.tokenizer import get_tokenizer

from server.transcription.alignment import Said, middle_of_seven, token_starts
from server.transcription.batch_decoding import Way, decode_batch
from server.transcription.decoder import listen
from server.transcription.dynamic_time_warping import first_frames
from server.transcription.encoding import encode
from server.transcription.network import Network
from server.transcription.next_tokens import NextTokens
from server.transcription.words import words_of
from tests.transcription.conftest import sound_of

RATE = 16_000
TOLERANCE_SECONDS = 0.04  # two of the encoder's frames


@pytest.fixture(autouse=True, scope="module")
def uncompiled() -> Iterator[None]:
    """openai-whisper's own functions as they are written: compiling them takes longer than these few tables."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("dtw_cpu", "backtrace"):
            patch.setattr(timing, name, getattr(timing, name).py_func)
        yield


def _tables(sizes: list[tuple[int, int]], seed: int) -> Iterator[np.ndarray]:
    dice = np.random.default_rng(seed)
    for tokens, frames in sizes:
        yield dice.normal(size=(tokens, frames)).astype(np.float32)


@settings(deadline=None, max_examples=20)
@given(st.lists(st.tuples(st.integers(1, 9), st.integers(1, 30)), min_size=1, max_size=4), st.integers(0, 1000))
def test_the_way_through_each_table_is_the_one_that_openai_whisper_finds(
        sizes: list[tuple[int, int]], seed: int) -> None:
    tables = list(_tables(sizes, seed))
    for table, reached in zip(tables, first_frames(tables), strict=True):
        tokens, frames = timing.dtw_cpu(table.astype(np.float64))
        assert reached.tolist() == [int(frames[tokens == token].min()) for token in range(len(table))]


@pytest.mark.parametrize("length", [2, 4, 9, 50])
def test_the_middle_of_seven_is_openai_whispers_median(length: int) -> None:
    values = torch.from_numpy(np.random.default_rng(3).normal(size=(2, 3, length)))
    torch.testing.assert_close(middle_of_seven(values), timing.median_filter(values, 7))


def test_words_have_the_times_that_openai_whisper_gives_them(model: Whisper, network: Network, speech: Path) -> None:
    """Two windows of different length, timed together."""
    tokenizer = get_tokenizer(multilingual=True, language="en")
    sounds = [sound_of(speech / "jfk.flac")[: round(2.4 * RATE)], sound_of(speech / "fleurs-en-004.ogg")]
    prompt = tokenizer.sot_sequence_including_notimestamps
    with torch.inference_mode():
        features = encode(network, sounds)
        listening = listen(network, features)
        guesses = decode_batch(network, NextTokens(network, tokenizer), listening, [prompt] * 2, Way())
        said = [Said(prompt, guess.tokens, tokenizer.eot, len(sound) // 320)
                for guess, sound in zip(guesses, sounds, strict=True)]
        starts = token_starts(network, listening, said)
    for place, (guess, sound) in enumerate(zip(guesses, sounds, strict=True)):
        ours = words_of(tokenizer, guess.tokens, guess.logprobs, starts[place], len(sound) / RATE)
        theirs = {"seek": 0, "start": 0.0, "end": len(sound) / RATE, "tokens": list(guess.tokens)}
        with torch.inference_mode():
            timing.add_word_timestamps(
                segments=[theirs], model=_Encoded(model), tokenizer=tokenizer, mel=features[place],
                num_frames=len(sound) // 160, last_speech_timestamp=0.0)
        assert [word.text for word in ours] == [word["word"] for word in theirs["words"]]
        for word, their in zip(ours, theirs["words"], strict=True):
            assert word.start == pytest.approx(their["start"], abs=TOLERANCE_SECONDS)
            assert word.end == pytest.approx(their["end"], abs=TOLERANCE_SECONDS)
            assert word.probability == pytest.approx(their["probability"], abs=0.03)


class _Encoded:
    """A model for speech that is encoded already."""

    def __init__(self, model: torch.nn.Module) -> None:
        self._model = model

    def __getattr__(self, name: str) -> object:
        return getattr(self._model, name)

    def __call__(self, features: torch.Tensor, tokens: torch.Tensor) -> object:
        return self._model.decoder(tokens, features)
