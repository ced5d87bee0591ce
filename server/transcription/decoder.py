"""The decoder's layers, for many windows at once and several guesses for each.

A window's guesses share one memory: each step appends a slot for every guess, and a guess sees the slots of its own
past alone. So a guess that gives way to another copies nothing, and what the encoder heard is read once for all of
them.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor

from server.transcription.network import CrossLayer, Network

_ROOM = 64  # slots that are added at a time


@dataclass
class Listening:
    """Keys and values of what the encoder heard, for each layer: windows × heads × time × size of a head."""

    keys: list[Tensor]
    values: list[Tensor]

    def only(self, windows: Sequence[int]) -> "Listening":
        kept = torch.tensor(windows, device=self.keys[0].device)
        return Listening([keys[kept] for keys in self.keys], [values[kept] for values in self.values])


def listen(network: Network, features: Tensor) -> Listening:
    """`features` are windows × time × state."""
    listening = Listening([], [])
    for layer in network.decoder_layers:
        both = layer.cross_key_value(features).view(*features.shape[:2], 2, network.dims.n_text_head, -1)
        key, value = both.permute(2, 0, 3, 1, 4)
        listening.keys.append(key.contiguous())
        listening.values.append(value.contiguous())
    return listening


class Decoder:
    """What has been said so far in some windows, which can be continued."""

    def __init__(self, network: Network, listening: Listening) -> None:
        self._network = network
        self._listening = listening
        self._past: list[tuple[Tensor, Tensor]] = []
        self._used = 0
        self.windows = len(listening.keys[0])

    def forward(self, tokens: Tensor, positions: Tensor, hidden: Tensor | None,
                watched: dict[tuple[int, int], Tensor] | None = None) -> Tensor:
        """Hear `tokens` (windows × n), which take the next n slots; windows × n × state in float32 come back.

        `positions` (n) is where in the text they are; `hidden` (windows or 1 × n × slots so far, these among them) is
        true where a token does not see a slot. The cross-attention, before its softmax, of every layer and head that
        is a key of `watched` is put there, as windows × n × time.
        """
        network = self._network
        x = network.embedding[tokens].float() + network.decoder_positions[positions]
        self._make_room(tokens.shape[1])
        for number, layer in enumerate(network.decoder_layers):
            x = x + layer.out(self._recalled(number, layer, x, hidden))
            x = x + layer.cross_out(self._heard(number, layer, x, watched))
            x = x + layer.mlp(x)
        self._used += tokens.shape[1]
        return network.decoder_norm(x)

    def keep_only(self, windows: Sequence[int]) -> None:
        kept = torch.tensor(windows, device=self._past[0][0].device)
        self._past = [(keys[kept], values[kept]) for keys, values in self._past]
        self._listening = self._listening.only(windows)
        self.windows = len(windows)

    def _recalled(self, number: int, layer: CrossLayer, x: Tensor, hidden: Tensor | None) -> Tensor:
        joined = layer.joined(layer.norm(x)).view(*x.shape[:2], 3, self._network.dims.n_text_head, -1)
        query, key, value = joined.permute(2, 0, 3, 1, 4)
        end = self._used + x.shape[1]
        keys, values = self._past[number]
        keys[:, :, self._used : end], values[:, :, self._used : end] = key, value
        scores = query @ keys[:, :, :end].transpose(2, 3)
        if hidden is not None:
            scores.masked_fill_(hidden[:, None], -torch.inf)
        return (F.softmax(scores, -1) @ values[:, :, :end]).transpose(1, 2).flatten(2)

    def _heard(self, number: int, layer: CrossLayer, x: Tensor,
               watched: dict[tuple[int, int], Tensor] | None) -> Tensor:
        query = layer.cross_query(layer.cross_norm(x)).view(*x.shape[:2], self._network.dims.n_text_head, -1)
        scores = query.transpose(1, 2) @ self._listening.keys[number].transpose(2, 3)
        for place in watched or ():
            if watched is not None and place[0] == number:
                watched[place] = scores[:, place[1]].float()
        return (F.softmax(scores, -1) @ self._listening.values[number]).transpose(1, 2).flatten(2)

    def _make_room(self, slots: int) -> None:
        dims, device = self._network.dims, self._network.device
        if not self._past:
            shape = (self.windows, dims.n_text_head, max(slots, _ROOM), dims.n_text_state // dims.n_text_head)
            self._past = [(torch.empty(shape, device=device.name, dtype=device.numbers),
                           torch.empty(shape, device=device.name, dtype=device.numbers))
                          for _ in range(dims.n_text_layer)]
        if self._used + slots > self._past[0][0].shape[2]:
            more = (0, 0, 0, max(slots, _ROOM))
            self._past = [(F.pad(keys, more), F.pad(values, more)) for keys, values in self._past]
