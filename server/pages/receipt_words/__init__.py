"""What the pages of a receipt say, by language and reading. A new language is a file like the others, named here."""

from collections.abc import Mapping
from typing import Final

from server.domain.consent_wording import Reading
from server.domain.languages import MAIN
from server.pages.receipt_words import cy, en, ur
from server.pages.receipt_words.shape import Words

NOT_IN_LANGUAGE = en.NOT_IN_LANGUAGE
WORDS: Final[Mapping[str, Mapping[Reading, Words]]] = {
    code: {Reading.FULL: module.FULL, Reading.EASY: module.EASY}
    for code, module in ((MAIN, en), ("cy", cy), ("ur", ur))}
