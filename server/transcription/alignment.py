"""When each word of a window was said, from where the decoder's attention lay (openai-whisper's alignment)."""

from typing import Any

from torch import Tensor
from whisper import Whisper
from whisper.audio import HOP_LENGTH
from whisper.timing import add_word_timestamps
from whisper.tokenizer import Tokenizer

from server.domain.transcript import Word
from server.transcription.windows import SAMPLE_RATE, Window


class _Encoded:
    """The part of a model that alignment asks for, over speech that is encoded already: encoding again costs most."""

    def __init__(self, model: Whisper) -> None:
        self.dims = model.dims
        self.device = model.device
        self.decoder = model.decoder
        self.alignment_heads = model.alignment_heads

    def __call__(self, features: Tensor, tokens: Tensor) -> Tensor:
        logits: Tensor = self.decoder(tokens, features)
        return logits


def words_of(model: Whisper, tokenizer: Tokenizer, features: Tensor, tokens: list[int], window: Window) -> list[Word]:
    """The words of one window (features: 1500 × state), with their times in the recording."""
    seconds = window.length / SAMPLE_RATE
    heard: dict[str, Any] = {"seek": 0, "start": 0.0, "end": seconds, "tokens": tokens}
    add_word_timestamps(
        segments=[heard],
        model=_Encoded(model),
        tokenizer=tokenizer,
        mel=features,
        num_frames=window.length // HOP_LENGTH,
        last_speech_timestamp=0.0,
    )
    return [_word(spoken, window) for spoken in heard["words"]]


def _word(spoken: dict[str, Any], window: Window) -> Word:
    start, end = window.in_recording(spoken["start"] * SAMPLE_RATE, spoken["end"] * SAMPLE_RATE)
    return Word(
        text=spoken["word"],
        start_ms=start * 1000 // SAMPLE_RATE,
        end_ms=end * 1000 // SAMPLE_RATE,
        probability=round(float(spoken["probability"]), 3),
    )
