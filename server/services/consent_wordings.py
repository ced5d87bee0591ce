"""Consent wordings: the newest version of a project's text, and publishing the next. A version never changes."""

from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.domain.access import Permission, Viewer, require
from server.domain.audit import Action
from server.domain.consent import Use
from server.domain.consent_wording import SUGGESTED, Question, Wording
from server.domain.errors import Invalid, NotFound
from server.domain.ids import new_id
from server.domain.sync import ChangeKind
from server.models.project import ConsentWording, Project
from server.services import audit, changes

TITLE_LETTERS = 120
QUESTION_LETTERS = 200
TEXT_LETTERS = 2000


@dataclass(frozen=True)
class Published:
    """One version of a project's wording, and when it was published."""

    id: str
    version: int
    published_at: datetime
    wording: Wording


def newest(session: Session, viewer: Viewer, project_id: str) -> Published:
    """The version that phones show now. Raises NotFound for anybody but an administrator of the project."""
    require(viewer, Permission.MANAGE_PROJECT, project_id)
    found = find_newest(session, project_id)
    if found is None:
        raise NotFound
    return found


def find_newest(session: Session, project_id: str) -> Published | None:
    """The version that phones show now. The caller has checked that it may be seen."""
    row = session.scalar(select(ConsentWording).where(ConsentWording.project_id == project_id)
                         .order_by(ConsentWording.version.desc()).limit(1))
    return Published(row.id, row.version, row.published_at, _wording(row)) if row else None


def publish(session: Session, viewer: Viewer, project_id: str, wording: Wording) -> int:
    """Publish the next version and give its number. What people agreed to before stays as it was.

    Raises NotFound, and Invalid when a part is missing, too long, or nothing is different.
    """
    require(viewer, Permission.MANAGE_PROJECT, project_id)
    session.execute(select(Project.id).where(Project.id == project_id).with_for_update())
    wording = _checked(wording)
    before = find_newest(session, project_id)
    if before is not None and before.wording == wording:
        raise Invalid(fields={"title": "Nothing is different from the version that is used now."})
    version = before.version + 1 if before else 1
    _add(session, project_id, version, wording)
    audit.note(session, viewer.person_id, Action.PUBLISHED, "wording", project_id, project_id, version=version)
    return version


def publish_first(session: Session, project_id: str) -> None:
    """Give a new project the wording we suggest."""
    _add(session, project_id, 1, SUGGESTED)


def _wording(row: ConsentWording) -> Wording:
    questions = {Use(item["use"]): Question(item["question"], item["explanation"]) for item in row.uses}
    return Wording(row.title, row.introduction, questions)


def _add(session: Session, project_id: str, version: int, wording: Wording) -> None:
    uses = [{"use": use.value, "question": wording.questions[use].question,
             "explanation": wording.questions[use].explanation} for use in Use]
    session.add(ConsentWording(id=new_id(), project_id=project_id, version=version, title=wording.title,
                               introduction=wording.introduction, uses=uses, published_at=datetime.now(UTC)))
    session.flush()
    changes.note(session, ChangeKind.WORDING, project_id, project_id)


def _checked(wording: Wording) -> Wording:
    tidy = Wording(
        " ".join(wording.title.split()), wording.introduction.strip(),
        {use: Question(" ".join(wording.questions[use].question.split()), wording.questions[use].explanation.strip())
         for use in Use},
    )
    wrong = {
        "title": _wrong(tidy.title, TITLE_LETTERS, "a title"),
        "introduction": _wrong(tidy.introduction, TEXT_LETTERS, "an introduction"),
    }
    for use, asked in tidy.questions.items():
        wrong[f"question_{use.value}"] = _wrong(asked.question, QUESTION_LETTERS, "the question")
        wrong[f"explanation_{use.value}"] = _wrong(asked.explanation, TEXT_LETTERS, "the explanation")
    found = {name: words for name, words in wrong.items() if words}
    if found:
        raise Invalid(fields=found)
    return tidy


def _wrong(text: str, letters: int, what: str) -> str | None:
    if not text:
        return f"Write {what}."
    return f"Use {letters} letters or fewer for {what.removeprefix('a ').removeprefix('an ')}." if len(text) > letters \
        else None
