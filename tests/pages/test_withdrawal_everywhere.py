"""A withdrawn story, looked for at every address, as everybody: not a word, byte, count or name of it is left.

Before the story exists, every page of its project is kept as each role sees it. After the withdrawal each of them must
be the same again to the letter, so that no count gives the story away. A new route joins by itself; a route with a
part of its address that is not known here fails the test.
"""

import hashlib
import io
import re
from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from sqlalchemy.orm import Session
from werkzeug.routing import Rule

from server.domain.access import Role
from server.domain.ids import new_id
from server.models.consent import Clearance
from server.parts import Parts
from server.services import evidence, provocations, withdrawals
from tests import makers
from tests.conftest import Browser

# Words and bytes that stand nowhere but in the story.
NAME, PLACE, QUOTE = "Zebedee Quillfeather", "Mossy Hollow", "They kept the lamp lit for nobody."
SAID, DESCRIPTION = "owls counted the corridors twice", "A violet lantern on a stair"
BYTES = {"original": b"CANARY-ORIGINAL", "playback": b"CANARY-PLAYBACK", "photo": b"CANARY-PHOTO",
         "derivative": b"CANARY-DERIVATIVE", "clip": b"CANARY-CLIP"}
CANARIES = [text.encode() for text in (NAME, PLACE, QUOTE, SAID, DESCRIPTION, "owls", "lantern")] + list(BYTES.values())

# What differs between two askings for the same page and says nothing of a story.
PASSING = re.compile(rb'name="csrf_token" value="[^"]*"|"csrf_token":\s*"[^"]*"|\d{4}-\d\d-\d\dT[\d:.]+(\+00:00|Z)')


class Place:
    """A project with a story that stays, and everybody signed in. `ids` fills the parts of addresses."""

    def __init__(self, session: Session, sign_in_as: Callable[..., Browser]) -> None:
        self.session = session
        self.project = makers.make_project(session)
        self.people = {role: makers.make_person(session, self.project, role, name=role.value) for role in Role}
        self.theme = makers.make_theme(session, self.project, "Night")
        self.commissioner = makers.viewer_of(session, self.people[Role.COMMISSIONER])
        self.staying = makers.make_story(session, self.project, self.people[Role.RESEARCHER], pseudonym="Amal")
        quote = makers.add_quote(session, self.staying)
        text = provocations.ProvocationText("Who tells a family?")
        self.provocation = provocations.make(session, self.commissioner, self.project.id, text)
        provocations.add_evidence(session, self.commissioner, self.provocation.id, "quote", quote.id)
        provocations.publish(session, self.commissioner, self.provocation.id)
        session.commit()
        self.browsers = {role: sign_in_as(person) for role, person in self.people.items()}
        self.common = {"project_id": self.project.id, "theme_id": self.theme.id,
                       "provocation_id": self.provocation.id, "person_id": self.people[Role.RESEARCHER].id,
                       "role": "researcher", "token": "no-such-token", "code": "0" * 26, "path": "index.html",
                       "name": "index.html", "invitation_id": new_id(), "job_id": new_id()}


class Victim:
    """A story with every kind of part, themed, in a provocation, its bytes in the store."""

    def __init__(self, place: Place, store: Parts) -> None:
        session, researcher = place.session, place.people[Role.RESEARCHER]
        hashes = {name: self._keep(store, content) for name, content in BYTES.items()}
        self.story = makers.make_story(session, place.project, researcher, pseudonym=NAME, place=PLACE)
        self.quote = makers.add_quote(session, self.story, QUOTE)
        self.recording = makers.add_recording(session, self.story, SAID)
        self.recording.sha256, self.recording.playback_sha256 = hashes["original"], hashes["playback"]
        self.photo = makers.add_photo(session, self.story, DESCRIPTION)
        self.photo.sha256, self.photo.derivative_sha256 = hashes["photo"], hashes["derivative"]
        self.excerpt = makers.add_excerpt(session, self.recording, researcher, "counted the corridors")
        self.excerpt.clip_sha256 = hashes["clip"]
        for kind, part in (("excerpt", self.excerpt), ("quote", self.quote), ("photo", self.photo)):
            makers.tag(session, place.theme, researcher, part)
            provocations.add_evidence(session, place.commissioner, place.provocation.id, kind, part.id)
        session.commit()
        self.ids = {"story_id": self.story.id, "recording_id": self.recording.id, "photo_id": self.photo.id,
                    "quote_id": self.quote.id, "excerpt_id": self.excerpt.id, "consent_id": new_id()}
        self.part_ids = [self.story.id, self.recording.id, self.photo.id, self.quote.id, self.excerpt.id]

    @staticmethod
    def _keep(parts: Parts, content: bytes) -> str:
        parts.store.put(io.BytesIO(content))
        return hashlib.sha256(content).hexdigest()


