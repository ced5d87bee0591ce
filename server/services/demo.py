"""A made-up project to look around in, sent in along the same way as stories from phones.

`server/demo/demo.json` says what is in it (`README.md` beside it describes the file). Its excerpts are cut from what
the speech model really heard, so they and the provocations follow once the work on its recordings is over.
"""

import hashlib
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import Session

from server.domain.access import Role, Viewer
from server.domain.consent import ForWhom, Given, Use
from server.domain.consent_wording import Reading
from server.domain.sent import PartKind, SentConsent, SentPart, SentParticipant, SentQuote, SentStory
from server.domain.sync import Body, PhoneClock, receipt_code_hash
from server.domain.work import Kind, State
from server.models.people import Membership, Person
from server.models.project import Project, Prompt
from server.models.work import Job
from server.services import (
    arrivals,
    changes,
    consent_wordings,
    consents,
    demo_consent,
    demo_partners,
    demo_voices,
    later_steps,
    people,
    quotes,
    sign_in,
    stories,
    uploads,
    work,
)
from server.services.consent_wordings import Published
from server.storage.staging import Staging
from server.storage.store import blocks_of

FOLDER = Path(__file__).resolve().parent.parent / "demo"
_IDS = UUID("6f1d2f0e-5a0b-5c57-9d0c-2f6d1f0c9a11")
_CLOCK = PhoneClock()
# As phones draw them (`pwa/collect/domain/ids.ts`): Crockford's base32, 130 random bits.
_CODE_LETTERS, _CODE_LENGTH = "0123456789ABCDEFGHJKMNPQRSTVWXYZ", 26


@dataclass(frozen=True)
class SignInLink:
    """A one-time way in for a demo person of this role."""

    role: Role
    name: str
    token: str


@dataclass(frozen=True)
class ReceiptToTry:
    """The receipt of a demo story: its code, and the name that opens it. The code is kept nowhere."""

    code: str = field(repr=False)
    name: str


def content() -> dict[str, Any]:
    """What the demo is made of."""
    return dict(json.loads((FOLDER / "demo.json").read_text(encoding="utf-8")))


def demo_id(*names: str) -> str:
    """The id of something in the demo, the same in every installation."""
    return str(uuid5(_IDS, "/".join(names)))


def fill(session: Session, staging: Staging) -> ReceiptToTry | None:
    """Fill an empty database, and give the one receipt whose code anybody is told. None, and nothing done, where there
    is a project or a person already."""
    if session.scalar(select(exists().where(Project.id.is_not(None)))) or session.scalar(
            select(exists().where(Person.id.is_not(None)))):
        return None
    made = content()
    project_id = _make_project(session, made["project"])
    for person in made["people"]:
        _make_person(session, project_id, person)
    acting = {Role(person["role"]): viewer_of_role(session, project_id, Role(person["role"]))
              for person in made["people"]}
    demo_consent.govern(session, acting[Role.ADMINISTRATOR], project_id, made["project"])
    wording = consent_wordings.newest(session, acting[Role.ADMINISTRATOR], project_id)
    collecting = {"": acting[Role.RESEARCHER]} | demo_partners.add(
        session, acting[Role.ADMINISTRATOR], project_id, made["partners"], demo_id)
    groups = demo_voices.add(session, acting[Role.ADMINISTRATOR], project_id, made["voices"])
    senders = {key: _Sender(session, who, project_id, wording, staging, groups) for key, who in collecting.items()}
    codes: dict[str, str] = {}
    for story in made["stories"]:
        story_id = demo_id("story", story["key"])
        codes[story["key"]] = senders[story.get("partner", "")].send(story, story_id)
        demo_consent.follow(session, acting, project_id, story_id, story)
    return next(ReceiptToTry(codes[story["key"]], story["pseudonym"]) for story in made["stories"]
                if story.get("receipt"))


def sign_in_links(session: Session) -> list[SignInLink]:
    """A fresh link for each demo person; none where there is no demo."""
    query = (select(Person, Membership.role).join(Membership, Membership.person_id == Person.id)
             .join(Project, Project.id == Membership.project_id)
             .where(Project.is_demo, Person.email.endswith("@demo.example"),
                    or_(Membership.organisation_id.is_(None), Membership.role == Role.CUSTODIAN.value))
             .order_by(Person.email.desc()))
    found = {Role(role): person for person, role in session.execute(query)}
    return [SignInLink(role, found[role].name, sign_in.make_link(session, found[role])) for role in Role
            if role in found]


def ask_when_ready(session: Session) -> None:
    """Ask, once for ever, for what rests on the demo's transcripts, when the work on its parts is over. What follows a
    transcript is not waited for."""
    asked = exists().where(Job.kind == Kind.DEMO, Job.subject_id == Project.id)
    going_on = exists().where(Job.project_id == Project.id, Job.kind.not_in(later_steps.KINDS),
                              Job.state.in_((State.WAITING, State.RUNNING, State.BLOCKED)))
    for project_id in session.scalars(select(Project.id).where(Project.is_demo, ~asked, ~going_on)):
        work.request(session, kind=Kind.DEMO, subject_id=project_id, story_id=None, project_id=project_id)


