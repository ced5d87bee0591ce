"""A speech model that is ready to hear windows, a batch at a time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from whisper import Whisper
from whisper.tokenizer import Tokenizer, get_tokenizer

from server.domain.hearing import Hints
from server.transcription import vocabulary
from server.transcription.alignment import FRAMES_PER_SECOND, Said, token_starts
from server.transcription.cores import Cores, in_order
from server.transcription.decoder import Listening, listen
from server.transcription.decoding import decode
from server.transcription.device import Device
from server.transcription.doubt import Take
from server.transcription.encoding import encode
from server.transcription.languages import FirstLook, Language, first_look, settle
from server.transcription.network import Network
from server.transcription.next_tokens import NextTokens
from server.transcription.noise import Voice, is_noise, without_noise
from server.transcription.windows import SAMPLE_RATE
from server.transcription.words import Spoken, words_of


@dataclass(frozen=True)
class Overheard:
    """A window's words, with their seconds in the window, and their language."""

    words: list[Spoken]
    language: Language


@dataclass(frozen=True)
class _Window:
    seconds: float
    voice: Voice
    tokenizer: Tokenizer
    no_speech: float


class Ear:
    """All calls are for one thread, in torch's inference mode. Sounds are mono at 16 kHz, of 30 seconds or less."""

    def __init__(self, model: Whisper, device: Device) -> None:
        self._network = Network(model, device)
        self._cores = Cores(1 if device.name == "cuda" else torch.get_num_threads())
        self._tokenizers: dict[tuple[str, str], Tokenizer] = {}
        self._allowed = NextTokens(self._network, self._tokenizer("en", "transcribe"))

    @property
    def batch(self) -> int:
        return self._network.device.batch

    def hear(self, sounds: Sequence[np.ndarray], voices: Sequence[Voice], hints: Hints,
             before: Mapping[str, float]) -> list[Overheard]:
        """`voices` are of the sounds; `before` is for how many seconds each language was spoken earlier."""
        shares, listenings, looks = self._listen(sounds)
        seconds = [len(sound) / SAMPLE_RATE for sound in sounds]
        possible = hints.languages if self._network.is_multilingual else ("en",)
        languages = settle(looks, seconds, possible, before)
        tokenizers = [self._tokenizer(language.code, "transcribe") for language in languages]
        said_before = vocabulary.prompt(tokenizers[0], hints.vocabulary)
        windows = [_Window(*each) for each in
                   zip(seconds, voices, tokenizers, [look.no_speech for look in looks], strict=True)]
        words = self._cores.each(lambda part: self._words(*part, said_before), [
            (listening, [windows[place] for place in share])
            for share, listening in zip(shares, listenings, strict=True)])
        return [Overheard(said, language) for said, language in zip(in_order(shares, words), languages, strict=True)]

    def translate(self, sounds: Sequence[np.ndarray], language: str) -> list[str]:
        """What is said in each sound, in English; `language` is the code of what is spoken."""
        shares, listenings, looks = self._listen(sounds)
        tokenizer = self._tokenizer(language, "translate")
        takes = self._cores.each(lambda part: self._takes(*part, []), [
            (listening, [tokenizer] * len(share), [looks[place].no_speech for place in share])
            for share, listening in zip(shares, listenings, strict=True)])
        return ["" if take.is_silence else take.text for take in in_order(shares, takes)]

    def _listen(self, sounds: Sequence[np.ndarray]) -> tuple[list[range], list[Listening], list[FirstLook]]:
        """The windows in shares, what was heard in each share, and a look at each window."""
        tokenizer = self._tokenizer("en", "transcribe")

        def listened(share: range) -> tuple[Listening, list[FirstLook]]:
            listening = listen(self._network, encode(self._network, [sounds[place] for place in share]))
            return listening, first_look(self._network, tokenizer, listening)

        shares = self._cores.shares(len(sounds))
        found = self._cores.each(listened, shares)
        return shares, [listening for listening, _ in found], in_order(shares, [looks for _, looks in found])

    def _takes(self, listening: Listening, tokenizers: Sequence[Tokenizer], no_speech: Sequence[float],
               said_before: Sequence[int]) -> list[Take]:
        prompts = [[*said_before, *tokenizer.sot_sequence_including_notimestamps] for tokenizer in tokenizers]
        return decode(self._network, tokenizers[0], self._allowed, listening, prompts, no_speech)

    def _words(self, listening: Listening, windows: Sequence[_Window], said_before: Sequence[int]
               ) -> list[list[Spoken]]:
        takes = self._takes(listening, [window.tokenizer for window in windows],
                            [window.no_speech for window in windows], said_before)
        words: list[list[Spoken]] = [[] for _ in windows]
        spoken = [place for place, (take, window) in enumerate(zip(takes, windows, strict=True))
                  if take.text and not is_noise(take, window.voice)]
        if not spoken:
            return words
        said = [Said(windows[place].tokenizer.sot_sequence_including_notimestamps, takes[place].guess.tokens,
                     windows[place].tokenizer.eot, max(1, int(windows[place].seconds * FRAMES_PER_SECOND)))
                for place in spoken]
        for place, starts in zip(spoken, token_starts(self._network, listening.only(spoken), said), strict=True):
            guess, window = takes[place].guess, windows[place]
            found = words_of(window.tokenizer, guess.tokens, guess.logprobs, starts, window.seconds)
            words[place] = without_noise(found, window.voice)
        return words

    def _tokenizer(self, language: str, task: str) -> Tokenizer:
        key = (language, task)
        if key not in self._tokenizers:
            self._tokenizers[key] = get_tokenizer(
                self._network.is_multilingual, num_languages=self._network.num_languages, language=language, task=task)
        return self._tokenizers[key]
