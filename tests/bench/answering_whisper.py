"""Earshot, or openai-whisper with its command line's defaults, as a process that is asked to hear files.

`python -m tests.bench.answering_whisper earshot` or `openai`. openai-whisper's `transcribe()` gets the defaults of its
command line: 5 beams, best of 5, temperatures 0 to 1 in steps of 0.2, and float32 on a processor without a graphics
card. PyAV decodes the file for it, as the command line's ffmpeg does.
"""

import sys
from collections.abc import Sequence
from tempfile import TemporaryFile
from typing import Any

from server.config import Settings
from server.domain.hearing import HeardWindow, Hints
from server.media.audio import decode_mono_16k, write_mono_16k
from server.transcription.loading import load_model
from server.transcription.samples import Samples
from server.transcription.segments import transcription_of
from server.transcription.transcriber import Transcriber
from tests.bench.answering import Hear, answer
from tests.bench.sound_files import wav_of
from tests.non_speech import silence

TEMPERATURES = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)


def earshot() -> Hear:
    settings = Settings.from_environment()
    transcriber = Transcriber(settings.whisper_model, settings.whisper_dir)
    transcriber.transcribe(wav_of(silence(1)))  # loads the model

    def hear(file: str, languages: Sequence[str] = (), vocabulary: Sequence[str] = (), english_of: str = ""
             ) -> dict[str, Any]:
        windows: list[HeardWindow] = []
        with open(file, "rb") as source, TemporaryFile() as sound:
            write_mono_16k(source, sound)
            sound.flush()
            samples = Samples(sound)
            if english_of:
                return {"text": " ".join(transcriber.translate(samples, [(0, samples.duration_ms)], english_of))}
            outline = transcriber.hear(samples, hints=Hints(tuple(languages), tuple(vocabulary)),
                                       on_heard=lambda heard, _: windows.extend(heard.windows))
        return {"text": transcription_of(outline, windows).text, "language": outline.language,
                "windows": [[window.start_ms, window.end_ms, window.language] for window in windows]}

    return hear


def openai() -> Hear:
    settings = Settings.from_environment()
    model = load_model(settings.whisper_model, settings.whisper_dir)

    def hear(file: str, **asked: Any) -> dict[str, Any]:
        with open(file, "rb") as source:
            samples = decode_mono_16k(source)
        heard = model.transcribe(samples, beam_size=5, best_of=5, temperature=TEMPERATURES, fp16=False, **asked)
        return {"text": heard["text"], "language": heard["language"]}

    return hear


if __name__ == "__main__":
    answer({"earshot": earshot, "openai": openai}[sys.argv[1]])
