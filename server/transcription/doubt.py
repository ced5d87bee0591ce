"""When what was decoded looks wrong, by the thresholds of openai-whisper's `transcribe`."""

import zlib
from dataclasses import dataclass
from functools import cached_property

from server.transcription.search import Guess

_MAX_COMPRESSION = 2.4
_MIN_LOGPROB = -1.0
_MAX_NO_SPEECH = 0.6


@dataclass(frozen=True)
class Take:
    """One try at a window: what was guessed, how it reads, and how probable it is that nobody speaks there."""

    guess: Guess
    text: str
    no_speech: float

    @cached_property
    def repeats(self) -> bool:
        """Text of which half is there twice packs well."""
        text = self.text.encode()
        return self.guess.goes_round or len(text) > _MAX_COMPRESSION * len(zlib.compress(text))

    @property
    def is_silence(self) -> bool:
        return self.no_speech > _MAX_NO_SPEECH and self.guess.average_logprob < _MIN_LOGPROB

    @property
    def is_doubtful(self) -> bool:
        return self.is_unsure(_MIN_LOGPROB)

    def is_unsure(self, least: float) -> bool:
        return (self.repeats or self.guess.average_logprob < least) and not self.is_silence

    @property
    def worth(self) -> tuple[bool, float]:
        """The better of two tries has more of it."""
        return not self.repeats, self.guess.average_logprob
