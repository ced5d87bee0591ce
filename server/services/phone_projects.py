"""Projects as a phone needs them to collect stories without a signal."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from server.domain.access import Permission, Viewer, may
from server.models.project import ConsentWording, Project, Prompt
from server.models.story import Story

PLACES_OFFERED = 30


@dataclass(frozen=True)
class Use:
    use: str
    question: str
    explanation: str


@dataclass(frozen=True)
class Wording:
    id: str
    version: int
    title: str
    introduction: str
    uses: tuple[Use, ...]


@dataclass(frozen=True)
class Question:
    id: str
    text: str


@dataclass(frozen=True)
class PhoneProject:
    """`places` are where this person collected stories before, latest first: what others heard is not theirs."""

    id: str
    name: str
    introduction: str
    is_demo: bool
    wording: Wording
    prompts: tuple[Question, ...]
    places: tuple[str, ...]


def list_for_collecting(session: Session, viewer: Viewer) -> list[PhoneProject]:
    """The projects in which the viewer collects stories and that have a consent wording, by name."""
    mine = [project_id for project_id in viewer.roles if may(viewer, Permission.COLLECT, project_id)]
    rows = session.scalars(select(Project).where(Project.id.in_(mine)).order_by(Project.name))
    return [_project(session, viewer, row, wording) for row in rows if (wording := _newest_wording(session, row.id))]


def _newest_wording(session: Session, project_id: str) -> ConsentWording | None:
    newest = select(ConsentWording).where(ConsentWording.project_id == project_id)
    return session.scalar(newest.order_by(ConsentWording.version.desc()).limit(1))


def _project(session: Session, viewer: Viewer, row: Project, wording: ConsentWording) -> PhoneProject:
    prompts = session.scalars(select(Prompt).where(Prompt.project_id == row.id).order_by(Prompt.position))
    uses = tuple(Use(item["use"], item["question"], item["explanation"]) for item in wording.uses)
    return PhoneProject(
        row.id, row.name, row.introduction, row.is_demo,
        Wording(wording.id, wording.version, wording.title, wording.introduction, uses),
        tuple(Question(prompt.id, prompt.text) for prompt in prompts), tuple(_places(session, viewer, row.id)))


def _places(session: Session, viewer: Viewer, project_id: str) -> Sequence[str]:
    mine = Story.project_id == project_id, Story.researcher_id == viewer.person_id, Story.place != ""
    told_here = (select(Story.place).where(*mine)
                 .group_by(Story.place).order_by(func.max(Story.told_at).desc()).limit(PLACES_OFFERED))
    return session.scalars(told_here).all()
