"""What a receipt's pages say: one shape, filled in each language and in both readings.

In braces is what the page puts in: {day}, {project}, {name}, {language}, {minutes}. No sentence holds HTML.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from server.domain.consent import Given, Scope, Use
from server.services.uses_made import Used


@dataclass(frozen=True)
class OfScope:
    """One way to take a story back. `means` are sentences, each its own line; `done` is what has happened then."""

    name: str
    means: tuple[str, ...]
    sure: str
    done: str
    was_done: str


@dataclass(frozen=True)
class Words:
    """`months` are in order, `day` has {day}, {month} and {year} in it."""

    # The frame
    skip: str
    footer: str
    back: str
    receipt: str
    problem: str
    months: tuple[str, ...]
    day: str
    yes: str
    no: str
    full: str
    easy: str
    other_languages: str

    # Before the name
    locked: str
    name_label: str
    name_hint: str
    name_missing: str
    name_wrong: str
    open_it: str
    forgotten: tuple[str, ...]
    unknown_title: str
    unknown: tuple[str, ...]
    type_again: str
    wait_title: str
    wait: tuple[str, ...]
    ended_title: str
    ended: str
    ended_on_time: str
    taken_back_title: str
    taken_back: str
    ended_together: str
    ended_kept: str
    ended_stays: str
    ended_thanks: str

    # The page
    thanks: str
    arrived: str
    called: str
    together: str
    nothing_agreed: str
    agreed_title: str
    said: Mapping[Given, str]
    uses: Mapping[Use, str]
    until: str
    expired: str
    not_asked: str
    not_all: str
    over: str
    used_title: str
    used_nothing: str
    used: Mapping[Used, str]
    question: str
    used_hint: str
    change_title: str
    change: str
    change_button: str
    withdraw_title: str
    withdraw: str
    erase_button: str
    less_button: str
    complain_title: str
    complain: str
    complain_project: str
    regulator: str
    keep_title: str
    keep: str
    consent_file: str
    share: str
    close: str
    closed: str

    # Changing a mind
    answers_title: str
    answers: tuple[str, ...]
    say_no: str
    say_yes: str
    talk: str
    saved: str
    saved_no: str
    saved_yes: str

    # Taking it back
    less_title: str
    less: str
    scopes: Mapping[Scope, OfScope]
    for_good: str
    for_all: str
    care: str
    sure_no: str
    done_title: str
    next_title: str
    next_working: str
    next_done: str
    next_backups: str
    next_files: str
    keep_this: str
    to_receipt: str

    def on(self, day: date) -> str:
        """A day as people say it."""
        return self.day.format(day=day.day, month=self.months[day.month - 1], year=day.year)
