"""Which tokens may come next, and how probable they are."""

import torch
from torch import Tensor
from whisper.tokenizer import Tokenizer

from server.transcription.network import Network

_EXACT = 16  # as many of the best tokens are weighed in float32


class NextTokens:
    """The tokens of text and the end, without those that openai-whisper suppresses: brackets, notes, speaker marks."""

    def __init__(self, network: Network, tokenizer: Tokenizer) -> None:
        self._network = network
        self.end = tokenizer.eot
        self._refused = torch.zeros(network.dims.n_vocab, device=network.device.name)
        self._refused[tokenizer.eot + 1 :] = -torch.inf
        self._refused[list(tokenizer.non_speech_tokens)] = -torch.inf
        self._not_first = torch.tensor([*tokenizer.encode(" "), tokenizer.eot], device=network.device.name)

    def best(self, hidden: Tensor, *, first: bool, count: int) -> tuple[Tensor, Tensor]:
        """Log-probabilities and tokens, rows × `count`, most probable first; `hidden` is rows × state in float32."""
        rough = self._rough(hidden, first)
        found, tokens = rough.topk(max(_EXACT, count))
        weighed = self._weighed(hidden, found, tokens)
        total = torch.logaddexp(rough.scatter_(1, tokens, -torch.inf).logsumexp(1, keepdim=True),
                                weighed.logsumexp(1, keepdim=True))
        values, order = weighed.topk(count)
        return values - total, tokens.gather(1, order)

    def drawn(self, hidden: Tensor, *, first: bool, temperature: float, dice: torch.Generator) -> tuple[Tensor, Tensor]:
        """Log-probabilities and tokens, rows × 1, drawn at random: the more freely, the higher the temperature."""
        rough = self._rough(hidden, first)
        token = torch.multinomial((rough / temperature).softmax(1), 1, generator=dice)
        return rough.gather(1, token) - rough.logsumexp(1, keepdim=True), token

    def _rough(self, hidden: Tensor, first: bool) -> Tensor:
        rough = self._network.rough_logits(hidden) + self._refused
        if first:
            rough[:, self._not_first] = -torch.inf
        return rough

    def _weighed(self, hidden: Tensor, found: Tensor, tokens: Tensor) -> Tensor:
        """Rough logits are wrong by a tenth or so, so the tokens that matter are weighed again."""
        if self._network.device.numbers == torch.float32:
            return found
        return self._network.logits(hidden, tokens).masked_fill(found == -torch.inf, -torch.inf)
