"""Taking a migration back never throws away what somebody said, agreed to or decided."""

from collections.abc import Mapping

from alembic import op
from sqlalchemy import func, select, table, text


class WouldLose(RuntimeError):
    """A step back would drop rows that an older version has no place for. Nothing was changed."""


def refuse_to_lose(what: Mapping[str, str]) -> None:
    """Call it first in a `downgrade`. `what` has SQL conditions, by the table whose rows they find; an empty one finds
    every row. Raises WouldLose, with how many rows of which tables."""
    found = {name: op.get_bind().scalar(select(func.count()).select_from(table(name)).where(text(condition or "true")))
             for name, condition in what.items()}
    lost = [f"{count} of {name}" for name, count in found.items() if count]
    if lost:
        raise WouldLose(
            f"This step back would lose rows that an older Earshot has no place for: {', '.join(lost)}. Nothing was "
            "changed. Restore a backup from before the update instead, or stay on this version.")