@pytest.fixture
def place(session: Session, sign_in_as: Callable[..., Browser]) -> Place:
    return Place(session, sign_in_as)


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


def pages(app: Flask, place: Place) -> dict[tuple[str, str], tuple[int, bytes]]:
    """What everybody gets at every address that names no story."""
    seen = {}
    for role, browser in place.browsers.items():
        for rule, address in addresses(app, place.common, []):
            if "GET" in (rule.methods or ()) and not address.startswith("/sign-in/link"):
                answer = browser.get(address)
                seen[role.value, address] = (answer.status_code, PASSING.sub(b"", answer.data))
    return seen


def test_every_part_of_an_address_is_known_to_this_test(app: Flask, place: Place) -> None:
    known = {*place.common, "story_id", "recording_id", "photo_id", "quote_id", "excerpt_id", "consent_id", "part_id"}
    assert {name for rule in app.url_map.iter_rules() for name in rule.arguments} <= known


def test_a_withdrawn_story_is_nowhere(app: Flask, place: Place, session: Session) -> None:
    before = pages(app, place)
    victim = Victim(place, app.extensions["earshot"])
    found = b"".join(body for _, body in pages(app, place).values())
    for role, browser in place.browsers.items():
        for rule, address in addresses(app, place.common | victim.ids, victim.part_ids):
            if "GET" in (rule.methods or ()) and not address.startswith("/sign-in/link"):
                found += browser.get(address).data
        assert role.value
    shown = {canary for canary in CANARIES if canary in found}
    assert {NAME.encode(), QUOTE.encode(), b"owls", DESCRIPTION.encode(), BYTES["playback"], BYTES["clip"],
            BYTES["derivative"]} <= shown, "the test must be able to see what it looks for"
    assert BYTES["original"] not in shown
    assert BYTES["photo"] not in shown

    researcher = makers.viewer_of(session, place.people[Role.RESEARCHER])
    withdrawals.withdraw(session, researcher, victim.story.id, "They asked for it back.")
    session.commit()

    assert pages(app, place) == before
    for browser in (*place.browsers.values(), app.test_client()):
        for rule, address in addresses(app, place.common | victim.ids, victim.part_ids):
            for method in (rule.methods or set()) - {"OPTIONS"}:
                answer = browser.open(address, method=method)
                assert not [canary for canary in CANARIES if canary in answer.data], (method, address)
                assert not [canary for canary in CANARIES if canary.decode() in str(answer.headers)], (method, address)


def test_its_addresses_answer_as_if_it_had_never_been(app: Flask, place: Place, session: Session) -> None:
    victim = Victim(place, app.extensions["earshot"])
    withdrawals.withdraw(session, makers.viewer_of(session, place.people[Role.ADMINISTRATOR]), victim.story.id)
    session.commit()
    for browser in place.browsers.values():
        for rule, address in addresses(app, place.common | victim.ids, []):
            if rule.arguments & set(victim.ids) and "GET" in (rule.methods or ()) and "withdrawn" not in address:
                assert browser.get(address).status_code == 404, address


def test_taking_one_guard_away_is_noticed(app: Flask, place: Place, session: Session) -> None:
    """A story whose clearances are gone but whose rows are still there is as invisible as one that is erased."""
    before = pages(app, place)
    victim = Victim(place, app.extensions["earshot"])
    session.query(Clearance).filter_by(story_id=victim.story.id).delete()
    session.commit()
    for role in (Role.COMMISSIONER, Role.BOARD_MEMBER, Role.ANALYST):
        now = pages(app, place)
        changed = [address for (who, address), page in now.items() if who == role and page != before[who, address]]
        assert changed == []
    assert evidence.list_evidence(session, place.commissioner, place.provocation.id)
