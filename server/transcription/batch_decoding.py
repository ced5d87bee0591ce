"""The loop that turns windows into text tokens, a token of every window at a time."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from server.transcription.decoder import Decoder, Listening
from server.transcription.network import Network
from server.transcription.next_tokens import NextTokens
from server.transcription.search import Beams, Guess, Tries

_CROWD = 3 / 4  # windows that are done leave when no more than this share goes on: each leaving copies the others
MAX_TOKENS = 320  # some scripts need many tokens for a word; 28 s of any language fits


@dataclass(frozen=True)
class Way:
    """`guesses` for each window: beams, or tries by chance where there is a temperature.

    Beams are given up when their average log-probability falls below `least`.
    """

    guesses: int = 1
    temperature: float = 0.0
    least: float = -math.inf


def decode_batch(network: Network, allowed: NextTokens, listening: Listening, prompts: Sequence[Sequence[int]],
                 way: Way, *, max_tokens: int = MAX_TOKENS) -> list[Guess]:
    """What was said in each window; `prompts` are of one length, and end in the token before the text.

    By chance means from a fixed seed: the same windows always give the same words.
    """
    return _Loop(network, allowed, listening, prompts, way).run(max_tokens)


class _Loop:
    def __init__(self, network: Network, allowed: NextTokens, listening: Listening, prompts: Sequence[Sequence[int]],
                 way: Way) -> None:
        self._allowed, self._way = allowed, way
        self._place = network.device.name
        self._dice = torch.Generator(self._place).manual_seed(0)
        self._room = network.dims.n_text_ctx - len(prompts[0])
        self._decoder = Decoder(network, listening)
        self._searches: list[Beams | Tries] = [
            Tries(way.guesses, allowed.end) if way.temperature else Beams(way.guesses, allowed.end, way.least)
            for _ in prompts]
        self._going = list(range(len(prompts)))
        self._prompt = torch.tensor(prompts, device=self._place)
        # Whether a guess sees a slot: all see the prompt, and then each its own past.
        self._seen = torch.ones((len(prompts), way.guesses, len(prompts[0])), dtype=torch.bool, device=self._place)

    def run(self, max_tokens: int) -> list[Guess]:
        length = self._prompt.shape[1]
        causal = torch.ones((length, length), dtype=torch.bool, device=self._place).triu(1)[None]
        hidden = self._decoder.forward(self._prompt, torch.arange(length, device=self._place), causal)[:, -1:]
        for step in range(min(max_tokens, self._room)):
            sources = self._choose(hidden, first=step == 0)
            if not self._let_go(sources) or step + 1 == min(max_tokens, self._room):
                break
            hidden = self._go_on(length + step)
        return [search.best for search in self._searches]

    def _choose(self, hidden: Tensor, *, first: bool) -> list[list[int]]:
        """For each window that goes on, which guess each guess comes from."""
        if first and self._way.temperature:
            hidden = hidden.expand(-1, self._way.guesses, -1)
        rows = hidden.flatten(0, 1)
        if self._way.temperature:
            found = self._allowed.drawn(rows, first=first, temperature=self._way.temperature, dice=self._dice)
        else:
            found = self._allowed.best(rows, first=first, count=self._way.guesses + 1)
        logprobs, tokens = (each.view(*hidden.shape[:2], -1).tolist() for each in found)
        return [self._step(window, *each) for window, *each in zip(self._going, logprobs, tokens, strict=True)]

    def _step(self, window: int, logprobs: list[list[float]], tokens: list[list[int]]) -> list[int]:
        search = self._searches[window]
        if search.is_over:
            return list(range(self._way.guesses))
        return search.step([list(zip(*both, strict=True)) for both in zip(logprobs, tokens, strict=True)])

    def _let_go(self, sources: list[list[int]]) -> bool:
        """Whether anything goes on."""
        going = [place for place, window in enumerate(self._going) if not self._searches[window].is_over]
        if len(going) > _CROWD * len(self._going):
            going = list(range(len(self._going)))  # a window that is over is carried along for a while
        if not any(not self._searches[self._going[place]].is_over for place in going):
            return False
        came_from = torch.tensor([sources[place] for place in going], device=self._place)
        if len(going) < len(self._going):
            self._decoder.keep_only(going)
            self._seen = self._seen[going]
            self._going = [self._going[place] for place in going]
        self._seen = self._seen.gather(1, came_from[:, :, None].expand(-1, -1, self._seen.shape[2]))
        return True

    def _go_on(self, position: int) -> Tensor:
        tokens = [[self._token(guess) for guess in self._searches[window].guesses] for window in self._going]
        itself = torch.eye(self._way.guesses, dtype=torch.bool, device=self._place)
        self._seen = torch.cat([self._seen, itself.expand(len(tokens), -1, -1)], 2)
        unseen = ~self._seen if self._way.guesses > 1 else None
        return self._decoder.forward(torch.tensor(tokens, device=self._place),
                                     torch.tensor([position], device=self._place), unseen)

    def _token(self, guess: Guess) -> int:
        return guess.tokens[-1] if guess.tokens and guess.end_logprob is None else self._allowed.end
