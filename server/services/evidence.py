"""What a provocation rests on, read anew each time it is shown."""

from sqlalchemy.orm import Session

from server.domain.access import Viewer
from server.domain.cleared import ClearedPart
from server.domain.consent import Audience
from server.domain.errors import NotFound
from server.models.provocation import Provocation
from server.services import clearing


def list_evidence(session: Session, viewer: Viewer, provocation_id: str) -> list[ClearedPart]:
    """The parts in order, as a board may have them now. Raises NotFound."""
    provocation = session.get(Provocation, provocation_id)
    if provocation is None:
        raise NotFound
    parts = {part.id: part for part in list_parts(session, viewer, provocation.project_id)}
    return [parts[item.part_id] for item in provocation.evidence if item.part_id in parts]


def list_parts(session: Session, viewer: Viewer, project_id: str) -> list[ClearedPart]:
    """Everything in the project that a board may have. Raises NotFound."""
    return clearing.list_parts(session, viewer, project_id, Audience.BOARD)
