"""The names and words of a project, said to the model before it listens."""

from collections.abc import Sequence

from whisper.tokenizer import Tokenizer

MAX_TOKENS = 48  # more would take room and time from every window, and the model heeds the last ones most


def prompt(tokenizer: Tokenizer, vocabulary: Sequence[str]) -> list[int]:
    """Tokens to go before a window, as many of the words as there is room for; none where there are no words."""
    chosen: list[str] = []
    for word in vocabulary:
        if len(tokenizer.encode(_sentence([*chosen, word]))) <= MAX_TOKENS:
            chosen.append(word)
    return [tokenizer.sot_prev, *tokenizer.encode(_sentence(chosen))] if chosen else []


def _sentence(words: Sequence[str]) -> str:
    """Without a full stop: after one the model expects a sentence to begin, and passes over the rest of another."""
    return f" {', '.join(words)}"
