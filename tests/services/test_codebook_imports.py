"""Bringing in a codebook: into an empty project it is what it was, and nothing that is there is lost."""

import pytest
from sqlalchemy.orm import Session

from server.domain.codebook_file import Line, lines_of
from server.domain.errors import NotFound
from server.domain.theme import ThemeText
from server.exports import codebook_csv, codebook_qdc
from server.services import codebook, codebook_imports, theme_history, theme_merging, theme_moves, themes
from tests import makers


@pytest.fixture
def world(session: Session, world):
    def make(text: ThemeText, parent: str | None = None) -> str:
        return themes.create(session, world.commissioner, world.project.id, text, parent)

    world.out = make(ThemeText("Left out", "About it", "Often", "Seldom", "Made up", "red", "need"))
    world.told = make(ThemeText("Told last", colour="grey"), world.out)
    world.helps = make(ThemeText("=What helps", kind="asset"))
    theme_moves.shift(session, world.commissioner, world.helps, up=False)
    theme_moves.retire(session, world.commissioner, world.told)
    world.other = makers.make_project(session, "Another project")
    person = session.get_one(makers.Person, world.commissioner.person_id)
    session.add(makers.Membership(person_id=person.id, project_id=world.other.id, role="commissioner"))
    session.flush()
    world.commissioner = makers.viewer_of(session, person)
    return world


def everything(session: Session, project_id: str) -> list[object]:
    return [(line.text, line.parent, line.retired) for line in lines_of(
        codebook.tree(session, project_id, retired=True))]


def take_in(session: Session, world, project_id: str, lines: list[Line]) -> None:
    plan = codebook_imports.plan(session, world.commissioner, project_id, lines)
    assert [step.problems for step in plan.steps] == [()] * len(lines)
    assert codebook_imports.take_in(session, world.commissioner, project_id, lines, plan.seen) is None


@pytest.mark.parametrize("form", ["csv", "qdc"])
def test_a_codebook_comes_into_another_project_as_it_was(session: Session, world, form: str) -> None:
    lines = lines_of(codebook.tree(session, world.project.id, retired=True))
    read = {"csv": lambda: codebook_csv.read(b"".join(codebook_csv.write(lines))),
            "qdc": lambda: codebook_qdc.read(codebook_qdc.write(lines))}[form]()
    take_in(session, world, world.other.id, read)
    assert everything(session, world.other.id) == everything(session, world.project.id)
    again = codebook_imports.plan(session, world.commissioner, world.project.id, read)
    assert (again.new, again.changed, again.wrong) == (0, 0, 0)


def test_what_the_file_does_not_say_stays(session: Session, world) -> None:
    take_in(session, world, world.project.id, codebook_csv.read(b"name,colour\r\nLEFT OUT,blue\r\nNew,\r\n"))
    theme = themes.get_to_change(session, world.commissioner, world.out)
    assert (theme.text, theme.parent_id) == (
        ThemeText("LEFT OUT", "About it", "Often", "Seldom", "Made up", "blue", "need"), None)
    assert len(everything(session, world.project.id)) == 4
    assert theme_history.list_changes(session, world.out)[0].after == {"name": "LEFT OUT", "colour": "blue"}


def test_a_file_moves_retires_and_brings_back(session: Session, world) -> None:
    sent = b"name,parent,retired\r\nLeft out,Told last,\r\nTold last,,\r\n'=What helps,Left out,yes\r\n"
    take_in(session, world, world.project.id, codebook_csv.read(sent))
    found = [(node.theme.name, node.depth, node.theme.is_retired) for node in codebook.tree(
        session, world.project.id, retired=True)]
    assert found == [("Told last", 0, False), ("Left out", 1, False), ("=What helps", 2, True)]


@pytest.mark.parametrize(("sent", "why"), [
    (b"name,parent\r\nA,B\r\nB,A\r\n", "under itself"),
    (b"name,parent\r\nLeft out,Told last\r\n", "under itself"),
    (b"name,parent\r\nA,Nobody\r\n", "no theme called"),
    (b"name\r\nA\r\na\r\n", "more than once"),
    (b"name\r\nGone\r\n", "merged into"),
    (b"name,parent\r\nA,\r\nB,A\r\nC,B\r\nD,C\r\nE,D\r\nF,E\r\nG,F\r\n", "deep"),
    (b"name,colour\r\nA,plaid\r\n", "colours"),
])
def test_where_a_line_is_wrong_nothing_comes_in(session: Session, world, sent: bytes, why: str) -> None:
    gone = themes.create(session, world.commissioner, world.project.id, ThemeText("Gone"))
    theme_merging.merge(session, world.commissioner, gone, world.out)
    before = everything(session, world.project.id)
    lines = codebook_csv.read(sent)
    plan = codebook_imports.plan(session, world.commissioner, world.project.id, lines)
    assert why in " ".join(problem for step in plan.steps for problem in step.problems)
    assert codebook_imports.take_in(session, world.commissioner, world.project.id, lines, plan.seen) == plan
    assert everything(session, world.project.id) == before


def test_what_was_changed_meanwhile_is_looked_at_again(session: Session, world) -> None:
    lines = codebook_csv.read(b"name,colour\r\nLeft out,blue\r\n")
    seen = codebook_imports.plan(session, world.commissioner, world.project.id, lines).seen
    themes.change(session, world.commissioner, world.out, ThemeText("Left out", colour="pink"), 1)
    found = codebook_imports.take_in(session, world.commissioner, world.project.id, lines, seen)
    assert found is not None
    assert themes.get_to_change(session, world.commissioner, world.out).colour == "pink"


def test_only_commissioners_bring_in_a_codebook(session: Session, world) -> None:
    for viewer in (world.board_member, world.analyst):
        with pytest.raises(NotFound):
            codebook_imports.plan(session, viewer, world.project.id, [])
