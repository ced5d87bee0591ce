"""A speech model that is ready to hear windows, a batch at a time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from whisper import Whisper
from whisper.tokenizer import Tokenizer, get_tokenizer

from server.domain.hearing import Hints
from server.transcription import vocabulary
from server.transcription.alignment import FRAMES_PER_SECOND, Said, token_starts
from server.transcription.decoder import Listening, listen
from server.transcription.decoding import decode
from server.transcription.device import Device
from server.transcription.doubt import Take
from server.transcription.encoding import encode
from server.transcription.languages import Language, first_look, settle
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


class Ear:
    """All calls are for one thread, in torch's inference mode. Sounds are mono at 16 kHz, of 30 seconds or less."""

    def __init__(self, model: Whisper, device: Device) -> None:
        self._network = Network(model, device)
        self._tokenizers: dict[tuple[str, str], Tokenizer] = {}
        self._allowed = NextTokens(self._network, self._tokenizer("en", "transcribe"))

    @property
    def batch(self) -> int:
        return self._network.device.batch

    def hear(self, sounds: Sequence[np.ndarray], voices: Sequence[Voice], hints: Hints,
             before: Mapping[str, float]) -> list[Overheard]:
        """`voices` are of the sounds; `before` is for how many seconds each language was spoken earlier."""
        listening = listen(self._network, encode(self._network, sounds))
        looks = first_look(self._network, self._tokenizer("en", "transcribe"), listening)
        seconds = [len(sound) / SAMPLE_RATE for sound in sounds]
        possible = hints.languages if self._network.is_multilingual else ("en",)
        languages = settle(looks, seconds, possible, before)
        tokenizers = [self._tokenizer(language.code, "transcribe") for language in languages]
        said_before = vocabulary.prompt(tokenizers[0], hints.vocabulary)
        takes = self._takes(listening, tokenizers, said_before, [look.no_speech for look in looks])
        spoken = [bool(take.text) and not is_noise(take, voice) for take, voice in zip(takes, voices, strict=True)]
        words = self._words(listening, tokenizers, takes, seconds, spoken)
        return [Overheard(without_noise(said, voice), language)
                for said, voice, language in zip(words, voices, languages, strict=True)]

    def translate(self, sounds: Sequence[np.ndarray], language: str) -> list[str]:
        """What is said in each sound, in English; `language` is the code of what is spoken."""
        listening = listen(self._network, encode(self._network, sounds))
        tokenizer = self._tokenizer(language, "translate")
        looks = first_look(self._network, tokenizer, listening)
        takes = self._takes(listening, [tokenizer] * len(sounds), [], [look.no_speech for look in looks])
        return ["" if take.is_silence else take.text for take in takes]

    def _takes(self, listening: Listening, tokenizers: Sequence[Tokenizer], said_before: Sequence[int],
               no_speech: Sequence[float]) -> list[Take]:
        prompts = [[*said_before, *tokenizer.sot_sequence_including_notimestamps] for tokenizer in tokenizers]
        return decode(self._network, tokenizers[0], self._allowed, listening, prompts, no_speech)

    def _words(self, listening: Listening, tokenizers: Sequence[Tokenizer], takes: Sequence[Take],
               seconds: Sequence[float], is_spoken: Sequence[bool]) -> list[list[Spoken]]:
        words: list[list[Spoken]] = [[] for _ in takes]
        spoken = [place for place, each in enumerate(is_spoken) if each]
        if not spoken:
            return words
        said = [Said(tokenizers[place].sot_sequence_including_notimestamps, takes[place].guess.tokens,
                     tokenizers[place].eot, max(1, int(seconds[place] * FRAMES_PER_SECOND))) for place in spoken]
        for place, starts in zip(spoken, token_starts(self._network, listening.only(spoken), said), strict=True):
            guess = takes[place].guess
            words[place] = words_of(tokenizers[place], guess.tokens, guess.logprobs, starts, seconds[place])
        return words

    def _tokenizer(self, language: str, task: str) -> Tokenizer:
        key = (language, task)
        if key not in self._tokenizers:
            self._tokenizers[key] = get_tokenizer(
                self._network.is_multilingual, num_languages=self._network.num_languages, language=language, task=task)
        return self._tokenizers[key]
