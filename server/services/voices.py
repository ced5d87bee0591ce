"""Whom a project has heard, counted over the stories that somebody may have, with as few reads as there are questions.

Stories are counted by all of their sorts at once, with their clearances, and added up here. What is shown of the
numbers is decided by `server/domain/voice.py`, and nothing leaves here that was not.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from server.domain.access import Permission, Viewer, browses_as, require
from server.domain.suppression import Count
from server.domain.theme import name_key
from server.domain.voice import SILENT, Counted, Dimension, Target, Voices, quarters_before, voices_of
from server.models.consent import Clearance
from server.models.group import Belonging
from server.models.project import Project
from server.models.story import Story
from server.services import groups, partners, targets, withholding
from server.services.clearances import ANYTHING, asked_for, holds_now, shared_with

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
    """Every number there is, by question and key, from two reads."""
    asked = asked_for(viewer, project_id, browses_as(viewer, project_id))
    [audience] = asked.audiences
    # Very many stories: their clearances are joined, by an index that has all of them, and not asked for one by one.
    cleared = and_(Clearance.audience == audience.value, Clearance.content == ANYTHING.value, holds_now(),
                   shared_with(asked), Story.project_id == project_id)
    found: defaultdict[str, defaultdict[str, Count]] = defaultdict(lambda: defaultdict(Count))

    def add(what: str, key: str | None, stories: int, people: int) -> None:
        before = found[what][key or ""]
        found[what][key or ""] = Count(before.stories + stories, before.people + people)

    for place, language, organisation_id, quarter, stories, people, described, speaking in session.execute(
            _stories(_place(session, project_id), _quarter(now)).where(cleared)):
        for what, key in ((_WHOLE, ""), (Dimension.PLACE, place), (Dimension.LANGUAGE, language),
                          (Dimension.ORGANISATION, organisation_id), (_QUARTER, str(quarter))):
            add(what, key, stories, people)
        add(_SAID, "", speaking, described)
    for group_id, stories, people in session.execute(_groups().where(cleared)):
        add(Dimension.GROUP, group_id, stories, people)
    return found


def _stories(place: Any, quarter: Any) -> Select[Any]:
    """How many stories there are of each sort, and people in them; how many of those described themselves, in how many
    stories."""
    sort = (place, Story.language, Story.organisation_id, quarter)
    speaking = func.sum(case((Story.described > 0, 1), else_=0))
    return (select(*sort, func.count(), func.sum(Story.people), func.sum(Story.described), speaking)
            .join(Clearance, Clearance.story_id == Story.id).group_by(*sort))


def _groups() -> Select[str, int, int]:
    return (select(Belonging.group_id, func.count(Belonging.story_id.distinct()), func.count())
            .join(Story, Story.id == Belonging.story_id).join(Clearance, Clearance.story_id == Belonging.story_id)
            .group_by(Belonging.group_id))


def _place(session: Session, project_id: str) -> ColumnElement[Any] | InstrumentedAttribute[str]:
    """Where it was told, as far as that is shown."""
    unnamed = list(withholding.hiding_their_names(session, project_id))
    return case((Story.id.in_(unnamed), ""), else_=Story.place) if unnamed else Story.place


def _quarter(now: datetime) -> ColumnElement[int]:
    """Which of the quarters, by its number; before all of them is 0."""
    begins = quarters_before(now)
    return case(*((Story.told_at < begin, number) for number, begin in enumerate(begins)), else_=len(begins))


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
