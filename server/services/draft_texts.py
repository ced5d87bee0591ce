"""The next version of a consent wording while it is being written, one text at a time. Publishing takes all of them,
and with them for how long a yes lasts, which every one of them says.

A draft begins as a copy of what is used now, with the first text that is saved. Until then there is none.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import ColumnElement, delete, select, update
from sqlalchemy.orm import Session

from server.domain.access import Viewer
from server.domain.audit import Action
from server.domain.consent_wording import Difference, Reading, Text, Wording, differences, sort_texts
from server.domain.errors import Invalid, NotFound, VersionConflict
from server.domain.hashes import sha256_of
from server.domain.languages import LANGUAGES
from server.domain.suggested_wordings import SUGGESTED_TEXTS, needs_a_speaker
from server.domain.versions import compare
from server.models.project import DraftText, Project
from server.services import audit, consent_wordings
from server.services.consent_wordings import Published, checked, read_uses, written_uses


@dataclass(frozen=True)
class Drafted:
    """A text as it would be published. `changed` is what it says otherwise than the version used now."""

    text: Text
    changed: tuple[Difference, ...]
    is_new: bool
    needs_a_speaker: bool


@dataclass(frozen=True)
class Draft:
    """The next version. `gone` are texts of the version used now that it leaves out; `seen` names exactly this. A yes
    to it lasts `months`, and for good where that is None."""

    published: Published
    texts: tuple[Drafted, ...]
    gone: tuple[Text, ...]
    months: int | None

    @property
    def lasts_otherwise(self) -> bool:
        """Whether a yes lasts longer or shorter than it does now."""
        return self.months != self.published.months

    @property
    def differs(self) -> bool:
        return self.lasts_otherwise or bool(self.gone) or any(drafted.changed for drafted in self.texts)

    @property
    def seen(self) -> str:
        return sha256_of(" ".join([f"{self.months}", *(drafted.text.sha256 for drafted in self.texts)]))


@dataclass(frozen=True)
class Written:
    """A text to write, from this version of it. `wording` is None where there is nothing to begin with."""

    wording: Wording | None
    version: int
    is_kept: bool
    needs_a_speaker: bool


def get(session: Session, viewer: Viewer, project_id: str, organisation_id: str | None = None) -> Draft:
    """The next version as it stands, of the project's wording or of a partner's. Raises NotFound for anybody but who
    writes it."""
    published = consent_wordings.newest(session, viewer, project_id, organisation_id)
    before = {(text.language, text.reading): text for text in published.texts}
    now = _texts(session, project_id, organisation_id, published)
    drafted = tuple(_drafted(text, before.get((text.language, text.reading))) for text in now)
    kept = {(text.language, text.reading) for text in now}
    gone = tuple(text for key, text in before.items() if key not in kept)
    return Draft(published, drafted, gone, _months(session, project_id, organisation_id, published))


def get_text(session: Session, viewer: Viewer, project_id: str, language: str, reading: Reading,
             organisation_id: str | None = None) -> Written:
    """One text, to change or begin it: what is drafted, or what is used now, or what we suggest. Raises NotFound."""
    _known(language)
    draft = get(session, viewer, project_id, organisation_id)
    row = session.get(DraftText, (project_id, organisation_id or "", language, reading.value))
    version = row.version if row else 0
    for drafted in draft.texts:
        if (drafted.text.language, drafted.text.reading) == (language, reading):
            return Written(drafted.text.wording, version, True, drafted.needs_a_speaker)
    suggested = SUGGESTED_TEXTS.get((language, reading))
    return Written(suggested, version, False, suggested is not None and needs_a_speaker(language, reading, suggested))


def save_text(session: Session, viewer: Viewer, project_id: str, text: Text, seen: int | None,
              organisation_id: str | None = None) -> None:
    """Keep a text in the draft, from the version of it that was seen.

    Raises NotFound, Invalid, VersionMissing and VersionConflict.
    """
    _known(text.language)
    wording = checked(text.wording)
    _begin(session, viewer, project_id, organisation_id)
    row = session.get(DraftText, (project_id, organisation_id or "", text.language, text.reading.value),
                      populate_existing=True)
    version = row.version if row else 0
    if seen != version:
        now = _wording(row) if row else None
        compare(seen, _pieces(wording), _pieces(now) if now else {}, version)
        return
    if row is None:
        published = consent_wordings.newest(session, viewer, project_id, organisation_id)
        months = _months(session, project_id, organisation_id, published)
        row = DraftText(project_id=project_id, organisation_id=organisation_id or "", language=text.language,
                        reading=text.reading.value, months=months)
        session.add(row)
    row.title, row.introduction, row.uses = wording.title, wording.introduction, written_uses(wording)
    row.version = version + 1
    audit.note(session, viewer.person_id, Action.CHANGED, "wording draft", project_id, project_id,
               language=text.language, reading=text.reading.value)
    session.flush()


def save_months(session: Session, viewer: Viewer, project_id: str, months: int | None, seen: int | None,
                organisation_id: str | None = None) -> None:
    """Keep in the draft for how long a yes to it lasts; None is for good. It is a version of its own: `seen` is what it
    was to whoever writes, 0 for good.

    Raises NotFound, Invalid, VersionMissing and VersionConflict.
    """
    wanted = consent_wordings.checked_months(months)
    _begin(session, viewer, project_id, organisation_id)
    published = consent_wordings.newest(session, viewer, project_id, organisation_id)
    now = _months(session, project_id, organisation_id, published)
    if seen != (now or 0):
        compare(seen, {"months": _written(wanted)}, {"months": _written(now)}, now or 0)
        return
    session.execute(update(DraftText).where(*_of(project_id, organisation_id)).values(months=wanted))
    audit.note(session, viewer.person_id, Action.CHANGED, "wording draft", project_id, project_id, months=wanted or 0)


def leave_out(session: Session, viewer: Viewer, project_id: str, language: str, reading: Reading,
              organisation_id: str | None = None) -> None:
    """Leave a text out of the next version. The full text of the main language stays. Raises NotFound, Invalid."""
    draft = get(session, viewer, project_id, organisation_id)
    if (language, reading) == (draft.published.language, Reading.FULL):
        raise Invalid(fields={"title": "The full text in the main language is always there."})
    _begin(session, viewer, project_id, organisation_id)
    row = session.get(DraftText, (project_id, organisation_id or "", language, reading.value))
    if row is not None:
        session.delete(row)
        audit.note(session, viewer.person_id, Action.REMOVED, "wording draft", project_id, project_id,
                   language=language, reading=reading.value)
    session.flush()


def discard(session: Session, viewer: Viewer, project_id: str, organisation_id: str | None = None) -> None:
    """Forget the draft. What is used now stays. Raises NotFound."""
    consent_wordings.require_writer(viewer, project_id, organisation_id)
    if session.scalars(delete(DraftText).where(*_of(project_id, organisation_id))
                       .returning(DraftText.language)).all():
        audit.note(session, viewer.person_id, Action.REMOVED, "wording draft", project_id, project_id)


def publish(session: Session, viewer: Viewer, project_id: str, seen: str, organisation_id: str | None = None) -> int:
    """Publish the draft that was seen and give the number of its version.

    Raises NotFound, Invalid where nothing is different, VersionConflict where it is not what was seen.
    """
    consent_wordings.require_writer(viewer, project_id, organisation_id)
    _lock(session, project_id)
    draft = get(session, viewer, project_id, organisation_id)
    if draft.seen != seen:
        raise VersionConflict({}, draft.published.version)
    version = consent_wordings.publish(session, viewer, project_id, [drafted.text for drafted in draft.texts],
                                       draft.months, organisation_id)
    session.execute(delete(DraftText).where(*_of(project_id, organisation_id)))
    return version


def _of(project_id: str, organisation_id: str | None) -> tuple[ColumnElement[bool], ...]:
    """SQL: the texts of this draft."""
    return DraftText.project_id == project_id, DraftText.organisation_id == (organisation_id or "")


def _begin(session: Session, viewer: Viewer, project_id: str, organisation_id: str | None) -> None:
    """Make the draft a copy of what is used now, unless there is one. Nobody else writes in it until this is done."""
    published = consent_wordings.newest(session, viewer, project_id, organisation_id)
    _lock(session, project_id)
    if session.scalar(select(DraftText.language).where(*_of(project_id, organisation_id)).limit(1)) is None:
        session.add_all(DraftText(
            project_id=project_id, organisation_id=organisation_id or "", language=text.language,
            reading=text.reading.value, title=text.wording.title, introduction=text.wording.introduction,
            uses=written_uses(text.wording), version=0, months=published.months)
            for text in published.texts)
        session.flush()


def _lock(session: Session, project_id: str) -> None:
    session.execute(select(Project.id).where(Project.id == project_id).with_for_update())


def _texts(session: Session, project_id: str, organisation_id: str | None, published: Published) -> list[Text]:
    rows = session.scalars(select(DraftText).where(*_of(project_id, organisation_id))
                           .execution_options(populate_existing=True)).all()
    if not rows:
        return list(published.texts)
    texts = (Text(row.language, Reading(row.reading), _wording(row)) for row in rows)
    return sort_texts(texts, published.language)


def _months(session: Session, project_id: str, organisation_id: str | None, published: Published) -> int | None:
    """For how long a yes to the next version lasts: as the draft says, or as now while there is none."""
    drafted = session.execute(select(DraftText.months).where(*_of(project_id, organisation_id)).limit(1)).first()
    return drafted.months if drafted else published.months


def _written(months: int | None) -> str:
    return f"{months}" if months else ""


def _drafted(text: Text, before: Text | None) -> Drafted:
    changed = differences(before.wording if before else None, text.wording)
    return Drafted(text, tuple(changed), before is None,
                   needs_a_speaker(text.language, text.reading, text.wording))


def _wording(row: DraftText) -> Wording:
    return Wording(row.title, row.introduction, read_uses(row.uses))


def _pieces(wording: Wording) -> Mapping[str, str]:
    return {piece.name: piece.after for piece in differences(None, wording)}


def _known(language: str) -> None:
    if language not in LANGUAGES:
        raise NotFound
