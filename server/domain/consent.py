"""Consent: what was agreed to, by whom and until when, and what that clears. The only place where this is decided.

Records only accumulate. A person may be asked again (the newest answer counts) and may withdraw
(nothing counts any more). The default is no, also where it is in doubt which answer is the newest.
A story that several people told is theirs together: a use holds when every one of them agrees to it, for as long as all
of them do. Somebody with a record is one of them, also where the story does not name them.

Nothing here asks what time it is: what is decided says until when it holds, and whoever acts on it compares.
The same cases are decided on the phone, in `pwa/collect/domain/consent-decision.ts`: `tests/contract/consent.json`.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum

# An end that never comes. Not `datetime.max`, which has no room for another time zone.
FOREVER = datetime(9999, 1, 1, tzinfo=UTC)
# An end that has always been: no.
NEVER = datetime(1, 1, 2, tzinfo=UTC)


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
    RECEIPT = "receipt"  # by the participant alone, with the code on their receipt


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


class Scope(StrEnum):
    """How much of a story is withdrawn, from the least to the most."""

    NO_NEW_USE = "no_new_use"  # it is kept, and nobody is shown, played or given any of it
    WORDS_ONLY = "words_only"  # voice and faces are erased; words stay, without a name or a place
    ANONYMOUS = "anonymous"  # whatever says whose it is goes too: chosen passages stay, tied to nobody
    ERASE = "erase"  # all of it goes


class Standing(StrEnum):
    """How one person's agreement to one use stands."""

    GRANTED = "granted"
    REFUSED = "refused"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"  # they agreed once
    NOT_ASKED = "not_asked"


@dataclass(frozen=True)
class ConsentRecord:
    """One agreement, as taken.

    `sequence` is the order of arrival. `given_at` is when it was given by the phone's corrected clock, and no later
    than it arrived. `participant_id` is whose it is; None where the phone did not say. `until` is when a yes ends; one
    that is not in it has no end.
    """

    sequence: int
    answers: Mapping[Use, bool]
    given_at: datetime
    participant_id: str | None = None
    until: Mapping[Use, datetime] = field(default_factory=dict)

    def holds_until(self, use: Use) -> datetime:
        """When the yes to a use ends; NEVER where it is a no."""
        return self.until.get(use, FOREVER) if self.answers.get(use) is True else NEVER


@dataclass(frozen=True)
class Withdrawal:
    """The end of every use, for ever, or with a lesser scope of some."""

    at: datetime
    scope: Scope = Scope.ERASE


@dataclass(frozen=True, order=True)
class Clearance:
    """This kind of content of the story may reach this audience, until that moment."""

    audience: Audience
    content: Content
    until: datetime = field(default=FOREVER, compare=False)


@dataclass(frozen=True)
class History:
    """Everything that bears on what may be done with one story.

    `participants` are the ids of those who told it; none where the phone did not say, or the story has not come.
    Under an embargo a story is kept and worked on, and nothing of it leaves.
    """

    records: tuple[ConsentRecord, ...] = ()
    participants: tuple[str, ...] = ()
    withdrawals: tuple[Withdrawal, ...] = ()
    is_under_embargo: bool = False

    @property
    def scopes(self) -> frozenset[Scope]:
        return frozenset(withdrawal.scope for withdrawal in self.withdrawals)


# To be shared with an audience is a use of the same name.
_USE_OF_AUDIENCE = {audience: Use(audience.value) for audience in Audience}
_VOICE_AND_FACE = frozenset({Use.RECORD, Use.PHOTOS})
# The uses that nobody's yes brings back once a story was withdrawn in this scope.
_ENDED_BY: Mapping[Scope, frozenset[Use]] = {
    Scope.NO_NEW_USE: frozenset(Use), Scope.WORDS_ONLY: _VOICE_AND_FACE,
    Scope.ANONYMOUS: _VOICE_AND_FACE | {Use.TRANSCRIBE}, Scope.ERASE: frozenset(Use)}


def agreed_until(history: History) -> dict[Use, datetime]:
    """The uses that everybody agrees to, and until when all of them do. None after the whole story was withdrawn, and
    none while somebody who told it has not been asked. What a lesser withdrawal ends is not in it."""
    ended = _ended(history)
    return {use: end for use, end in _by_all(history).items() if use not in ended}


def agreed_uses(history: History, now: datetime) -> frozenset[Use]:
    """The uses that hold at this moment."""
    return frozenset(use for use, end in agreed_until(history).items() if now < end)


def ends_by(participant_id: str | None, history: History) -> dict[Use, datetime]:
    """The uses that one person agrees to, whatever the others say, and until when; for None by records of nobody."""
    return _of_one(_theirs(participant_id, history))


