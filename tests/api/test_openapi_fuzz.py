"""Requests that nobody here thought of, made from the description: every answer is one that the description knows.

A failure prints the request as a curl command and the seed: FUZZ_SEED repeats it. `make check` tries many more.
"""

import os
import random
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import hypothesis
import pytest
import schemathesis
from flask import Flask
from schemathesis import checks

from server.api.description import PREFIX
from server.auth import COOKIE
from server.db import db
from server.domain.ids import new_id
from server.services import access_keys
from tests.api.conftest import Place
from tests.api.phone import CHUNK, TOLD_AT, Phone, metadata, sound
from tests.makers import digest, viewer_of
from tests.segments import Run, manifest_body

SEED = int(os.environ.get("FUZZ_SEED") or random.SystemRandom().getrandbits(32))
HEADS = {"Tus-Resumable": "1.0.0", "Upload-Offset": "0"}
CHECKS = [checks.not_a_server_error, checks.status_code_conformance, checks.content_type_conformance,
          checks.response_headers_conformance, checks.response_schema_conformance]


schemathesis.serializer.alias(CHUNK, "application/octet-stream")


@dataclass(frozen=True)
class Caller:
    """By which headers and cookies whoever calls is known."""

    headers: dict[str, str] = field(default_factory=dict)
    cookies: dict[str, str] = field(default_factory=dict)


@pytest.fixture(params=["nobody", "session", "key"])
def caller(request: pytest.FixtureRequest, phone: Phone, place: Place) -> Caller:
    if request.param == "session":
        cookie = phone.browser.get_cookie(COOKIE)
        assert cookie is not None
        return Caller({"X-CSRF-Token": phone.browser.csrf_token, "Origin": "http://localhost"}, {COOKIE: cookie.value})
    if request.param == "key":
        _, token = access_keys.make(db.session(), viewer_of(db.session(), place.researcher), "fuzz")
        db.session.commit()
        return Caller({"Authorization": f"Bearer {token}"})
    return Caller()


@dataclass
class Real:
    """Ids that exist, which no generator would find, to be put into some of what is generated."""

    phone: Phone
    chance: random.Random = field(default_factory=lambda: random.Random(SEED))
    ids: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        story_id, quote = self.phone.send_story(), new_id()
        self.phone.put("quotes", self.phone.quote_body(story_id, id=quote))
        manifest = manifest_body(story_id, [Run(sound(), 2000)])
        self.phone.put("recordings", manifest)
        self._for_files = self.phone.send_story()  # another one, to which no generated consent says no
        self.ids = {"story_id": story_id, "quote_id": quote, "part_id": quote, "recording_id": manifest["id"],
                    "project_id": self.phone.project_id, "wording_id": self.phone.wording_id}

    def put_into(self, case: Any) -> None:
        """Make some of what was generated mean something here."""
        for name in case.path_parameters or {}:
            if name in self.ids and self.chance.random() < 0.5:
                case.path_parameters[name] = self.ids[name]
        if case.operation.path == "/uploads/{part_id}" and self.chance.random() < 0.7:
            case.path_parameters["part_id"] = arriving = new_id()
            self.phone.announce(self._for_files, sound(), part_id=arriving)
        if isinstance(case.body, dict) and self.chance.random() < 0.7:
            case.body.update({name: self.ids[name] for name in ("project_id", "wording_id", "story_id")
                              if name in case.body})
            case.body["id"] = next(iter((case.path_parameters or {}).values()), new_id())
        if case.operation.path == "/uploads" and case.method == "POST" and self.chance.random() < 0.7:
            case.headers.update(self._announced())
        for name, value in HEADS.items():
            if name in (case.headers or {}) and self.chance.random() < 0.8:
                case.headers[name] = value
        if case.method == "PATCH" and self.chance.random() < 0.5:
            case.body = sound()[:self.chance.choice([1, 100, 10**6])]

    def _announced(self) -> dict[str, str]:
        kind = self.chance.choice(["recording", "segment", "photo"])
        values = {"id": new_id(), "kind": kind, "story_id": self.chance.choice([self._for_files, new_id()]),
                  "sha256": digest(kind), "started_at": TOLD_AT, "position": str(self.chance.randint(-1, 5)),
                  "number": str(self.chance.randint(-1, 2)),
                  "recording_id": self.chance.choice([self.ids["recording_id"], new_id()])}
        left_out = self.chance.choice([*values, "", "", ""])
        return {"Upload-Metadata": metadata(values | ({left_out: "-"} if left_out else {})),
                "Upload-Length": str(self.chance.choice([0, 1, 10, 10**12]))}


@pytest.fixture
def real(phone: Phone) -> Real:
    return Real(phone)


def all_answered_as_described(app: Flask, caller: Caller, real: Real, examples: int) -> None:
    """Ask so many things of every operation, the same for the same seed."""
    print(f"FUZZ_SEED={SEED}")
    statuses: Counter[int] = Counter()
    quiet = hypothesis.settings(max_examples=examples, deadline=None, database=None, print_blob=False,
                                phases=[hypothesis.Phase.generate, hypothesis.Phase.shrink],
                                suppress_health_check=list(hypothesis.HealthCheck))
    for found in schemathesis.openapi.from_wsgi(f"{PREFIX}/openapi.json", app).get_all_operations():

        @hypothesis.seed(SEED)
        @quiet
        @hypothesis.given(case=found.ok().as_strategy())
        def answered(case: Any) -> None:
            real.put_into(case)
            case.cookies = caller.cookies
            case.headers.pop("Authorization", None)
            answer = case.call(headers=caller.headers)
            statuses[answer.status_code] += 1
            case.validate_response(answer, checks=CHECKS)

        answered()
    assert (401 in statuses) == (caller == Caller())
    assert (200 in statuses) == (caller != Caller())


@pytest.mark.parametrize("examples", [4, pytest.param(300, marks=pytest.mark.slow)])
def test_whatever_is_asked_is_answered_as_described(app: Flask, caller: Caller, real: Real, examples: int) -> None:
    all_answered_as_described(app, caller, real, examples)
