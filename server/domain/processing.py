"""What a project writes down of itself, as data protection law asks it to."""

from collections.abc import Mapping
from dataclasses import dataclass

from server.domain.errors import Invalid
from server.domain.fields import storable

TEXT_LETTERS = 2000
REFERENCE_LETTERS = 200


@dataclass(frozen=True)
class Processing:
    """Who answers for the project, why it may do what it does, where that was looked at, and where to complain."""

    controller: str = ""
    lawful_basis: str = ""
    ethics_reference: str = ""
    dpia_reference: str = ""
    complaints: str = ""

    @property
    def missing(self) -> tuple[str, ...]:
        """The names of what has not been written."""
        return tuple(name for name, text in vars(self).items() if not text)


_LETTERS: Mapping[str, int] = {
    "controller": TEXT_LETTERS, "lawful_basis": TEXT_LETTERS, "ethics_reference": REFERENCE_LETTERS,
    "dpia_reference": REFERENCE_LETTERS, "complaints": TEXT_LETTERS}
FIELDS = tuple(_LETTERS)


def read_processing(typed: Mapping[str, str]) -> Processing:
    """From what somebody typed; any of it may be empty. Raises Invalid with a sentence for each that will not do."""
    tidy = {name: "\n".join(typed.get(name, "").splitlines()).strip() for name in FIELDS}
    wrong = {name: f"Use {letters:,} letters or fewer." for name, letters in _LETTERS.items()
             if len(tidy[name]) > letters}
    wrong |= {name: "Take out the letters that cannot be saved." for name in FIELDS if not storable(tidy[name])}
    if wrong:
        raise Invalid(fields=wrong)
    return Processing(**tidy)
