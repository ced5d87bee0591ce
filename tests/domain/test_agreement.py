"""Cohen's kappa: tables with known values, and what must hold of every table."""

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.domain.agreement import Reading, Table, of, read, total

COUNT = st.integers(0, 60)
TABLES = st.builds(Table, COUNT, COUNT, COUNT, COUNT)
MARKS = st.frozensets(st.integers(0, 39))


def by_the_book(table: Table) -> Fraction | None:
    """(po - pe) / (1 - pe), as Cohen writes it."""
    if not table.count:
        return None
    n = table.count
    seen = Fraction(table.both + table.neither, n)
    yes = Fraction(table.both + table.first, n) * Fraction(table.both + table.second, n)
    no = Fraction(table.second + table.neither, n) * Fraction(table.first + table.neither, n)
    chance = yes + no
    return None if chance == 1 else (seen - chance) / (1 - chance)


@pytest.mark.parametrize(("table", "kappa", "reading"), [
    (Table(20, 5, 10, 15), Fraction(2, 5), Reading.FAIR),
    # The two tables of one percentage and two kappas, in many introductions to it.
    (Table(45, 15, 25, 15), Fraction(30, 230), Reading.SLIGHT), (Table(25, 35, 5, 35), Fraction(7, 27), Reading.FAIR),
    # Much agreement and little kappa, since nearly everything has the theme (Feinstein and Cicchetti 1990).
    (Table(80, 10, 5, 5), Fraction(70, 220), Reading.FAIR),
    (Table(40, 9, 6, 45), Fraction(291, 416), Reading.SUBSTANTIAL),
    (Table(10, 0, 0, 10), Fraction(1), Reading.ALMOST_PERFECT), (Table(0, 10, 10, 0), Fraction(-1), Reading.POOR),
    (Table(5, 5, 5, 5), Fraction(0), Reading.SLIGHT)])
def test_known_tables_have_their_known_kappa(table: Table, kappa: Fraction, reading: Reading) -> None:
    assert table.kappa == kappa
    assert table.reading is reading


@given(TABLES)
def test_kappa_is_as_cohen_writes_it_and_within_its_bounds(table: Table) -> None:
    assert table.kappa == by_the_book(table)
    if table.kappa is not None:
        assert -1 <= table.kappa <= 1
        assert (table.kappa == 1) == (table.first == table.second == 0)
        assert table.same is not None
        assert table.kappa <= table.same


@given(TABLES)
def test_who_is_first_and_what_is_called_a_theme_make_no_difference(table: Table) -> None:
    turned = Table(table.both, table.second, table.first, table.neither)
    inverted = Table(table.neither, table.second, table.first, table.both)
    assert table.kappa == turned.kappa == inverted.kappa
    assert table.same == turned.same == inverted.same
    assert table.prevalence == turned.prevalence


@given(COUNT)
def test_where_nobody_or_everybody_put_it_everywhere_there_is_no_kappa(count: int) -> None:
    for table in (Table(both=count), Table(neither=count)):
        assert table.kappa is None
        assert table.reading is None
    assert Table().same is None
    assert Table().prevalence is None


@given(MARKS, MARKS)
def test_a_table_counts_every_word_once(first: frozenset[int], second: frozenset[int]) -> None:
    table = of(40, first, second)
    assert table.count == 40
    assert table.both + table.first == len(first)
    assert table.both + table.second == len(second)
    assert of(40, first, first).kappa in (1, None)
    assert total([table, of(40, second, first)]) == replace(table + of(40, second, first))


@given(st.fractions(-1, 1), st.fractions(-1, 1))
def test_more_agreement_is_never_called_less(one: Fraction, other: Fraction) -> None:
    order = list(Reading)
    low, high = sorted((one, other))
    assert order.index(read(low)) <= order.index(read(high))
