"""What is committed for the made-up project fits together."""

import io
import json
import re
from pathlib import Path
from typing import Any

import pytest

import server
from server.domain.access import Role
from server.domain.consent import Use
from server.domain.processing import FIELDS
from server.media import audio, photos

FOLDER = Path(server.__file__).parent / "demo"
DEMO = json.loads((FOLDER / "demo.json").read_text(encoding="utf-8"))
PARTS = [part for story in DEMO["stories"] for kind in ("recordings", "photos") for part in story.get(kind, ())]
EXCERPTS = [
    (recording["spoken"], excerpt)
    for story in DEMO["stories"]
    for recording in story.get("recordings", ())
    for excerpt in recording["excerpts"]
]
THEMED = [
    *(excerpt for _, excerpt in EXCERPTS),
    *(part for story in DEMO["stories"] for kind in ("quotes", "photos") for part in story.get(kind, ())),
]


def refused(key: str) -> set[str]:
    """What the person said no to whose story holds the part with this key."""
    return next(set(story["refused"]) for story in DEMO["stories"] if f'"key": "{key}"' in json.dumps(story))


def test_it_says_that_nobody_in_it_is_real():
    said = [DEMO["project"]["introduction"], *(made["introduction"] for made in DEMO["provocations"])]
    assert all("This is a made-up example. Nobody in it is real." in text for text in said)


def test_there_is_a_person_for_each_role():
    assert {person["role"] for person in DEMO["people"]} == set(Role) - {Role.CUSTODIAN}
    assert all("custodian" in {person["role"] for person in partner["people"]} for partner in DEMO["partners"])


def test_refusals_of_each_kind_are_there_to_be_seen():
    said_no = {use for story in DEMO["stories"] for use in story["refused"]}
    assert {Use.RECORD, Use.BOARD, Use.PUBLICATION, Use.PHOTOS} <= said_no <= set(Use)


def test_no_story_holds_what_its_person_refused():
    for story in DEMO["stories"]:
        assert not (story.get("recordings") and "record" in story["refused"])
        assert not (story.get("photos") and "photos" in story["refused"])


def test_each_way_to_govern_a_story_is_there_to_be_seen():
    for what in ("withheld", "held_back", "withdrawn", "receipt"):
        assert sum(what in story for story in DEMO["stories"]) == 1
    assert set(DEMO["project"]["processing"]) == set(FIELDS)


def test_no_provocation_rests_on_what_is_held_back_or_withdrawn():
    gone = {part["key"] for story in DEMO["stories"] if {"held_back", "withdrawn"} & set(story)
            for part in story["quotes"]}
    assert gone
    assert not any(gone & set(provocation["evidence"]) for provocation in DEMO["provocations"])


def test_keys_are_unique():
    keys = re.findall(r'"key": "([^"]+)"', json.dumps(DEMO))
    assert len(keys) == len(set(keys))


@pytest.mark.parametrize("part", THEMED, ids=lambda part: part["key"])
def test_every_theme_that_is_used_is_described(part: dict[str, Any]):
    assert part["themes"]
    assert set(part["themes"]) <= {theme["name"] for theme in DEMO["themes"]}


@pytest.mark.parametrize(("spoken", "excerpt"), EXCERPTS, ids=[excerpt["key"] for _, excerpt in EXCERPTS])
def test_an_excerpt_is_word_for_word_what_is_spoken(spoken: str, excerpt: dict[str, Any]):
    assert excerpt["words"] in spoken


def test_evidence_exists_and_may_be_shown_to_a_board():
    keys = {part["key"] for part in THEMED}
    for provocation in DEMO["provocations"]:
        assert set(provocation["evidence"]) <= keys
        assert not any("board" in refused(key) for key in provocation["evidence"])


def test_what_is_in_a_collection_exists_and_may_be_shown_to_whom_it_is_shared_with():
    keys = {part["key"] for part in THEMED}
    for collection in DEMO["collections"]:
        assert bool(collection.get("items")) != bool(collection.get("search"))
        assert set(collection.get("items", ())) <= keys
        assert not any("board" in refused(key) for key in collection.get("items", ()))


def test_every_file_is_used_and_its_size_stays_small():
    files = {
        str(path.relative_to(FOLDER)) for folder in ("recordings", "photos") for path in (FOLDER / folder).iterdir()
    }
    assert files == {part["file"] for part in PARTS}
    assert sum((FOLDER / name).stat().st_size for name in files if name.startswith("recordings")) < 1_200_000
    assert all((FOLDER / name).stat().st_size < 150_000 for name in files)


@pytest.mark.parametrize("part", PARTS, ids=lambda part: part["key"])
def test_every_file_is_accepted_by_the_product(part: dict[str, Any]):
    source = io.BytesIO((FOLDER / part["file"]).read_bytes())
    if part["file"].startswith("recordings"):
        facts = audio.probe(source)
        assert (facts.codec, facts.channels) == ("opus", 1)
        assert 20_000 < facts.duration_ms < 60_000
    else:
        assert photos.check(source) == photos.PhotoFacts("image/jpeg", 1200, 900)
        assert part["description"].startswith("A drawing of")