def standings(history: History, now: datetime) -> dict[str | None, dict[Use, Standing]]:
    """How each person's agreement to each use stands: who stands in the way of what."""
    return {person: _stands(_theirs(person, history), _ended(history), now) for person in _people(history)}


def still_to_agree(history: History, now: datetime) -> dict[Use, tuple[str | None, ...]]:
    """For each use that does not hold, whose yes is missing; not for one that a withdrawal ended, for good."""
    found = standings(history, now)
    missing = {use: tuple(person for person, stands in found.items() if stands[use] is not Standing.GRANTED)
               for use in Use if use not in _ended(history)}
    return {use: people for use, people in missing.items() if people}


def _ended(history: History) -> frozenset[Use]:
    return frozenset(use for scope in history.scopes for use in _ENDED_BY[scope])


def _stands(records: list[ConsentRecord], ended: frozenset[Use], now: datetime) -> dict[Use, Standing]:
    ends, found = _of_one(records), {}
    for use in Use:
        agreed_once = any(record.answers.get(use) is True for record in records)
        if not records:
            found[use] = Standing.NOT_ASKED
        elif agreed_once and (use in ended or ends.get(use, NEVER) == NEVER):
            found[use] = Standing.WITHDRAWN
        elif not agreed_once:
            found[use] = Standing.REFUSED
        else:
            found[use] = Standing.GRANTED if now < ends[use] else Standing.EXPIRED
    return found


def _by_all(history: History) -> dict[Use, datetime]:
    """What everybody whose agreement is needed agrees to, until the first of their ends."""
    ends = [_of_one(_theirs(person, history)) for person in _people(history)]
    return {use: min(one[use] for one in ends) for use in Use if ends and all(use in one for one in ends)}


def _people(history: History) -> list[str | None]:
    """Whose agreement is needed: those who told it in their order, then whoever else was asked. None is for records in
    a story of several that do not say whose they are: they speak for the whole story, beside everybody's own."""
    asked = {record.participant_id for record in history.records}
    speaks_for_all = None in asked and len(history.participants) != 1
    others = sorted(person for person in asked - set(history.participants) if person is not None)
    return [*history.participants, *others, *([None] if speaks_for_all else [])]


def _theirs(participant_id: str | None, history: History) -> list[ConsentRecord]:
    """In a story of one person a record that names nobody is theirs."""
    own = (participant_id, None) if history.participants == (participant_id,) else (participant_id,)
    return [record for record in history.records if record.participant_id in own]


def _of_one(records: list[ConsentRecord]) -> dict[Use, datetime]:
    """What one person agrees to, and until when: nothing without a record.

    Phones send late and their clocks lie, so two signs say which record is the newest: when it was given and when it
    arrived. Where both name the same one, its answers hold. Where they differ, a use holds only when every record that
    may be the newest agrees to it, and for as long as all of those do.
    """
    newest = [record for record in records if not any(_follows(other, record) for other in records)]
    ends = {use: min((record.holds_until(use) for record in newest), default=NEVER) for use in Use}
    return {use: end for use, end in ends.items() if end > NEVER}


def _follows(other: ConsentRecord, record: ConsentRecord) -> bool:
    """Whether `other` was given no earlier and arrived later, so that it takes the place of `record`."""
    return other.given_at >= record.given_at and other.sequence > record.sequence


def decide(history: History) -> frozenset[Clearance]:
    """What may reach whom, and until when. Publications carry words alone: no voice, no photo, no name."""
    ended = _ended(history)
    if history.is_under_embargo or ended == set(Use):
        return frozenset()
    agreed, without_voice = _by_all(history), not ended.isdisjoint(_VOICE_AND_FACE)
    cleared = set()
    for audience, use in _USE_OF_AUDIENCE.items():
        for content, needed in _NEEDED.items():
            is_voice_or_face = content in (Content.AUDIO, Content.PHOTO)
            if is_voice_or_face and (without_voice or audience is Audience.PUBLICATION):
                continue
            ends = [agreed.get(asked, NEVER) for asked in (use, *needed)]
            if min(ends) > NEVER:
                cleared.add(Clearance(audience, content, min(ends)))
    return frozenset(cleared)


# What must be agreed to beside being shared with an audience, for it to have this.
_NEEDED: Mapping[Content, tuple[Use, ...]] = {
    Content.QUOTE: (), Content.WORDS: (Use.RECORD, Use.TRANSCRIBE), Content.AUDIO: (Use.RECORD,),
    Content.PHOTO: (Use.PHOTOS,)}


def are_all_asked(asked: Collection[str | None], participants: Collection[str]) -> bool:
    """Whether there is a record for everybody who told a story; `asked` are the people whose records there are."""
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
