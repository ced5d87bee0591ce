"""From a recording to its words: find speech, hear it in batches of windows, gather the words into segments."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryFile
from threading import Lock
from typing import BinaryIO

import torch

from server.domain.hearing import Heard, HeardWindow, Hints, Outline, model_name
from server.domain.transcript import Transcription
from server.media.audio import write_mono_16k
from server.transcription.batches import Recording, evenly, hear_all
from server.transcription.device import here
from server.transcription.ear import Ear
from server.transcription.languages import Language, known, most_spoken
from server.transcription.loading import load_model
from server.transcription.samples import Samples
from server.transcription.segments import transcription_of
from server.transcription.speech import speech_probabilities
from server.transcription.windows import SAMPLE_RATE, Span, pieces_of, speech_windows

Progress = Callable[[float], None]
OnHeard = Callable[[Heard, float], None]
_A_SECOND = 1000


class Transcriber:
    """Hears recordings with one speech model, which is loaded when it is first needed and kept.

    One recording at a time: other callers wait. Memory does not grow with the recording: about 1.4 GB besides
    the model, for one batch of windows.
    """

    def __init__(self, model: str, weights_dir: Path, threads: int | None = None) -> None:
        """`model` is a name or a path to a `.pt` file; `threads` is for the whole process, all cores if left out."""
        self.model = model
        self._weights_dir = weights_dir
        self._threads = threads
        self._loaded: Ear | None = None
        self._lock = Lock()

    def transcribe(
        self, source: BinaryIO | Path, *, language: str | None = None, hints: Hints | None = None,
        on_progress: Progress | None = None
    ) -> Transcription:
        """The words of a recording in any form; no segments where nobody speaks.

        `language` is a code or an English name, and goes before the languages of `hints`. `on_progress` is called with
        the share that is done, 0 to 1, after each batch; what it raises stops the work. Raises what `hear` does, and
        EmptyFile, UnsupportedAudio and AudioDamaged.
        """
        windows: list[HeardWindow] = []

        def keep(heard: Heard, share: float) -> None:
            windows.extend(heard.windows)
            if on_progress:
                on_progress(share)

        hints = hints or Hints()
        if language is not None:
            hints = Hints((known(language),), hints.vocabulary)
        with _decoded(source) as samples:
            outline = self.hear(samples, hints=hints, on_heard=keep)
        if on_progress and not windows:
            on_progress(1.0)
        return transcription_of(outline, windows)

    def hear(
        self, samples: Samples, *, on_heard: OnHeard, hints: Hints | None = None, done: Heard | None = None
    ) -> Outline:
        """Hear the windows that are not among those `done`, a batch at a time.

        `on_heard` is called with each batch and the share of the recording that is done with it. Which windows are
        heard together does not depend on what is done, so that going on gives the words that one go gives. Raises
        WeightsMissing, and Invalid for a language that Whisper does not know.
        """
        hints = hints or Hints()
        hints = Hints(tuple(map(known, hints.languages)), hints.vocabulary)
        with self._lock, torch.inference_mode():
            ear = self._ready_ear()
            probabilities = speech_probabilities(samples)
            windows = speech_windows(probabilities, len(samples))
            heard: list[HeardWindow] = []
            for new, is_new, share in hear_all(ear, Recording(samples, probabilities), windows, hints, done):
                heard += new
                if is_new:
                    on_heard(Heard(new), share)
        language = most_spoken([(Language(one.language, one.language_probability), one.end_ms - one.start_ms)
                                for one in heard])
        return Outline(model_name(self.model), samples.duration_ms, len(heard), language.code, language.probability)

    def translate(
        self, samples: Samples, spans: Sequence[tuple[int, int]], language: str,
        on_done: Progress = lambda _share: None
    ) -> list[str]:
        """What is said in each of `spans`, pairs of milliseconds, in English. `language` is what is spoken.

        `on_done` is called with the share that is done after each batch. Raises what `hear` does.
        """
        code = known(language)
        with self._lock, torch.inference_mode():
            ear = self._ready_ear()
            parts = [(place, part) for place, span in enumerate(spans)
                     for part in pieces_of(Span(*(each * SAMPLE_RATE // _A_SECOND for each in span)))]
            texts: list[list[str]] = [[] for _ in spans]
            for end, batch in evenly(parts, ear.batch):
                sounds = [samples.stretch(part.start, part.end) for _, part in batch]
                for (place, _), text in zip(batch, ear.translate(sounds, code), strict=True):
                    texts[place].append(text)
                on_done(end / len(parts))
        return [" ".join(filter(None, each)) for each in texts]

    def _ready_ear(self) -> Ear:
        if self._loaded is None:
            if self._threads:
                torch.set_num_threads(self._threads)
            self._loaded = Ear(load_model(self.model, self._weights_dir), here())
        return self._loaded


@contextmanager
def _decoded(source: BinaryIO | Path) -> Iterator[Samples]:
    with TemporaryFile() as sound:
        if isinstance(source, Path):
            with open(source, "rb") as opened:
                write_mono_16k(opened, sound)
        else:
            write_mono_16k(source, sound)
        sound.flush()
        yield Samples(sound)
