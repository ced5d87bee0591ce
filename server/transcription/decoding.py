"""What was said in some windows: decoded together, and those that look wrong decoded again in other ways."""

from collections.abc import Sequence

from whisper.tokenizer import Tokenizer

from server.transcription.batch_decoding import MAX_TOKENS, Way, decode_batch
from server.transcription.decoder import Listening
from server.transcription.doubt import Take
from server.transcription.network import Network
from server.transcription.next_tokens import NextTokens

SURE = -0.12  # of the average log-probability; beams hardly ever find better words than that
FIRST = Way(guesses=1, least=SURE)
SECOND = Way(guesses=5)
FALLBACKS = (Way(guesses=5, temperature=0.4), Way(guesses=5, temperature=0.8))


def decode(network: Network, tokenizer: Tokenizer, allowed: NextTokens, listening: Listening,
           prompts: Sequence[Sequence[int]], no_speech: Sequence[float]) -> list[Take]:
    """The best take of each window, doubtful or not.

    Clear speech needs the likeliest tokens alone. Where those leave a doubt, however small, the window is decoded with
    beams. What looks wrong even so is tried again by chance; if nothing passes, the most probable take that does not
    repeat itself is taken.
    """
    def takes(places: Sequence[int], way: Way) -> list[Take]:
        some = listening if len(places) == len(prompts) else listening.only(places)
        guesses = decode_batch(network, allowed, some, [prompts[place] for place in places], way,
                               max_tokens=MAX_TOKENS)
        return [Take(guess, tokenizer.decode(list(guess.tokens)).strip(), no_speech[place])
                for guess, place in zip(guesses, places, strict=True)]

    best = takes(range(len(prompts)), FIRST)
    if unsure := [place for place, take in enumerate(best) if take.is_unsure(SURE)]:
        for place, again in zip(unsure, takes(unsure, SECOND), strict=True):
            best[place] = again
    for way in FALLBACKS:
        if doubtful := [place for place, take in enumerate(best) if take.is_doubtful]:
            for place, again in zip(doubtful, takes(doubtful, way), strict=True):
                best[place] = max(best[place], again, key=lambda take: take.worth)
    return best
