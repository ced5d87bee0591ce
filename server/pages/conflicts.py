"""What somebody sees when a shared thing is not as it was when they began to change it: both, and a choice."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue

from server.domain.errors import VersionConflict
from server.domain.versions import seen_version
from server.problems import STATUS


@dataclass(frozen=True)
class Field:
    """A field of the form, by its name and what stands beside it. One of a single row is written on one line."""

    name: str
    label: str
    rows: int = 1


@dataclass(frozen=True)
class Compared:
    """A field as it is now, and as it was written."""

    field: Field
    now: str
    mine: str

    @property
    def is_same(self) -> bool:
        return self.now == self.mine


def seen() -> int | None:
    """The version that the form of this request was made from."""
    return seen_version(request.form.get("version"))


def page(conflict: VersionConflict, fields: Sequence[Field], *, action: str, back: str, project_id: str,
         mine: Mapping[str, Any] | None = None, carried: Mapping[str, str] | None = None) -> ResponseReturnValue:
    """Both sides, with forms that save to `action`; `back` is where it stays as it is.

    `mine` is what was written, where the form itself does not say it in one text a field. `carried` is what the forms
    must say besides.
    """
    written = request.form if mine is None else mine
    compared = [Compared(field, _text(conflict.current, field.name), _text(written, field.name)) for field in fields]
    html = render_template("conflict.html", conflict=conflict, compared=compared, action=action, back=back,
                           project_id=project_id, carried=carried or {})
    return html, STATUS[conflict.code]


def order_page(conflict: VersionConflict, now: Sequence[Any], mine: Sequence[Any], *, action: str, back: str,
               project_id: str) -> ResponseReturnValue:
    """Both orders of the same things."""
    html = render_template("conflict-order.html", conflict=conflict, now=now, mine=mine, action=action, back=back,
                           project_id=project_id)
    return html, STATUS[conflict.code]


def _text(values: Mapping[str, Any], name: str) -> str:
    """Lines end as in a browser's form, so that the same words are the same."""
    value = values.get(name, "")
    text = value if isinstance(value, str) else "\n".join(value)
    return "\n".join(text.splitlines())
