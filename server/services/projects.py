"""Projects: starting one, and what its administrators may change."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from server.domain.access import Permission, Role, Viewer, require
from server.domain.audit import Action
from server.domain.errors import Invalid, NotFound
from server.domain.ids import new_id
from server.domain.languages import LANGUAGES, MAIN, in_order
from server.domain.sync import ChangeKind
from server.domain.versions import compare
from server.models.people import Membership
from server.models.project import Project, Prompt
from server.services import audit, changes, consent_wordings

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


@dataclass(frozen=True)
class About:
    """What a project is called and how it introduces itself, in this version."""

    name: str
    introduction: str
    version: int


@dataclass(frozen=True)
class Guide:
    """What to ask, in order, in this version. `languages` are those that any question is also written in."""

    prompts: tuple[str, ...]
    version: int
    languages: tuple[str, ...]


@dataclass(frozen=True)
class Translated:
    """One question of the guide, and the same in another language; empty where nobody has written it."""

    id: str
    text: str
    translation: str


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
    name, introduction = _checked(name, introduction)
    project = Project(id=new_id(), name=name, introduction=introduction, is_demo=False, created_at=datetime.now(UTC))
    try:
        with session.begin_nested():
            session.add(project)
    except IntegrityError:
        raise _taken() from None
    session.add(Membership(person_id=viewer.person_id, project_id=project.id, role=Role.ADMINISTRATOR.value))
    consent_wordings.publish_first(session, project.id)
    changes.note_project(session, project.id)
    audit.note(session, viewer.person_id, Action.MADE, "project", project.id, project.id)
    return project.id


def get_about(session: Session, viewer: Viewer, project_id: str) -> About:
    """The name and introduction, to change them. Raises NotFound."""
    require(viewer, Permission.MANAGE_PROJECT, project_id)
    query = select(Project.name, Project.introduction, Project.version).where(Project.id == project_id)
    found = session.execute(query).one_or_none()
    if found is None:
        raise NotFound
    return About(*found)


def describe(session: Session, viewer: Viewer, project_id: str, name: str, introduction: str,
             seen: int | None) -> None:
    """Change what a project is called and how it introduces itself, from the version that was seen.

    Raises NotFound, Invalid, VersionMissing and VersionConflict.
    """
    require(viewer, Permission.MANAGE_PROJECT, project_id)
    name, introduction = _checked(name, introduction)
    change = (update(Project).where(Project.id == project_id, Project.version == seen)
              .values(name=name, introduction=introduction, version=Project.version + 1).returning(Project.id))
    try:
        with session.begin_nested():
            changed = session.scalar(change)
    except IntegrityError:
        raise _taken() from None
    if changed is None:
        now = get_about(session, viewer, project_id)
        compare(seen, {"name": name, "introduction": introduction},
                {"name": now.name, "introduction": now.introduction}, now.version)
        return
    changes.note(session, ChangeKind.PROJECT, project_id, project_id)
    audit.note(session, viewer.person_id, Action.CHANGED, "project", project_id, project_id)


def get_guide(session: Session, viewer: Viewer, project_id: str) -> Guide:
    """The guide, to change it. Raises NotFound."""
    require(viewer, Permission.MANAGE_PROJECT, project_id)
    version = session.scalar(select(Project.guide_version).where(Project.id == project_id))
    if version is None:
        raise NotFound
    prompts = _prompts(session, project_id)
    languages = {code for prompt in prompts for code in prompt.texts}
    return Guide(tuple(prompt.text for prompt in prompts), version, tuple(sorted(languages, key=in_order)))


def replace_prompts(session: Session, viewer: Viewer, project_id: str, texts: list[str], seen: int | None) -> None:
    """Make these the guide, from the version that was seen. A prompt whose words stay keeps its id.

    Raises NotFound, Invalid, VersionMissing and VersionConflict.
    """
    require(viewer, Permission.MANAGE_PROJECT, project_id)
    texts = _checked_prompts(texts)
    change = (update(Project).where(Project.id == project_id, Project.guide_version == seen)
              .values(guide_version=Project.guide_version + 1).returning(Project.id))
    if session.scalar(change) is None:
        now = get_guide(session, viewer, project_id)
        compare(seen, {"prompts": texts}, {"prompts": list(now.prompts)}, now.version)
        return
    kept = {prompt.text: prompt for prompt in _prompts(session, project_id)}
    for position, text in enumerate(texts):
        prompt = kept.pop(text, None)
        if prompt is None:
            session.add(Prompt(id=new_id(), project_id=project_id, position=position, text=text))
        else:
            prompt.position = position
    for gone in kept.values():
        session.delete(gone)
    session.flush()
    changes.note(session, ChangeKind.GUIDE, project_id, project_id)
    audit.note(session, viewer.person_id, Action.CHANGED, "guide", project_id, project_id)


def list_translated(session: Session, viewer: Viewer, project_id: str, language: str) -> list[Translated]:
    """The questions in order, each with its words in this language. Raises NotFound."""
    require(viewer, Permission.MANAGE_PROJECT, project_id)
    if language not in LANGUAGES or language == MAIN:
        raise NotFound
    return [Translated(prompt.id, prompt.text, prompt.texts.get(language, ""))
            for prompt in _prompts(session, project_id)]


def translate_prompts(session: Session, viewer: Viewer, project_id: str, language: str, texts: Mapping[str, str],
                      seen: int | None) -> None:
    """Write the questions in a language, by their ids, from the version of the guide that was seen.

    Raises NotFound, Invalid, VersionMissing and VersionConflict.
    """
    now = {one.id: one.translation for one in list_translated(session, viewer, project_id, language)}
    wanted = now | {prompt_id: text.strip() for prompt_id, text in texts.items() if prompt_id in now}
    wrong = {f"text_{prompt_id}": f"Make it {PROMPT_LETTERS} letters or shorter."
             for prompt_id, text in wanted.items() if len(text) > PROMPT_LETTERS}
    if wrong:
        raise Invalid(fields=wrong)
    change = (update(Project).where(Project.id == project_id, Project.guide_version == seen)
              .values(guide_version=Project.guide_version + 1).returning(Project.id))
    if session.scalar(change) is None:
        guide = get_guide(session, viewer, project_id)
        compare(seen, wanted, now, guide.version)
        return
    for prompt in _prompts(session, project_id):
        others = {code: text for code, text in prompt.texts.items() if code != language}
        prompt.texts = others | ({language: wanted[prompt.id]} if wanted[prompt.id] else {})
    session.flush()
    changes.note(session, ChangeKind.GUIDE, project_id, project_id)
    audit.note(session, viewer.person_id, Action.CHANGED, "guide", project_id, project_id, language=language)


def _name(row: Project) -> ProjectName:
    return ProjectName(row.id, row.name, row.introduction, row.is_demo)


def _prompts(session: Session, project_id: str) -> list[Prompt]:
    query = select(Prompt).where(Prompt.project_id == project_id).order_by(Prompt.position)
    return list(session.scalars(query.execution_options(populate_existing=True)))


def _checked(name: str, introduction: str) -> tuple[str, str]:
    name, introduction = " ".join(name.split()), "\n".join(introduction.splitlines()).strip()
    wrong = {}
    if not name:
        wrong["name"] = "Write a name for the project."
    elif len(name) > NAME_LETTERS:
        wrong["name"] = f"Use {NAME_LETTERS} letters or fewer for the name."
    if len(introduction) > INTRODUCTION_LETTERS:
        wrong["introduction"] = f"Use {INTRODUCTION_LETTERS} letters or fewer for the introduction."
    if wrong:
        raise Invalid(fields=wrong)
    return name, introduction


def _checked_prompts(texts: list[str]) -> list[str]:
    """The questions without spaces around them, each once."""
    checked = list(dict.fromkeys(text.strip() for text in texts if text.strip()))
    if len(checked) > PROMPTS_ALLOWED:
        raise Invalid(fields={"prompts": f"Write {PROMPTS_ALLOWED} questions or fewer."})
    if any(len(text) > PROMPT_LETTERS for text in checked):
        raise Invalid(fields={"prompts": f"Make each question {PROMPT_LETTERS} letters or shorter."})
    return checked


def _taken() -> Invalid:
    return Invalid(fields={"name": "Another project has this name already. Choose another one."})
