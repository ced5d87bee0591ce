"""Projects as a phone needs them to collect stories without a signal."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from server.models.project import Project, Prompt
from server.models.story import Story
from server.services import codebook, embargoes, groups, withholding
from server.services.embargoes import Nameable

PLACES_OFFERED = 30


@dataclass(frozen=True)
class PhoneGroup:
    id: str
    name: str


@dataclass(frozen=True)
class PhoneProject:
    """`places` are where this person collected stories before, latest first: what others heard is not theirs.
    `keep_hours` and `photo_pixels` are as in `domain/phone_settings.py`. `groups` are those that somebody may say they
    belong to. `may_be_named` are those to whom this person may turn with a worry about somebody's safety.

    A story that brings a new place is no change of the project: the phone that sent it knows the place.
    """

    id: str
    name: str
    introduction: str
    is_demo: bool
    version: int
    places: tuple[str, ...]
    keep_hours: int
    photo_pixels: int
    groups: tuple[PhoneGroup, ...]
    may_be_named: tuple[Nameable, ...]


@dataclass(frozen=True)
class GuidePrompt:
    """One question of the guide; `texts` has it in other languages, by their codes."""

    id: str
    text: str
    texts: dict[str, str]


@dataclass(frozen=True)
class Guide:
    """What to ask, in order."""

    version: int
    prompts: tuple[GuidePrompt, ...]


@dataclass(frozen=True)
class CodebookTheme:
    """One theme of the codebook."""

    id: str
    name: str
    description: str
    version: int


def find_project(session: Session, person_id: str, project_id: str) -> PhoneProject | None:
    """A project for one person. The caller has checked that they collect in it."""
    row = session.get(Project, project_id)
    if row is None:
        return None
    places = tuple(_places(session, person_id, project_id))
    return PhoneProject(row.id, row.name, row.introduction, row.is_demo, row.version, places, row.keep_hours,
                        row.photo_pixels, _groups(session, project_id),
                        tuple(embargoes.list_nameable(session, person_id, project_id)))


def find_guide(session: Session, project_id: str) -> Guide | None:
    """The guide of a project. The caller has checked that it may be seen."""
    row = session.get(Project, project_id)
    if row is None:
        return None
    prompts = session.scalars(select(Prompt).where(Prompt.project_id == project_id).order_by(Prompt.position))
    return Guide(row.guide_version, tuple(GuidePrompt(prompt.id, prompt.text, prompt.texts) for prompt in prompts))


def list_codebook(session: Session, project_id: str) -> tuple[CodebookTheme, ...]:
    """The themes of a project that are in use, each before what stands under it. The caller has checked that they may
    be seen."""
    return tuple(CodebookTheme(node.theme.id, node.theme.name, node.theme.description, node.theme.version)
                 for node in codebook.tree(session, project_id))


def _groups(session: Session, project_id: str) -> tuple[PhoneGroup, ...]:
    return tuple(PhoneGroup(group.id, group.name) for group in groups.list_groups(session, project_id))


def _places(session: Session, person_id: str, project_id: str) -> Sequence[str]:
    unnamed = list(withholding.hiding_their_names(session, project_id))
    mine = (Story.project_id == project_id, Story.researcher_id == person_id, Story.place != "",
            Story.id.not_in(unnamed))
    told_here = (select(Story.place).where(*mine)
                 .group_by(Story.place).order_by(func.max(Story.told_at).desc()).limit(PLACES_OFFERED))
    return session.scalars(told_here).all()
