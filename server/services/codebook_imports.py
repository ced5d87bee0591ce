"""Bringing in a codebook from a file: first what it would do, theme by theme, then all of it or nothing.

A theme of a file is one that is here if it says so, or has the same name. What the file does not say of it stays, and
so do the themes that are not in the file.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from hashlib import sha256

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.domain.access import Permission, Viewer, require
from server.domain.codebook import MOST_LEVELS, MOST_THEMES, siblings
from server.domain.codebook_file import Line
from server.domain.errors import Invalid
from server.domain.theme import Theme, ThemeText, checked, name_key
from server.domain.theme_change import ThemeChangeKind
from server.exports.codebook_qdc import guid_of
from server.models import theme as rows
from server.services import codebook, locks, themes


@dataclass(frozen=True)
class Step:
    """What one line would do: to the theme that is here, or to a new one. `changes` are the fields it changes, `parent`
    and `retired` among them; `problems` are sentences."""

    line: Line
    theme: Theme | None
    text: ThemeText
    changes: tuple[str, ...]
    problems: tuple[str, ...]


@dataclass(frozen=True)
class Plan:
    """What a file would do. `seen` stands for it: another codebook, or another file, has another."""

    steps: tuple[Step, ...]
    seen: str

    @property
    def new(self) -> int:
        return sum(step.theme is None for step in self.steps)

    @property
    def changed(self) -> int:
        return sum(step.theme is not None and bool(step.changes) for step in self.steps)

    @property
    def wrong(self) -> int:
        return sum(bool(step.problems) for step in self.steps)


def plan(session: Session, viewer: Viewer, project_id: str, lines: Sequence[Line]) -> Plan:
    """What these lines would do. Raises NotFound, and Invalid where there would be too many themes."""
    require(viewer, Permission.TAG, project_id)
    query = select(rows.Theme).where(rows.Theme.project_id == project_id)
    every = [codebook.theme_of(row) for row in session.scalars(query)]
    here = _Here(every, lines)
    steps = tuple(here.step(line) for line in lines)
    if sum(step.theme is None for step in steps) + len(every) > MOST_THEMES:
        raise Invalid(fields={"file": f"A project can have {MOST_THEMES:,} themes. This would make more."})
    said = repr([(step.line, step.theme, step.changes, step.problems) for step in steps])
    return Plan(steps, sha256(said.encode()).hexdigest())


def take_in(session: Session, viewer: Viewer, project_id: str, lines: Sequence[Line], seen: str) -> Plan | None:
    """Do what the plan says that somebody has seen. The plan as it is now, and nothing done, where that is another, or
    something is wrong. Raises as `plan` does."""
    require(viewer, Permission.TAG, project_id)
    locks.take_codebook(session, project_id)
    found = plan(session, viewer, project_id, lines)
    if found.wrong or found.seen != seen:
        return found
    _Doing(session, viewer, project_id).do(found.steps)
    return None


class _Here:
    """The themes that are here, and what a file says of them."""

    def __init__(self, every: Sequence[Theme], lines: Sequence[Line]) -> None:
        self._by_name = {name_key(theme.name): theme for theme in every}
        self._by_guid = {guid_of(theme.id): theme for theme in every if theme.merged_into_id is None}
        self._by_id = {theme.id: theme for theme in every}
        self._lines = {name_key(line.text.name): line for line in lines}
        self._times = Counter(name_key(line.text.name) for line in lines)

    def step(self, line: Line) -> Step:
        theme = self._by_guid.get(line.key) or self._by_name.get(name_key(line.text.name))
        before = theme.text if theme else ThemeText("")
        text = replace(before, **{name: getattr(line.text, name) for name in line.says})
        problems: list[str] = []
        try:
            text = checked(text)
        except Invalid as error:
            problems += error.fields.values()
        problems += self._problems(line, theme)
        changes = [name for name in asdict(text) if getattr(text, name) != getattr(before, name)]
        if theme and line.parent is not None and name_key(line.parent) != name_key(self._parent_of(theme)):
            changes.append("parent")
        if line.retired is not None and line.retired != bool(theme and theme.is_retired):
            changes.append("retired")
        return Step(line, theme, text, tuple(changes), tuple(dict.fromkeys(problems)))

    def _problems(self, line: Line, theme: Theme | None) -> list[str]:
        key, found = name_key(line.text.name), []
        if key and self._times[key] > 1:
            found.append("This name is in the file more than once. Give each theme a name of its own.")
        if theme and theme.merged_into_id:
            into = self._by_id[theme.merged_into_id].name
            found.append(f"This theme was merged into “{into}”. Take this line out, or give it another name.")
        other = self._by_name.get(key)
        if other and theme and other.id != theme.id:
            found.append("There is already a theme with this name. Choose another name.")
        return found + self._problems_above(line)

    def _problems_above(self, line: Line) -> list[str]:
        """What is wrong with where it would stand."""
        key, met = name_key(line.text.name), [name_key(line.text.name)]
        parent = self._above(key)
        while parent:
            known = self._by_name.get(parent)
            if parent not in self._lines and (known is None or known.merged_into_id):
                return [f"There is no theme called “{line.parent}” for it to stand under."] if len(met) == 1 else []
            if parent in met:
                return ["It would stand under itself. Put it under another theme."]
            met.append(parent)
            parent = self._above(parent)
        return [f"That would be more than {MOST_LEVELS} themes deep."] if len(met) > MOST_LEVELS else []

    def _above(self, key: str) -> str:
        """The name under which this one would stand, folded; empty at the top."""
        line, theme = self._lines.get(key), self._by_name.get(key)
        if line is not None and line.parent is not None:
            return name_key(line.parent)
        return name_key(self._parent_of(theme)) if theme else ""

    def _parent_of(self, theme: Theme) -> str:
        parent = self._by_id.get(theme.parent_id or "")
        return parent.name if parent else ""


class _Doing:
    """Does what a plan says, in which nothing is wrong."""

    def __init__(self, session: Session, viewer: Viewer, project_id: str) -> None:
        self._session, self._viewer, self._project_id = session, viewer, project_id
        self._every = codebook.every(session, project_id)
        self._made: dict[str, rows.Theme] = {}
        self._places: dict[str | None, int] = {}

    def do(self, steps: Sequence[Step]) -> None:
        """New themes first, without their places, then what changes of those that were here, then who stands where."""
        for step in steps:
            if step.theme is not None and set(step.changes) - {"parent", "retired"}:
                themes.change(self._session, self._viewer, step.theme.id, step.text, step.theme.version)
        waiting = [step for step in steps if step.theme is None]
        names = {name_key(step.text.name) for step in waiting}
        while waiting:
            ready = [step for step in waiting if name_key(step.line.parent or "") not in names]
            for step in ready:
                self._add(step)
                names.discard(name_key(step.text.name))
            waiting = [step for step in waiting if step not in ready]
        for step in steps:
            self._place(step)

    def _add(self, step: Step) -> None:
        parent = self._row(step.line.parent) if step.line.parent else None
        self._made[name_key(step.text.name)] = themes.add(
            self._session, self._viewer, self._project_id, step.text,
            self._next_place(parent.id if parent else None), parent)

    def _place(self, step: Step) -> None:
        row = self._row(step.text.name)
        if step.theme is not None and "parent" in step.changes:
            parent = self._row(step.line.parent) if step.line.parent else None
            before = self._session.get(rows.Theme, row.parent_id) if row.parent_id else None
            row.position, row.parent_id = self._next_place(parent.id if parent else None), parent.id if parent else None
            self._session.flush()
            themes.note_change(self._session, self._viewer, row, ThemeChangeKind.MOVED,
                               {"parent": before.name if before else ""}, {"parent": parent.name if parent else ""})
        if "retired" in step.changes:
            row.retired_at = datetime.now(UTC) if step.line.retired else None
            self._session.flush()
            kind = ThemeChangeKind.RETIRED if step.line.retired else ThemeChangeKind.BROUGHT_BACK
            themes.note_change(self._session, self._viewer, row, kind, {}, {})

    def _row(self, name: str | None) -> rows.Theme:
        query = select(rows.Theme).where(rows.Theme.project_id == self._project_id,
                                         rows.Theme.name_key == name_key(name or ""))
        return self._made.get(name_key(name or "")) or self._session.scalars(query).one()

    def _next_place(self, parent_id: str | None) -> int:
        """In the order of the file, after what is there. What nobody put in an order stays in that of the names."""
        if parent_id not in self._places:
            beside = siblings(self._every, parent_id)
            self._places[parent_id] = themes.last_place(self._every, parent_id) or (0 if beside else 1)
        place = self._places[parent_id]
        self._places[parent_id] += 1 if place else 0
        return place


