"""A project's record of its processing: what its administrators write, and what the rows say that it really does."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from server.domain.access import Permission, Role, Viewer, require
from server.domain.audit import Action
from server.domain.consent import Use
from server.domain.errors import NotFound
from server.domain.processing import FIELDS, Processing
from server.domain.sync import ChangeKind
from server.domain.versions import compare
from server.models.consent import ConsentEvidence
from server.models.people import Membership
from server.models.project import ConsentWording, Project
from server.models.story import Participant, Photo, Quote, Recording, Story
from server.services import audit, changes


@dataclass(frozen=True)
class Versioned:
    """What is written, in this version of the project."""

    processing: Processing
    version: int


@dataclass(frozen=True)
class Kept:
    """How much of each kind is here at this moment; of stories that have ended nothing is."""

    stories: int
    people: int
    recordings: int
    photos: int
    quotes: int
    evidence: int


@dataclass(frozen=True)
class Record:
    """What a project does with what people tell it. `purposes` are the questions of the wording that is read now, by
    use; `wording_months` is how long a yes lasts, `retention_months` how long a story is kept: for good where None."""

    name: str
    introduction: str
    began_at: datetime
    processing: Processing
    purposes: Mapping[Use, str]
    wording_title: str
    wording_version: int
    wording_months: int | None
    retention_months: int | None
    keep_hours: int
    members: Mapping[Role, int]
    kept: Kept


def get(session: Session, viewer: Viewer, project_id: str) -> Versioned:
    """What is written, to change it. Raises NotFound."""
    require(viewer, Permission.MANAGE_PROJECT, project_id)
    row = session.execute(select(*(getattr(Project, name) for name in FIELDS), Project.version)
                          .where(Project.id == project_id)).one_or_none()
    if row is None:
        raise NotFound
    return Versioned(Processing(**{name: getattr(row, name) for name in FIELDS}), row.version)


def change(session: Session, viewer: Viewer, project_id: str, wanted: Processing, seen: int | None) -> None:
    """Change it from the version that was seen. Raises NotFound, VersionMissing and VersionConflict."""
    require(viewer, Permission.MANAGE_PROJECT, project_id)
    changed = session.scalar(
        update(Project).where(Project.id == project_id, Project.version == seen)
        .values(**asdict(wanted), version=Project.version + 1).returning(Project.id))
    if changed is None:
        now = get(session, viewer, project_id)
        compare(seen, asdict(wanted), asdict(now.processing), now.version)
        return
    changes.note(session, ChangeKind.PROJECT, project_id, project_id)  # phones keep its version
    audit.note(session, viewer.person_id, Action.CHANGED, "processing", project_id, project_id)


def get_record(session: Session, viewer: Viewer, project_id: str) -> Record:
    """The record of processing as it is now. Raises NotFound."""
    written = get(session, viewer, project_id).processing
    project = session.get_one(Project, project_id)
    wording = session.scalars(select(ConsentWording).where(ConsentWording.project_id == project_id)
                              .order_by(ConsentWording.version.desc()).limit(1)).one()
    roles = select(Membership.role, func.count()).where(Membership.project_id == project_id).group_by(Membership.role)
    counts = {role: count for role, count in session.execute(roles)}
    return Record(
        project.name, project.introduction, project.created_at, written,
        {Use(one["use"]): one["question"] for one in wording.uses}, wording.title, wording.version, wording.months,
        project.retention_months, project.keep_hours, {role: counts.get(role.value, 0) for role in Role},
        _kept(session, project_id))


def _kept(session: Session, project_id: str) -> Kept:
    def count_of(owner: type[Participant] | type[Recording] | type[Photo] | type[Quote] | type[ConsentEvidence]) -> int:
        query = select(func.count()).select_from(owner).join(Story, Story.id == owner.story_id)
        return session.scalar(query.where(Story.project_id == project_id)) or 0

    stories = session.scalar(select(func.count()).select_from(Story).where(Story.project_id == project_id)) or 0
    unnamed = session.scalar(select(func.count()).select_from(Story).where(
        Story.project_id == project_id, ~Story.participants.any())) or 0
    return Kept(stories, count_of(Participant) + unnamed, count_of(Recording), count_of(Photo), count_of(Quote),
                count_of(ConsentEvidence))
