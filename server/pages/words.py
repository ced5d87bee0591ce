"""How pages say things: dates, lengths, numbers, roles and uses, as people say them."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from server.domain.access import ROLE_NAMES, Role
from server.domain.consent import EvidenceKind, ForWhom, Given, People, Standing, Use
from server.domain.consent_wording import Reading
from server.domain.custody import Override
from server.domain.languages import language_of, tag_of

ROLE_MEANINGS: Mapping[str, str] = {
    Role.ADMINISTRATOR: "Look after the project and its people, without seeing the stories.",
    Role.RESEARCHER: "Collect stories on a phone, and record it when somebody withdraws.",
    Role.COMMISSIONER: "Read and hear stories, put themes on them, and make provocations.",
    Role.ANALYST: "Export quotes that may be published.",
    Role.BOARD_MEMBER: "Browse themes and open provocations.",
    Role.CUSTODIAN: "Lead a partner: invite its people, and say who may have what it collected.",
}

OVERRIDES: Mapping[str, str] = {
    Override.TERMS: "Changed who has what this partner collected",
    Override.STORY: "Chose who has a story that this partner collected",
    Override.LEAD: "Invited somebody to lead this partner",
    Override.LEFT: "Ended the part of this partner in the project",
}

USE_NAMES: Mapping[str, str] = {
    Use.RECORD: "Record your voice",
    Use.TRANSCRIBE: "Write down what was recorded",
    Use.COMMISSIONERS: "Share it with the people who plan the service",
    Use.BOARD: "Show it to a board",
    Use.PUBLICATION: "Quote it in print, with no name",
    Use.PHOTOS: "Show your photos",
}


READING_NAMES: Mapping[str, str] = {
    Reading.FULL: "Full text",
    Reading.EASY: "Easy to read",
}

STANDING_NAMES: Mapping[str, str] = {
    Standing.GRANTED: "Yes",
    Standing.REFUSED: "No",
    Standing.EXPIRED: "Ended",
    Standing.WITHDRAWN: "Taken back",
    Standing.NOT_ASKED: "Not asked",
}

STANDING_COLOURS: Mapping[str, str] = {
    Standing.GRANTED: "green",
    Standing.REFUSED: "grey",
    Standing.EXPIRED: "yellow",
    Standing.WITHDRAWN: "orange",
    Standing.NOT_ASKED: "white",
}

GIVEN_NAMES: Mapping[str, str] = {
    Given.SPOKEN: "Said aloud",
    Given.SIGNED: "Signed on the screen",
    Given.TICKED: "Ticked on the screen",
    Given.PAPER: "On paper",
    Given.RECEIPT: "By themselves, with their receipt",
}

FOR_WHOM_NAMES: Mapping[str, str] = {
    ForWhom.SELF: "Themselves",
    ForWhom.CHILD: "A child",
    ForWhom.ADULT: "Another adult",
}

EVIDENCE_NAMES: Mapping[str, str] = {
    EvidenceKind.SIGNATURE: "Signature",
    EvidenceKind.SPOKEN: "Spoken statement",
    EvidenceKind.PAPER: "Photo of paper",
}

PEOPLE_NAMES: Mapping[str, str] = {
    People.NOBODY: "Nobody can be seen",
    People.AGREED: "People in it agreed",
}


def day(value: date | datetime) -> str:
    """4 May 2026."""
    return f"{value.day} {value:%B %Y}"


def length(milliseconds: int | None) -> str:
    """2 minutes 5 seconds."""
    if milliseconds is None:
        return "length not known yet"
    minutes, seconds = divmod(round(milliseconds / 1000), 60)
    if minutes == 0 and seconds == 0:
        return "less than a second"
    if minutes == 0:
        return count(seconds, "second")
    return count(minutes, "minute") + (f" {count(seconds, 'second')}" if seconds else "")


def ago(moment: datetime, now: datetime) -> str:
    """How long ago, in the largest whole unit: just now, 5 minutes ago, 3 days ago."""
    seconds = int((now - moment).total_seconds())
    for unit, length_of_unit in (("day", 86400), ("hour", 3600), ("minute", 60)):
        if seconds >= length_of_unit:
            return f"{count(seconds // length_of_unit, unit)} ago"
    return "just now"


def quarter(begins: datetime) -> str:
    """The three months that begin then: January to March 2026."""
    return f"{begins:%B} to {begins.replace(month=begins.month + 2):%B %Y}"


def size(number: int) -> str:
    """Bytes as people say them: 640 kB, 3.2 MB, 41 GB."""
    value, unit = number / 1000, "kB"
    for larger in ("MB", "GB", "TB"):
        if value < 1000:
            break
        value, unit = value / 1000, larger
    return f"{value:.0f} {unit}" if value >= 10 or unit == "kB" else f"{value:.1f} {unit}"


def count(number: int, one: str, many: str | None = None) -> str:
    """1 photo, 2 photos, no photos."""
    if number == 1:
        return f"1 {one}"
    return f"{number or 'no'} {many or one + 's'}"


def count_many(number: int | None) -> str:
    """A number as it is shown, where nobody counts further than 1,000."""
    return "more than 1,000" if number is None else f"{number:,}"


def count_of_many(number: int | None, one: str, many: str) -> str:
    """1 story, 12 stories, no stories, more than 1,000 stories."""
    return count(number, one, many) if number is not None else f"{count_many(number)} {many}"


def role_name(role: str) -> str:
    return ROLE_NAMES[Role(role)]


def role_as_noun(role: str) -> str:
    """A researcher, an analyst."""
    name = role_name(role).lower()
    return f"{'an' if name[0] in 'aeiou' else 'a'} {name}"


def role_meaning(role: str) -> str:
    return ROLE_MEANINGS[role]


def use_name(use: str) -> str:
    return USE_NAMES[use]


def reading_name(reading: str) -> str:
    return READING_NAMES[reading]


def term_in_words(months: int | None) -> str:
    """For how long a yes lasts: 2 years, 18 months, for good."""
    if months is None:
        return "for good"
    return count(months, "month") if months % 12 else count(months // 12, "year")


def standing_in_words(stands: Any) -> str:
    """Yes, until 4 May 2028; Ended on 4 May 2026; Taken back. It has a `standing`, and an `until` that may be None."""
    if stands.until is None:
        return STANDING_NAMES[stands.standing]
    return f"{'Ended on' if stands.standing is Standing.EXPIRED else 'Yes, until'} {day(stands.until)}"


def piece_name(name: str) -> str:
    """What a piece of a wording is called: the title, the introduction, the question about a use, what is said
    under it."""
    part, _, use = name.partition("_")
    names = {"title": "Title", "introduction": "Introduction", "question": "Question",
             "explanation": "What is said under the question"}
    return f"{names[part]}: {use_name(use)}" if use else names[part]


FILTERS: Mapping[str, Callable[..., Any]] = {
    "day": day, "length_in_words": length, "count_of": count, "ago": ago, "size_in_words": size,
    "count_many": count_many, "count_of_many": count_of_many,
    "role_name": role_name, "role_as_noun": role_as_noun, "role_meaning": role_meaning, "use_name": use_name,
    "given_name": GIVEN_NAMES.__getitem__, "for_whom_name": FOR_WHOM_NAMES.__getitem__,
    "override_in_words": OVERRIDES.__getitem__,
    "evidence_name": EVIDENCE_NAMES.__getitem__, "people_name": PEOPLE_NAMES.__getitem__,
    "language": language_of, "language_tag": tag_of, "reading_name": reading_name, "piece_name": piece_name,
    "term_in_words": term_in_words, "quarter": quarter, "standing_in_words": standing_in_words,
    "standing_colour": STANDING_COLOURS.__getitem__,
}
