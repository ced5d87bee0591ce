"""What in a story may need withholding, by rules. Nothing is withheld by them: a person looks at each and decides.

They would rather show one word too many than one too few. Numbers that are spoken as words are not found.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from server.domain.folded_words import folded, words_in
from server.domain.redaction import Category

# How much of a sentence is shown on each side of what is suggested, in characters.
AROUND = 45

Span = tuple[int, int]

_POSTCODE = re.compile(r"\b[A-Z]{1,2}\d[A-Z\d]? ?\d[ABD-HJLNP-UW-Z]{2}\b", re.IGNORECASE)
_TEN_DIGITS = re.compile(r"(?<!\d)\d{3}[ -]?\d{3}[ -]?\d{4}(?!\d)")
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_MONTHS = ("January|February|March|April|May|June|July|August|September|October|November|December|"
           "Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec")
_DAY, _YEAR = r"\d{1,2}(?:st|nd|rd|th)?", r"(?:,? (?:19|20)\d\d)?"
_DATES = (re.compile(r"(?<!\d)\d{1,2}[/.-]\d{1,2}[/.-](?:\d{4}|\d\d)(?!\d)"),
          re.compile(r"(?<!\d)\d{4}-\d\d-\d\d(?!\d)"),
          re.compile(rf"\b(?:the )?{_DAY}(?: of)? (?:{_MONTHS})\b{_YEAR}"),
          re.compile(rf"\b(?:{_MONTHS}) (?:the )?{_DAY}\b{_YEAR}"))
_STREET = ("Street|St|Road|Rd|Lane|Avenue|Ave|Close|Drive|Way|Court|Crescent|Gardens|Grove|Hill|Mews|Park|Place|Row|"
           "Square|Terrace|Walk")
_ADDRESS = re.compile(rf"\b\d{{1,4}}[a-zA-Z]? (?:[A-Z][\w'’]+ ){{1,3}}(?:{_STREET})\b")
_HONORIFIC = re.compile(r"\b(?:Mrs?|Ms|Miss|Mx|Dr|Doctor|Prof|Professor|Sister|Nurse|Sir|Lady|Lord|Rev|Reverend|Imam|"
                        r"Father|Auntie|Aunt|Uncle|Nan|Nana|Grandad)\.? ((?:[A-Z][\w'’-]+)(?: [A-Z][\w'’-]+){0,2})")
_WORD = re.compile(r"[^\W\d_][\w'’-]*")
_POSSESSIVE = re.compile(r"['’]s$")
_ENDS_SENTENCE = re.compile(r"(?:^|[.?!…:]['\"”’)]*|\n|[\"“‘(])\s*$")
_PLACES = words_in("at from in into near outside to towards")
_ORGANISATIONS = words_in(
    "centre church clinic college council gurdwara hospice hospital house infirmary mosque nursery pharmacy school "
    "surgery temple trust university ward")
# Written with a capital, and no name of anybody.
_NOBODYS = words_in(
    "i monday tuesday wednesday thursday friday saturday sunday january february march april may june july august "
    "september october november december christmas easter ramadan eid diwali english british welsh scottish irish "
    "urdu punjabi bengali polish arabic mum mummy mam dad daddy nan nana gran grandma grandad auntie uncle god ok "
    "okay nhs gp covid tv doctor dr mr mrs ms miss sister nurse")
# Names that are words too: at the start of a sentence they are taken for these.
_WORDS_TOO = words_in(
    "will may mark grace hope joy faith rose summer june april august art bill chase drew frank guy jack long many "
    "more mean neither never penny rich rob sandy sue sunny such than then young day best brown green white black "
    "little short small love bright wise good an in so do my he she we they you it no on be le ha the a")


@dataclass(frozen=True)
class Lists:
    """What packages ship: whether a word is somebody's first or last name, and where telephone numbers are."""

    is_name: Callable[[str], bool]
    numbers: Callable[[str], Iterable[Span]]


@dataclass(frozen=True)
class Suggestion:
    """Words that may need withholding, how often they are there, and each time with what is around them: before, the
    words themselves and after."""

    words: str
    category: Category
    around: list[tuple[str, str, str]] = field(default_factory=list)


