"""First and last names in several languages and occupations from the lists that Faker ships, and telephone numbers by
phonenumbers.

Faker's lists are read as plain data: nothing is made up here.
"""

import re
from collections.abc import Iterator
from functools import cache
from importlib import import_module

from server.domain.folded_words import folded
from server.domain.suggested_redactions import Lists, Span

# Where those live, or come from, who are likely to share a story in the United Kingdom.
_FROM = ("en_GB", "en_IE", "en_IN", "en_PK", "en_NG", "yo_NG", "ig_NG", "ha_NG", "ar_AA", "bn_BD", "gu_IN", "hi_IN",
         "ta_IN", "fa_IR", "tr_TR", "pl_PL", "ro_RO", "pt_PT", "es_ES", "fr_FR", "it_IT", "zh_CN", "zh_TW")
_REGION = "GB"
# What stands first in the name of a job and is none.
_WORDS_OF_JOBS = frozenset(("clothing", "commercial", "copy", "film", "forest", "garment", "industrial", "land", "make",
                            "museum", "product", "sub", "television"))


def shipped() -> Lists:
    return Lists(_is_name, _numbers)


def _is_name(word: str) -> bool:
    return folded(word) in _names()


@cache
def _names() -> frozenset[str]:
    found: set[str] = set()
    for place in _FROM:
        provider = import_module(f"faker.providers.person.{place}").Provider
        for kind in ("first_names", "first_names_male", "first_names_female", "last_names"):
            found.update(folded(name) for name in getattr(provider, kind, ()))
    return frozenset(found - {""})


def _numbers(text: str) -> Iterator[Span]:
    from phonenumbers import Leniency, PhoneNumberMatcher

    for match in PhoneNumberMatcher(text, _REGION, leniency=Leniency.VALID):
        yield match.start, match.end


def is_occupation(word: str) -> bool:
    """Whether a folded word is what people do for a living, in English: by the first word of each job on the list."""
    return word in _occupations()


@cache
def _occupations() -> frozenset[str]:
    provider = import_module("faker.providers.job").Provider
    first = (re.split(r"[,/]", job)[0] for job in provider.jobs)
    return frozenset(folded(job) for job in first if " " not in job) - _WORDS_OF_JOBS
