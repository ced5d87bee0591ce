"""Whoever searches finds what is cleared for them, counts and words around it included, and nothing else."""

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from server.domain.access import Viewer, browses_as
from server.domain.consent import Audience, Content, Use
from server.domain.errors import NotFound
from server.domain.search_query import HitTurn, parse
from server.domain.story_filter import StoryFilter
from server.models.consent import Clearance
from server.models.search import SearchPassage
from server.models.transcript import Transcript
from server.services import clearing, consents, indexing, redactions, searching
from server.services.searching import Counted, HitPage
from server.services.turning import ON_A_PAGE
from tests import makers
from tests.services.test_clearing import counted

WORDS = "We waited all night for a bed."


def _search(session: Session, world, text: str = "waited", viewer: Viewer | None = None,
            only: StoryFilter | None = None, to: HitTurn | None = None) -> HitPage:
    return searching.search(session, viewer or world.commissioner, world.project.id, text, only or StoryFilter(),
                            to or HitTurn())


def _told(session: Session, world, words: str = WORDS, **wishes):
    """A story with a recording of these words, an excerpt that may be quoted, a quote and a photo."""
    story = makers.make_story(session, world.project, world.researcher, **wishes)
    recording = makers.add_recording(session, story, words)
    excerpt = makers.add_excerpt(session, recording, world.researcher)
    makers.add_quote(session, story, "Nobody waited for us.")
    makers.add_photo(session, story, "The chairs where we waited")
    indexing.ask(session, story.id)
    return story, recording, excerpt


def _kinds(page: HitPage) -> list[str]:
    return [hit.kind for hit in page.hits]


def test_the_team_finds_all_words_and_others_what_may_be_quoted(session: Session, world) -> None:
    _told(session, world)
    assert _kinds(_search(session, world)) == ["said", "quote", "photo"]
    assert _kinds(_search(session, world, viewer=world.board_member)) == ["quote", "photo", "excerpt"]
    assert _kinds(_search(session, world, viewer=world.analyst)) == ["quote", "excerpt"]
    assert _kinds(_search(session, world, "bed")) == ["said"]
    assert _search(session, world, "bed", world.board_member).found == Counted(0, 0)


def test_a_hit_says_where_its_first_word_is_said_and_marks_it(session: Session, world) -> None:
    story, recording, _ = _told(session, world)
    hit = _search(session, world, '"all night" bed').hits[0]
    assert (hit.story.id, hit.recording_id, hit.at_ms) == (story.id, recording.id, 1000)
    assert [piece.text for piece in hit.pieces if piece.is_found] == ["all night", "bed"]
    assert "".join(piece.text for piece in hit.pieces) == WORDS


def test_what_is_a_draft_is_found_by_the_team_alone(session: Session, world) -> None:
    _, _, excerpt = _told(session, world)
    excerpt.quotable_at = None
    session.flush()
    assert _kinds(_search(session, world, viewer=world.board_member)) == ["quote", "photo"]


def test_where_the_sound_may_not_be_heard_the_team_finds_excerpts_in_place_of_the_transcript(session: Session,
                                                                                           world) -> None:
    story, _, _ = _told(session, world)
    session.query(Clearance).filter_by(story_id=story.id, content="audio").delete()
    assert _kinds(_search(session, world)) == ["quote", "photo", "excerpt"]


@pytest.mark.parametrize("uses", [frozenset({Use.RECORD, Use.TRANSCRIBE, Use.PHOTOS}), frozenset()])
def test_nothing_of_a_story_that_is_not_shared_is_found_or_counted(session: Session, world, uses) -> None:
    """fault 44"""
    _told(session, world, uses=uses)
    for viewer in (world.commissioner, world.board_member, world.analyst):
        page = _search(session, world, viewer=viewer)
        assert (page.hits, page.found, page.unfiltered) == ([], Counted(0, 0), Counted(0, 0))


def test_nothing_of_another_project_is_found_and_others_are_told_nothing(session: Session, world) -> None:
    other = makers.make_project(session, "Elsewhere")
    story = makers.make_story(session, other, world.researcher)
    makers.add_quote(session, story, "Nobody waited.")
    indexing.ask(session, story.id)
    assert _search(session, world).found == Counted(0, 0)
    for project_id, viewer in ((other.id, world.commissioner),
                               (world.project.id, makers.viewer_of(session, world.researcher))):
        with pytest.raises(NotFound):
            searching.search(session, viewer, project_id, "waited", StoryFilter(), HitTurn())


def test_a_withheld_word_is_gone_at_once_and_what_stands_for_it_is_found(session: Session, world) -> None:
    story, _, _ = _told(session, world, "We waited with Boniface for a bed.")
    assert _search(session, world, "Boniface").found == Counted(1, 1)
    made = redactions.make(session, world.commissioner, story.id, redactions.Asked(words="Boniface"))
    assert _search(session, world, "Boniface").found == Counted(0, 0)
    assert [piece.text for piece in _search(session, world, "waited").hits[0].pieces] == [
        "We ", "waited", " with [name] for a bed."]
    redactions.lift(session, world.commissioner, story.id, made)
    assert _search(session, world, "Boniface").found == Counted(1, 1)


