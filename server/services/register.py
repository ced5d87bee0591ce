"""The register: what tells the stories of a project apart, without a word of them, so that one can be withdrawn."""

from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import ColumnElement, ScalarSelect, and_, exists, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from server.domain.access import Permission, Role, Viewer, require
from server.domain.bookmark import Bookmark, Turn
from server.domain.consent import EvidenceKind, ForWhom, Given, Use
from server.domain.consent_wording import Reading
from server.domain.errors import NotFound
from server.models.consent import ConsentEvidence, ConsentRecord
from server.models.people import Person
from server.models.project import ConsentWording
from server.models.story import Participant, Photo, Quote, Recording, Story
from server.services import custody, going_without, participants, turning, withholding


@dataclass(frozen=True)
class RegisterEntry:
    """A story as whoever may withdraw it sees it: what tells it apart, and how many parts it has. No words of it.

    Of one that was made anonymous nobody is said to have collected it.
    `kept_by` is the partner that keeps it from the viewer, who learns its id and its day and may withdraw it, no more.
    """

    story_id: str
    pseudonym: str
    place: str
    told_on: date
    received_at: datetime
    researcher_name: str
    recordings: int
    photos: int
    quotes: int
    participants: tuple[str, ...]
    awaits_evidence: bool
    awaits_sound: bool
    kept_by: str = ""


@dataclass(frozen=True)
class Evidence:
    """What shows an agreement. It has come once its file is here, and can be saved once it is stored."""

    id: str
    kind: EvidenceKind
    has_come: bool
    is_stored: bool


@dataclass(frozen=True)
class Agreement:
    """One consent record. `pseudonym` is whose it is, where the phone said; `is_bound` whether it names the very words
    that were read."""

    pseudonym: str
    given_at: datetime
    answers: dict[Use, bool]
    how: Given
    for_whom: ForWhom
    agreed_by: str
    interpreter: str
    witness: str
    language: str
    reading: Reading | None
    wording_title: str
    wording_version: int
    is_bound: bool
    evidence: Evidence | None


@dataclass(frozen=True)
class RegisterPage:
    """One page, and how many stories there are in all that were searched for; None for more than anybody counts."""

    entries: list[RegisterEntry]
    newer: Bookmark | None
    older: Bookmark | None
    count: int | None


def get_page(session: Session, viewer: Viewer, project_id: str, to: Turn, search: str = "") -> RegisterPage:
    """A page of the stories this person may withdraw, newest first; with `search` those with it in their name or
    place, or in the name of somebody who told it with others.

    A researcher who is not an administrator gets their own. Raises NotFound.
    """
    require(viewer, Permission.SEE_REGISTER, project_id)
    which = [_own(viewer, project_id)]
    if search:
        which += [_has(session, project_id, search), ~custody.is_kept_now(viewer.organisations_in(project_id))]
    leaf = turning.turn(session, which, to)
    return RegisterPage(_entries(session, viewer, Story.id.in_(leaf.ids)), leaf.newer, leaf.older,
                        turning.count(session, which, leaf))


def get_entry(session: Session, viewer: Viewer, project_id: str, story_id: str) -> RegisterEntry:
    """One story of it. Raises NotFound."""
    require(viewer, Permission.SEE_REGISTER, project_id)
    for entry in _entries(session, viewer, and_(_own(viewer, project_id), Story.id == story_id)):
        return entry
    raise NotFound


def list_agreements(session: Session, viewer: Viewer, project_id: str, story_id: str) -> list[Agreement]:
    """Every consent record of a story, each person's together and the newest first; none where a partner keeps it from
    the viewer. Raises NotFound."""
    if get_entry(session, viewer, project_id, story_id).kept_by:
        return []
    names = {row.id: row.pseudonym for row in session.scalars(
        select(Participant).where(Participant.story_id == story_id).order_by(Participant.position))}
    came = {(row.id, row.sha256): row for row in session.scalars(
        select(ConsentEvidence).where(ConsentEvidence.story_id == story_id))}
    query = (select(ConsentRecord, ConsentWording.title, ConsentWording.version)
             .join(ConsentWording, ConsentWording.id == ConsentRecord.wording_id)
             .where(ConsentRecord.story_id == story_id).order_by(ConsentRecord.sequence.desc()))
    found = [_agreement(row, title, version, names, came) for row, title, version in session.execute(query)]
    found.sort(key=lambda one: list(names.values()).index(one.pseudonym) if one.pseudonym else -1)
    text = withholding.of_story(session, story_id).text
    return [replace(one, pseudonym=text(one.pseudonym), agreed_by=text(one.agreed_by), witness=text(one.witness),
                    interpreter=text(one.interpreter)) for one in found]