def suggest(texts: Iterable[str], lists: Lists, but: Iterable[str] = ()) -> list[Suggestion]:
    """What is found in any of the texts, in the order of how often, but for some words: those that stand for others."""
    found: dict[str, Suggestion] = {}
    left_out = {folded(words) for words in but}
    for text in texts:
        for (start, end), category in find(text, lists):
            words = text[start:end]
            key = folded(words)
            if key not in left_out:
                own = found.setdefault(key, Suggestion(words, category))
                own.around.append((_before(text, start), words, _after(text, end)))
    return sorted(found.values(), key=lambda one: -len(one.around))


def find(text: str, lists: Lists) -> list[tuple[Span, Category]]:
    """Where something is, in order. What was found by a surer rule is not found again by another."""
    found: list[tuple[Span, Category]] = []
    for span, category in _by_rules(text, lists):
        if not any(span[0] < end and span[1] > start for (start, end), _ in found):
            found.append((span, category))
    return sorted(found)


def is_nhs_number(digits: str) -> bool:
    """Whether the tenth digit is the one that the other nine ask for."""
    numbers = [int(char) for char in digits if char.isdigit()]
    if len(numbers) != 10 or len(set(numbers)) == 1:
        return False
    check = 11 - sum(number * weight for number, weight in zip(numbers, range(10, 1, -1), strict=False)) % 11
    return check != 10 and numbers[9] == check % 11


def _by_rules(text: str, lists: Lists) -> Iterator[tuple[Span, Category]]:
    yield from ((one.span(), Category.ADDRESS) for one in _EMAIL.finditer(text))
    yield from ((one.span(), Category.NUMBER) for one in _TEN_DIGITS.finditer(text) if is_nhs_number(one.group()))
    yield from ((span, Category.NUMBER) for span in lists.numbers(text))
    yield from ((one.span(), Category.ADDRESS) for one in _ADDRESS.finditer(text))
    yield from ((one.span(), Category.ADDRESS) for one in _POSTCODE.finditer(text))
    yield from ((one.span(), Category.DATE) for rule in _DATES for one in rule.finditer(text))
    yield from ((_bare(text, one.span(1)), Category.NAME) for one in _HONORIFIC.finditer(text))
    yield from _names(text, lists)


def _names(text: str, lists: Lists) -> Iterator[tuple[Span, Category]]:
    """Words with a capital that do not begin a sentence, those that do and are names, and names in other scripts;
    beside each other they are one."""
    run: list[Span] = []
    for one in _WORD.finditer(text):
        span = one.span()
        if run and text[run[-1][1]:span[0]].strip(" "):
            yield from _as_one(text, run)
            run = []
        if _may_name(text, span, bool(run), lists):
            run.append(span)
        else:
            yield from _as_one(text, run)
            run = []
    yield from _as_one(text, run)


def _may_name(text: str, span: Span, follows: bool, lists: Lists) -> bool:
    word = text[slice(*_bare(text, span))]
    key = folded(word)
    if key in _NOBODYS or (word.isupper() and len(word) < 5) or re.match(r"I['’]", text[span[0]:span[1]]):
        return False
    if not word[0].isupper():
        return not word[0].islower() and len(word) > 1 and lists.is_name(word)
    if follows or not _ENDS_SENTENCE.search(text[max(0, span[0] - 6):span[0]]):
        return True
    return key not in _WORDS_TOO and lists.is_name(word)


def _as_one(text: str, run: list[Span]) -> Iterator[tuple[Span, Category]]:
    if not run:
        return
    span = _bare(text, (run[0][0], run[-1][1]))
    before = folded(text[:span[0]].rsplit(maxsplit=1)[-1]) if text[:span[0]].strip() else ""
    last = folded(text[span[0]:span[1]].rsplit(maxsplit=1)[-1])
    if last in _ORGANISATIONS:
        yield span, Category.ORGANISATION
    else:
        yield span, Category.PLACE if before in _PLACES else Category.NAME


def _bare(text: str, span: Span) -> Span:
    """Without a possessive at its end."""
    return span[0], span[0] + len(_POSSESSIVE.sub("", text[span[0]:span[1]]))


def _before(text: str, start: int) -> str:
    some = text[max(0, start - AROUND):start]
    return some if start <= AROUND else f"…{some.partition(' ')[2]}"


def _after(text: str, end: int) -> str:
    some = text[end:end + AROUND]
    return some if len(text) - end <= AROUND else f"{some.rpartition(' ')[0]}…"
