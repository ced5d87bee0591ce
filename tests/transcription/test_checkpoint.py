"""The way from CTranslate2's names to openai-whisper's, walked with a small model of random numbers."""

from pathlib import Path

import numpy as np
import torch
import whisper
from whisper import ModelDimensions, Whisper

from server.transcription.checkpoint import checkpoint

DIMENSIONS = ModelDimensions(
    n_mels=80, n_audio_ctx=1500, n_audio_state=8, n_audio_head=2, n_audio_layer=3,
    n_vocab=64, n_text_ctx=16, n_text_state=8, n_text_head=4, n_text_layer=2,
)


def test_whisper_loads_the_checkpoint_and_it_holds_the_same_numbers(tmp_path: Path) -> None:
    torch.manual_seed(1)
    original = Whisper(DIMENSIONS)
    for parameter in original.parameters():
        torch.nn.init.normal_(parameter)
    path = tmp_path / "small.pt"
    torch.save(checkpoint(_as_ct2(original), [[1, 0]]), path)
    loaded = whisper.load_model(str(path), device="cpu")
    assert loaded.dims == DIMENSIONS
    for name, value in original.state_dict().items():
        torch.testing.assert_close(loaded.state_dict()[name], value, msg=name)


def _as_ct2(model: Whisper) -> dict[str, np.ndarray]:
    state = {name: value.numpy() for name, value in model.state_dict().items()}
    variables = {
        "encoder/num_heads": np.array(model.dims.n_audio_head, dtype=np.int16),
        "decoder/num_heads": np.array(model.dims.n_text_head, dtype=np.int16),
        "encoder/position_encodings/encodings": state["encoder.positional_embedding"],
        "decoder/position_encodings/encodings": state["decoder.positional_embedding"],
        "decoder/embeddings/weight": state["decoder.token_embedding.weight"],
        **_both(state, "encoder.conv1", "encoder/conv1"),
        **_both(state, "encoder.conv2", "encoder/conv2"),
        **_norm(state, "encoder.ln_post", "encoder/layer_norm"),
        **_norm(state, "decoder.ln", "decoder/layer_norm"),
    }
    for side in ("encoder", "decoder"):
        for layer in range(len(getattr(model, side).blocks)):
            ours, theirs = f"{side}.blocks.{layer}", f"{side}/layer_{layer}"
            variables |= _stacked(state, f"{ours}.attn", f"{theirs}/self_attention", ("query", "key", "value"), 0)
            variables |= _both(state, f"{ours}.attn.out", f"{theirs}/self_attention/linear_1")
            variables |= _norm(state, f"{ours}.attn_ln", f"{theirs}/self_attention/layer_norm")
            variables |= _both(state, f"{ours}.mlp.0", f"{theirs}/ffn/linear_0")
            variables |= _both(state, f"{ours}.mlp.2", f"{theirs}/ffn/linear_1")
            variables |= _norm(state, f"{ours}.mlp_ln", f"{theirs}/ffn/layer_norm")
            if side == "decoder":
                variables |= _both(state, f"{ours}.cross_attn.query", f"{theirs}/attention/linear_0")
                variables |= _stacked(state, f"{ours}.cross_attn", f"{theirs}/attention", ("key", "value"), 1)
                variables |= _both(state, f"{ours}.cross_attn.out", f"{theirs}/attention/linear_2")
                variables |= _norm(state, f"{ours}.cross_attn_ln", f"{theirs}/attention/layer_norm")
    return variables


def _both(state: dict[str, np.ndarray], ours: str, theirs: str) -> dict[str, np.ndarray]:
    return {f"{theirs}/weight": state[f"{ours}.weight"], f"{theirs}/bias": state[f"{ours}.bias"]}


def _norm(state: dict[str, np.ndarray], ours: str, theirs: str) -> dict[str, np.ndarray]:
    return {f"{theirs}/gamma": state[f"{ours}.weight"], f"{theirs}/beta": state[f"{ours}.bias"]}


def _stacked(
    state: dict[str, np.ndarray], ours: str, theirs: str, parts: tuple[str, ...], linear: int
) -> dict[str, np.ndarray]:
    none = np.zeros(DIMENSIONS.n_text_state, dtype=np.float32)
    return {
        f"{theirs}/linear_{linear}/weight": np.concatenate([state[f"{ours}.{part}.weight"] for part in parts]),
        f"{theirs}/linear_{linear}/bias": np.concatenate([state.get(f"{ours}.{part}.bias", none) for part in parts]),
    }
