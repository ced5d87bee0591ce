"""Whom the made-up project hopes to hear: its groups, and how many of whom."""

from typing import Any

from sqlalchemy.orm import Session

from server.domain.access import Viewer
from server.domain.voice import Counts, Dimension, Target
from server.services import groups, targets


def add(session: Session, administrator: Viewer, project_id: str, made: dict[str, Any]) -> dict[str, str]:
    """Add what `made` says: names of groups, and targets by name. The ids of the groups, by their names."""
    found = {name: groups.add(session, administrator, project_id, name) for name in made["groups"]}
    targets.replace(session, administrator, project_id, [
        Target(Dimension(one["by"]), found.get(one["of"], one["of"]), Counts(one["counts"]), one["wanted"])
        for one in made["targets"]])
    return found
