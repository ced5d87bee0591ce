"""Somebody who wants to know a small number, and has everything that is shown, does not find it."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import product

from hypothesis import assume, given
from hypothesis import strategies as st

from server.domain.suppression import LEAST, Count, Shown, apart, overlapping, shown, so_far, threshold
from server.domain.voice import SILENT, Counted, Counts, Dimension, Target, Voices, voices_of

THRESHOLDS = range(5, 10)
# So many values must be possible for a number under five: as many as there are from 0 to 4.
ENOUGH = 5


def vectors(whole: int, length: int) -> Iterator[tuple[int, ...]]:
    if length == 0:
        yield ()
        return
    for first in range(whole + 1):
        yield from ((first, *rest) for rest in vectors(whole - first, length - 1))


def page_of(vector: tuple[int, ...], whole: int, thresholds: tuple[int, ...]) -> tuple[int | None, ...]:
    counts = {str(key): Count(number, number) for key, number in enumerate(vector)}
    found = shown(counts, Count(whole, whole), lambda key, _: thresholds[int(key)])
    return tuple(one.stories for one in found.values())


def test_whoever_knows_the_rule_and_the_whole_exactly_has_five_values_for_every_small_number() -> None:
    """Every table of two rows and what has no row, and every threshold: what the adversary cannot tell apart."""
    for whole in range(LEAST - 1, 22):
        possible: defaultdict[tuple[int | None, ...], set[tuple[int, ...]]] = defaultdict(set)
        for vector, thresholds in product(vectors(whole, 2), product(THRESHOLDS, repeat=2)):
            possible[page_of(vector, whole, thresholds)].add((*vector, whole - sum(vector)))
        for page, those in possible.items():
            for values in ({one[place] for one in those} for place in range(3)):
                assert min(values) >= LEAST or len(values) >= ENOUGH, (whole, page, sorted(values))


def test_two_pages_with_one_story_between_them_make_nobody_sure_of_a_small_number() -> None:
    """The whole is not on the page. Where a number appears, there may have been eight before as well as four."""
    possible: defaultdict[tuple[object, object], set[tuple[int, ...]]] = defaultdict(set)
    for thresholds in product(THRESHOLDS, repeat=2):
        for whole in range(20):
            for first, second in vectors(whole, 2):
                before = page_of((first, second), whole, thresholds)
                if sum(filter(None, before)) > LEAST:
                    continue  # of larger pages there are wholes that are not tried here
                for rise in ((1, 0), (0, 1), (0, 0)):
                    after = page_of((first + rise[0], second + rise[1]), whole + 1, thresholds)
                    possible[before, after].add((first, second, whole - first - second))
    for pages, those in possible.items():
        for values in ({one[place] for one in those} for place in range(3)):
            assert min(values) >= LEAST or len(values) >= ENOUGH, (pages, values)


COUNTS = st.tuples(st.integers(0, 14), st.integers(0, 5)).map(lambda two: Count(two[0], two[0] + two[0] * two[1] // 2))
TABLE = st.dictionaries(st.sampled_from("abcdef"), COUNTS, max_size=6)


@given(TABLE, TABLE, TABLE, st.integers(0, 9), st.text(min_size=1, max_size=3), st.data())
def test_everything_on_a_page_together_leaves_a_small_number_five_values(
    places: dict[str, Count], languages: dict[str, Count], groups: dict[str, Count], more: int, secret: str, data
) -> None:
    """The adversary knows both wholes too, that people are at least as many as stories, that one story has no more
    than forty, how far numbers are rounded, and narrows bounds until nothing changes."""
    stories = max(sum(one.stories for one in table.values()) for table in (places, languages)) + more
    people = max(stories, *(sum(one.people for one in table.values()) for table in (places, languages))) + more
    assume(stories >= LEAST)  # of fewer the whole is as small, and is not on the page
    groups = {key: Count(min(one.stories, stories), min(one.people, people)) for key, one in groups.items()}
    silent = data.draw(st.integers(0, max(0, stories - max((one.stories for one in groups.values()), default=0))))
    people = max(people, silent + max((one.people for one in groups.values()), default=0))
    groups |= {SILENT: Count(silent, silent)}
    by = {Dimension.PLACE: places, Dimension.LANGUAGE: languages, Dimension.GROUP: groups}
    wanted = [Target(dimension, key, Counts.PEOPLE, 10) for dimension, table in by.items() for key in table if key]
    named = {Dimension.GROUP: {key: key for key in groups if key}}
    found = voices_of(Counted(Count(stories, people), by), named, wanted, secret, datetime(2026, 11, 1, tzinfo=UTC))
    for chart in found.charts:
        true = by.get(chart.dimension, {})
        rows = {row.key: row.shown for row in chart.rows}
        for measure, whole in (("stories", stories), ("people", people)):
            numbers = {key: getattr(one, measure) for key, one in rows.items()}
            assert all(number is None or number >= LEAST for number in numbers.values())
            assert all(number is None or number <= getattr(true[key], measure) for key, number in numbers.items())
            for key, (low, high) in bounds(rows, measure, whole, chart.dimension is Dimension.GROUP).items():
                if getattr(true[key], measure) < LEAST:
                    assert high - low + 1 >= ENOUGH, (chart.dimension, key, measure, low, high, rows, whole)


def bounds(rows: dict[str, Shown], measure: str, whole: int, may_overlap: bool) -> dict[str, tuple[int, int]]:
    """What a number can be, for somebody who has all of a table."""
    low = {key: getattr(one, measure) or 0 for key, one in rows.items()}
    high = {key: (getattr(one, measure) or 0) + 9 for key, one in rows.items()}
    for key, one in rows.items():
        if measure == "stories":
            low[key] = max(low[key], -(-(one.people or 0) // 40))
            high[key] = min(high[key], (one.people or 0) + 9)
        else:
            low[key] = max(low[key], one.stories or 0)
    for key in rows:
        others = {other for other in rows if other != key}
        if may_overlap:
            taken = max((low[other] for other in others), default=0) if key == SILENT else low.get(SILENT, 0)
        else:
            taken = sum(low[other] for other in others)
        high[key] = min(high[key], whole - taken)
    return {key: (low[key], high[key]) for key in rows}


def test_nothing_says_there_is_one_of_what_nobody_asked_for() -> None:
    """A place that is on no list has no row before its number may be shown."""
    by = {Dimension.PLACE: {"Leith": Count(2, 2), "Northgate": Count(40, 40)}}
    [names] = [{row.name for row in chart.rows} for chart in seen(by).charts if chart.dimension is Dimension.PLACE]
    assert names == {"Northgate"}


def seen(by: dict[Dimension, dict[str, Count]]) -> Voices:
    return voices_of(Counted(Count(60, 60), by), {}, [], "secret", datetime(2026, 11, 1, tzinfo=UTC))


def test_what_is_so_far_is_made_of_what_is_shown() -> None:
    assert so_far([Shown(None, None), Shown(5, 10), Shown(None, 5)]) == [Shown(), Shown(5, 10), Shown(5, 15)]


def test_a_threshold_is_of_a_cell_and_a_project_and_stays() -> None:
    found = [threshold("secret", "place", str(number)) for number in range(200)]
    assert set(found) == set(THRESHOLDS)
    assert found == [threshold("secret", "place", str(number)) for number in range(200)]
    assert found != [threshold("another", "place", str(number)) for number in range(200)]


def test_somebody_in_several_groups_is_counted_once_for_what_is_left() -> None:
    assert apart({"a": 5, "b": 10}) == 15
    assert overlapping(SILENT)({"a": 5, "b": 10, SILENT: 5}) == 15
