"""Three ways to choose what was said: the likeliest token each time, the best of several beams, or by chance.

The rules of beams and of the best of several tries are openai-whisper's (BeamSearchDecoder, GreedyDecoder and
MaximumLikelihoodRanker in whisper/decoding.py).
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

_LOOP_TOKENS = 48  # so much of the same few tokens over and over is no speech
_LONGEST_ROUND = 12
_TELLING_TOKENS = 16


@dataclass(frozen=True)
class Guess:
    """Tokens of text with their log-probabilities, and what ending there adds where it has ended."""

    tokens: tuple[int, ...] = ()
    logprobs: tuple[float, ...] = ()
    end_logprob: float | None = None

    @property
    def total(self) -> float:
        return math.fsum(self.logprobs) + (self.end_logprob or 0.0)

    @property
    def average_logprob(self) -> float:
        return self.total / (len(self.tokens) + 1)

    @property
    def goes_round(self) -> bool:
        """Whether it ends in a few tokens over and over."""
        tail = self.tokens[-_LOOP_TOKENS:]
        return len(tail) == _LOOP_TOKENS and any(
            tail[length:] == tail[:-length] for length in range(1, _LONGEST_ROUND + 1))

    def followed_by(self, token: int, logprob: float) -> "Guess":
        return Guess((*self.tokens, token), (*self.logprobs, logprob))

    def ended(self, logprob: float) -> "Guess":
        return Guess(self.tokens, self.logprobs, logprob)


Candidates = Sequence[Sequence[tuple[float, int]]]  # for each guess: log-probabilities and tokens


@dataclass
class Beams:
    """The guesses for one window; with `count` 1 the likeliest token is taken each time.

    It is given up when the tokens so far have an average log-probability below `least`.
    """

    count: int
    end: int
    least: float = -math.inf
    guesses: list[Guess] = field(default_factory=lambda: [Guess()])
    finished: list[Guess] = field(default_factory=list)
    is_over: bool = False

    def step(self, candidates: Candidates) -> list[int]:
        """Which guess each of the next guesses goes on from."""
        totals = [guess.total for guess in self.guesses]
        ranked = sorted(((totals[source] + logprob, source, token, logprob)
                         for source, found in enumerate(candidates) for logprob, token in found
                         if logprob > -math.inf), key=lambda one: -one[0])
        following: list[Guess] = []
        sources: list[int] = []
        for _, source, token, logprob in ranked:
            if token == self.end:
                self.finished.append(self.guesses[source].ended(logprob))
                continue
            following.append(self.guesses[source].followed_by(token, logprob))
            sources.append(source)
            if len(following) == self.count:
                break
        self.guesses = following
        first = following[0]
        self.is_over = len(self.finished) >= self.count or first.goes_round or (
            len(first.tokens) >= _TELLING_TOKENS and first.average_logprob < self.least)
        return sources

    @property
    def best(self) -> Guess:
        unfinished = sorted(self.guesses, key=lambda guess: -guess.total)
        choice = [*self.finished, *unfinished[: max(self.count - len(self.finished), 0)]]
        return max(choice, key=_rank)


@dataclass
class Tries:
    """Several guesses for one window that know nothing of each other."""

    count: int
    end: int
    guesses: list[Guess] = field(init=False)

    def __post_init__(self) -> None:
        self.guesses = [Guess()] * self.count

    def step(self, drawn: Candidates) -> list[int]:
        self.guesses = [self._next(guess, *found[0]) for guess, found in zip(self.guesses, drawn, strict=True)]
        return list(range(self.count))

    @property
    def is_over(self) -> bool:
        return all(guess.end_logprob is not None or guess.goes_round for guess in self.guesses)

    @property
    def best(self) -> Guess:
        return max(self.guesses, key=_rank)

    def _next(self, guess: Guess, logprob: float, token: int) -> Guess:
        if guess.end_logprob is not None:
            return guess
        return guess.ended(logprob) if token == self.end else guess.followed_by(token, logprob)


def _rank(guess: Guess) -> float:
    return guess.total / max(len(guess.tokens), 1)
