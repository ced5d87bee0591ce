"""How many people and stories a project hopes to hear."""

from collections.abc import Sequence

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from server.domain.access import Permission, Viewer, require
from server.domain.audit import Action
from server.domain.voice import Counts, Dimension, Target
from server.models.project import Project
from server.models.target import VoiceTarget
from server.services import audit, groups, partners


def list_targets(session: Session, project_id: str) -> list[Target]:
    """The targets of a project, in the order in which they were named within each question. The caller has asked who
    may know of them."""
    rows = session.scalars(select(VoiceTarget).where(VoiceTarget.project_id == project_id)
                           .order_by(VoiceTarget.dimension, VoiceTarget.value))
    return [Target(Dimension(row.dimension), row.value, Counts(row.counts), row.wanted) for row in rows]


def replace(session: Session, viewer: Viewer, project_id: str, wanted: Sequence[Target]) -> None:
    """Make these the targets of a project. What is no group or partner of it is left out. Raises NotFound."""
    require(viewer, Permission.SET_TARGETS, project_id)
    session.get_one(Project, project_id, with_for_update=True)  # of two who do this at once, the second is last
    known = {Dimension.GROUP: {group.id for group in groups.list_groups(session, project_id, retired=True)},
             Dimension.ORGANISATION: {one for one, _ in partners.list_names(session, project_id)}}
    session.execute(delete(VoiceTarget).where(VoiceTarget.project_id == project_id))
    session.add_all(
        VoiceTarget(project_id=project_id, dimension=one.dimension.value, value=one.value, counts=one.counts.value,
                    wanted=one.wanted)
        for one in wanted if one.value in known.get(one.dimension, {one.value}))
    session.flush()
    audit.note(session, viewer.person_id, Action.CHANGED, "targets", project_id, project_id)
