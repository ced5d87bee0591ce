"""Projects as a phone needs them to collect stories without a signal."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from server.domain.access import Permission, Viewer, may
from server.models.project import Project, Prompt
from server.models.story import Story
from server.services import consent_wordings
from server.services.consent_wordings import Published

PLACES_OFFERED = 30


@dataclass(frozen=True)
class GuidePrompt:
    """One question of the guide."""

    id: str
    text: str


@dataclass(frozen=True)
class PhoneProject:
    """`places` are where this person collected stories before, latest first: what others heard is not theirs."""

    id: str
    name: str
    introduction: str
    is_demo: bool
    wording: Published
    prompts: tuple[GuidePrompt, ...]
    places: tuple[str, ...]


def list_for_collecting(session: Session, viewer: Viewer) -> list[PhoneProject]:
    """The projects in which the viewer collects stories and that have a consent wording, by name."""
    mine = [project_id for project_id in viewer.roles if may(viewer, Permission.COLLECT, project_id)]
    rows = session.scalars(select(Project).where(Project.id.in_(mine)).order_by(Project.name))
    return [_project(session, viewer, row, wording) for row in rows
            if (wording := consent_wordings.find_newest(session, row.id))]


def _project(session: Session, viewer: Viewer, row: Project, wording: Published) -> PhoneProject:
    prompts = session.scalars(select(Prompt).where(Prompt.project_id == row.id).order_by(Prompt.position))
    return PhoneProject(
        row.id, row.name, row.introduction, row.is_demo, wording,
        tuple(GuidePrompt(prompt.id, prompt.text) for prompt in prompts), tuple(_places(session, viewer, row.id)))


def _places(session: Session, viewer: Viewer, project_id: str) -> Sequence[str]:
    mine = Story.project_id == project_id, Story.researcher_id == viewer.person_id, Story.place != ""
    told_here = (select(Story.place).where(*mine)
                 .group_by(Story.place).order_by(func.max(Story.told_at).desc()).limit(PLACES_OFFERED))
    return session.scalars(told_here).all()
