"""Consent wordings: the newest version of a project's texts, and publishing the next. A version never changes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from server.domain.access import Permission, Viewer, require, require_lead
from server.domain.audit import Action
from server.domain.consent import Use
from server.domain.consent_wording import MOST_MONTHS, Question, Reading, Text, Wording, sort_texts
from server.domain.errors import Invalid, NotFound
from server.domain.ids import new_id
from server.domain.languages import MAIN
from server.domain.suggested_wordings import SUGGESTED_TEXTS
from server.domain.sync import ChangeKind
from server.models.consent import ConsentRecord
from server.models.project import ConsentWording, Project
from server.services import audit, changes

TITLE_LETTERS = 120
QUESTION_LETTERS = 200
TEXT_LETTERS = 2000
_NOTHING_NEW = "Nothing is different from the version that is used now."


@dataclass(frozen=True)
class Published:
    """One version of a project's wording, when it was published, and its texts: that of the main language in full
    first. A yes to it lasts `months`, and for good where that is None."""

    id: str
    version: int
    published_at: datetime
    texts: tuple[Text, ...]
    months: int | None = None

    @property
    def wording(self) -> Wording:
        """What is read unless another language or reading is chosen."""
        return self.texts[0].wording

    @property
    def language(self) -> str:
        """The main language."""
        return self.texts[0].language


def require_writer(viewer: Viewer, project_id: str, organisation_id: str | None) -> None:
    """Raises NotFound for anybody but who writes this wording: the project's its administrators, a partner's its leads.
    """
    if organisation_id is None:
        require(viewer, Permission.MANAGE_PROJECT, project_id)
    else:
        require_lead(viewer, project_id, organisation_id)


def newest(session: Session, viewer: Viewer, project_id: str, organisation_id: str | None = None) -> Published:
    """The version that phones show now, those of a partner's people with its id. Raises NotFound for anybody but who
    writes it."""
    require_writer(viewer, project_id, organisation_id)
    found = find_newest(session, project_id, organisation_id)
    if found is None:
        raise NotFound
    return found


def find_newest(session: Session, project_id: str, organisation_id: str | None = None) -> Published | None:
    """The version that phones show now: a partner's own on those of its people, or the project's where it has written
    none. The caller has checked that it may be seen."""
    row = _newest_of(session, project_id, organisation_id) or _newest_of(session, project_id, None)
    return Published(row.id, row.version, row.published_at, texts_of(row), row.months) if row else None


def _newest_of(session: Session, project_id: str, organisation_id: str | None) -> ConsentWording | None:
    return session.scalar(
        select(ConsentWording).where(ConsentWording.project_id == project_id,
                                     ConsentWording.organisation_id.is_not_distinct_from(organisation_id))
        .order_by(ConsentWording.version.desc()).limit(1))


def has_own(session: Session, project_id: str, organisation_id: str) -> bool:
    """Whether a partner has a wording of its own. The caller has checked that it may be known."""
    return _newest_of(session, project_id, organisation_id) is not None


def is_published(row: ConsentWording, language: str, reading: Reading | None, sha256: str) -> bool:
    """Whether this version has a text in that language and reading with that hash."""
    return any((text.language, text.reading, text.sha256) == (language, reading, sha256) for text in texts_of(row))


def of_stories(session: Session, story_ids: Sequence[str]) -> dict[str, tuple[str, int]]:
    """The title and version of the wording that the newest consent of each of these stories rests on.

    The caller has checked that the stories may be seen.
    """
    query = (select(ConsentRecord.story_id, ConsentWording.title, ConsentWording.version)
             .join(ConsentWording, ConsentWording.id == ConsentRecord.wording_id)
             .where(ConsentRecord.story_id.in_(story_ids)).order_by(ConsentRecord.sequence))
    return {story_id: (title, version) for story_id, title, version in session.execute(query)}


def publish(session: Session, viewer: Viewer, project_id: str, texts: Sequence[Text], months: int | None,
            organisation_id: str | None = None) -> int:
    """Publish these texts as the next version, a yes to which lasts so many months, and give its number. What people
    agreed to before stays as it was, and for as long. Versions are counted through the project, also a partner's.

    Raises NotFound, and Invalid when a part is missing, too long, or nothing is different.
    """
    require_writer(viewer, project_id, organisation_id)
    session.execute(select(Project.id).where(Project.id == project_id).with_for_update())
    before = find_newest(session, project_id, organisation_id)
    main = before.language if before else MAIN
    texts = sort_texts((Text(text.language, text.reading, checked(text.wording)) for text in texts), main)
    if not texts or (texts[0].language, texts[0].reading) != (main, Reading.FULL):
        raise Invalid(fields={"title": "Write the full text in the main language first."})
    if before is not None and (before.texts, before.months) == (tuple(texts), checked_months(months)):
        raise Invalid(fields={"title": _NOTHING_NEW})
    version = (session.scalar(select(func.max(ConsentWording.version))
                              .where(ConsentWording.project_id == project_id)) or 0) + 1
    _add(session, project_id, version, texts, checked_months(months), organisation_id)
    whose = {"organisation": organisation_id} if organisation_id else {}
    audit.note(session, viewer.person_id, Action.PUBLISHED, "wording", project_id, project_id, version=version, **whose)
    return version


def publish_first(session: Session, project_id: str, languages: Sequence[str] = (MAIN,),
                  months: int | None = None) -> None:
    """Give a new project the wording we suggest, in full and easy to read. A yes to it lasts `months`, or for good."""
    _add(session, project_id, 1, [Text(language, reading, SUGGESTED_TEXTS[language, reading])
                                  for language in languages for reading in Reading], checked_months(months))


def checked(wording: Wording) -> Wording:
    """The same without stray spaces, its questions in the order asked. Raises Invalid by the names of its pieces."""
    tidy = Wording(
        " ".join(wording.title.split()), _tidy(wording.introduction),
        {use: Question(" ".join(wording.questions[use].question.split()), _tidy(wording.questions[use].explanation))
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


def checked_months(months: int | None) -> int | None:
    """The same. Raises Invalid where nobody's yes lasts so long or so short."""
    if months is not None and not 1 <= months <= MOST_MONTHS:
        raise Invalid(fields={"months": f"Write a number of months from 1 to {MOST_MONTHS}, or leave it empty."})
    return months


