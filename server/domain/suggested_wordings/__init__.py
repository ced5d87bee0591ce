"""The consent wording that we suggest, in the languages we have it in. Each project publishes its own.

A new project starts with the English. The others are for somebody who speaks the language to check first.
"""

from collections.abc import Mapping

from server.domain.consent_wording import Reading, Wording
from server.domain.suggested_wordings import cy, en, ur

SUGGESTED_TEXTS: Mapping[tuple[str, Reading], Wording] = {
    ("en", Reading.FULL): en.FULL,
    ("en", Reading.EASY): en.EASY,
    ("cy", Reading.FULL): cy.FULL,
    ("cy", Reading.EASY): cy.EASY,
    ("ur", Reading.FULL): ur.FULL,
    ("ur", Reading.EASY): ur.EASY,
}
SUGGESTED = en.FULL


def needs_a_speaker(language: str, reading: Reading, wording: Wording) -> bool:
    """Whether these are still our own words in a language that nobody has checked them in."""
    return language != "en" and SUGGESTED_TEXTS.get((language, reading)) == wording
