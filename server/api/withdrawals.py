"""PUT /withdrawals/{id}: a phone says that somebody takes their story back."""

from flask import Blueprint
from flask.typing import ResponseReturnValue

from server.api.answers import phone_clock, received
from server.api.bodies import read_json
from server.auth import signed_in, viewer
from server.db import db
from server.domain.sent_withdrawal import read_withdrawal
from server.domain.sync import Standing
from server.services import phone_withdrawals, pushes
from server.writing_down import write_down

blueprint = Blueprint("api_withdrawals", __name__, url_prefix="/api/v1/withdrawals")


@blueprint.put("/<id:withdrawal_id>")
@signed_in
def put(withdrawal_id: str) -> ResponseReturnValue:
    body, content = read_json()
    clock = phone_clock()
    sent = read_withdrawal(content, withdrawal_id)
    receipt, is_new = pushes.push_withdrawal(db.session(), viewer(), sent, body, clock)
    if receipt.standing is Standing.HELD:
        write_down(sent.story_id)
        receipt = phone_withdrawals.find_receipt(db.session(), withdrawal_id)
    return received(receipt, clock, is_new=is_new)
