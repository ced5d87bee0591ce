"""Turns the numbers of a CTranslate2 Whisper into a checkpoint that openai-whisper loads.

The two agree on everything but names: CTranslate2 stacks query, key and value into one matrix, and gives the key a
bias of zeros, which Whisper does not have.
"""

import re
from collections.abc import Mapping
from typing import Any

import numpy as np
import torch

Variables = Mapping[str, np.ndarray]
Heads = list[list[int]]


def checkpoint(variables: Variables, alignment_heads: Heads) -> dict[str, Any]:
    """What `whisper.load_model` reads, and `alignment_heads`, pairs of layer and head, for word times."""
    state = {**_encoder(variables), **_decoder(variables)}
    return {
        "dims": dimensions(variables),
        "model_state_dict": {name: torch.from_numpy(np.array(value)) for name, value in state.items()},
        "alignment_heads": alignment_heads,
    }


def dimensions(variables: Variables) -> dict[str, int]:
    audio_state, mels, _ = variables["encoder/conv1/weight"].shape
    vocabulary, text_state = variables["decoder/embeddings/weight"].shape
    return {
        "n_mels": mels,
        "n_audio_ctx": variables["encoder/position_encodings/encodings"].shape[0],
        "n_audio_state": audio_state,
        "n_audio_head": int(variables["encoder/num_heads"]),
        "n_audio_layer": _layers(variables, "encoder"),
        "n_vocab": vocabulary,
        "n_text_ctx": variables["decoder/position_encodings/encodings"].shape[0],
        "n_text_state": text_state,
        "n_text_head": int(variables["decoder/num_heads"]),
        "n_text_layer": _layers(variables, "decoder"),
    }


def _layers(variables: Variables, side: str) -> int:
    numbered = (re.match(rf"{side}/layer_(\d+)/", name) for name in variables)
    return 1 + max(int(found[1]) for found in numbered if found)


def _encoder(variables: Variables) -> dict[str, np.ndarray]:
    state = {
        "encoder.conv1.weight": variables["encoder/conv1/weight"],
        "encoder.conv1.bias": variables["encoder/conv1/bias"],
        "encoder.conv2.weight": variables["encoder/conv2/weight"],
        "encoder.conv2.bias": variables["encoder/conv2/bias"],
        "encoder.positional_embedding": variables["encoder/position_encodings/encodings"],
        **_norm(variables, "encoder/layer_norm", "encoder.ln_post"),
    }
    for layer in range(_layers(variables, "encoder")):
        state |= _block(variables, f"encoder/layer_{layer}", f"encoder.blocks.{layer}")
    return state


def _decoder(variables: Variables) -> dict[str, np.ndarray]:
    state = {
        "decoder.token_embedding.weight": variables["decoder/embeddings/weight"],
        "decoder.positional_embedding": variables["decoder/position_encodings/encodings"],
        **_norm(variables, "decoder/layer_norm", "decoder.ln"),
    }
    for layer in range(_layers(variables, "decoder")):
        theirs, ours = f"decoder/layer_{layer}", f"decoder.blocks.{layer}"
        state |= _block(variables, theirs, ours)
        state |= _cross_attention(variables, f"{theirs}/attention", f"{ours}.cross_attn")
    return state


def _block(variables: Variables, theirs: str, ours: str) -> dict[str, np.ndarray]:
    return {
        **_self_attention(variables, f"{theirs}/self_attention", f"{ours}.attn"),
        **_norm(variables, f"{theirs}/ffn/layer_norm", f"{ours}.mlp_ln"),
        **_linear(variables, f"{theirs}/ffn/linear_0", f"{ours}.mlp.0"),
        **_linear(variables, f"{theirs}/ffn/linear_1", f"{ours}.mlp.2"),
    }


def _self_attention(variables: Variables, theirs: str, ours: str) -> dict[str, np.ndarray]:
    query, key, value = np.split(variables[f"{theirs}/linear_0/weight"], 3)
    query_bias, _, value_bias = np.split(variables[f"{theirs}/linear_0/bias"], 3)
    return {
        f"{ours}.query.weight": query,
        f"{ours}.query.bias": query_bias,
        f"{ours}.key.weight": key,
        f"{ours}.value.weight": value,
        f"{ours}.value.bias": value_bias,
        **_linear(variables, f"{theirs}/linear_1", f"{ours}.out"),
        **_norm(variables, f"{theirs}/layer_norm", f"{ours}_ln"),
    }


def _cross_attention(variables: Variables, theirs: str, ours: str) -> dict[str, np.ndarray]:
    key, value = np.split(variables[f"{theirs}/linear_1/weight"], 2)
    _, value_bias = np.split(variables[f"{theirs}/linear_1/bias"], 2)
    return {
        **_linear(variables, f"{theirs}/linear_0", f"{ours}.query"),
        f"{ours}.key.weight": key,
        f"{ours}.value.weight": value,
        f"{ours}.value.bias": value_bias,
        **_linear(variables, f"{theirs}/linear_2", f"{ours}.out"),
        **_norm(variables, f"{theirs}/layer_norm", f"{ours}_ln"),
    }


def _linear(variables: Variables, theirs: str, ours: str) -> dict[str, np.ndarray]:
    return {f"{ours}.weight": variables[f"{theirs}/weight"], f"{ours}.bias": variables[f"{theirs}/bias"]}


def _norm(variables: Variables, theirs: str, ours: str) -> dict[str, np.ndarray]:
    return {f"{ours}.weight": variables[f"{theirs}/gamma"], f"{ours}.bias": variables[f"{theirs}/beta"]}
