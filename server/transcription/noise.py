"""Words that nobody said: what the model makes up where it hears no speech.

Voice activity keeps nearly all silence and noise away from it. What still comes through is told by several signs
together, so that clear speech is never dropped for one of them.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from server.transcription.doubt import Take
from server.transcription.words import Spoken

_VOICE = 0.6  # a window of speech has a higher mean probability of voice
_NO_SPEECH = 0.6
_SOME_NO_SPEECH = 0.3
_MIN_LOGPROB = -0.7
_QUIET = 0.15  # nobody speaks where the probability of voice stays below
_UNSURE_WORD = 0.5
_NEAR_SECONDS = 0.2
_WAIL = 3  # times the same, which a child that wails is taken for: "Waa waa waa"
CHUNKS_PER_SECOND = 16_000 / 512
# What the videos that Whisper learnt from say when nobody speaks.
_FILLERS = frozenset((
    "you", "bye", "thank you", "thank you very much", "thank you for watching", "thanks for watching",
    "thank you so much for watching", "please subscribe", "see you next time", "i'll see you next time",
    "gracias", "muchas gracias", "gracias por ver", "gracias por ver el video", "suscribete",
    "merci", "merci beaucoup", "merci d'avoir regarde", "merci d'avoir regarde cette video", "au revoir",
    "danke", "vielen dank", "vielen dank furs zuschauen", "bis zum nachsten mal", "tschuss",
    "obrigado", "obrigada", "muito obrigado", "obrigado por assistir", "ate a proxima",
))
_CREDITS = re.compile(r"amara\.?\s?org|subtitles? by|sous-?titrage|sous-titres|untertitel|subtitulos|legendas pela"
                      r"|www\.|subscribe to")


@dataclass(frozen=True)
class Voice:
    """How likely it is that somebody speaks, for each 32 ms of a window."""

    probabilities: np.ndarray

    @property
    def mean(self) -> float:
        return float(self.probabilities.mean()) if len(self.probabilities) else 0.0

    def between(self, start: float, end: float) -> float:
        """The highest, from `start` to `end` seconds and a little around."""
        first = max(0, int((start - _NEAR_SECONDS) * CHUNKS_PER_SECOND))
        near = self.probabilities[first : int((end + _NEAR_SECONDS) * CHUNKS_PER_SECOND) + 1]
        return float(near.max(initial=0.0))


def is_noise(take: Take, voice: Voice) -> bool:
    """Whether nothing was said in a window of which this is the best take."""
    if take.is_silence:
        return True
    is_faint = voice.mean < _VOICE
    if take.is_doubtful or take.no_speech > _NO_SPEECH:
        return is_faint or (take.is_doubtful and take.no_speech > _SOME_NO_SPEECH)
    is_improbable = take.no_speech > _SOME_NO_SPEECH or take.guess.average_logprob < _MIN_LOGPROB
    phrase, times = _said_over_and_over(take.text)
    if _plain(phrase) in _FILLERS or _CREDITS.search(_plain(take.text)):
        return is_faint or is_improbable
    return is_faint and is_improbable and times >= _WAIL


def without_noise(words: Sequence[Spoken], voice: Voice) -> list[Spoken]:
    """The words of a window without the unsure ones that stand where nobody speaks."""
    return [word for word in words
            if word.probability >= _UNSURE_WORD or voice.between(word.start, word.end) >= _QUIET]


def _plain(text: str) -> str:
    """Without accents."""
    return unicodedata.normalize("NFKD", text.lower()).encode("ascii", "ignore").decode()


def _said_over_and_over(text: str) -> tuple[str, int]:
    """The phrase of which the whole text consists, without its marks, and how many times it is there."""
    words = re.findall(r"[\w']+", text.lower())
    for length in range(1, len(words) // 2 + 1):
        times, rest = divmod(len(words), length)
        if not rest and words == words[:length] * times:
            return " ".join(words[:length]), times
    return " ".join(words), 1
