"""Consent: what was agreed to, and what that clears. The only place where this is decided.

Records only accumulate. A person may be asked again (the newest answer counts) and may withdraw
(nothing counts any more). The default is no, also where it is in doubt which answer is the newest.
A story that several people told is theirs together: a use holds when every one of them agrees to it. Somebody with a
record is one of them, also where the story does not name them.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Use(StrEnum):
    """One thing a participant says yes or no to."""

    RECORD = "record"
    TRANSCRIBE = "transcribe"
    COMMISSIONERS = "commissioners"
    BOARD = "board"
    PUBLICATION = "publication"
    PHOTOS = "photos"


class Audience(StrEnum):
    """Who a part of a story may reach."""

    COMMISSIONERS = "commissioners"
    BOARD = "board"
    PUBLICATION = "publication"


class Content(StrEnum):
    """What kind of part may reach them."""

    AUDIO = "audio"
    WORDS = "words"
    QUOTE = "quote"
    PHOTO = "photo"


class Given(StrEnum):
    """How the agreement was given."""

    SPOKEN = "spoken"
    SIGNED = "signed"
    TICKED = "ticked"
    PAPER = "paper"


class ForWhom(StrEnum):
    """Whose story it is, seen from the person who agrees."""

    SELF = "self"
    CHILD = "child"
    ADULT = "adult"


class EvidenceKind(StrEnum):
    """What shows that somebody agreed."""

    SIGNATURE = "signature"
    SPOKEN = "spoken"
    PAPER = "paper"


class People(StrEnum):
    """Who can be seen in a photo."""

    NOBODY = "nobody"
    AGREED = "agreed"


@dataclass(frozen=True)
class ConsentRecord:
    """One agreement, as taken.

    `sequence` is the order of arrival. `given_at` is when it was given by the phone's corrected clock, and no later
    than it arrived. `participant_id` is whose it is; None where the phone did not say.
    """

    sequence: int
    answers: Mapping[Use, bool]
    given_at: datetime
    participant_id: str | None = None


@dataclass(frozen=True)
class Withdrawal:
    """The end of every use, for ever."""

    at: datetime


@dataclass(frozen=True, order=True)
class Clearance:
    """This kind of content of the story may reach this audience."""

    audience: Audience
    content: Content


_USE_OF_AUDIENCE = {
    Audience.COMMISSIONERS: Use.COMMISSIONERS,
    Audience.BOARD: Use.BOARD,
    Audience.PUBLICATION: Use.PUBLICATION,
}


def agreed_uses(records: Iterable[ConsentRecord], withdrawal: Withdrawal | None = None,
                participants: Collection[str] = ()) -> frozenset[Use]:
    """The uses that hold now: none after a withdrawal, none while somebody who told the story has not been asked.

    `participants` are the ids of those who told it; none where the phone did not say, or the story has not come.
    """
    if withdrawal is not None:
        return frozenset()
    asked = _by_person(list(records), participants)
    return frozenset(use for use in Use if asked and all(use in _of_one(theirs) for theirs in asked))


def agreed_by(participant_id: str, records: Iterable[ConsentRecord],
              participants: Collection[str]) -> frozenset[Use]:
    """The uses that one of those who told a story agrees to, whatever the others say."""
    return _of_one(_theirs(participant_id, list(records), participants))


def _by_person(records: list[ConsentRecord], participants: Collection[str]) -> list[list[ConsentRecord]]:
    """The records of each person whose agreement is needed.

    A record in a story of several that does not say whose it is speaks for the whole story, beside everybody's own.
    """
    people = sorted({*participants, *(record.participant_id for record in records if record.participant_id)})
    asked = [_theirs(person, records, participants) for person in people]
    unnamed = [record for record in records if record.participant_id is None]
    return [*asked, unnamed] if unnamed and len(participants) != 1 else asked


def _theirs(participant_id: str, records: list[ConsentRecord],
            participants: Collection[str]) -> list[ConsentRecord]:
    """In a story of one person a record that names nobody is theirs."""
    own = (participant_id, None) if list(participants) == [participant_id] else (participant_id,)
    return [record for record in records if record.participant_id in own]


def _of_one(records: list[ConsentRecord]) -> frozenset[Use]:
    """What one person agrees to: nothing without a record.

    Phones send late and their clocks lie, so two signs say which record is the newest: when it was given and when it
    arrived. Where both name the same one, its answers hold. Where they differ, a use holds only when every record that
    may be the newest agrees to it.
    """
    newest = [record for record in records if not any(_follows(other, record) for other in records)]
    return frozenset(use for use in Use if newest and all(record.answers.get(use) is True for record in newest))


def _follows(other: ConsentRecord, record: ConsentRecord) -> bool:
    """Whether `other` was given no earlier and arrived later, so that it takes the place of `record`."""
    return other.given_at >= record.given_at and other.sequence > record.sequence


def is_narrower(before: Iterable[tuple[str | None, Mapping[str, object]]], participant_id: str | None,
                answers: Mapping[str, object]) -> bool:
    """Whether somebody's answers, by the names of uses, do not agree to something that the same person did before.

    `before` are the story's earlier answers and whose they are; those that name nobody may be anybody's.
    """
    theirs = [earlier for whose, earlier in before if whose == participant_id or None in (whose, participant_id)]
    return any(earlier.get(use.value) is True and answers.get(use.value) is not True
               for earlier in theirs for use in Use)


def decide(records: Iterable[ConsentRecord], withdrawal: Withdrawal | None = None,
           participants: Collection[str] = ()) -> frozenset[Clearance]:
    """What may reach whom. Publications carry words alone: no voice, no photo, no name."""
    uses = agreed_uses(records, withdrawal, participants)
    cleared = set()
    for audience, use in _USE_OF_AUDIENCE.items():
        if use not in uses:
            continue
        cleared.add(Clearance(audience, Content.QUOTE))
        if Use.RECORD in uses and Use.TRANSCRIBE in uses:
            cleared.add(Clearance(audience, Content.WORDS))
        if audience is Audience.PUBLICATION:
            continue
        if Use.RECORD in uses:
            cleared.add(Clearance(audience, Content.AUDIO))
        if Use.PHOTOS in uses:
            cleared.add(Clearance(audience, Content.PHOTO))
    return frozenset(cleared)


def are_all_asked(asked: Collection[str | None], participants: Collection[str]) -> bool:
    """Whether there is a record for everybody who told a story; `asked` are the people whose records there are.

    In a story of one person a record that names nobody is theirs.
    """
    if not participants:
        return bool(asked)
    return set(participants) <= set(asked) or (len(participants) == 1 and None in asked)


def may_keep_recording(uses: frozenset[Use]) -> bool:
    return Use.RECORD in uses


def may_transcribe(uses: frozenset[Use]) -> bool:
    return {Use.RECORD, Use.TRANSCRIBE} <= uses


def may_keep_photo(uses: frozenset[Use]) -> bool:
    return Use.PHOTOS in uses


def may_keep_quote(uses: frozenset[Use]) -> bool:
    """A quote is kept when anybody at all may read it."""
    return bool(uses & set(_USE_OF_AUDIENCE.values()))
