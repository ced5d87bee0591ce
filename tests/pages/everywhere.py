"""A project with everybody in it, a story that can be told by its words and bytes, and every address there is."""

import hashlib
import io
import re
from collections.abc import Callable, Iterable, Iterator

from flask import Flask
from sqlalchemy import delete
from sqlalchemy.orm import Session
from werkzeug.routing import Rule

from server.domain.access import Role
from server.domain.ids import new_id
from server.models.consent import ConsentRecord
from server.models.group import Belonging, SelfDescription
from server.models.people import Membership, Person, SignInAttempt
from server.models.redaction import PhotoRegion
from server.models.story import Quote
from server.models.theme import Excerpt
from server.models.transcript import Transcript
from server.parts import Parts
from server.services import groups, provocations
from tests import makers, makers_of_partners
from tests.conftest import Browser
from tests.makers_of_collections import collect, make_collection, share_with, warn
from tests.makers_of_suggestions import add_answer, add_vectors
from tests.makers_of_words import add_work_on_words, flag

# Words and bytes that stand nowhere but in the story.
NAME, PLACE, QUOTE = "Zebedee Quillfeather", "Mossy Hollow", "They kept the lamp lit for nobody."
SAID, DESCRIPTION = "owls counted the corridors twice", "A violet lantern on a stair"
ASKED, UNFINISHED = "Which heron came back?", "Parts 1 and 3 of 3 have not come yet"
# What somebody named who speaks, what nobody has heard, and what it says now where an excerpt was cut.
SPEAKER, DRAFTED, CORRECTED = "Uncle Barnaby Thistle", "nightjars that nobody heard", "marmots crossed the hall"
BYTES = {"original": b"CANARY-ORIGINAL", "playback": b"CANARY-PLAYBACK", "photo": b"CANARY-PHOTO",
         "derivative": b"CANARY-DERIVATIVE", "clip": b"CANARY-CLIP", "drafted": b"CANARY-DRAFTED",
         "segment": b"CANARY-SEGMENT", "evidence": b"CANARY-EVIDENCE", "clean": b"CANARY-CLEAN",
         "uncovered": b"CANARY-UNCOVERED"}
OF_THEMSELVES = "A keeper of seven kestrels"
TELLER, WITNESS, NOTE = "Quentin Mossback", "Aunt Philomena", "The tall one is my cousin."
# What the team wrote about the story, an excerpt of it and its photo.
MEMO, MEMO_ON_WORDS, MEMO_ON_PHOTO = ("Ask the ferryman again.", "Like what the weavers say.",
                                       "Whose umbrella is this?")
TEXTS = (MEMO, MEMO_ON_WORDS, MEMO_ON_PHOTO,
         OF_THEMSELVES,
         TELLER, WITNESS, NOTE, NAME, PLACE, QUOTE, SAID, DESCRIPTION, "owls", "lantern", ASKED, UNFINISHED,
         SPEAKER, DRAFTED, CORRECTED)
CANARIES = [text.encode() for text in TEXTS] + list(BYTES.values())

# What differs between two askings for the same page and says nothing of a story.
PASSING = re.compile(rb'name="csrf_token" value="[^"]*"|"csrf_token":\s*"[^"]*"|\d{4}-\d\d-\d\dT[\d:.]+(\+00:00|Z)')


