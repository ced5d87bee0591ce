"""openai-whisper's own weights, laid out once for batches: in the numbers the device is fast at, and joined where one
multiplication does the work of three.

What each layer does is in whisper/model.py. The sums between layers stay in float32, and so do the layer norms.
"""

from dataclasses import dataclass
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from whisper import Whisper
from whisper.model import MultiHeadAttention, ResidualAttentionBlock

from server.transcription.device import Device
from server.transcription.whole_numbers import WholeNumberProjection


@dataclass(frozen=True)
class Projection:
    weight: Tensor
    bias: Tensor

    def __call__(self, x: Tensor) -> Tensor:
        return F.linear(x, self.weight, self.bias)


@dataclass(frozen=True)
class Norm:
    """float32 in, the device's numbers out."""

    weight: Tensor
    bias: Tensor
    numbers: torch.dtype

    def __call__(self, x: Tensor) -> Tensor:
        return F.layer_norm(x, self.weight.shape, self.weight, self.bias).to(self.numbers)


@dataclass(frozen=True)
class Layer:
    """`joined` gives query, key and value; queries come out scaled by 1/√(size of a head)."""

    norm: Norm
    joined: Projection
    out: Projection
    mlp_norm: Norm
    widen: Projection
    narrow: Projection

    def mlp(self, x: Tensor) -> Tensor:
        return self.narrow(F.gelu(self.widen(self.mlp_norm(x))))


@dataclass(frozen=True)
class CrossLayer(Layer):
    """A layer of the decoder, which also attends to what the encoder heard."""

    cross_norm: Norm
    cross_query: Projection
    cross_key_value: Projection
    cross_out: Projection


@dataclass(frozen=True)
class Unembedding:
    weight: Tensor

    def __call__(self, hidden: Tensor) -> Tensor:
        return F.linear(hidden.to(self.weight.dtype), self.weight)


class Network:
    """`embedding` (vocabulary × state) is in float16, as the weights are published. Positions are float32."""

    def __init__(self, model: Whisper, device: Device) -> None:
        self.dims = model.dims
        self.device = device
        self.is_multilingual: bool = model.is_multilingual
        self.num_languages: int = model.num_languages
        self.alignment_heads = [(int(layer), int(head)) for layer, head in model.alignment_heads.indices().T]
        self.convolutions = [(self._numbers(conv.weight), self._numbers(conv.bias), conv.stride[0])
                             for conv in (model.encoder.conv1, model.encoder.conv2)]
        self.encoder_positions = self._placed(model.encoder.positional_embedding)
        self.encoder_layers = [Layer(**self._layer(block)) for block in model.encoder.blocks]
        self.encoder_norm = self._norm(model.encoder.ln_post)
        self.embedding = model.decoder.token_embedding.weight.detach().to(device.name, torch.float16)
        self._unembedding = (WholeNumberProjection(self.embedding) if device.multiplies_whole_numbers
                             else Unembedding(self._numbers(self.embedding)))
        self.decoder_positions = self._placed(model.decoder.positional_embedding)
        self.decoder_layers = [self._cross_layer(block) for block in model.decoder.blocks]
        self.decoder_norm = Norm(*self._pair(model.decoder.ln), torch.float32)

    def rough_logits(self, hidden: Tensor) -> Tensor:
        """Rows × vocabulary, in the numbers that are fast here; `hidden` is rows × state in float32."""
        return self._unembedding(hidden)

    def logits(self, hidden: Tensor, tokens: Tensor) -> Tensor:
        """Those of some tokens in float32, rows × tokens; `tokens` are the same for all rows, or rows × tokens."""
        weights = self.embedding[tokens].float()
        found: Tensor = hidden @ weights.T if tokens.dim() == 1 else (weights @ hidden[:, :, None])[:, :, 0]
        return found

    def _cross_layer(self, block: ResidualAttentionBlock) -> CrossLayer:
        cross = block.cross_attn
        _, key, value = _weights(cross)
        _, key_bias, value_bias = _biases(cross)
        scale = _scale(cross)
        return CrossLayer(
            **self._layer(block), cross_norm=self._norm(block.cross_attn_ln),
            cross_query=self._projection(cross.query.weight * scale, cross.query.bias * scale),
            cross_key_value=self._projection(torch.cat([key, value]), torch.cat([key_bias, value_bias])),
            cross_out=self._projection(cross.out.weight, cross.out.bias))

    def _layer(self, block: ResidualAttentionBlock) -> dict[str, Any]:
        scale = _scale(block.attn)
        query, key, value = _weights(block.attn)
        query_bias, key_bias, value_bias = _biases(block.attn)
        return {
            "norm": self._norm(block.attn_ln),
            "joined": self._projection(torch.cat([query * scale, key, value]),
                                       torch.cat([query_bias * scale, key_bias, value_bias])),
            "out": self._projection(block.attn.out.weight, block.attn.out.bias),
            "mlp_norm": self._norm(block.mlp_ln),
            "widen": self._projection(block.mlp[0].weight, block.mlp[0].bias),
            "narrow": self._projection(block.mlp[2].weight, block.mlp[2].bias),
        }

    def _projection(self, weight: Tensor, bias: Tensor) -> Projection:
        return Projection(self._numbers(weight), self._numbers(bias))

    def _norm(self, norm: nn.LayerNorm) -> Norm:
        return Norm(*self._pair(norm), self.device.numbers)

    def _pair(self, norm: nn.LayerNorm) -> tuple[Tensor, Tensor]:
        return self._placed(norm.weight), self._placed(norm.bias)

    def _numbers(self, values: Tensor) -> Tensor:
        return values.detach().to(self.device.name, self.device.numbers).contiguous()

    def _placed(self, values: Tensor) -> Tensor:
        return values.detach().to(self.device.name, torch.float32)


def _scale(attention: MultiHeadAttention) -> float:
    return float((attention.query.weight.shape[0] // attention.n_head) ** -0.5)


def _weights(attention: MultiHeadAttention) -> tuple[Tensor, Tensor, Tensor]:
    return attention.query.weight, attention.key.weight, attention.value.weight


def _biases(attention: MultiHeadAttention) -> tuple[Tensor, Tensor, Tensor]:
    """Whisper's keys have no bias."""
    return attention.query.bias, torch.zeros_like(attention.query.bias), attention.value.bias
