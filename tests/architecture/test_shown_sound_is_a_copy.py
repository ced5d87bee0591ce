"""Whatever is made of sound or of a photo to be shown is made of what is left when the withheld is taken out.

There is no picture of the sound yet. Whoever adds one, or anything else that is computed for people to see or hear,
adds a function to `server/media` or a child's work to `server/isolation/inside.py`: it is found here, and must either
take what is withheld or be named below as something that nobody is shown.
"""

import ast
import inspect
from pathlib import Path

import numpy as np

from server.isolation.limits import SPEECH_DECODINGS, Decoding
from server.media import audio, photos
from server.media.bleeping import without
from tests.architecture.test_one_module_clears import SERVER, sources

# What looks at a file that arrived, or reads it for the speech model; what they make is words, which are withheld by
# themselves. JOIN makes the recording that all copies are made of; EMBED has no sound, but words as they are shown.
NOT_SHOWN = {Decoding.CHECK_AUDIO, Decoding.CHECK_PHOTO, Decoding.CHECK_EVIDENCE, Decoding.SAMPLES, Decoding.JOIN,
             Decoding.EMBED, *SPEECH_DECODINGS}
WITHHELD_AS = {Decoding.PLAYBACK: "withheld", Decoding.CLIP: "withheld", Decoding.PHOTO: "regions"}
NOT_SHOWN_OF_AUDIO = {"probe", "decode_mono_16k", "write_mono_16k"}


def test_every_work_of_a_child_says_what_becomes_of_what_is_withheld() -> None:
    assert set(Decoding) == NOT_SHOWN | set(WITHHELD_AS)
    tree = ast.parse((SERVER / "isolation" / "inside.py").read_text())
    bodies = {node.name: ast.unparse(node) for node in tree.body if isinstance(node, ast.FunctionDef)}
    for decoding, name in WITHHELD_AS.items():
        assert f"details['{name}']" in bodies[f"_{decoding.value}"], decoding


def test_every_function_that_makes_sound_to_hear_takes_what_is_withheld() -> None:
    public = {name: function for name, function in inspect.getmembers(audio, inspect.isfunction)
              if function.__module__ == audio.__name__ and not name.startswith("_")}
    for name, function in public.items():
        assert name in NOT_SHOWN_OF_AUDIO or "withheld" in inspect.signature(function).parameters, name
    assert "regions" in inspect.signature(photos.derive).parameters


def test_no_front_door_and_no_export_names_an_original() -> None:
    """A page, and whatever computes something for one, gets hashes of copies from a service."""
    for folder in ("pages", "api", "exports"):
        for path, tree in sources(folder):
            assert not {name for node in ast.walk(tree) if isinstance(node, ast.Attribute)
                        and (name := node.attr) == "clean_sha256"}, path


def test_a_picture_of_the_sound_made_from_the_copy_shows_nothing_of_what_is_withheld() -> None:
    """A stand-in for a waveform: the loudest sample of each hundredth of a second."""
    def peaks(sound: np.ndarray) -> list[float]:
        return [float(np.abs(part).max()) for part in np.split(sound, len(sound) // 480)]

    said, unsaid = (np.random.default_rng(seed).uniform(-1, 1, 48_000).astype(np.float32) for seed in (1, 2))
    unsaid[:24_000], unsaid[28_800:] = said[:24_000], said[28_800:]
    assert peaks(said) != peaks(unsaid)
    shown = [peaks(np.concatenate(list(without(iter([sound]), [[500, 600, "bleep"]])))) for sound in (said, unsaid)]
    assert shown[0] == shown[1]


def test_the_folder_of_media_is_what_these_tests_think_it_is() -> None:
    assert {path.name for path in Path(audio.__file__).parent.glob("*.py")} == {
        "__init__.py", "audio.py", "bleeping.py", "covering.py", "decode.py", "facts.py", "joining.py", "mp3.py",
        "pcm.py", "photos.py", "sniff.py"}
