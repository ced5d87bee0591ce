"""faster-whisper as a process that is asked to hear files: int8 weights, eight windows at a time, else its defaults.

Started with the Python of its own virtual environment: `python -m tests.bench.answering_faster_whisper FOLDER`.
"""

import os
import sys
from typing import Any

from faster_whisper import BatchedInferencePipeline, WhisperModel

from tests.bench.answering import Hear, answer

BATCH = 8


def load() -> Hear:
    model = WhisperModel(sys.argv[1], device="cpu", compute_type="int8", cpu_threads=os.cpu_count() or 0,
                         local_files_only=True)
    pipeline = BatchedInferencePipeline(model)

    def hear(file: str, **asked: Any) -> dict[str, Any]:
        segments, found = pipeline.transcribe(file, batch_size=BATCH, **asked)
        return {"text": "".join(segment.text for segment in segments), "language": found.language}

    return hear


if __name__ == "__main__":
    answer(load)