def _agreement(row: ConsentRecord, title: str, version: int, names: dict[str, str],
               came: dict[tuple[str, str], ConsentEvidence]) -> Agreement:
    file = came.get((row.evidence_id or "", row.evidence_sha256 or ""))
    evidence = Evidence(row.evidence_id or "", EvidenceKind(row.evidence_kind), file is not None,
                        file is not None and file.stored_at is not None) if row.evidence_kind else None
    return Agreement(
        pseudonym=names.get(row.participant_id or "", ""), given_at=row.given_at,
        answers={use: row.answers.get(use.value) is True for use in Use}, how=Given(row.how),
        for_whom=ForWhom(row.for_whom), agreed_by=row.agreed_by, interpreter=row.interpreter, witness=row.witness,
        language=row.language, reading=Reading(row.reading) if row.reading else None, wording_title=title,
        wording_version=version, is_bound=row.wording_sha256 is not None, evidence=evidence)


def _own(viewer: Viewer, project_id: str) -> ColumnElement[bool]:
    """SQL: administrators withdraw anything in their project, researchers what they collected and no partner that they
    have left keeps, and a partner's lead what it keeps."""
    if Role.ADMINISTRATOR in viewer.roles_in(project_id):
        return Story.project_id == project_id
    collected = and_(Story.researcher_id == viewer.person_id, Story.project_id == project_id,
                     ~custody.is_kept_now(viewer.organisations_in(project_id)))
    leads = viewer.leads_in(project_id)
    return or_(collected, and_(Story.organisation_id == leads, Story.project_id == project_id)) if leads else collected


def _has(session: Session, project_id: str, search: str) -> ColumnElement[bool]:
    """SQL: this is in the story's name or place, or in the name of one of those who told it together, as these are
    shown."""
    one_of_them = exists().where(Participant.story_id == Story.id,
                                 Participant.pseudonym.icontains(search, autoescape=True))
    kept = or_(Story.pseudonym.icontains(search, autoescape=True), Story.place.icontains(search, autoescape=True),
               one_of_them)
    hiding = withholding.hiding_their_names(session, project_id)
    found = [story_id for story_id, names in hiding.items()
             if any(search.casefold() in name.casefold() for name in names)]
    return or_(and_(kept, Story.id.not_in(list(hiding))), Story.id.in_(found))


def _entries(session: Session, viewer: Viewer, which: ColumnElement[bool]) -> list[RegisterEntry]:
    query = (select(Story, Person.name, _count(Recording.story_id), _count(Photo.story_id), _count(Quote.story_id))
             .outerjoin(Person, Person.id == Story.researcher_id)
             .where(which).order_by(Story.told_at.desc(), Story.id.desc()))
    rows = session.execute(query).all()
    ids = [row.Story.id for row in rows]
    told_by = participants.names_by_story(session, ids, withholding.of_stories(session, ids))
    awaiting = set(session.scalars(select(ConsentRecord.story_id).where(
        ConsentRecord.story_id.in_(ids), ConsentRecord.evidence_id.is_not(None), ~_has_come())))
    without_sound = going_without.list_stories(session, ids)
    names = custody.with_names(session, viewer, withholding.names_of(session, [row.Story for row in rows]))
    kept = custody.kept_from(session, viewer, ids)
    return [
        _kept(story, *names[story.id], kept[story.id]) if story.id in kept else
        RegisterEntry(story.id, *names[story.id], story.told_on, story.received_at, name or "", recordings,
                      photos, quotes, tuple(told_by.get(story.id, {}).values()), story.id in awaiting,
                      story.id in without_sound)
        for story, name, recordings, photos, quotes in rows
    ]


def _kept(story: Story, name: str, place: str, kept_by: str) -> RegisterEntry:
    return RegisterEntry(story.id, name, place, story.told_on, story.received_at, "", 0, 0, 0, (),
                         awaits_evidence=False, awaits_sound=False, kept_by=kept_by)


def _has_come() -> ColumnElement[bool]:
    """SQL: the file that a consent names is here."""
    return exists().where(ConsentEvidence.id == ConsentRecord.evidence_id,
                          ConsentEvidence.sha256 == ConsentRecord.evidence_sha256)


def _count(story_id: InstrumentedAttribute[str]) -> ScalarSelect[int]:
    return select(func.count()).where(story_id == Story.id).scalar_subquery()
