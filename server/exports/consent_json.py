"""One person's consent as JSON, as `docs/consent.schema.json` describes it.

Names of fields follow ISO/IEC TS 27560:2023 (consent record information structure) and the Kantara Initiative's Consent
Receipt Specification 1.1 where they have one for the same thing: schema_version, record_id, pii_principal_id,
pii_controller, privacy_notice, language, purposes, lawful_basis, collection_method, event_time, event_type,
event_state. The rest is Earshot's own.
"""

import json
from datetime import UTC, datetime
from typing import Any

from server.domain.consent import FOREVER, Use
from server.domain.consent_document import Answered, ConsentDocument, Ended

SCHEMA = "earshot-consent-1"


def write_json(document: ConsentDocument) -> str:
    """Indented, letters as they are, moments in ISO 8601 and UTC; an end that never comes is null."""
    controller = document.controller
    events = [*(_answers(record) for record in document.records), *(_withdrawal(one) for one in document.withdrawals)]
    content = {
        "schema_version": SCHEMA,
        "made_at": _moment(document.made_at),
        "pii_controller": {"name": controller.name, "complaints": controller.complaints},
        "lawful_basis": controller.lawful_basis,
        "references": {"ethics": controller.ethics_reference, "dpia": controller.dpia_reference},
        "project": {"id": document.project_id, "name": document.project_name},
        "story_id": document.story_id,
        "pii_principal_id": document.participant_id,
        "others_who_must_agree": document.others,
        "events": sorted(events, key=lambda event: str(event["event_time"])),
        "standing": [{"purpose": use.value, "event_state": document.standings[use].value} for use in Use],
        "allowed": [{"recipient": one.audience.value, "content": one.content.value, "until": _end(one.until)}
                    for one in sorted(document.allowed)],
    }
    return json.dumps(content, ensure_ascii=False, indent=2) + "\n"


def _answers(record: Answered) -> dict[str, Any]:
    text = record.read.text
    return {
        "event_type": "answers", "record_id": record.record_id, "event_time": _moment(record.given_at),
        "received_at": _moment(record.received_at), "collection_method": record.how, "for_whom": record.for_whom,
        "for_everybody_who_told_it": record.for_everybody,
        "privacy_notice": {
            "id": record.read.wording_id, "version": record.read.version, "language": text.language,
            "reading": text.reading.value, "title": text.wording.title, "introduction": text.wording.introduction,
            "sha256": text.sha256, "is_what_was_read": record.read.is_bound},
        "purposes": [
            {"purpose": use.value, "question": asked.question, "explanation": asked.explanation,
             "event_state": "given" if record.answers[use] else "refused",
             "until": _end(record.until.get(use, FOREVER)) if record.answers[use] else None}
            for use, asked in text.wording.questions.items()],
        "evidence": {"kind": record.evidence[0], "sha256": record.evidence[1]} if record.evidence else None,
    }


def _withdrawal(ended: Ended) -> dict[str, Any]:
    return {"event_type": "withdrawal", "event_time": _moment(ended.at), "scope": ended.scope.value,
            "cause": ended.cause.value}


def _end(until: datetime) -> str | None:
    return None if until >= FOREVER else _moment(until)


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds")
