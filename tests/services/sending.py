"""What phones send, as services see it."""

from collections.abc import Iterable
from typing import Any

from server.domain.consent import ForWhom, Given, Use
from server.domain.ids import new_id
from server.domain.sent import PartKind, SentConsent, SentPart, SentQuote, SentStory
from server.domain.sync import Body
from tests.makers import ALL_USES, NOON, digest

BODY = Body.of(b"{}")


def consent(project_id: str, wording_id: str, story_id: str, uses: Iterable[Use] = ALL_USES) -> SentConsent:
    agreed = set(uses)
    return SentConsent(id=new_id(), project_id=project_id, story_id=story_id, wording_id=wording_id,
                       answers={use: use in agreed for use in Use}, how=Given.SPOKEN, for_whom=ForWhom.SELF,
                       given_at=NOON)


def story(project_id: str, story_id: str) -> SentStory:
    return SentStory(id=story_id, project_id=project_id, conversation_id=new_id(), conversation_started_at=NOON,
                     conversation_place="", pseudonym="Amal", told_at=NOON, place="Northgate",
                     receipt_code_hash=digest(f"code {story_id}"))


def quote(story_id: str, text: str = "Nobody told us.") -> SentQuote:
    return SentQuote(id=new_id(), story_id=story_id, text=text, written_at=NOON)


def part(story_id: str, content: bytes, kind: PartKind = PartKind.RECORDING, **changes: Any) -> SentPart:
    values = {"id": new_id(), "kind": kind, "story_id": story_id, "sha256": Body.of(content).sha256,
              "length": len(content), "started_at": NOON, "description": "", "position": 0, "metadata": ""} | changes
    return SentPart(**values)
