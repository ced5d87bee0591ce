"""A provocation: a question that puts a board on the spot, resting on what people really said."""

from collections.abc import Sequence
from dataclasses import dataclass

from server.domain.errors import Invalid, NotFound

QUESTION_LENGTH = 300
INTRODUCTION_LENGTH = 2000
NOTE_LENGTH = 300


@dataclass(frozen=True)
class ProvocationText:
    """What a commissioner writes. `content_note` warns of hard material before it is shown; it may be empty."""

    question: str
    introduction: str = ""
    content_note: str = ""


@dataclass(frozen=True)
class ProvocationCard:
    """A provocation without its evidence, which comes from clearing."""

    id: str
    project_id: str
    text: ProvocationText
    is_published: bool
    version: int


def checked_text(question: str, introduction: str, content_note: str) -> ProvocationText:
    """The text, trimmed. Raises Invalid with a message for each field that is wrong."""
    text = ProvocationText(question.strip(), introduction.strip(), content_note.strip())
    wrong = {}
    if not text.question:
        wrong["question"] = "Write the question that you want the board to answer."
    limits = (("question", text.question, QUESTION_LENGTH), ("introduction", text.introduction, INTRODUCTION_LENGTH),
              ("content_note", text.content_note, NOTE_LENGTH))
    for name, value, longest in limits:
        if len(value) > longest:
            wrong[name] = f"This is {len(value)} characters long. Use {longest} or fewer."
        if "\0" in value:
            wrong[name] = "Take out the character that cannot be shown."
    if wrong:
        raise Invalid(fields=wrong)
    return text


def moved(order: Sequence[str], part_id: str, places: int) -> list[str]:
    """The order with one part moved down by `places` (up when negative), stopping at either end. Raises NotFound."""
    if part_id not in order:
        raise NotFound
    rest = [other for other in order if other != part_id]
    place = max(0, min(len(rest), order.index(part_id) + places))
    return [*rest[:place], part_id, *rest[place:]]
