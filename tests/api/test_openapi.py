"""The description says what the interface does. Every other test here also holds each answer against it."""

import json

import pytest
from flask import Flask
from jsonschema import Draft202012Validator
from openapi_spec_validator import OpenAPIV31SpecValidator

from server.api.description import DOCUMENT, PREFIX
from server.domain import errors
from server.domain.ids import new_id
from server.problems import STATUS
from tests.api.described import template_of
from tests.api.phone import Phone
from tests.conftest import Browser


def test_everybody_can_read_it_and_it_is_valid_openapi(client: Browser) -> None:
    document = client.get("/api/v1/openapi.json").json
    OpenAPIV31SpecValidator(document).validate()
    assert document == json.loads(json.dumps(DOCUMENT))


def test_every_address_and_method_is_described_and_nothing_else(app: Flask) -> None:
    served = {
        (template_of(rule.rule), method.lower())
        for rule in app.url_map.iter_rules() if rule.rule.startswith(PREFIX)
        for method in rule.methods or ()
        if not (method == "OPTIONS" and rule.provide_automatic_options) and not (
            method == "HEAD" and "GET" in (rule.methods or ()))
    }
    described = {(path, method) for path, item in DOCUMENT["paths"].items() for method in item.keys() - {"parameters"}}
    assert served == described


def test_every_refusal_has_a_status_and_is_in_the_list_of_codes() -> None:
    codes = {refusal.code for refusal in errors.Refusal.__subclasses__()}
    assert codes <= set(STATUS)
    assert set(DOCUMENT["components"]["schemas"]["Problem"]["properties"]["code"]["enum"]) == set(STATUS)


@pytest.mark.parametrize("kind", ["Consent", "Story", "Quote"])
def test_what_phones_send_is_as_described(phone: Phone, kind: str) -> None:
    body = {"Consent": phone.consent_body, "Story": phone.story_body, "Quote": phone.quote_body}[kind](new_id())
    schema = DOCUMENT["components"]["schemas"][kind] | {"components": DOCUMENT["components"]}
    Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER).validate(body)
