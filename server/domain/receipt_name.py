"""The name in a story as somebody types it: capitals, accents, spaces and dots make no difference."""

import hashlib
import hmac
import unicodedata

# Letters that keyboards of several languages have for the same one, and those that no accent can be taken from.
_SAME = str.maketrans({"ي": "ی", "ى": "ی", "ك": "ک", "ہ": "ه", "ۃ": "ه", "ة": "ه", "ھ": "ه",
                       "ı": "i", "ł": "l", "ø": "o", "đ": "d"})


def folded(name: str) -> str:
    """What two spellings of one name have in common; nothing of a name that has none."""
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", name).casefold()).translate(_SAME)
    without_accents = [letter for letter in plain if not unicodedata.combining(letter)]
    kept = "".join(letter for letter in without_accents if letter.isalnum() or unicodedata.category(letter)[0] == "M")
    # A name may be nothing but signs.
    return kept or "".join(plain.split())


def kept(name: str, code_hash: str) -> str:
    """What is kept of a name that must not be known any more, so that its owner can still show that they know it."""
    made = hashlib.scrypt(folded(name).encode(), salt=code_hash.encode(), n=2**14, r=8, p=1, dklen=32)
    return made.hex()


def is_the_kept_name(typed: str, code_hash: str, there: str) -> bool:
    return bool(folded(typed)) and hmac.compare_digest(kept(typed, code_hash), there)


def is_the_name(typed: str, name: str) -> bool:
    """Whether somebody typed this name."""
    return bool(folded(typed)) and hmac.compare_digest(folded(typed).encode(), folded(name).encode())
