"""How the work of a project stands, for those who look after it. It names no story, only what is being done."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, case, exists, func, literal, or_, select, update
from sqlalchemy.orm import Session

from server.domain.access import Permission, Role, Viewer, require
from server.domain.consent import Audience, Content
from server.domain.errors import NotFound
from server.domain.work import NAMES, Kind, State, in_words
from server.models.consent import Clearance
from server.models.story import Story
from server.models.work import Attempt, Job
from server.services import clearances, work

SHOWN = 50
_COUNTED = 1000
_OPEN = (State.RUNNING, State.WAITING, State.BLOCKED, State.FAILED)
# What somebody who knows of the work learns that there is.
_CONTENT_OF_KIND = {Kind.JOIN.value: Content.AUDIO.value, Kind.PLAYBACK.value: Content.AUDIO.value,
                    Kind.TRANSCRIBE.value: Content.WORDS.value, Kind.SPEAKERS.value: Content.WORDS.value,
                    Kind.TRANSLATE.value: Content.WORDS.value, Kind.CLIP.value: Content.WORDS.value,
                    Kind.CHECK_REDACTION.value: Content.WORDS.value, Kind.PHOTO.value: Content.PHOTO.value}


@dataclass(frozen=True)
class WorkItem:
    """One job that is not done. `share` is what is done so far, 0 to 1."""

    id: str
    name: str
    state: State
    words: str
    share: float
    tries: int
    asked_at: datetime

    @property
    def may_be_tried_again(self) -> bool:
        return self.state in (State.FAILED, State.BLOCKED)


@dataclass(frozen=True)
class WorkOverview:
    """How many jobs stand how, and the oldest that are not done. `done` is None for more than anybody counts."""

    counts: Mapping[State, int]
    done: int | None
    items: tuple[WorkItem, ...]

    def in_state(self, *states: State) -> tuple[WorkItem, ...]:
        return tuple(item for item in self.items if item.state in states)


def overview(session: Session, viewer: Viewer, project_id: str) -> WorkOverview:
    """The work this viewer may know of. Raises NotFound."""
    mine = Job.project_id == project_id, _allowed(viewer, project_id), _shown()
    counted = select(Job.state, func.count()).where(*mine, Job.state.in_(_OPEN)).group_by(Job.state)
    counts = {State(state): number for state, number in session.execute(counted)}
    done = select(literal(1)).select_from(Job).where(*mine, Job.state == State.DONE).limit(_COUNTED + 1).subquery()
    how_many_done = session.scalar(select(func.count()).select_from(done)) or 0
    items = tuple(item for state in _OPEN if state in counts for item in _oldest(session, *mine, Job.state == state))
    return WorkOverview(counts, how_many_done if how_many_done <= _COUNTED else None, items)


def _oldest(session: Session, *which: ColumnElement[bool]) -> list[WorkItem]:
    query = (select(Job, Attempt).outerjoin(Attempt, (Attempt.job_id == Job.id) & (Attempt.fence == Job.fence))
             .where(*which).order_by(Job.created_at, Job.id).limit(SHOWN))
    return [_item(job, attempt) for job, attempt in session.execute(query)]


def try_again(session: Session, viewer: Viewer, project_id: str, job_id: str) -> None:
    """Give failed or blocked work all its tries back; other work is left as it is. Raises NotFound."""
    job = session.scalar(select(Job).where(Job.id == job_id, Job.project_id == project_id,
                                           _allowed(viewer, project_id)))
    if job is None:
        raise NotFound
    waits = session.scalar(
        update(Job).where(Job.id == job_id, Job.state.in_((State.FAILED, State.BLOCKED)))
        .values(state=State.WAITING, tries=0, finished_at=None).returning(Job.id))
    if waits is not None:
        work.carry(session, job)


def _item(job: Job, attempt: Attempt | None) -> WorkItem:
    state, code = State(job.state), attempt.error_code if attempt else None
    share = attempt.progress if attempt and state is State.RUNNING else 0.0
    return WorkItem(job.id, NAMES[Kind(job.kind)], state, in_words(state, code), share, job.tries, job.created_at)


def _shown() -> ColumnElement[bool]:
    """SQL: how many files a withdrawn story had is nobody's business, nor who agreed to less, unless the work needs
    somebody's help."""
    return or_(Job.kind.not_in((Kind.ERASE, Kind.SCRUB, Kind.NOTE, Kind.INDEX)), Job.state == State.FAILED)


def _allowed(viewer: Viewer, project_id: str) -> ColumnElement[bool]:
    """SQL: administrators know of all work, researchers of that on what they collected, and commissioners of that
    on what is cleared for them."""
    require(viewer, Permission.SEE_WORK, project_id)
    roles = viewer.roles_in(project_id)
    if Role.ADMINISTRATOR in roles:
        return Job.id.is_not(None)
    collected = exists().where(Story.id == Job.story_id, Story.researcher_id == viewer.person_id)
    if Role.COMMISSIONER not in roles:
        return collected
    cleared = exists().where(Clearance.story_id == Job.story_id, Clearance.audience == Audience.COMMISSIONERS.value,
                             Clearance.content == case(_CONTENT_OF_KIND, value=Job.kind), clearances.holds_now(),
                             clearances.shared_with(clearances.asked_for(viewer, project_id, Audience.COMMISSIONERS)))
    return or_(collected, cleared)
