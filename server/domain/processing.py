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


_SAID: Mapping[str, tuple[int, str]] = {
    "controller": (TEXT_LETTERS, "who answers for this project"), "lawful_basis": (TEXT_LETTERS, "the lawful basis"),
    "ethics_reference": (REFERENCE_LETTERS, "the ethics approval"),
    "dpia_reference": (REFERENCE_LETTERS, "the impact assessment"), "complaints": (TEXT_LETTERS, "where to complain")}
FIELDS = tuple(_SAID)


def read_processing(typed: Mapping[str, str]) -> Processing:
    """From what somebody typed; any of it may be empty. Raises Invalid with a sentence for each that will not do."""
    tidy = {name: "\n".join(typed.get(name, "").splitlines()).strip() for name in FIELDS}
    wrong = {name: f"Use {letters:,} letters or fewer to say {what}." for name, (letters, what) in _SAID.items()
             if len(tidy[name]) > letters}
    wrong |= {name: f"Type again {what}: there are letters in it that cannot be saved."
              for name, (_, what) in _SAID.items() if not storable(tidy[name])}
    if wrong:
        raise Invalid(fields=wrong)
    return Processing(**tidy)
