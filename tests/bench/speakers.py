"""How well voices are told apart, as the diarization error rate, on conversations that are assembled for it.

`python -m tests.bench speakers`. Nothing that the suggestion was tuned on is among them: neither a voice nor a
conversation. Figures without a collar count every millisecond, also where a turn is thought to begin a moment early.
"""

import sys
import time
from collections import Counter
from collections.abc import Iterator
from itertools import combinations

import numpy as np

from server.config import Settings
from server.domain.turns import Said, Turn, speakers_of
from server.transcription.samples import Samples
from server.transcription.voices import Voices
from server.transcription.weights import make_voices
from server.transcription.windows import SAMPLE_RATE
from tests import recordings
from tests.bench.conversations import ALIKE, EAGER, POLITE, VOICES, Manner, assemble
from tests.bench.diarization import NONE, Error, Stretch, Voice, diarization_error, pairing
from tests.bench.table import Row

COLLAR_MS = 250
_CONVERSATIONS = 24
_SEED = 5000

Talk = tuple[Samples, list[Stretch]]


def rows() -> Iterator[Row]:
    if not recordings.SHARED.is_dir():
        print(f"There are no voices to measure with in {recordings.SHARED}.", file=sys.stderr)
        return
    folder = Settings.from_environment().whisper_dir
    make_voices(folder, lambda line: None)
    voices = Voices(folder)
    yield from _measured(voices, "2-4 take turns", [*_conversations(POLITE, _SEED)])
    yield from _measured(voices, "2-4 talk into each other", [*_conversations(EAGER, _SEED + 100)])
    alone = [assemble([voice], _SEED + 200 + place) for place, voice in enumerate(VOICES)]
    yield from _measured(voices, "one alone", alone)


def _conversations(manner: Manner, seed: int) -> Iterator[Talk]:
    """Of two, three and four voices in turn; which they are follows from the seed."""
    chance = np.random.default_rng(seed)
    for place in range(_CONVERSATIONS):
        groups = [group for group in combinations(VOICES, 2 + place % 3) if not set(group) >= ALIKE]
        yield assemble(groups[chance.integers(len(groups))], seed + place, manner)


def _measured(voices: Voices, what: str, talks: list[Talk]) -> Iterator[Row]:
    worked = time.process_time()
    heard = [(truth, voices.turns(samples)) for samples, truth in talks]
    worked = time.process_time() - worked
    near, exact, right, marks = NONE, NONE, 0, Counter[str]()
    for truth, turns in heard:
        labels: list[Stretch] = [(turn.start_ms, turn.end_ms, turn.speaker) for turn in turns]
        near += diarization_error(truth, labels, COLLAR_MS)
        exact += diarization_error(truth, labels)
        right += len({turn.speaker for turn in turns}) == len({voice for *_, voice in truth})
        marks += _marks(truth, turns, pairing(truth, labels))
    minutes = sum(len(samples) for samples, _ in talks) / SAMPLE_RATE / 60
    yield Row(f"{what}: wrong, %, collar 0.25 s", f"{near.rate:.1f}", _parts(near))
    yield Row(f"{what}: wrong, %, no collar", f"{exact.rate:.1f}", _parts(exact))
    yield Row(f"{what}: right number of voices", f"{right} of {len(talks)}", f"{minutes:.0f} minutes")
    yield Row(f"{what}: segments with another's name", f"{marks['wrong']} of {marks.total()}",
              f"{marks['nobody']} with nobody's")
    yield Row(f"{what}: processor s a minute", f"{worked / minutes:.2f}")


def _marks(truth: list[Stretch], turns: list[Turn], voices: dict[Voice, Voice]) -> Counter[str]:
    """How segments would be marked if each stretch of one voice were one."""
    numbers = speakers_of([Said(start, end) for start, end, _ in truth], turns)
    return Counter("nobody" if number is None else "right" if voices.get(number) == voice else "wrong"
                   for number, (*_, voice) in zip(numbers, truth, strict=True))


def _parts(error: Error) -> str:
    shares = (100 * part / error.speech for part in (error.missed, error.made_up, error.confused))
    return "missed {:.1f}, made up {:.1f}, confused {:.1f}".format(*shares)
