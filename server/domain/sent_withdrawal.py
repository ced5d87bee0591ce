"""A withdrawal as a phone sends it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from server.domain.fields import at_address
from server.domain.sent import MOST_PARTICIPANTS

REASON_LETTERS = 500


@dataclass(frozen=True)
class SentWithdrawal:
    """`withdrawn_at` is by the phone's own clock. The story may never have been sent: then `receipt_code_hashes` are
    all that is known of those who told it. Phones of before leave them out."""

    id: str
    project_id: str
    story_id: str
    reason: str
    withdrawn_at: datetime
    receipt_code_hashes: tuple[str, ...] = ()


def read_withdrawal(content: Mapping[str, Any], address_id: str) -> SentWithdrawal:
    """Raises Invalid."""
    fields = at_address(content, address_id)
    sent = SentWithdrawal(
        id=address_id, project_id=fields.id("project_id"), story_id=fields.id("story_id"),
        reason=fields.text("reason", most=REASON_LETTERS), withdrawn_at=fields.instant("withdrawn_at"),
        receipt_code_hashes=fields.sha256s("receipt_code_hashes", most=MOST_PARTICIPANTS))
    fields.done()
    return sent
