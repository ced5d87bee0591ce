"""One person's consent to a story as one document, whoever asks for it."""

from dataclasses import replace
from datetime import UTC, datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from server.domain import consent as rules
from server.domain.access import Permission, Viewer, require
from server.domain.consent import Scope, Standing, Use
from server.domain.consent_document import Answered, ConsentDocument, Controller, Ended, Read
from server.domain.errors import NotFound
from server.domain.retention import Cause
from server.models.consent import ConsentRecord, PartialWithdrawal, Withdrawal
from server.models.project import ConsentWording, Project
from server.models.story import Participant
from server.services import consent_wordings, consents, register, withholding


def list_tellers(session: Session, viewer: Viewer, project_id: str, story_id: str) -> list[tuple[str | None, str]]:
    """Those who told a story, by id and the name that was agreed with them; none where a partner keeps it to itself.
    Raises NotFound."""
    require(viewer, Permission.SEE_EVIDENCE, project_id)
    entry = register.get_entry(session, viewer, project_id, story_id)
    if entry.kept_by:
        return []
    people = select(Participant.id, Participant.pseudonym).where(Participant.story_id == story_id)
    text = withholding.of_story(session, story_id).text
    named: list[tuple[str | None, str]] = [(row.id, text(row.pseudonym))
                                           for row in session.execute(people.order_by(Participant.position))]
    return named or [(None, entry.pseudonym)]


def list_asked(session: Session, viewer: Viewer, project_id: str, story_id: str) -> list[str | None]:
    """Those who were asked about a story that has ended, the first first, of whom nothing but an id is known any more;
    None for the one of a story whose records name nobody. Whoever answers for the project must be able to show what
    was agreed to, and that it was taken back. Raises NotFound where it has not ended."""
    require(viewer, Permission.SEE_EVIDENCE, project_id)
    if not _has_ended(session, project_id, story_id):
        raise NotFound
    rows = session.scalars(select(ConsentRecord.participant_id).where(ConsentRecord.story_id == story_id)
                           .order_by(ConsentRecord.sequence)).all()
    return list(dict.fromkeys(person for person in rows if person)) or ([None] if rows else [])


def get(session: Session, viewer: Viewer, project_id: str, story_id: str,
        participant_id: str | None) -> ConsentDocument:
    """The consent of one of those who told a story, for who looks after the project, also after it has ended. Raises
    NotFound."""
    if _has_ended(session, project_id, story_id):
        known = list_asked(session, viewer, project_id, story_id)
    else:
        known = [teller for teller, _ in list_tellers(session, viewer, project_id, story_id)]
    if participant_id not in known:
        raise NotFound
    return of_participant(session, story_id, participant_id)


def of_participant(session: Session, story_id: str, participant_id: str | None) -> ConsentDocument:
    """Everything that one person answered about a story, also after it was withdrawn; the caller has asked who may
    know. Nobody named: the only one who told it, or the records that name nobody. Raises NotFound where there is no
    record of them."""
    tellers = {*consents.list_tellers(session, story_id)} | ({participant_id} if participant_id else set())
    if participant_id is None and len(tellers) == 1:
        [participant_id] = tellers
    whose = or_(ConsentRecord.participant_id == participant_id, ConsentRecord.participant_id.is_(None))
    rows = list(session.scalars(select(ConsentRecord).where(ConsentRecord.story_id == story_id, whose)
                                .order_by(ConsentRecord.sequence)))
    if not rows:
        raise NotFound
    project = session.get_one(Project, rows[0].project_id)
    history = consents.history_of(session, story_id)
    now = datetime.now(UTC)
    wordings = {row.wording_id: session.get_one(ConsentWording, row.wording_id) for row in rows}
    return ConsentDocument(
        made_at=now, controller=_controller(project), project_id=project.id, project_name=project.name,
        story_id=story_id, participant_id=participant_id, others=max(len(tellers) - 1, 0),
        records=tuple(_answered(row, wordings[row.wording_id]) for row in rows),
        withdrawals=tuple(_ended(session, story_id)), standings=_standings(history, participant_id, now),
        # That it is held back for somebody's safety must not show, so what is allowed is told without it.
        allowed=frozenset(one for one in rules.decide(replace(history, is_under_embargo=False)) if now < one.until))


def _has_ended(session: Session, project_id: str, story_id: str) -> bool:
    ended = session.get(Withdrawal, story_id)
    return ended is not None and ended.project_id == project_id


def _controller(project: Project) -> Controller:
    return Controller(project.controller, project.complaints, project.lawful_basis, project.ethics_reference,
                      project.dpia_reference)


def _answered(row: ConsentRecord, wording: ConsentWording) -> Answered:
    evidence = (row.evidence_kind, row.evidence_sha256) if row.evidence_kind and row.evidence_sha256 else None
    return Answered(
        record_id=row.id, given_at=row.given_at, received_at=row.received_at, how=row.how, for_whom=row.for_whom,
        read=_read(row, wording), answers={use: row.answers.get(use.value) is True for use in Use},
        until={Use(use): datetime.fromisoformat(end) for use, end in row.until.items()}, evidence=evidence,
        for_everybody=row.participant_id is None)


def _read(row: ConsentRecord, wording: ConsentWording) -> Read:
    """The text by the hash that the phone named, or the main one."""
    texts = consent_wordings.texts_of(wording)
    bound = [text for text in texts if row.wording_sha256 == text.sha256]
    return Read(wording.id, wording.version, (bound or texts)[0], bool(bound))


def _ended(session: Session, story_id: str) -> list[Ended]:
    parts = session.scalars(select(PartialWithdrawal).where(PartialWithdrawal.story_id == story_id))
    found = [Ended(row.at, Scope(row.scope), Cause.ASKED) for row in parts]
    whole = session.get(Withdrawal, story_id)
    if whole is not None:
        found.append(Ended(whole.at, Scope(whole.scope), Cause(whole.cause)))
    return sorted(found, key=lambda one: one.at)


def _standings(history: rules.History, participant_id: str | None, now: datetime) -> dict[Use, Standing]:
    """This person's. Where only one is known it is theirs, whichever of the two, story or record, names nobody."""
    found = rules.standings(history, now)
    if participant_id not in found and len(found) == 1:
        return next(iter(found.values()))
    return found.get(participant_id, dict.fromkeys(Use, Standing.NOT_ASKED))
