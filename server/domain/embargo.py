"""An embargo: there is a worry about somebody's safety, and nothing of a story leaves until it is lifted."""

from collections.abc import Collection
from dataclasses import dataclass

from server.domain.access import ROLES_THAT_MAY, Permission, Role
from server.domain.fields import Fields

REASON_LETTERS = 2000


@dataclass(frozen=True)
class SentEmbargo:
    """One that a phone sends with its story. Nobody is named where whoever sent it knew of nobody: then an
    administrator decides who looks into it."""

    id: str
    reason: str
    named_id: str | None


def read_embargo(fields: Fields) -> SentEmbargo | None:
    """The embargo within a story's fields; None where there is none."""
    found = fields.object_or_none("embargo")
    if found is None:
        return None
    return SentEmbargo(found.id("id"), found.text("reason", least=1, most=REASON_LETTERS), found.id_or_none("named_id"))


def may_be_named(roles: Collection[Role], *, is_who_asks: bool) -> bool:
    """Whether somebody with these roles in the project may be the one who lifts it.

    Whoever is worried tells somebody else, so that two people know; an administrator may look into it themselves.
    """
    if is_who_asks:
        return Role.ADMINISTRATOR in roles
    return bool(set(roles) & ROLES_THAT_MAY[Permission.LIFT_EMBARGOES])
