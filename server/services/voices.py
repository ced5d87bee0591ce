"""Whom a project has heard, counted over the stories that somebody may have, with as few reads as there are questions.

The stories are found once, with their clearances; each question groups them. What is shown of the numbers is decided by
`server/domain/voice.py`, and nothing leaves here that was not.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import CTE, ColumnElement, Select, case, func, literal, null, select, union_all
from sqlalchemy.orm import InstrumentedAttribute, Session

from server.domain.access import Permission, Viewer, browses_as, require
from server.domain.suppression import Count
from server.domain.theme import name_key
from server.domain.voice import SILENT, Counted, Dimension, Target, Voices, quarters_before, voices_of
from server.models.group import Belonging, SelfDescription
from server.models.project import Project
from server.models.story import Story
from server.services import groups, partners, targets, withholding
from server.services.clearances import ANYTHING, asked_for, may_have

_WHOLE, _SAID, _QUARTER = "whole", "said", "quarter"
Found = Mapping[str, Mapping[str, Count]]


def get(session: Session, viewer: Viewer, project_id: str, now: datetime) -> Voices:
    """Whom this person may know to have been heard: of the stories that their audience may have. Raises NotFound."""
    require(viewer, Permission.SEE_VOICES, project_id)
    wanted = targets.list_targets(session, project_id)
    found = _count(session, viewer, project_id, now)
    names = {
        Dimension.GROUP: {group.id: group.name for group in groups.list_groups(session, project_id)},
        Dimension.ORGANISATION: dict(partners.list_names(session, project_id)),
    }
    secret = session.scalar(select(Project.voices_key).where(Project.id == project_id)) or ""
    return voices_of(_counted(found, wanted), names, wanted, secret, now)


def _count(session: Session, viewer: Viewer, project_id: str, now: datetime) -> Found:
    """Every number there is, by question and key, in one statement."""
    asked = asked_for(viewer, project_id, browses_as(viewer, project_id))
    cleared = select(
        Story.id, Story.language, Story.organisation_id, Story.people,
        _place(session, project_id).label("place"), _quarter(now).label("quarter"),
    ).where(Story.project_id == project_id, may_have(Story.id, asked, ANYTHING)).cte("cleared")
    # Each row of these is a number; keys are texts in every one of them.
    by = {_WHOLE: null(), Dimension.PLACE: cleared.c.place, Dimension.LANGUAGE: cleared.c.language,
          Dimension.ORGANISATION: cleared.c.organisation_id, _QUARTER: cleared.c.quarter}
    questions = [_sums(what, key, cleared) for what, key in by.items()]
    questions += [_of_people(Dimension.GROUP, Belonging.group_id, Belonging, cleared),
                  _of_people(_SAID, null(), SelfDescription, cleared)]
    found: defaultdict[str, dict[str, Count]] = defaultdict(dict)
    for what, key, stories, people in session.execute(union_all(*questions)):
        found[what][key or ""] = Count(stories, int(people or 0))
    return found


def _sums(what: str, key: Any, cleared: CTE) -> Select[Any]:
    query = select(literal(str(what)), func.coalesce(key, ""), func.count(), func.sum(cleared.c.people))
    query = query.select_from(cleared)
    return query if what == _WHOLE else query.group_by(key)


def _of_people(what: str, key: Any, said: type[Belonging] | type[SelfDescription], cleared: CTE) -> Select[Any]:
    """Those who said so of themselves, and the stories that they told."""
    query = (select(literal(str(what)), func.coalesce(key, ""), func.count(said.story_id.distinct()), func.count())
             .select_from(cleared).join(said, said.story_id == cleared.c.id))
    return query if what == _SAID else query.group_by(key)


def _place(session: Session, project_id: str) -> ColumnElement[Any] | InstrumentedAttribute[str]:
    """Where it was told, as far as that is shown."""
    unnamed = list(withholding.hiding_their_names(session, project_id))
    return case((Story.id.in_(unnamed), ""), else_=Story.place) if unnamed else Story.place


def _quarter(now: datetime) -> ColumnElement[str]:
    """Which of the quarters, by its number as text; before all of them is 0."""
    begins = quarters_before(now)
    return case(*((Story.told_at < begin, str(number)) for number, begin in enumerate(begins)), else_=str(len(begins)))


def _counted(found: Found, wanted: Sequence[Target]) -> Counted:
    whole = found.get(_WHOLE, {}).get("", Count())
    said = found.get(_SAID, {}).get("", Count())
    silent = Count(whole.stories - said.stories, whole.people - said.people)
    by = {
        Dimension.GROUP: {**found.get(Dimension.GROUP, {}), SILENT: silent},
        Dimension.PLACE: _places(found.get(Dimension.PLACE, {}), wanted),
        Dimension.ORGANISATION: _named(found.get(Dimension.ORGANISATION, {})),
        Dimension.LANGUAGE: _named(found.get(Dimension.LANGUAGE, {})),
    }
    return Counted(whole, by, {int(number): count for number, count in found.get(_QUARTER, {}).items()})


def _named(found: Mapping[str, Count]) -> dict[str, Count]:
    return {key: count for key, count in found.items() if key}


def _places(found: Mapping[str, Count], wanted: Iterable[Target]) -> dict[str, Count]:
    """Places that differ only in case or spaces are one: as the target writes it, or else as most stories have it."""
    spelled: defaultdict[str, Counter[str]] = defaultdict(Counter)
    counts: defaultdict[str, Count] = defaultdict(Count)
    for place, count in _named(found).items():
        key = name_key(" ".join(place.split()))
        spelled[key][place] += count.stories
        counts[key] = Count(counts[key].stories + count.stories, counts[key].people + count.people)
    names = {key: spellings.most_common(1)[0][0] for key, spellings in spelled.items()}
    names |= {name_key(target.value): target.value for target in wanted if target.dimension is Dimension.PLACE}
    return {names[key]: count for key, count in counts.items()}
