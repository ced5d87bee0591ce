"""When each word of a window was said, from where the decoder's attention lay.

The method is openai-whisper's (`find_alignment` in whisper/timing.py): some heads of the cross-attention follow the
speech; what they attend to is smoothed, and the cheapest way through it tells when each token begins. Here it is done
for several windows at once, and the decoder hears the words only once more.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from server.transcription.decoder import Decoder, Listening
from server.transcription.dynamic_time_warping import first_frames
from server.transcription.network import Network

FRAMES_PER_SECOND = 50
_AT_ONCE = 4  # windows; their attention takes 10 MB each
# Swaps that bring the middle one of seven numbers into place 3.
_MIDDLE_OF_SEVEN = ((0, 5), (0, 3), (1, 6), (2, 4), (0, 1), (3, 5), (2, 6), (2, 3), (3, 6), (4, 5), (1, 4), (1, 3),
                    (3, 4))


@dataclass(frozen=True)
class Said:
    """Tokens of text that follow `start`, and end in `end`, said within the first `frames` fiftieths of a second."""

    start: tuple[int, ...]
    tokens: tuple[int, ...]
    end: int
    frames: int


def token_starts(network: Network, listening: Listening, said: Sequence[Said]) -> list[list[float]]:
    """For each window, the second at which each of its tokens begins, and last the second at which they end."""
    tables = []
    for begin in range(0, len(said), _AT_ONCE):
        some = range(begin, min(begin + _AT_ONCE, len(said)))
        tables += _tables(network, listening.only(some), [said[place] for place in some])
    return [(frames / FRAMES_PER_SECOND).tolist() for frames in first_frames([(-each).numpy() for each in tables])]


def _tables(network: Network, listening: Listening, said: Sequence[Said]) -> list[Tensor]:
    """For each window, tokens and the end × frames: how well they go together."""
    whole = [[*each.start, *each.tokens, each.end] for each in said]
    longest = max(map(len, whole))
    filled = torch.tensor([[*tokens, *[tokens[-1]] * (longest - len(tokens))] for tokens in whole])
    watched = {place: torch.empty(0) for place in network.alignment_heads}
    unseen = torch.ones((longest, longest), dtype=torch.bool).triu(1)[None]
    Decoder(network, listening).forward(filled.to(network.device.name), torch.arange(longest).to(network.device.name),
                                        unseen.to(network.device.name), watched)
    heads = torch.stack(list(watched.values()), 1).cpu()
    return [_table(window[:, : len(tokens), : each.frames], len(each.start))
            for window, tokens, each in zip(heads, whole, said, strict=True)]


def _table(scores: Tensor, before: int) -> Tensor:
    """From heads × tokens × frames; the row of a token is that of the one before it, which foretells it."""
    weights = scores.softmax(2)
    deviation, mean = torch.std_mean(weights, dim=1, keepdim=True, correction=0)
    return middle_of_seven((weights - mean) / deviation).mean(0)[before - 1 : -1]


def middle_of_seven(values: Tensor) -> Tensor:
    """The median of each value and its three neighbours on either side along the last axis, which is reflected."""
    if values.shape[-1] <= 3:
        return values
    padded = torch.nn.functional.pad(values, (3, 3), mode="reflect")
    seven = list(padded.unfold(-1, values.shape[-1], 1).unbind(-2))
    for low, high in _MIDDLE_OF_SEVEN:
        seven[low], seven[high] = torch.minimum(seven[low], seven[high]), torch.maximum(seven[low], seven[high])
    return seven[3]
