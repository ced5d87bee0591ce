"""From the sound of a recording to turns: who speaks when, as far as voices tell.

Speech is looked at through windows of 1.2 seconds. Each window's voice becomes a vector, the vectors are grouped into
voices, and neighbouring windows of one voice make a turn. One voice at a time: where people talk at once, one of them
is named.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

import numpy as np
import torch

from server.domain.turns import Turn
from server.transcription.device import here
from server.transcription.samples import Samples
from server.transcription.speech import speech_probabilities
from server.transcription.voice_clusters import speaking, voices_among
from server.transcription.voice_features import FRAME_STEP, voice_features
from server.transcription.voice_network import VoiceNetwork
from server.transcription.voice_weights import load_voices
from server.transcription.windows import CHUNK, SAMPLE_RATE, Span, speech_spans

_WINDOW = SAMPLE_RATE * 12 // 10
_HEARD = _WINDOW + FRAME_STEP  # so that it has 120 frames
_STEP = SAMPLE_RATE * 4 // 10
_EDGE = 2 * CHUNK  # of the silence around speech: less than for hearing words, since silence has no voice
_BATCH = 32
_ONE_TURN = SAMPLE_RATE // 2  # a voice that goes on after a shorter pause goes on with its turn
_CLEARLY_LIKE = 0.35
_CLEARLY_MORE_LIKE = 0.2

Progress = Callable[[float], None]


@dataclass(frozen=True)
class _Window:
    """A stretch of sound in the `span`-th span of speech."""

    span: int
    start: int
    end: int


class Voices:
    """Tells voices apart, with a network that is loaded when it is first needed and kept. One recording at a time."""

    def __init__(self, weights_dir: Path) -> None:
        self._weights_dir = weights_dir
        self._network: VoiceNetwork | None = None
        self._lock = Lock()

    def turns(self, samples: Samples, on_progress: Progress | None = None) -> list[Turn]:
        """Who speaks when; nothing where nobody speaks. Raises WeightsMissing.

        `on_progress` is called with the share that is done, 0 to 1; what it raises stops the work. Memory grows by
        about 7 MB with each hour of sound.
        """
        with self._lock, torch.inference_mode():
            self._network = self._network or load_voices(self._weights_dir).to(here().name)
            spans = speech_spans(speech_probabilities(samples), len(samples), _EDGE)
            return suggest_turns(self._network, samples, spans, on_progress or _nobody_asks)


def _nobody_asks(share: float) -> None:
    pass


def suggest_turns(network: VoiceNetwork, samples: Samples, spans: Sequence[Span], on_progress: Progress) -> list[Turn]:
    """Turns in these spans of speech, in order. Speakers are numbered from 1 as they come."""
    windows = _windows(spans)
    if not windows:
        return []
    found: list[np.ndarray] = []
    for batch in _vectors(network, samples, windows):
        found.append(batch)
        on_progress(len(found) * _BATCH / max(len(windows), len(found) * _BATCH))
    vectors = np.concatenate(found)
    voices = voices_among(vectors, [(window.end - window.start) * 1000 // SAMPLE_RATE for window in windows])
    likeness = vectors @ voices.T
    paused = [window.span != before.span for before, window in zip([windows[0], *windows], windows, strict=False)]
    path = speaking(likeness, paused)
    return _turns(spans, windows, path, _is_clear(likeness, path))


def _windows(spans: Sequence[Span]) -> list[_Window]:
    """Evenly over each span; a short span is one window."""
    windows = []
    for number, span in enumerate(spans):
        steps = -(-max(span.length - _WINDOW, 0) // _STEP)
        starts = [span.start + (span.length - _WINDOW) * place // steps for place in range(steps + 1)] if steps else []
        windows += [_Window(number, start, start + _WINDOW) for start in starts] or [
            _Window(number, span.start, span.end)
        ]
    return windows


def _vectors(network: VoiceNetwork, samples: Samples, windows: Sequence[_Window]) -> Iterator[np.ndarray]:
    device = here()
    for begin in range(0, len(windows), _BATCH):
        sounds = [_sound(samples, window) for window in windows[begin : begin + _BATCH]]
        features = voice_features(torch.from_numpy(np.stack(sounds))).to(device.name)
        with torch.autocast(device.name, device.numbers, enabled=device.numbers is not torch.float32):
            vectors = network(features)
        yield vectors.float().cpu().numpy()


def _sound(samples: Samples, window: _Window) -> np.ndarray:
    """As much sound as the network takes; of a short window the same again and again."""
    if window.end - window.start < _WINDOW:
        return np.resize(samples.stretch(window.start, window.end), _HEARD)
    return np.resize(samples.stretch(window.start, window.start + _HEARD), _HEARD)


def _is_clear(likeness: np.ndarray, path: np.ndarray) -> np.ndarray:
    """Whether each window is much like the voice that it was given to, and less like any other."""
    places = np.arange(len(path))
    own = likeness[places, path]
    others = likeness.copy()
    others[places, path] = -1
    return np.asarray((own >= _CLEARLY_LIKE) & (own - others.max(1) >= _CLEARLY_MORE_LIKE))


def _turns(spans: Sequence[Span], windows: Sequence[_Window], path: np.ndarray, clear: np.ndarray) -> list[Turn]:
    """Windows overlap: between two of them, the middle between their middles is where one ends."""
    numbers: dict[int, int] = {}
    turns: list[Turn] = []
    start = 0
    for place, window in enumerate(windows):
        span = spans[window.span]
        follows = place > 0 and windows[place - 1].span == window.span
        goes_on = place + 1 < len(windows) and windows[place + 1].span == window.span
        start = start if follows else span.start
        end = _middle(window, windows[place + 1]) if goes_on else span.end
        speaker = numbers.setdefault(int(path[place]), len(numbers) + 1)
        _add(turns, Turn(_ms(start), _ms(end), speaker, bool(clear[place])))
        start = end
    return turns


def _add(turns: list[Turn], turn: Turn) -> None:
    """To the last turn where it goes on, or else as a turn of its own."""
    last = turns[-1] if turns else None
    if (last and (last.speaker, last.is_clear) == (turn.speaker, turn.is_clear)
            and turn.start_ms - last.end_ms < _ms(_ONE_TURN)):
        turns[-1] = Turn(last.start_ms, turn.end_ms, turn.speaker, turn.is_clear)
    else:
        turns.append(turn)


def _middle(one: _Window, other: _Window) -> int:
    return (one.start + one.end + other.start + other.end) // 4


def _ms(position: int) -> int:
    return position * 1000 // SAMPLE_RATE