def test_filters_and_words_are_asked_for_together(session: Session, world) -> None:
    theme = makers.make_theme(session, world.project)
    story, _, excerpt = _told(session, world, place="Harbour", told_at=makers.NOON + timedelta(days=3))
    makers.tag(session, theme, world.researcher, excerpt)
    story.language = "ur"
    _told(session, world)
    session.flush()
    for only in (StoryFilter(theme_id=theme.id), StoryFilter(place="Harbour"), StoryFilter(language="ur"),
                 StoryFilter(told_from=date(2026, 5, 5)), StoryFilter(tagged_by=world.researcher.id),
                 StoryFilter(theme_id=theme.id, place="Harbour", has=frozenset({Content.AUDIO, Content.PHOTO}))):
        page = _search(session, world, "bed", only=only)
        assert [hit.story.id for hit in page.hits] == [story.id], only
        assert (page.found, page.unfiltered) == (Counted(1, 1), Counted(2, 2))
    for only in (StoryFilter(told_to=date(2026, 5, 3)), StoryFilter(place="Nowhere"), StoryFilter(theme_id="x")):
        assert _search(session, world, "bed", only=only).found == Counted(0, 0)
    assert not _search(session, world, viewer=world.analyst, only=StoryFilter(tagged_by=world.researcher.id)).hits


def test_pages_show_every_hit_once_newest_first_in_both_directions(session: Session, world) -> None:
    stories = []
    for number in range(ON_A_PAGE + 3):
        story = makers.make_story(session, world.project, world.researcher,
                                  told_at=makers.NOON + timedelta(hours=number // 2))
        for text in ("We waited first.", "Then we waited more."):
            makers.add_quote(session, story, text)
        indexing.ask(session, story.id)
        stories.append(story)
    page = first = _search(session, world)
    seen = [*page.hits]
    while page.older:
        last, page = page, _search(session, world, to=HitTurn(page.older))
        seen += page.hits
    assert len(seen) == len({(hit.story.id, hit.part.id) for hit in seen}) == 2 * len(stories)
    assert [hit.story.told_on for hit in seen] == sorted((hit.story.told_on for hit in seen), reverse=True)
    assert _search(session, world, to=HitTurn(page.newer, is_newer=True)).hits == last.hits
    assert (first.newer, first.found, page.older) == (None, Counted(len(seen), len(stories)), None)


def test_a_page_of_hits_takes_as_many_questions_however_many_there_are(session: Session, world) -> None:
    _told(session, world)
    with counted(session) as few:
        _search(session, world)
    for _ in range(5):
        _told(session, world)
    with counted(session) as many:
        _search(session, world)
    assert len(many) == len(few)


def expected(session: Session, viewer: Viewer, project_id: str, text: str) -> set[str]:
    """By the pure rules: the ids of what clearing shows of stories, where it has the words; of what is said the words.
    """
    query, audience, found = parse(text), browses_as(viewer, project_id), set()
    for story_id in session.scalars(select(makers.Story.id)):
        try:
            story = clearing.get_story(session, viewer, story_id, audience)
        except NotFound:
            continue
        said = [segment.text for recording in story.recordings if recording.transcript
                for segment in recording.transcript.segments]
        found |= {words for words in said if query.finds(words)}
        heard = {recording.id for recording in story.recordings if recording.transcript}
        for part in story.parts:
            is_beside = audience is Audience.COMMISSIONERS and getattr(part, "recording_id", None) in heard
            if not is_beside and query.finds(getattr(part, "text", None) or getattr(part, "description", "")):
                found.add(part.id)
    return found


STORIES = st.lists(st.tuples(st.sets(st.sampled_from(list(Use))), st.sampled_from(["bed waited", "Bed", "bus", "wait"]),
                             st.sampled_from(["keep", "narrow", "end", "draft", "withhold", "unstored"])), max_size=4)


@pytest.mark.slow_on_postgresql
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(stories=STORIES, text=st.sampled_from(["bed", "waited", "wait*", "bus", "-bus bed", '"bed waited"', "nobody"]))
def test_whatever_happens_to_stories_everybody_finds_what_clearing_shows_them(session: Session, world, stories,
                                                                              text: str) -> None:
    for uses, words, fate in stories:
        story, _, excerpt = _told(session, world, f"We {words} there all night.", uses=uses)
        match fate:
            case "narrow":
                makers.record_consent(session, world.project, world.researcher, story.id, uses - {Use.BOARD})
            case "end":
                makers.record_consent(session, world.project, world.researcher, story.id, ())
            case "draft":
                excerpt.quotable_at = None
            case "withhold" if {Use.COMMISSIONERS} <= uses:
                redactions.make(session, world.commissioner, story.id, redactions.Asked(words=words.split()[0]))
            case "unstored":
                session.query(makers.Photo).filter_by(story_id=story.id).update({"derivative_sha256": None})
        session.flush()
        consents.decide_again(session, story.id)
    for viewer in (world.commissioner, world.board_member, world.analyst):
        page = _search(session, world, text, viewer)
        hits = [*page.hits]
        while page.older:
            page = _search(session, world, text, viewer, to=HitTurn(page.older))
            hits += page.hits
        found = {hit.part.id if hit.part else "".join(piece.text for piece in hit.pieces) for hit in hits}
        assert found == expected(session, viewer, world.project.id, text)
        assert page.found.passages == len(hits)
        assert all(any(piece.is_found for piece in hit.pieces) for hit in hits)


def test_correcting_words_costs_the_rows_that_changed(session: Session, world) -> None:
    story, recording, _ = _told(session, world)
    before = {row.id: row.made_of for row in session.scalars(select(SearchPassage))}
    transcript = session.scalars(select(Transcript).where(Transcript.recording_id == recording.id)).one()
    transcript.segments[0].text = "We sat all night."
    indexing.ask(session, story.id)
    session.expire_all()
    after = {row.id: row.made_of for row in session.scalars(select(SearchPassage))}
    assert len(set(before.items()) - set(after.items())) == 1
    assert before.keys() == after.keys()
