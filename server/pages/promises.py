"""What everybody who tells a story is promised, for anybody to read."""

from functools import cache

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from server.auth import public
from server.config import ROOT
from server.domain.promise import Promise, read_promises

blueprint = Blueprint("promises", __name__)


@blueprint.get("/promises")
@public
def show() -> ResponseReturnValue:
    return render_template("promises.html", promises=_promises())


@cache
def _promises() -> tuple[Promise, ...]:
    """As the documents say it, so that there is one text of each."""
    return read_promises((ROOT / "docs" / "promises.md").read_text(encoding="utf-8"))
