"""Projects: starting one, and what its administrators may change."""

from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.domain.access import Permission, Role, Viewer, may
from server.domain.errors import Invalid, NotFound
from server.domain.ids import new_id
from server.models.people import Membership
from server.models.project import Project, Prompt
from server.services import consent_wordings

NAME_LETTERS = 120
INTRODUCTION_LETTERS = 2000
PROMPTS_ALLOWED = 40
PROMPT_LETTERS = 300


@dataclass(frozen=True)
class ProjectName:
    """A project as its members know it."""

    id: str
    name: str
    introduction: str
    is_demo: bool


def get_name(session: Session, viewer: Viewer, project_id: str) -> ProjectName:
    """A project that the viewer holds a role in. Raises NotFound."""
    row = session.get(Project, project_id) if viewer.roles_in(project_id) else None
    if row is None:
        raise NotFound
    return _name(row)


def list_mine(session: Session, viewer: Viewer) -> list[ProjectName]:
    """The projects in which the viewer holds a role, by name."""
    rows = session.scalars(select(Project).where(Project.id.in_(list(viewer.roles))))
    return sorted((_name(row) for row in rows), key=lambda project: project.name.casefold())


def create(session: Session, viewer: Viewer, name: str, introduction: str) -> str:
    """Start a project with the consent wording we suggest. Its maker becomes its administrator.

    Gives its id. Raises NotFound for anybody but an operator, and Invalid.
    """
    if not viewer.is_operator:
        raise NotFound
    name, introduction = _checked(session, name, introduction)
    project = Project(id=new_id(), name=name, introduction=introduction, is_demo=False, created_at=datetime.now(UTC))
    session.add(project)
    session.flush()
    session.add(Membership(person_id=viewer.person_id, project_id=project.id, role=Role.ADMINISTRATOR.value))
    consent_wordings.publish_first(session, project.id)
    return project.id


def describe(session: Session, viewer: Viewer, project_id: str, name: str, introduction: str) -> None:
    """Change what a project is called and how it introduces itself. Raises NotFound, Invalid."""
    project = managed(session, viewer, project_id)
    project.name, project.introduction = _checked(session, name, introduction, project_id)
    session.flush()


def list_prompts(session: Session, viewer: Viewer, project_id: str) -> list[str]:
    """The guide: what to ask, in order. Raises NotFound."""
    managed(session, viewer, project_id)
    return [prompt.text for prompt in _prompts(session, project_id)]


def replace_prompts(session: Session, viewer: Viewer, project_id: str, texts: list[str]) -> None:
    """Make these the guide. A prompt whose words stay keeps its id. Raises NotFound, Invalid."""
    managed(session, viewer, project_id)
    texts = [text.strip() for text in texts if text.strip()]
    if len(texts) > PROMPTS_ALLOWED:
        raise Invalid(fields={"prompts": f"Write {PROMPTS_ALLOWED} questions or fewer."})
    if any(len(text) > PROMPT_LETTERS for text in texts):
        raise Invalid(fields={"prompts": f"Make each question {PROMPT_LETTERS} letters or shorter."})
    kept = {prompt.text: prompt for prompt in _prompts(session, project_id)}
    for position, text in enumerate(dict.fromkeys(texts)):
        prompt = kept.pop(text, None)
        if prompt is None:
            session.add(Prompt(id=new_id(), project_id=project_id, position=position, text=text))
        else:
            prompt.position = position
    for gone in kept.values():
        session.delete(gone)
    session.flush()


def managed(session: Session, viewer: Viewer, project_id: str) -> Project:
    """The project, if the viewer may manage it. Raises NotFound."""
    project = session.get(Project, project_id) if may(viewer, Permission.MANAGE_PROJECT, project_id) else None
    if project is None:
        raise NotFound
    return project


def _name(row: Project) -> ProjectName:
    return ProjectName(row.id, row.name, row.introduction, row.is_demo)


def _prompts(session: Session, project_id: str) -> list[Prompt]:
    return list(session.scalars(select(Prompt).where(Prompt.project_id == project_id).order_by(Prompt.position)))


def _checked(session: Session, name: str, introduction: str, project_id: str | None = None) -> tuple[str, str]:
    name, introduction = " ".join(name.split()), introduction.strip()
    wrong = {}
    if not name:
        wrong["name"] = "Write a name for the project."
    elif len(name) > NAME_LETTERS:
        wrong["name"] = f"Use {NAME_LETTERS} letters or fewer for the name."
    elif session.scalar(select(Project.id).where(Project.name == name, Project.id != project_id)):
        wrong["name"] = "Another project has this name already. Choose another one."
    if len(introduction) > INTRODUCTION_LETTERS:
        wrong["introduction"] = f"Use {INTRODUCTION_LETTERS} letters or fewer for the introduction."
    if wrong:
        raise Invalid(fields=wrong)
    return name, introduction