class Place:
    """A project with a story that stays, and everybody signed in. `ids` fills the parts of addresses."""

    def __init__(self, session: Session, sign_in_as: Callable[..., Browser]) -> None:
        self.session = session
        self.project = makers.make_project(session)
        self.people = {role: makers.make_person(session, self.project, role, name=role.value) for role in Role}
        self.partner = makers_of_partners.add_partner(session, self.project)
        session.get_one(Membership, (self.people[Role.CUSTODIAN].id, self.project.id, Role.CUSTODIAN.value)
                        ).organisation_id = self.partner
        self.theme = makers.make_theme(session, self.project, "Night")
        self.commissioner = makers.viewer_of(session, self.people[Role.COMMISSIONER])
        self.staying = makers.make_story(session, self.project, self.people[Role.RESEARCHER], pseudonym="Amal")
        quote = makers.add_quote(session, self.staying)
        text = provocations.ProvocationText("Who tells a family?")
        self.provocation = provocations.make(session, self.commissioner, self.project.id, text)
        provocations.add_evidence(session, self.commissioner, self.provocation.id, "quote", quote.id)
        provocations.publish(session, self.commissioner, self.provocation.id)
        self._collect(quote)
        self.group_id = groups.add(session, self.commissioner, self.project.id, "Young carers")
        session.commit()
        self.browsers = {role: sign_in_as(person) for role, person in self.people.items()}
        self.common = {"project_id": self.project.id, "theme_id": self.theme.id,
                       "collection_id": self.collection.id, "item_id": new_id(),
                       "provocation_id": self.provocation.id, "person_id": self.people[Role.RESEARCHER].id,
                       "role": "researcher", "token": "no-such-token", "code": "0" * 26, "path": "index.html",
                       "name": "index.html", "invitation_id": new_id(), "job_id": new_id(),
                       "language": "cy", "reading": "easy", "device_id": new_id(), "key_id": new_id(),
                       "passkey_id": new_id(), "number": "1",
                       "withdrawal_id": new_id(), "embargo_id": new_id(), "export_id": new_id(),
                       "organisation_id": self.partner, "override_id": new_id(),
                       "scope": "erase", "redaction_id": new_id(),
                       "group_id": self.group_id}


    def _collect(self, quote: Quote) -> None:
        """A set that everybody has who may see collections."""
        commissioner = self.people[Role.COMMISSIONER]
        self.collection = make_collection(self.session, self.project, commissioner, "For June", quote)
        share_with(self.session, self.collection, self.people[Role.BOARD_MEMBER], self.people[Role.ANALYST])


