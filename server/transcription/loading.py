"""Finds and loads a speech model by its name or path."""

from pathlib import Path
from pickle import UnpicklingError
from urllib.error import URLError

import torch
import whisper
from whisper import ModelDimensions, Whisper

from server.domain.errors import WeightsMissing
from server.transcription.packages import PACKAGED
from server.transcription.weights import are_sound, weights_file


def load_model(model: str, weights_dir: Path) -> Whisper:
    """A packaged model, a path to a `.pt` file, or any name that openai-whisper fetches itself.

    Raises WeightsMissing, which says what to do.
    """
    if model in PACKAGED:
        return _load_packaged(model, weights_file(model, weights_dir))
    if model in whisper.available_models():
        return _load_named(model, weights_dir)
    path = Path(model)
    if path.suffix != ".pt":
        known = ", ".join(sorted({*PACKAGED, *whisper.available_models()}))
        raise WeightsMissing(
            f"There is no speech model called '{model}'. Give a path that ends in .pt, or one of these names: {known}."
        )
    if not path.is_file():
        raise WeightsMissing(f"There is no speech model at {path}. Put it there, or choose another model.")
    return _load_file(path)


def _load_packaged(model: str, path: Path) -> Whisper:
    if not path.exists():
        raise WeightsMissing(
            f"The speech model '{model}' is not on this server yet, so there is no transcript. Run: {_remedy(model)}"
        )
    if not are_sound(path):
        raise WeightsMissing(f"The speech model in {path} is damaged. Run: {_remedy(model)}")
    return _load_file(path)


def _remedy(model: str) -> str:
    return f"make weights WHISPER_MODEL={model}"


def _load_named(model: str, weights_dir: Path) -> Whisper:
    try:
        return whisper.load_model(model, device="cpu", download_root=str(weights_dir))
    except (URLError, OSError, RuntimeError) as error:
        raise WeightsMissing(
            f"The speech model '{model}' could not be fetched ({error}). Check the connection, or use the model 'base'."
        ) from error


def _load_file(path: Path) -> Whisper:
    """Loads numbers only: a file that tries to bring code with it is refused."""
    try:
        found = torch.load(path, map_location="cpu", weights_only=True)
        model = Whisper(ModelDimensions(**found["dims"]))
        model.load_state_dict(found["model_state_dict"])
    except (UnpicklingError, RuntimeError, KeyError, TypeError, EOFError) as error:
        if "allocate memory" in str(error):
            raise MemoryError from error
        raise WeightsMissing(f"{path} is not a speech model that Whisper can load.") from error
    if heads := found.get("alignment_heads"):
        chosen = torch.zeros(model.dims.n_text_layer, model.dims.n_text_head, dtype=torch.bool)
        chosen[tuple(torch.tensor(heads).T)] = True
        model.register_buffer("alignment_heads", chosen.to_sparse(), persistent=False)
    return model.eval()
