"""The diarization error rate, exactly: speech that is missed, made up or given to the wrong voice, in hundredths.

As NIST counts it: for each millisecond, the voices that speak, those that are suggested, and how many of them agree
under the one best pairing of voices and labels; errors are held against all the speech there is.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

Voice = str | int
Stretch = tuple[int, int, Voice]
"""From, to (ms), and who speaks."""


@dataclass(frozen=True)
class Error:
    """Milliseconds."""

    missed: int
    made_up: int
    confused: int
    speech: int

    def __add__(self, other: "Error") -> "Error":
        return Error(self.missed + other.missed, self.made_up + other.made_up, self.confused + other.confused,
                     self.speech + other.speech)

    @property
    def rate(self) -> float:
        return 100 * (self.missed + self.made_up + self.confused) / max(self.speech, 1)


NONE = Error(0, 0, 0, 0)


def diarization_error(truth: Sequence[Stretch], suggested: Sequence[Stretch], collar_ms: int = 0) -> Error:
    """Nothing within `collar_ms` of where somebody begins or ends counts, since nobody can say exactly when that is."""
    length = max([0, *(end for _, end, _ in [*truth, *suggested])])
    counted = np.ones(length, dtype=bool)
    for start, end, _ in truth if collar_ms else ():
        for edge in (start, end):
            counted[max(edge - collar_ms, 0) : edge + collar_ms] = False
    (_, spoken), (_, labelled) = _spoken(truth, length), _spoken(suggested, length)
    spoken, labelled = spoken[:, counted], labelled[:, counted]
    there, said = spoken.sum(0), labelled.sum(0)
    together = _together(spoken, labelled)
    agreed = sum(int(together[pair]) for pair in _best_pairs(together))
    return Error(int(np.maximum(there - said, 0).sum()), int(np.maximum(said - there, 0).sum()),
                 int(np.minimum(there, said).sum()) - agreed, int(there.sum()))


def pairing(truth: Sequence[Stretch], suggested: Sequence[Stretch]) -> dict[Voice, Voice]:
    """Which voice each label stands for, so that as much as can be agrees. A label too many stands for nobody."""
    length = max([0, *(end for _, end, _ in [*truth, *suggested])])
    (voices, spoken), (labels, labelled) = _spoken(truth, length), _spoken(suggested, length)
    return {labels[label]: voices[voice] for voice, label in _best_pairs(_together(spoken, labelled))}


def _spoken(stretches: Sequence[Stretch], length: int) -> tuple[list[Voice], np.ndarray]:
    """The voices, and (voices, ms): who speaks when."""
    voices = sorted({voice for *_, voice in stretches}, key=str)
    spoken = np.zeros((len(voices), length), dtype=bool)
    for start, end, voice in stretches:
        spoken[voices.index(voice), start:end] = True
    return voices, spoken


def _together(spoken: np.ndarray, labelled: np.ndarray) -> np.ndarray:
    """(voices, labels): for how many milliseconds both are there."""
    return np.array([[int((voice & label).sum()) for label in labelled] for voice in spoken]).reshape(
        len(spoken), len(labelled))


def _best_pairs(together: np.ndarray) -> list[tuple[int, int]]:
    """The pairs of voice and label that agree for longest when each has at most one. Exact: it tries every way."""
    best: dict[int, tuple[int, list[tuple[int, int]]]] = {0: (0, [])}  # by the labels that are taken, as bits
    for voice, row in enumerate(together.tolist()):
        grown = dict(best)
        for taken, (agreed, pairs) in best.items():
            for label, shared in enumerate(row):
                both = taken | 1 << label
                if both != taken and agreed + shared > grown.get(both, (-1, []))[0]:
                    grown[both] = agreed + shared, [*pairs, (voice, label)]
        best = grown
    return max(best.values(), key=lambda found: found[0])[1]
