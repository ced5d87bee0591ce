"""What pages say in the place of a player: why a recording cannot be played yet."""

from collections.abc import Sequence

from server.db import db
from server.domain.work import Kind, State
from server.services import progress
from server.services.progress import Progress


def why_silent(recording_ids: Sequence[str]) -> dict[str, str]:
    """One or two sentences for each of these recordings, for where its sound is not there."""
    stands = progress.of(db.session(), (Kind.PLAYBACK, Kind.CHECK_REDACTION), recording_ids)
    return {one: _in_words(stands.get((Kind.PLAYBACK, one)), stands.get((Kind.CHECK_REDACTION, one)))
            for one in recording_ids}


def _in_words(copying: Progress | None, checking: Progress | None) -> str:
    if copying is not None and copying.state is not State.DONE:
        return copying.words
    if checking is not None and checking.state not in (State.DONE, State.CANCELLED):
        return f"First a computer makes sure that nobody can hear what is withheld. {checking.words}"
    return "A copy that your browser can play is being made."