class Victim:
    """A story with every kind of part, themed, in a provocation, its bytes in the store."""

    def __init__(self, place: Place, store: Parts) -> None:
        session, researcher = place.session, place.people[Role.RESEARCHER]
        hashes = {name: self._keep(store, content) for name, content in BYTES.items()}
        self.story = makers.make_story(session, place.project, researcher, pseudonym=NAME, place=PLACE)
        self.group_id = place.common["group_id"]
        self.quote = makers.add_quote(session, self.story, QUOTE)
        self.recording = makers.add_recording(session, self.story, SAID)
        self.recording.sha256, self.recording.playback_sha256 = hashes["original"], hashes["playback"]
        self.recording.withheld, self.recording.clean_sha256 = [[0, 100, "silence"]], hashes["clean"]
        self._in_segments(session, hashes["segment"])
        self.photo = makers.add_photo(session, self.story, DESCRIPTION)
        self.photo.sha256, self.photo.derivative_sha256 = hashes["photo"], hashes["derivative"]
        self.photo.people, self.photo.people_note = "agreed", NOTE
        self.photo.clean_sha256 = hashes["uncovered"]
        region = PhotoRegion(id=new_id(), photo_id=self.photo.id, left=100, top=100, width=50, height=50,
                             made_by=researcher.id, made_at=makers.NOON)
        session.add(region)
        self._told_by_two(session)
        self.excerpt = makers.add_excerpt(session, self.recording, researcher, "counted the corridors")
        self.excerpt.clip_sha256 = hashes["clip"]
        flag(self.excerpt, CORRECTED)
        self.draft = self._draft(session, researcher, hashes["drafted"])
        for kind, part in (("excerpt", self.excerpt), ("excerpt", self.draft), ("quote", self.quote),
                           ("photo", self.photo)):
            makers.tag(session, place.theme, researcher, part)
            provocations.add_evidence(session, place.commissioner, place.provocation.id, kind, part.id)
            collect(session, place.collection, part)
            warn(session, place.project, part)
        collect(session, place.collection, self.story)
        note_id = self._noted(session, place)
        transcript, speaker_id = self._words_of_people(session, researcher)
        for said in (self.recording, self.quote):
            add_vectors(session, said)
            add_answer(session, place.theme, researcher, said)
        session.commit()
        self.ids = {"transcript_id": transcript.id, "speaker_id": speaker_id, "note_id": note_id}
        self.ids |= {"story_id": self.story.id, "recording_id": self.recording.id, "photo_id": self.photo.id,
                     "quote_id": self.quote.id, "excerpt_id": self.excerpt.id, "consent_id": self.evidence.consent_id,
                     "evidence_id": self.evidence.id, "region_id": region.id}
        self.part_ids = [self.story.id, self.recording.id, self.photo.id, self.quote.id, self.excerpt.id,
                         self.unfinished.id, self.evidence.id, self.draft.id]
        self.draft_id = self.draft.id

    def addresses(self, app: Flask, place: Place) -> list[tuple[Rule, str]]:
        """Every route with its ids, those of excerpts once for each of the two."""
        of_draft = [(rule, address) for rule, address in addresses(
            app, place.common | self.ids | {"excerpt_id": self.draft_id}, []) if "excerpt_id" in rule.arguments]
        return [*addresses(app, place.common | self.ids, self.part_ids), *of_draft]

    def _noted(self, session: Session, place: Place) -> str:
        """Notes of the commissioner; the id of the one on the story."""
        return [makers.add_note(session, place.people[Role.COMMISSIONER], kind, subject_id, text, place.project,
                                self.story).id for kind, subject_id, text in (
            ("photo", self.photo.id, MEMO_ON_PHOTO), ("excerpt", self.excerpt.id, MEMO_ON_WORDS),
            ("story", self.story.id, MEMO))][-1]

    def _draft(self, session: Session, person: Person, sha256: str) -> Excerpt:
        """Another excerpt, of which nobody has heard every word."""
        draft = makers.add_excerpt(session, self.recording, person, DRAFTED, start_ms=400)
        draft.quotable_at, draft.clip_sha256 = None, sha256
        session.flush()
        return draft

    def _words_of_people(self, session: Session, person: Person) -> tuple[Transcript, str]:
        """Somebody has worked on the words, and somebody is named who speaks them."""
        transcript = add_work_on_words(session, self.recording, person, SPEAKER)
        [segment] = transcript.segments
        return transcript, segment.speaker_id or ""

    def _told_by_two(self, session: Session) -> None:
        """Two people, the first of whom signed beside a witness."""
        person = makers.add_participant(session, self.story, TELLER)
        makers.add_participant(session, self.story, "Amal")
        record = session.query(ConsentRecord).filter_by(participant_id=person.id).one()
        record.witness = WITNESS
        session.add(SelfDescription(participant_id=person.id, story_id=self.story.id, own_words=OF_THEMSELVES))
        session.flush()
        session.add(Belonging(participant_id=person.id, group_id=self.group_id, story_id=self.story.id))
        self.evidence = makers.add_evidence_of_consent(session, self.story, record, BYTES["evidence"])

    def _in_segments(self, session: Session, sha256: str) -> None:
        """The recording was made of two parts, with a moment marked; of another one a part came."""
        manifest = makers.add_manifest(session, self.story, self.recording.id, parts=2)
        makers.add_segment(session, manifest, 0, sha256=sha256)
        makers.add_segment(session, manifest, 1)
        makers.add_gap(session, self.recording.id, 900)
        makers.add_marker(session, self.recording.id, 500, ASKED)
        self.unfinished = makers.add_manifest(session, self.story)
        makers.add_segment(session, self.unfinished, 1)

    @staticmethod
    def _keep(parts: Parts, content: bytes) -> str:
        parts.store.put(io.BytesIO(content))
        return hashlib.sha256(content).hexdigest()


def addresses(app: Flask, ids: dict[str, str], parts: list[str]) -> Iterator[tuple[Rule, str]]:
    """Every route with these ids in it; a route with a `part_id` once for each part."""
    for rule in app.url_map.iter_rules():
        if "part_id" in rule.arguments:
            yield from ((rule, fill(app, rule, ids | {"part_id": part})) for part in parts)
        elif set(rule.arguments) <= set(ids):
            yield rule, fill(app, rule, ids)


def fill(app: Flask, rule: Rule, ids: dict[str, str]) -> str:
    with app.test_request_context():
        return app.url_map.bind("localhost").build(rule.endpoint, {name: ids[name] for name in rule.arguments})


def pages(app: Flask, place: Place, roles: Iterable[Role] = Role) -> dict[tuple[str, str], tuple[int, bytes]]:
    """What each of these gets at every address that names no story. The list of files that were taken away is passed
    over: asking for everything takes files away."""
    seen = {}
    place.session.execute(delete(SignInAttempt))  # a code that stands for nothing is counted
    place.session.commit()
    for role in roles:
        browser = place.browsers[role]
        for rule, address in addresses(app, place.common, []):
            if rule.endpoint == "exports_made.index":
                continue
            if "GET" in (rule.methods or ()) and not address.startswith("/sign-in/link"):
                answer = browser.get(address)
                seen[role.value, address] = (answer.status_code, PASSING.sub(b"", answer.data))
    return seen
