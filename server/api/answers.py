"""Receipts and clocks, as phones read and send them."""

from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from flask import jsonify, request
from flask.typing import ResponseReturnValue

from server.domain.sync import PhoneClock, Receipt, Standing


def phone_clock() -> PhoneClock:
    """How wrong the calling phone's clock is, by its Device-Time header."""
    return PhoneClock.at(request.headers.get("Device-Time"), datetime.now(UTC))


def receipt_json(receipt: Receipt) -> dict[str, Any]:
    return {"id": receipt.id, "kind": receipt.kind, "sha256": receipt.sha256, "bytes": receipt.size,
            "received_at": receipt.received_at.isoformat()}


def received(receipt: Receipt, clock: PhoneClock, *, is_new: bool) -> ResponseReturnValue:
    """201 the first time, 200 for a repeat, with the same receipt. 202 while it is held."""
    answer = receipt_json(receipt) | {"notices": [asdict(notice) for notice in clock.notices()]}
    if receipt.standing is Standing.HELD:
        return jsonify(answer | {"held": True}), 202
    return jsonify(answer), 201 if is_new else 200
