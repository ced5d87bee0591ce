"""How the writing down of a recording stands: on its story's page, and for that page while it is open."""

import json
from dataclasses import asdict, dataclass

from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue

from server.auth import signed_in, viewer
from server.db import db
from server.domain import remaining
from server.domain.work import State
from server.services import transcript_progress
from server.services.progress import Progress
from server.services.transcript_progress import Steps

blueprint = Blueprint("transcript_progress", __name__)

_ALL_THE_SAME = " The words are here all the same."


@dataclass(frozen=True)
class ShownStep:
    """A step as a page says it. While it runs, `share` is how much of it is done, 0 to 1, and `left` says the same with
    how long it will still take, where anybody can tell."""

    state: str
    says: str
    share: float
    left: str

    @property
    def percent(self) -> int:
        return round(self.share * 100)


@dataclass(frozen=True)
class ShownSteps:
    """The steps by their names, None where one was not asked for. `has_words`: there is a transcript already."""

    has_words: bool
    steps: dict[str, ShownStep | None]

    @property
    def open(self) -> list[str]:
        """The names of the steps to show: those that are not done, and the words as long as there are none."""
        shut = (State.DONE, State.CANCELLED) if self.has_words else (State.DONE,)
        asked = [name for name, step in self.steps.items() if step is not None and step.state not in shut]
        return asked if self.has_words or "words" in asked else ["words", *asked]

    @property
    def goes_on(self) -> bool:
        """Whether anything may still change by itself."""
        ended = (State.DONE, State.FAILED, State.CANCELLED)
        asked = [step for step in self.steps.values() if step is not None]
        return any(step.state not in ended for step in asked) or not (asked or self.has_words)

    @property
    def as_json(self) -> str:
        """What the address of the progress would answer now."""
        return json.dumps(asdict(self))


@blueprint.get("/recordings/<id:recording_id>/progress")
@signed_in
def show(recording_id: str) -> ResponseReturnValue:
    """Nothing of what was said."""
    return jsonify(asdict(shown(transcript_progress.get(db.session(), viewer(), recording_id))))


def shown(steps: Steps) -> ShownSteps:
    """The steps in words. When one fails there are words already, the page says so."""
    return ShownSteps(steps.has_words, {name: _step(step, steps.has_words) for name, step in steps})


def _step(step: Progress | None, has_words: bool) -> ShownStep | None:
    if step is None:
        return None
    says = step.words + (_ALL_THE_SAME if has_words and step.state is State.FAILED else "")
    if step.state is not State.RUNNING:
        return ShownStep(step.state.value, says, 0.0, "")
    left = ". ".join(filter(None, (f"{step.share:.0%} done", remaining.in_words(step.left_s))))
    return ShownStep(step.state.value, says, round(step.share, 3), f"{left}.")