def read_uses(uses: Sequence[dict[str, Any]]) -> dict[Use, Question]:
    """Questions from how they are kept."""
    return {Use(item["use"]): Question(item["question"], item["explanation"]) for item in uses}


def written_uses(wording: Wording) -> list[dict[str, Any]]:
    """Questions as they are kept, in the order asked."""
    return [{"use": use.value, "question": wording.questions[use].question,
             "explanation": wording.questions[use].explanation} for use in Use]


def texts_of(row: ConsentWording) -> tuple[Text, ...]:
    """The texts of a version, that of its main language in full first."""
    first = Text(row.language, Reading.FULL, Wording(row.title, row.introduction, read_uses(row.uses)))
    return (first, *(Text(item["language"], Reading(item["reading"]),
                          Wording(item["title"], item["introduction"], read_uses(item["uses"])))
                     for item in row.more_texts))


def _add(session: Session, project_id: str, version: int, texts: Sequence[Text], months: int | None = None,
         organisation_id: str | None = None) -> None:
    first, *more = texts
    session.add(ConsentWording(
        id=new_id(), project_id=project_id, version=version, language=first.language, title=first.wording.title,
        introduction=first.wording.introduction, uses=written_uses(first.wording), published_at=datetime.now(UTC),
        months=months, organisation_id=organisation_id,
        more_texts=[{"language": text.language, "reading": text.reading.value, "title": text.wording.title,
                     "introduction": text.wording.introduction, "uses": written_uses(text.wording)}
                    for text in more]))
    session.flush()
    changes.note(session, ChangeKind.WORDING, project_id, project_id)


def _tidy(text: str) -> str:
    """Lines end in one way, whatever browser sent them."""
    return "\n".join(text.splitlines()).strip()


def _wrong(text: str, letters: int, what: str) -> str | None:
    if not text:
        return f"Write {what}."
    return f"Use {letters} letters or fewer for {what.removeprefix('a ').removeprefix('an ')}." if len(text) > letters \
        else None
