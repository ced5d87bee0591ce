"""The part of the demo that shows consent at work: words withheld, a story held back, one withdrawn, and what the
project says of itself. Each is done by a made-up person, as a real one does it."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from sqlalchemy.orm import Session

from server.domain.access import Role, Viewer
from server.domain.consent import Scope
from server.domain.processing import read_processing
from server.domain.redaction import Category
from server.services import embargoes, processing, redactions, retention, withdrawal_scopes


def govern(session: Session, administrator: Viewer, project_id: str, made: dict[str, Any]) -> None:
    """Say how long the project keeps stories and who answers for it."""
    kept = retention.get(session, administrator, project_id)
    retention.change(session, administrator, project_id, made["kept_months"], kept.version, datetime.now(UTC))
    written = processing.get(session, administrator, project_id)
    processing.change(session, administrator, project_id, read_processing(made["processing"]), written.version)


def follow(session: Session, people: Mapping[Role, Viewer], project_id: str, story_id: str,
           made: dict[str, Any]) -> None:
    """Do with a story that is here what became of it: withhold words, hold it back, withdraw it."""
    for withheld in made.get("withheld", ()):
        redactions.make(session, people[Role.COMMISSIONER], story_id, redactions.Asked(
            withheld["words"], withheld.get("replacement", ""), Category(withheld["category"])))
    if "held_back" in made:
        named = people[Role(made["held_back"]["named"])]
        embargoes.put(session, people[Role.RESEARCHER], project_id, story_id, made["held_back"]["reason"],
                      named.person_id)
    if "withdrawn" in made:
        withdrawal_scopes.withdraw(session, people[Role.RESEARCHER], story_id, Scope(made["withdrawn"]),
                                   datetime.now(UTC))
