"""One person's consent to one story, from first to last, as it is handed to them or to whoever must show it.

It holds no word of the story, no name of anybody, and nothing of what the others who told it answered. Whether a story
is held back for somebody's safety is not in it either, neither said nor to be guessed.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from server.domain.consent import Clearance, Scope, Standing, Use
from server.domain.consent_wording import Text
from server.domain.retention import Cause


@dataclass(frozen=True)
class Controller:
    """Who answers for what is done with the story, as the project says it."""

    name: str
    complaints: str
    lawful_basis: str
    ethics_reference: str
    dpia_reference: str


@dataclass(frozen=True)
class Read:
    """The text that was read. Where the phone did not say which words those were, it is the main text of that version,
    and not `is_bound`."""

    wording_id: str
    version: int
    text: Text
    is_bound: bool


@dataclass(frozen=True)
class Answered:
    """One record. `until` is when a yes ends; one that is not in it has no end. `evidence` is its kind and SHA-256.

    `for_everybody`: it names nobody, and so speaks for all who told the story.
    """

    record_id: str
    given_at: datetime
    received_at: datetime
    how: str
    for_whom: str
    read: Read
    answers: Mapping[Use, bool]
    until: Mapping[Use, datetime]
    evidence: tuple[str, str] | None
    for_everybody: bool


@dataclass(frozen=True)
class Ended:
    """A withdrawal of the story, by its scope and why."""

    at: datetime
    scope: Scope
    cause: Cause


@dataclass(frozen=True)
class ConsentDocument:
    """`participant_id` is None where the phone named nobody. `others` is how many told the story with them, and have
    to agree too. `standings` are this person's; `allowed` is what follows from everybody's answers."""

    made_at: datetime
    controller: Controller
    project_id: str
    project_name: str
    story_id: str
    participant_id: str | None
    others: int
    records: tuple[Answered, ...]
    withdrawals: tuple[Ended, ...]
    standings: Mapping[Use, Standing]
    allowed: frozenset[Clearance]
