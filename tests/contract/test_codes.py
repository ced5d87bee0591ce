"""A phone has words for every refusal that it can meet: the codes of the description, and those in `codes.ts`."""

import re
from pathlib import Path

from server.api.description import DOCUMENT
from server.problems import STATUS

CODES = Path(__file__).resolve().parents[2] / "pwa" / "collect" / "domain" / "codes.ts"
LIST = re.compile(r"SERVER_CODES = \[(.*?)\]", re.DOTALL)


def known_to_the_phone() -> set[str]:
    found = LIST.search(CODES.read_text(encoding="utf-8"))
    assert found is not None
    return set(re.findall(r"'(\w+)'", found[1]))


def described() -> set[str]:
    answers = (answer for path in DOCUMENT["paths"].values() for operation in path.values()
               if isinstance(operation, dict) for answer in operation["responses"].values())
    return {code for answer in answers for code in re.findall(r"`(\w+)`", answer["description"]) if code in STATUS}


def test_the_phone_has_words_for_every_code_it_can_meet() -> None:
    assert described()
    assert described() - known_to_the_phone() == set()


def test_the_phone_knows_no_code_that_no_server_gives() -> None:
    assert known_to_the_phone() - set(STATUS) == set()
