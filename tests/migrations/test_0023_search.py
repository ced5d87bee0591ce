"""The index is made of stories that are there: taking it back loses nothing, and words are looked up in it by both
databases."""

from tests.migrations.conftest import Step
from tests.migrations.old_rows import QUOTE, STORY, OldDatabase


def add_story(old: OldDatabase) -> None:
    old.add_project()
    old.add_story()


def add_passage(old: OldDatabase) -> None:
    old.run(f"INSERT INTO search_story (number, story_id, rules) VALUES (7, '{STORY}', 1)")
    words = "nobody told us" if old.engine.dialect.name == "sqlite" else "''nobody'':1 ''told'':2 ''us'':3"
    old.run("INSERT INTO search_passage (id, story_id, kind, part_id, made_of, tokens)"
            f" VALUES (9, '{STORY}', 'quote', '{QUOTE}', 'hash', '{words}')")


def found(old: OldDatabase, first: str, then: str) -> list[tuple[int]]:
    where = (f"search_text WHERE search_text MATCH '\"{first} {then}\"'" if old.engine.dialect.name == "sqlite" else
             f"search_passage WHERE tokens @@ '{first} <-> {then}'::tsquery")
    return [tuple(row) for row in old.run(f"SELECT count(*) FROM {where}")]


def test_an_index_with_words_in_it_is_taken_back_without_a_loss(old: OldDatabase, step: Step) -> None:
    add_story(old)
    before = old.everything()
    step.up()
    assert old.rows("search_passage") == old.rows("search_story") == []
    add_passage(old)
    step.back()
    assert old.everything() == before


def test_words_that_follow_each_other_are_looked_up_until_their_row_goes(old: OldDatabase, step: Step) -> None:
    add_story(old)
    step.up()
    add_passage(old)
    assert (found(old, "nobody", "told"), found(old, "told", "nobody")) == ([(1,)], [(0,)])
    old.run("DELETE FROM search_passage")
    assert found(old, "nobody", "told") == [(0,)]
