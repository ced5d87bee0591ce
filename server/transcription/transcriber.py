"""From a recording to its words: find speech, decode it in batches, time its words, gather them into segments."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import BinaryIO

import numpy as np
import torch
from torch import Tensor
from whisper import Whisper
from whisper.tokenizer import LANGUAGES, TO_LANGUAGE_CODE, Tokenizer, get_tokenizer

from server.domain.errors import Invalid
from server.domain.hearing import Heard, HeardWindow, Outline, model_name
from server.domain.transcript import Transcription, Word
from server.media.audio import decode_mono_16k
from server.transcription.alignment import words_of
from server.transcription.decoding import BATCH, decode, detect_language, encode
from server.transcription.loading import load_model
from server.transcription.segments import transcription_of
from server.transcription.speech import speech_probabilities
from server.transcription.windows import SAMPLE_RATE, Window, speech_windows

Progress = Callable[[float], None]
OnHeard = Callable[[Heard, float], None]


@dataclass(frozen=True)
class _Language:
    code: str
    probability: float | None


class Transcriber:
    """Hears recordings with one speech model, which is loaded when it is first needed and kept.

    One recording at a time: other callers wait. Each hour of sound takes about 230 MB while it is worked on, besides
    about 1 GB for the base model and one batch of windows.
    """

    def __init__(self, model: str, weights_dir: Path, threads: int | None = None) -> None:
        """`model` is a name or a path to a `.pt` file; `threads` is for the whole process, all cores if left out."""
        self.model = model
        self._weights_dir = weights_dir
        self._threads = threads
        self._loaded: Whisper | None = None
        self._lock = Lock()

    def transcribe(
        self, source: BinaryIO | Path, *, language: str | None = None, on_progress: Progress | None = None
    ) -> Transcription:
        """The words of a recording; no segments where nobody speaks.

        `language` is a code or an English name, and is detected if left out. `on_progress` is called with the share
        that is done, 0 to 1, after each batch; what it raises stops the work. Raises WeightsMissing, Invalid (unknown
        language), EmptyFile, UnsupportedAudio and AudioDamaged.
        """
        windows: list[HeardWindow] = []

        def keep(heard: Heard, share: float) -> None:
            windows.extend(heard.windows)
            if on_progress:
                on_progress(share)

        outline = self.hear(source, language=language, on_heard=keep)
        if on_progress and not windows:
            on_progress(1.0)
        return transcription_of(outline, windows)

    def hear(
        self, source: BinaryIO | Path, *, on_heard: OnHeard, language: str | None = None, done: Heard | None = None
    ) -> Outline:
        """Hear the windows that are not among those `done`, a batch at a time; raises as `transcribe` does.

        `on_heard` is called with each batch and the share of the recording that is done with it.
        """
        given = _known_language(language)
        with self._lock, torch.inference_mode():
            model = self._ready_model()
            samples = _samples(source)
            windows = speech_windows(speech_probabilities(samples), len(samples))
            spoken = _heard(model, samples, windows, given, done, on_heard)
        duration_ms = len(samples) * 1000 // SAMPLE_RATE
        return Outline(model_name(self.model), duration_ms, len(windows), spoken.code, spoken.probability)

    def _ready_model(self) -> Whisper:
        if self._loaded is None:
            if self._threads:
                torch.set_num_threads(self._threads)
            self._loaded = load_model(self.model, self._weights_dir)
        return self._loaded


def _heard(
    model: Whisper, samples: np.ndarray, windows: list[Window], given: str | None, done: Heard | None, on_heard: OnHeard
) -> _Language:
    """The language of the recording, once all its windows are heard."""
    spoken = _Language(done.windows[0].language, done.windows[0].language_probability) if done else None
    places = [_place(position, window) for position, window in enumerate(windows)]
    kept = {window.place for window in done.windows} if done else set()
    left = [place for place in places if place not in kept]
    for begin in range(0, len(left), BATCH):
        batch = left[begin : begin + BATCH]
        sounds = [windows[position] for position, _, _ in batch]
        features = encode(model, [window.sound(samples) for window in sounds])
        spoken = spoken or _language(model, features, given)
        words = _words_of_batch(model, features, sounds, spoken.code)
        heard = tuple(HeardWindow(*place, said, spoken.code, spoken.probability)
                      for place, said in zip(batch, words, strict=True))
        share = (len(windows) - len(left) + begin + len(batch)) / len(windows)
        on_heard(Heard(heard), share)
    return spoken or _Language(given or "", None)


def _place(position: int, window: Window) -> tuple[int, int, int]:
    start, end = window.pieces[0].start, window.pieces[-1].end
    return position, start * 1000 // SAMPLE_RATE, end * 1000 // SAMPLE_RATE


def _words_of_batch(model: Whisper, features: Tensor, batch: list[Window], language: str) -> list[tuple[Word, ...]]:
    tokenizer = _tokenizer(model, language)
    decoded = decode(model, features, language)
    return [
        tuple(words_of(model, tokenizer, heard, tokens, window)) if tokens else ()
        for heard, tokens, window in zip(features, decoded, batch, strict=True)
    ]


def _language(model: Whisper, features: Tensor, given: str | None) -> _Language:
    if not model.is_multilingual:
        return _Language("en", None)
    if given:
        return _Language(given, None)
    return _Language(*detect_language(model, features))


def _known_language(language: str | None) -> str | None:
    if language is None:
        return None
    code: str = TO_LANGUAGE_CODE.get(language.lower(), language.lower())
    if code not in LANGUAGES:
        raise Invalid(f"'{language}' is not a language Whisper knows. Use a code such as en, cy, ur or pl.")
    return code


def _tokenizer(model: Whisper, language: str) -> Tokenizer:
    multilingual = model.is_multilingual
    return get_tokenizer(multilingual, num_languages=model.num_languages, language=language, task="transcribe")


def _samples(source: BinaryIO | Path) -> np.ndarray:
    if isinstance(source, Path):
        with open(source, "rb") as opened:
            return decode_mono_16k(opened)
    return decode_mono_16k(source)
