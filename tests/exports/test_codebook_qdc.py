"""A codebook as REFI-QDA: valid, read back as it was written, read by somebody else's reader, and safe to read."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from pyrefiqda import RefiCodebook

from server.domain.codebook_file import Line, Unreadable
from server.domain.ids import new_id
from server.domain.theme import ThemeText
from server.exports.codebook_qdc import guid_of, read, write
from tests.exports.test_codebook_csv import SAYS, texts

SCHEMA = Path(__file__).parents[3] / "shared" / "schemas" / "Codebook.xsd"
IDS = [new_id() for _ in range(4)]
CODEBOOK = [
    Line(2, ThemeText("Left out", "People are there.\n[Example]\nWithout them.", "Often", "Seldom", "Made up", "red",
                      "need"), SAYS, "", False, IDS[0]),
    Line(3, ThemeText("Told last", colour="grey", kind="need"), SAYS, "Left out", False, IDS[1]),
    Line(4, ThemeText("<Nights> & “days”", kind="asset"), SAYS, "Told last", True, IDS[2]),
    Line(5, ThemeText("Food"), SAYS, "", False, IDS[3]),
]


def said(line: Line) -> tuple[object, ...]:
    return line.text, line.parent, bool(line.retired)


def test_it_is_valid() -> None:
    if not SCHEMA.exists():
        pytest.skip(f"The schema of REFI-QDA codebooks is not at {SCHEMA}")
    etree.XMLSchema(etree.parse(SCHEMA)).assertValid(etree.fromstring(write(CODEBOOK)))


def test_somebody_elses_reader_finds_the_same(tmp_path: Path) -> None:
    file = tmp_path / "codebook.qdc"
    file.write_bytes(write(CODEBOOK))
    found = RefiCodebook.load(file)
    first, food = found.codes.code
    assert (first.name, first.color, first.is_codable, food.name) == ("Left out", "#A31621", True, "Food")
    assert (first.code[0].name, first.code[0].code[0].name) == ("Told last", "<Nights> & “days”")
    assert first.code[0].code[0].is_codable is False
    assert {one.name: len(one.member_code) for one in found.sets.set} == {"Needs": 2, "Assets": 1}


def test_it_is_read_back_as_it_was() -> None:
    found = read(write(CODEBOOK))
    assert [said(line) for line in found] == [said(line) for line in CODEBOOK]
    assert [line.key for line in found] == [guid_of(one) for one in IDS]
    assert write(CODEBOOK) == write(CODEBOOK)


@given(texts(), st.booleans())
def test_every_theme_is_read_back_as_it_was(text: ThemeText, retired: bool) -> None:
    [found] = read(write([Line(2, text, SAYS, "", retired, IDS[0])]))
    assert said(found) == (text, "", retired)


def code(name: str, *inside: str, more: str = "") -> str:
    return f'<Code guid="{new_id()}" name="{name}" isCodable="true"{more}>{"".join(inside)}</Code>'


def codebook(*codes: str, before: str = "") -> bytes:
    return f'{before}<CodeBook xmlns="urn:QDA-XML:codebook:1.0"><Codes>{"".join(codes)}</Codes></CodeBook>'.encode()


def test_another_programs_codebook_is_read() -> None:
    found = read(codebook(code("Access", "<Description>Getting in</Description>", code("Good"), more=' color="#F00"'),
                          code("Staff", code("Good"))))
    assert [(line.text.name, line.parent, line.text.colour, line.text.description) for line in found] == [
        ("Access", "", "red", "Getting in"), ("Good", "Access", "", ""), ("Staff", "", "", ""),
        ("Good (Staff)", "Staff", "", "")]


BILLION = ('<!DOCTYPE a [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">'
           '<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">]>')
OUTSIDE = '<!DOCTYPE a [<!ENTITY a SYSTEM "file:///etc/passwd">]>'


@pytest.mark.parametrize("content", [
    b"", b"name\r\nWaiting", b"<CodeBook/>", codebook(), b"<html><Codes/></html>",
    codebook(code("A"))[:-4], codebook(code("&a;"), before=BILLION), codebook(code("&a;"), before=OUTSIDE),
    codebook(code("A"), before='<!DOCTYPE a SYSTEM "http://192.0.2.1/a.dtd">'),
    codebook("".join(code(str(number)) for number in range(10_001))),
    codebook(f'{"<Code>" * 50}{"</Code>" * 50}'),
    b'<?xml version="1.0" encoding="no-such"?>' + codebook(code("A")),
], ids=["nothing", "csv", "empty", "no codes", "html", "cut", "entities", "outside", "dtd", "many", "deep", "encoding"])
def test_what_is_no_codebook_or_means_harm_is_refused(content: bytes) -> None:
    with pytest.raises(Unreadable):
        read(content)
