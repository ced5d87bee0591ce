"""Ids of another project are worth nothing: they are answered as ids that nothing has, letter for letter (fault 44)."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.routing import Rule

from server.auth import COOKIE
from server.domain.access import Role
from server.domain.ids import new_id
from server.domain.photo_region import Region
from server.domain.work import Kind
from server.models.consent import ConsentRecord
from server.models.device import Device
from server.models.people import Person
from server.models.redaction import PhotoRegion
from server.models.second_step import Passkey
from server.models.story import Story
from server.models.work import Job
from server.services import (
    access_keys,
    embargoes,
    groups,
    invitations,
    photo_regions,
    provocations,
    publication,
    redactions,
    withdrawals,
    work,
)
from tests import makers, makers_of_partners
from tests.api.phone import Phone
from tests.conftest import Browser
from tests.makers import viewer_of
from tests.makers_of_collections import warned_set
from tests.makers_of_words import add_work_on_words
from tests.segments import Run, manifest_body

CANARY = "Zebrafinch"
TUS = {"Tus-Resumable": "1.0.0", "Upload-Offset": "10", "Content-Type": "application/offset+octet-stream"}
NEW_EACH_TIME = {"Date"}
# Phones make these ids themselves: a fresh one is taken in, so there is nothing to compare. They are tried below.
MADE_BY_PHONES = re.compile(r"/api/v1/(consents|stories|quotes|recordings|withdrawals|devices)/")


class Theirs:
    """A project with one of everything, and the ids of it by the names that addresses give them."""

    def __init__(self, session: Session) -> None:
        self.project = project = makers.make_project(session, CANARY)
        self.people = {role: makers.make_person(session, project, role, name=CANARY) for role in Role}
        researcher = self.people[Role.RESEARCHER]
        self.story = makers.make_story(session, project, researcher, pseudonym=CANARY, place=CANARY)
        recording = makers.add_recording(session, self.story, f"we waited {CANARY} all night")
        self.quote = makers.add_quote(session, self.story, f"{CANARY} sang")
        self.photo = makers.add_photo(session, self.story, CANARY)
        self.excerpt = makers.add_excerpt(session, recording, researcher)
        self.theme = makers.make_theme(session, project, CANARY)
        for part in (self.quote, self.photo, self.excerpt):
            makers.tag(session, self.theme, researcher, part)
        upload = makers.add_upload(session, self.story)
        record = session.query(ConsentRecord).filter_by(story_id=self.story.id).one()
        record.witness = CANARY
        evidence = makers.add_evidence_of_consent(session, self.story, record, CANARY.encode())
        commissioner = viewer_of(session, self.people[Role.COMMISSIONER])
        administrator = viewer_of(session, self.people[Role.ADMINISTRATOR])
        provocation = provocations.make(session, commissioner, project.id, provocations.ProvocationText(CANARY))
        provocations.add_evidence(session, commissioner, provocation.id, "quote", self.quote.id)
        provocations.publish(session, commissioner, provocation.id)
        ended_id = makers.make_story(session, project, researcher, pseudonym=CANARY).id
        withdrawals.withdraw(session, administrator, ended_id)
        held_id = makers.make_story(session, project, researcher, pseudonym=CANARY).id
        embargo_id = embargoes.put(session, administrator, project.id, held_id, CANARY, administrator.person_id)
        export_id = publication.take_away(session, viewer_of(session, self.people[Role.ANALYST]), project.id).export_id
        transcript = add_work_on_words(session, recording, researcher, CANARY)
        redaction_id = redactions.make(session, commissioner, self.story.id, redactions.Asked("sang"))
        photo_regions.add(session, commissioner, self.photo.id, Region(100, 100, 100, 100))
        region_id = session.scalars(select(PhotoRegion.id)).one()
        note = makers.add_note(session, self.people[Role.COMMISSIONER], "story", self.story.id, CANARY, project,
                               self.story)
        partner_id, override_id = makers_of_partners.add_overridden(session, project, administrator, CANARY)
        item = warned_set(session, project, self.people[Role.COMMISSIONER], CANARY, self.quote, self.story)
        session.flush()
        self.ids: dict[str, list[str]] = {
            "project_id": [project.id], "story_id": [self.story.id, ended_id], "recording_id": [recording.id],
            "quote_id": [self.quote.id], "photo_id": [self.photo.id], "excerpt_id": [self.excerpt.id],
            "theme_id": [self.theme.id], "provocation_id": [provocation.id], "person_id": [researcher.id],
            "job_id": [_job(session, project.id, recording.id)], "passkey_id": [_passkey(session, researcher)],
            "invitation_id": [invitations.make(session, administrator, project.id, "analyst", CANARY)[0].id],
            "key_id": [access_keys.make(session, commissioner, CANARY)[0].id],
            "part_id": [upload.part_id, recording.id, self.quote.id, self.photo.id, self.story.id, ended_id],
            "collection_id": [item.collection_id], "item_id": [item.id], "consent_id": [record.id],
            "evidence_id": [evidence.id], "organisation_id": [partner_id], "export_id": [export_id],
            "override_id": [override_id], "group_id": [groups.add(session, commissioner, project.id, CANARY)],
            "device_id": [_device(session, researcher)], "withdrawal_id": [new_id()], "embargo_id": [embargo_id],
            "redaction_id": [redaction_id], "region_id": [region_id], "note_id": [note.id],
            "transcript_id": [transcript.id], "speaker_id": [transcript.segments[0].speaker_id or ""],
        }


def _job(session: Session, project_id: str, recording_id: str) -> str:
    work.request(session, kind=Kind.TRANSCRIBE, subject_id=recording_id, story_id=None, project_id=project_id)
    return session.query(Job.id).filter_by(subject_id=recording_id).scalar()


def _passkey(session: Session, person: Person) -> str:
    row = Passkey(id=new_id(), person_id=person.id, credential_id=CANARY, public_key=b"", sign_count=0, name=CANARY,
                  created_at=datetime.now(UTC))
    session.add(row)
    session.flush()
    return row.id


def _device(session: Session, person: Person) -> str:
    row = Device(id=new_id(), person_id=person.id, label=CANARY, first_seen_at=datetime.now(UTC),
                 last_seen_at=datetime.now(UTC))
    session.add(row)
    session.flush()
    return row.id


@pytest.fixture
def theirs(session: Session) -> Theirs:
    return Theirs(session)


@pytest.fixture
def ours(session: Session):
    """A project of our own, with everything in it that a form needs."""
    project = makers.make_project(session, "Ours")
    researcher = makers.make_person(session, project, Role.RESEARCHER)
    story = makers.make_story(session, project, researcher)
    quote = makers.add_quote(session, story, "Ours alone")
    theme = makers.make_theme(session, project, "Ours")
    makers.tag(session, theme, researcher, quote)
    session.flush()
    return project


@pytest.fixture
def browsers(session: Session, sign_in_as, ours) -> dict[str, Browser]:
    """Each role of our project, one person with every role of it, and nobody."""
    found = {role.value: sign_in_as(makers.make_person(session, ours, role)) for role in Role}
    return found | {"everything": sign_in_as(makers.make_person(session, ours, *Role))}


# What any form asks for, so that none is refused before its address is looked at.
FORM = {"recording_id": new_id(), "start_ms": "0", "end_ms": "900", "kind": "quote", "part": new_id(), "way": "up",
        "name": "A name", "question": "Why?", "version": "1"}


def _answer(browser: Browser, method: str, address: str, **sent: Any) -> tuple[int, dict[str, str], str]:
    is_upload = address.startswith("/api/v1/uploads")
    if method == "POST" and not is_upload:
        sent["data"] = FORM
    answer = browser.open(address, method=method, headers=TUS if is_upload else {}, **sent)
    kept = {name: value for name, value in answer.headers.items() if name not in NEW_EACH_TIME}
    return answer.status_code, kept, answer.get_data(as_text=True)


def _rules(app: Flask) -> Iterator[tuple[Rule, str]]:
    for rule in app.url_map.iter_rules():
        if any(name.endswith("_id") for name in rule.arguments):
            for method in sorted((rule.methods or set()) - {"OPTIONS"}):
                yield rule, method


def _fillings(rule: Rule, theirs: Theirs, our_project_id: str) -> Iterator[tuple[dict[str, str], dict[str, str]]]:
    """Ids of theirs for the parts of an address, beside ids that nothing has: in their project, and in ours."""
    names = sorted(name for name in rule.arguments if name.endswith("_id"))
    rest = {name: {"role": "researcher"}.get(name, "nothing") for name in rule.arguments if name not in names}
    most = max(len(theirs.ids[name]) for name in names)
    for number in range(most):
        taken = {name: theirs.ids[name][number % len(theirs.ids[name])] for name in names}
        yield taken | rest, {name: new_id() for name in names} | rest
        if "project_id" in names and len(names) > 1:
            own = {"project_id": our_project_id}
            yield taken | rest | own, {name: new_id() for name in names} | rest | own


def test_no_address_tells_an_id_of_another_project_from_one_that_nothing_has(
        app: Flask, theirs: Theirs, ours, browsers: dict[str, Browser]) -> None:
    """fault 44"""
    adapter, seen = app.url_map.bind("localhost"), 0
    for who, browser in browsers.items():
        for rule, method in _rules(app):
            if method == "PUT" and MADE_BY_PHONES.match(rule.rule):
                continue
            for taken, nothing in _fillings(rule, theirs, ours.id):
                first, second = (_answer(browser, method, adapter.build(rule.endpoint, values, method=method))
                                 for values in (taken, nothing))
                assert first == second, f"{who}: {method} {rule.rule}"
                assert first[0] in (404, 405), f"{who}: {method} {rule.rule} is {first[0]}"
                seen += 1
    assert seen > 300


def test_what_phones_send_under_an_id_of_another_project_is_refused_and_changes_nothing(
        theirs: Theirs, ours, browsers: dict[str, Browser], session: Session) -> None:
    """fault 44"""
    phone = Phone(browsers["researcher"], ours.id, makers.wording_of(session, ours).id)
    session.commit()
    for story_id in theirs.ids["story_id"]:
        for answer in (phone.put("stories", phone.story_body(story_id)),
                       phone.put("consents", phone.consent_body(story_id)),
                       phone.put("quotes", phone.quote_body(story_id)),
                       phone.put("quotes", phone.quote_body(story_id, id=theirs.quote.id)),
                       phone.put("recordings", manifest_body(story_id, [Run(b"a", 1)])),
                       phone.announce(story_id, b"a", kind="segment", recording_id=new_id(), number="0"),
                       phone.announce(story_id, b"photo", kind="photo"),
                       phone.announce(story_id, b"photo", kind="photo", part_id=theirs.ids["part_id"][0])):
            assert answer.status_code == 404, answer.text
            assert answer.json["code"] == "not_found"
    ours_alone = session.query(Story).filter_by(project_id=ours.id).one().id
    recording = manifest_body(ours_alone, [Run(b"a", 1)], recording_id=theirs.ids["recording_id"][0])
    assert phone.put("recordings", recording).json["code"] == "not_found"
    session.expire_all()
    assert session.merge(theirs.story).pseudonym == CANARY


def test_a_filter_by_something_of_another_project_finds_what_a_filter_by_nothing_finds(
        theirs: Theirs, ours, browsers: dict[str, Browser]) -> None:
    """fault 44"""
    for path in (f"/projects/{ours.id}/stories?theme=", f"/projects/{ours.id}/exports/quotes.csv?theme=",
                 f"/projects/{ours.id}/exports?theme=", f"/projects/{ours.id}/provocations/new?theme="):
        first, second = (_answer(browsers["everything"], "GET", path + theme_id)
                         for theme_id in (theirs.theme.id, new_id()))
        blank = [(status, {name: value for name, value in headers.items() if name != "Content-Length"},
                  text.replace(asked, "")) for (status, headers, text), asked
                 in ((first, theirs.theme.id), (second, "no id")) ]
        assert blank[0][0] == blank[1][0], path
        assert CANARY not in first[2]


def test_no_list_count_or_search_of_ours_holds_anything_of_theirs(
        app: Flask, theirs: Theirs, ours, browsers: dict[str, Browser]) -> None:
    """fault 44"""
    adapter = app.url_map.bind("localhost")
    for who, browser in browsers.items():
        for rule in app.url_map.iter_rules():
            if "GET" not in (rule.methods or ()) or rule.arguments - {"project_id"}:
                continue
            address = adapter.build(rule.endpoint, {"project_id": ours.id} if rule.arguments else {})
            answer = browser.get(address, query_string={"place": CANARY, "q": "Zebra", "older": "", "after": "0"})
            assert CANARY not in answer.text.replace(f'value="{CANARY}"', ""), f"{who}: {address}"


def test_a_form_that_names_something_of_another_project_is_answered_as_if_it_were_not_there(
        theirs: Theirs, ours, browsers: dict[str, Browser], session: Session) -> None:
    """fault 44"""
    mine = browsers["everything"]
    person = viewer_of(session, session.query(Person).filter_by(name=CANARY).first())
    commissioner = makers.make_person(session, ours, Role.COMMISSIONER)
    provocation = provocations.make(session, viewer_of(session, commissioner), ours.id,
                                    provocations.ProvocationText("Ours?"))
    story = makers.make_story(session, ours, makers.make_person(session, ours, Role.RESEARCHER))
    quote = makers.add_quote(session, story)
    recording = makers.add_recording(session, story)
    session.commit()
    assert person is not None
    passage = {"start_ms": "0", "end_ms": "900"}
    forms = [
        (f"/provocations/{provocation.id}/evidence", "part", {"kind": "quote"}, theirs.quote.id),
        (f"/provocations/{provocation.id}/evidence", "part", {"kind": "photo"}, theirs.photo.id),
        (f"/provocations/{provocation.id}/evidence", "part", {"kind": "excerpt"}, theirs.excerpt.id),
        (f"/provocations/{provocation.id}/evidence/order", "order", {"version": "1"}, theirs.quote.id),
        (f"/quotes/{quote.id}/themes", "theme", {}, theirs.theme.id),
        (f"/stories/{story.id}/excerpts", "recording_id", passage, theirs.ids["recording_id"][0]),
        (f"/stories/{story.id}/excerpts", "theme", {"recording_id": recording.id, **passage}, theirs.theme.id),
    ]
    for address, field, others, taken in forms:
        answers = [mine.post(address, data={**others, field: named}) for named in (taken, new_id())]
        statuses = [answer.status_code for answer in answers]
        assert statuses[0] == statuses[1], f"{address} {field}: {statuses}"
        assert CANARY not in answers[0].text
        if statuses[0] >= 400:
            assert answers[0].text == answers[1].text, f"{address} {field}"


def test_nobody_at_all_is_told_the_same_everywhere(app: Flask, theirs: Theirs, ours, browsers) -> None:
    """fault 44: without a session every id is the same, but for the way back that the form remembers."""
    client, adapter = app.test_client(), app.url_map.bind("localhost")
    assert client.get_cookie(COOKIE) is None
    for rule, method in _rules(app):
        for taken, nothing in _fillings(rule, theirs, ours.id):
            answers = []
            for values in (taken, nothing):
                address = adapter.build(rule.endpoint, values, method=method)
                status, headers, text = _answer(client, method, address)
                blank = re.compile("|".join(re.escape(value) for value in values.values()))
                answers.append((status, blank.sub("", headers.get("Location", "")), blank.sub("", text)))
            assert answers[0] == answers[1], f"{method} {rule.rule}"
            assert answers[0][0] in (302, 401, 403, 405), f"{method} {rule.rule}"