def viewer_of_role(session: Session, project_id: str, role: Role) -> Viewer:
    """A demo person who holds this role. Raises NoResultFound."""
    query = (select(Person).join(Membership, Membership.person_id == Person.id)
             .where(Membership.project_id == project_id, Membership.role == role.value).order_by(Person.email))
    return sign_in.viewer_of(session, session.scalars(query.limit(1)).one())


def _make_project(session: Session, made: dict[str, Any]) -> str:
    project = Project(id=demo_id("project"), name=made["name"], introduction=made["introduction"], is_demo=True,
                      created_at=datetime.now(UTC))
    session.add(project)
    session.flush()
    consent_wordings.publish_first(session, project.id, months=made["consent_months"])
    session.add_all(Prompt(id=demo_id("prompt", str(number)), project_id=project.id, position=number, text=text)
                    for number, text in enumerate(made["prompts"]))
    session.flush()
    changes.note_project(session, project.id)
    return project.id


def _make_person(session: Session, project_id: str, made: dict[str, Any]) -> None:
    person = Person(id=demo_id("person", made["email"]), name=made["name"], email=made["email"], password_hash=None,
                    is_operator=False, created_at=datetime.now(UTC))
    session.add(person)
    session.flush()
    people.add_role(session, person.id, project_id, Role(made["role"]))


class _Sender:
    """Does for each story what a phone does: consent, story, quotes, then media."""

    def __init__(self, session: Session, researcher: Viewer, project_id: str, wording: Published,
                 staging: Staging, groups: Mapping[str, str]) -> None:
        self._groups = groups
        self._session, self._researcher, self._project_id = session, researcher, project_id
        self._wording, self._staging = wording, staging

    def send(self, story: dict[str, Any], story_id: str) -> str:
        """The receipt code, which whoever told the story keeps."""
        told_at = datetime.now(UTC).replace(hour=11, minute=0, second=0, microsecond=0) - timedelta(
            days=story["days_ago"])
        code = "".join(secrets.choice(_CODE_LETTERS) for _ in range(_CODE_LENGTH))
        self._consent(story, story_id, told_at)
        self._story(story, story_id, told_at, code)
        for place, quote in enumerate(story.get("quotes", ())):
            self._quote(quote, story_id, told_at + timedelta(minutes=place))
        for kind in PartKind:
            for place, part in enumerate(story.get(f"{kind.value}s", ())):
                self._part(kind, part, story_id, told_at, place)
        return code

    def _consent(self, story: dict[str, Any], story_id: str, told_at: datetime) -> None:
        reading = Reading(story.get("reading", Reading.FULL))
        read = next(text for text in self._wording.texts if text.reading is reading)
        refused = {Use(use) for use in story.get("refused", ())}
        sent = SentConsent(
            id=demo_id("consent", story["key"]), project_id=self._project_id, story_id=story_id,
            wording_id=self._wording.id, answers={use: use not in refused for use in Use},
            how=Given(story.get("how", "spoken")), for_whom=ForWhom(story.get("for_whom", "self")), given_at=told_at,
            participant_id=demo_id("participant", story["key"]), wording_sha256=read.sha256, language=read.language,
            reading=reading)
        consents.record(self._session, self._researcher, sent, _body(sent), _CLOCK)

    def _story(self, story: dict[str, Any], story_id: str, told_at: datetime, code: str) -> None:
        sent = SentStory(
            id=story_id, project_id=self._project_id, conversation_id=demo_id("conversation", story["key"]),
            conversation_started_at=told_at, conversation_place=story["place"], pseudonym=story["pseudonym"],
            told_at=told_at, place=story["place"], receipt_code_hash=receipt_code_hash(code),
            participants=(SentParticipant(
                demo_id("participant", story["key"]), story["pseudonym"], receipt_code_hash(code),
                story.get("own_words", ""), tuple(self._groups[name] for name in story.get("groups", ()))),))
        stories.receive(self._session, self._researcher, sent, _body(sent), _CLOCK)

    def _quote(self, quote: dict[str, Any], story_id: str, written_at: datetime) -> None:
        sent = SentQuote(id=demo_id("quote", quote["key"]), story_id=story_id, text=quote["text"],
                         written_at=written_at)
        quotes.receive(self._session, self._researcher, sent, _body(sent), _CLOCK)

    def _part(self, kind: PartKind, part: dict[str, Any], story_id: str, told_at: datetime, place: int) -> None:
        data = (FOLDER / part["file"]).read_bytes()
        sent = SentPart(
            id=demo_id(kind.value, part["key"]), kind=kind, story_id=story_id, sha256=hashlib.sha256(data).hexdigest(),
            length=len(data), started_at=told_at, description=part.get("description", ""), position=place, metadata="")
        arriving, _ = uploads.begin(self._session, self._researcher, sent, _CLOCK, self._staging)
        uploads.take_over(self._session, arriving, self._staging)
        self._staging.append(arriving.staged_as, 0, blocks_of(BytesIO(data)), most=len(data))
        arrivals.keep(self._session, self._researcher, arrivals.check(arriving, self._staging), self._staging)


def _body(sent: SentConsent | SentStory | SentQuote) -> Body:
    """Nobody sent these over a wire; what a phone would have sent is stood for by the plain values."""
    return Body.of(repr(sent).encode())
