"""Speech that nobody had when the transcriber was made: how many words are wrong, and how fast it goes.

`python -m tests.bench unseen-speech`. Sentences and names of cards that pocketsphinx is tested with, and what is made
of the recordings beside the checkout: played faster, through a telephone, in noise, and joined to one recording of
several voices. openai-whisper hears each once.
"""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.bench import material, second_environment, transcription, ways
from tests.bench.material import Speech
from tests.bench.table import Row

ROUNDS = 2
CHANGED = ("jfk.flac", "fleurs-*-000.ogg")
VOICES = ("jfk.flac", "fleurs-en-*", "sonnet-1-en.mp3")


def rows() -> Iterator[Row]:
    second_environment.ready()
    with TemporaryDirectory() as folder, ways.ready(ways.UNTIMED) as ready:
        for name, speech in groups(Path(folder)):
            yield from transcription.compared(name, speech, ready, ROUNDS)


def groups(folder: Path) -> Iterator[tuple[str, list[Speech]]]:
    yield "pocketsphinx's", material.librivox()
    yield "joined", [_voices(folder)]
    given = [one for pattern in CHANGED for one in material.given(pattern)]
    for name, change in (("faster", material.faster), ("telephone", material.by_telephone),
                         ("noise", material.in_noise)):
        yield name, list(material.changed(name, given, change, folder))


def _voices(folder: Path) -> Speech:
    """Two minutes of several voices: the short recordings of English, and sentences of pocketsphinx's."""
    parts = [one for pattern in VOICES for one in material.given(pattern)]
    parts += [one for one in material.librivox() if one.name.startswith("librivox")]
    return material.joined("voices", parts, folder, pause=1.5)
