"""Where the words of a story were used, for whoever told it, on both databases."""

from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace

import pytest
from sqlalchemy.orm import Session

from server.domain.access import Role
from server.domain.audit import Action
from server.domain.export import LeftOut, Stale
from server.models.audit import AuditEntry
from server.models.export import ExportMade
from server.models.provocation import Provocation
from server.services import audit, exports_made, provocations, uses_made
from server.services.uses_made import Used, UseMade
from tests import makers

TODAY = datetime.now(UTC).date()
QUESTION = "Who tells a family?"


@pytest.fixture
def place(session: Session) -> SimpleNamespace:
    """A story that a published provocation rests on, and another one that it does not."""
    project = makers.make_project(session)
    people = {role: makers.make_person(session, project, role) for role in Role}
    mine, other = (makers.make_story(session, project, people[Role.RESEARCHER]) for _ in range(2))
    quote, theirs = makers.add_quote(session, mine), makers.add_quote(session, other, "Another's.")
    commissioner = makers.viewer_of(session, people[Role.COMMISSIONER])
    provocation = provocations.make(session, commissioner, project.id, provocations.ProvocationText(QUESTION))
    provocations.add_evidence(session, commissioner, provocation.id, "quote", quote.id)
    provocations.publish(session, commissioner, provocation.id)
    return SimpleNamespace(project=project, people=people, mine=mine, other=other, quote=quote, theirs=theirs,
                           provocation=provocation, commissioner=commissioner)


def shown(session: Session, place: SimpleNamespace, action: Action, role: Role, *parts: str) -> None:
    audit.note(session, place.people[role].id, action, "provocation", place.provocation.id, place.project.id,
               parts=list(parts))
    session.commit()


def of(session: Session, place: SimpleNamespace) -> list[UseMade]:
    return uses_made.list_of(session, place.mine.id, place.project.id)


def test_of_a_story_that_was_used_nowhere_there_is_nothing(session: Session, place: SimpleNamespace) -> None:
    assert of(session, place) == []


def test_what_a_board_was_shown_is_a_day_with_its_question_and_twice_a_day_is_once(session: Session,
                                                                                   place: SimpleNamespace) -> None:
    for _ in range(2):
        shown(session, place, Action.PRESENTED, Role.COMMISSIONER, place.theirs.id, place.quote.id)
    assert of(session, place) == [UseMade(TODAY, Used.SHOWN_TO_BOARD, QUESTION)]


def test_somebody_of_the_board_who_reads_it_is_told_and_whoever_arranges_it_is_not(session: Session,
                                                                                   place: SimpleNamespace) -> None:
    shown(session, place, Action.READ, Role.COMMISSIONER, place.quote.id)
    assert of(session, place) == []
    shown(session, place, Action.READ, Role.BOARD_MEMBER, place.quote.id)
    assert of(session, place) == [UseMade(TODAY, Used.READ_BY_BOARD, QUESTION)]


def test_what_was_shown_without_this_story_says_nothing_of_it(session: Session, place: SimpleNamespace) -> None:
    shown(session, place, Action.PRESENTED, Role.COMMISSIONER, place.theirs.id)
    shown(session, place, Action.PRESENTED, Role.COMMISSIONER)
    exports_made.note(session, place.commissioner, place.project.id, "quotes.csv", [(place.theirs.id, place.other.id)])
    assert of(session, place) == []


def test_a_file_that_it_was_left_out_of_is_none_it_was_put_into(session: Session, place: SimpleNamespace) -> None:
    left_out = LeftOut(place.quote.id, place.mine.id, Stale.NARROWED, makers.NOON)
    exports_made.note(session, place.commissioner, place.project.id, "quotes.csv", [(place.theirs.id, place.other.id)],
                      [left_out])
    assert of(session, place) == []


def test_excerpts_and_photos_count_as_well_as_quotes(session: Session, place: SimpleNamespace) -> None:
    excerpt = makers.add_excerpt(session, makers.add_recording(session, place.mine), place.people[Role.COMMISSIONER])
    photo = makers.add_photo(session, place.mine)
    for part in (excerpt, photo):
        shown(session, place, Action.PRESENTED, Role.COMMISSIONER, part.id)
    assert of(session, place) == [UseMade(TODAY, Used.SHOWN_TO_BOARD, QUESTION)]
    assert session.query(AuditEntry).filter_by(action=Action.PRESENTED).count() == 2


def test_a_question_that_boards_do_not_read_any_more_is_not_told(session: Session, place: SimpleNamespace) -> None:
    shown(session, place, Action.PRESENTED, Role.COMMISSIONER, place.quote.id)
    session.get_one(Provocation, place.provocation.id).published_at = None
    assert of(session, place) == [UseMade(TODAY, Used.SHOWN_TO_BOARD)]


def test_files_are_told_by_what_they_were_for_the_newest_first(session: Session, place: SimpleNamespace) -> None:
    for kind, days in (("quotes.csv", 0), ("transcript.docx", 3), ("quotes.csv", 9)):
        export_id = exports_made.note(session, place.commissioner, place.project.id, kind,
                                      [(place.quote.id, place.mine.id), (place.theirs.id, place.other.id)])
        session.get_one(ExportMade, export_id).made_at = makers.NOON - timedelta(days=days)
    session.flush()
    assert of(session, place) == [UseMade(date(2026, 5, 4), Used.FILE_FOR_REPORTS),
                                  UseMade(date(2026, 5, 1), Used.FILE),
                                  UseMade(date(2026, 4, 25), Used.FILE_FOR_REPORTS)]
