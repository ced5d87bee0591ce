"""How a receipt's pages are said: in the language and the reading of the consent, or in those that somebody chose.

Before anybody has shown that the receipt is theirs nothing of the consent may show, not even its language: then it is
the language that the browser asks for.
"""

from dataclasses import dataclass
from typing import Any

from flask import Response, make_response, render_template, request

from server.domain.consent_wording import Reading
from server.domain.languages import LANGUAGES, MAIN, Language
from server.pages.receipt_words import NOT_IN_LANGUAGE, WORDS
from server.pages.receipt_words.shape import Words
from server.services.own_stories import OwnStory


@dataclass(frozen=True)
class Frame:
    """`chosen` is what somebody chose, as part of an address; `missing` says that their own language is not here."""

    words: Words
    language: Language
    reading: Reading
    chosen: dict[str, Any]
    missing: str

    @property
    def languages(self) -> list[Language]:
        """The others that the page can be read in."""
        return [LANGUAGES[code] for code in WORDS if code != self.language.code]

    @property
    def other_reading(self) -> Reading:
        return Reading.FULL if self.reading is Reading.EASY else Reading.EASY

    def to(self, **changed: str) -> dict[str, Any]:
        """What an address carries on."""
        return {**self.chosen, **changed}


def frame_for(own: OwnStory | None = None) -> Frame:
    """The frame of this request."""
    asked, asked_reading = request.args.get("language", ""), request.args.get("reading", "")
    theirs = own.language if own else request.accept_languages.best_match(list(WORDS), MAIN)
    code = asked if asked in WORDS else theirs if theirs in WORDS else MAIN
    reading = asked_reading or (own.reading if own else "")
    known = Reading(reading) if reading in {*Reading} else Reading.FULL
    chosen: dict[str, Any] = {"language": asked} if asked in WORDS else {}
    chosen |= {"reading": asked_reading} if asked_reading in {*Reading} else {}
    missing = ""
    if theirs and theirs not in WORDS and asked not in WORDS:
        missing = NOT_IN_LANGUAGE.format(language=LANGUAGES[theirs].name if theirs in LANGUAGES else theirs)
    return Frame(WORDS[code][known], LANGUAGES[code], known, chosen, missing)


def render(template: str, frame: Frame, status: int = 200, **values: Any) -> Response:
    """A page in this frame. No search engine keeps it."""
    answer = make_response(render_template(template, frame=frame, says=frame.words, page_words=frame.words,
                                           page_language=frame.language, **values), status)
    answer.headers["X-Robots-Tag"] = "noindex"
    return answer
