"""Which language is spoken in each window.

A long window mostly tells by itself. One that is short or unclear goes with the rest of the conversation.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor
from whisper.tokenizer import LANGUAGES, TO_LANGUAGE_CODE, Tokenizer

from server.domain.errors import Invalid
from server.transcription.decoder import Decoder, Listening
from server.transcription.network import Network

_ELSEWHERE = 0.05  # how likely a window is to be in a language that nothing else of the recording is in
_TELLING_SECONDS = 5.0  # a shorter window says less about its language


@dataclass(frozen=True)
class FirstLook:
    """What the model takes a window for before it hears words: the odds of each language, and of no speech."""

    languages: Mapping[str, float]
    no_speech: float


@dataclass(frozen=True)
class Language:
    """`probability` is None where the language was not detected."""

    code: str
    probability: float | None = None


def known(language: str) -> str:
    """The code of a language that is given by its code or English name. Raises Invalid."""
    code: str = TO_LANGUAGE_CODE.get(language.lower(), language.lower())
    if code not in LANGUAGES:
        raise Invalid(f"'{language}' is not a language Whisper knows. Use a code such as en, cy, ur or pl.")
    return code


def first_look(network: Network, tokenizer: Tokenizer, listening: Listening) -> list[FirstLook]:
    windows = len(listening.keys[0])
    place = network.device.name
    start = torch.full((windows, 1), tokenizer.sot, device=place)
    hidden = Decoder(network, listening).forward(start, torch.zeros(1, dtype=torch.long, device=place), None)[:, 0]
    silence = network.logits(hidden, torch.tensor([tokenizer.no_speech], device=place))[:, 0]
    no_speech = (silence - network.rough_logits(hidden).float().logsumexp(1)).exp().clamp(max=1.0).tolist()
    languages: list[dict[str, float]] = [{}] * windows
    if network.is_multilingual:
        languages = _odds(network, tokenizer, hidden)
    return [FirstLook(*both) for both in zip(languages, no_speech, strict=True)]


def _odds(network: Network, tokenizer: Tokenizer, hidden: Tensor) -> list[dict[str, float]]:
    tokens = torch.tensor(tokenizer.all_language_tokens, device=hidden.device)
    odds = network.logits(hidden, tokens).softmax(1).tolist()
    return [dict(zip(tokenizer.all_language_codes, window, strict=True)) for window in odds]


def settle(looks: Sequence[FirstLook], seconds: Sequence[float], possible: Sequence[str],
           before: Mapping[str, float]) -> list[Language]:
    """The language of each window, one of those `possible` (any, where that is empty).

    `before` is for how many seconds each language was spoken in earlier windows. The probability is how sure the
    model is of it by this window alone.
    """
    if len(possible) == 1:
        return [Language(possible[0])] * len(looks)
    codes = list(possible or looks[0].languages)
    odds = np.array([[look.languages.get(code, 0.0) + 1e-9 for code in codes] for look in looks])
    odds /= odds.sum(1, keepdims=True)
    weights = np.array(seconds)
    spoken = weights @ odds + [before.get(code, 0.0) for code in codes]
    expected = spoken / spoken.sum() + _ELSEWHERE
    telling = np.minimum(weights / _TELLING_SECONDS, 1.0)[:, None]
    chosen = (telling * np.log(odds) + np.log(expected)).argmax(1)
    return [Language(codes[place], round(float(odds[row, place]), 3)) for row, place in enumerate(chosen)]


def most_spoken(languages: Sequence[tuple[Language, float]]) -> Language:
    """Of pairs with the time each was spoken for, with the mean probability. "" where there are none."""
    seconds: dict[str, float] = {}
    for language, length in languages:
        seconds[language.code] = seconds.get(language.code, 0.0) + length
    if not seconds:
        return Language("")
    most = max(seconds, key=seconds.__getitem__)
    sure = [(language.probability, length) for language, length in languages
            if language.code == most and language.probability is not None]
    total = sum(length for _, length in sure)
    return Language(most, round(sum(each * length for each, length in sure) / total, 3) if total else None)
