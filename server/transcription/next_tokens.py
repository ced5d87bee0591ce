"""Which tokens may come next, and how probable they are."""

from functools import cached_property

import torch
import torch.nn.functional as F
from torch import Tensor
from whisper.tokenizer import Tokenizer

from server.transcription.network import Network

_EXACT = 16  # as many of the best tokens are weighed in float32


class NextTokens:
    """The tokens of text and the end, without those that openai-whisper suppresses: brackets, notes, speaker marks."""

    def __init__(self, network: Network, tokenizer: Tokenizer) -> None:
        self._network = network
        self.end = tokenizer.eot
        unspoken = set(tokenizer.non_speech_tokens)
        allowed = [token for token in range(tokenizer.eot + 1) if token not in unspoken]
        self._tokens = torch.tensor(allowed, device=network.device.name)
        blank = [allowed.index(token) for token in (*tokenizer.encode(" "), tokenizer.eot)]
        self._not_first = torch.tensor(blank, device=network.device.name)

    def best(self, hidden: Tensor, *, first: bool, count: int) -> tuple[Tensor, Tensor]:
        """Log-probabilities and tokens, rows × `count`, most probable first; `hidden` is rows × state in float32."""
        rough = self._rough(hidden, first)
        found, places = rough.topk(max(_EXACT, count))
        weighed = self._weighed(hidden, found, places)
        total = torch.logaddexp(rough.scatter(1, places, -torch.inf).logsumexp(1, keepdim=True),
                                weighed.logsumexp(1, keepdim=True))
        values, order = weighed.topk(count)
        return values - total, self._tokens[places.gather(1, order)]

    def drawn(self, hidden: Tensor, *, first: bool, temperature: float, dice: torch.Generator) -> tuple[Tensor, Tensor]:
        """Log-probabilities and tokens, rows × 1, drawn at random: the more freely, the higher the temperature."""
        rough = self._rough(hidden, first)
        place = torch.multinomial((rough / temperature).softmax(1), 1, generator=dice)
        return rough.gather(1, place) - rough.logsumexp(1, keepdim=True), self._tokens[place]

    def _rough(self, hidden: Tensor, first: bool) -> Tensor:
        rough: Tensor = F.linear(hidden.to(self._matrix.dtype), self._matrix).float()
        if first:
            rough[:, self._not_first] = -torch.inf
        return rough

    def _weighed(self, hidden: Tensor, found: Tensor, places: Tensor) -> Tensor:
        """bf16 knows a logit of 20 to a sixteenth only, so the tokens that matter are weighed again."""
        if self._matrix.dtype == torch.float32:
            return found
        exact: Tensor = self._network.embedding[self._tokens[places]].float() @ hidden[:, :, None]
        return exact[:, :, 0].masked_fill(found == -torch.inf, -torch.inf)

    @cached_property
    def _matrix(self) -> Tensor:
        matrix: Tensor = self._network.embedding[self._tokens].to(self._network.device.numbers)
        return matrix
