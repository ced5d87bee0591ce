"""The consent wording that a new project starts with. It is a suggestion: each project publishes its own."""

from collections.abc import Mapping
from dataclasses import dataclass

from server.domain.consent import Use


@dataclass(frozen=True)
class Question:
    """What is asked about one use, and what the words under it explain."""

    question: str
    explanation: str


@dataclass(frozen=True)
class Wording:
    """A text to agree to: one question for each use, asked in the order of `Use`."""

    title: str
    introduction: str
    questions: Mapping[Use, Question]


SUGGESTED = Wording(
    title="Sharing your story",
    introduction=(
        "We would like to hear what care has been like for you. You choose what happens to your story. "
        "You can say no to anything below. Saying no changes nothing about the care you get. "
        "You can change your mind later: your receipt says how."
    ),
    questions={
        Use.RECORD: Question(
            "May we record your voice?",
            "We keep the sound so that people can hear you say it in your own way.",
        ),
        Use.TRANSCRIBE: Question(
            "May we write down what you say in the recording?",
            "A computer of ours writes down the words. Nothing is sent to another company.",
        ),
        Use.COMMISSIONERS: Question(
            "May the people who plan and pay for care hear and read your story?",
            "They see the name you chose for the story, not your own.",
        ),
        Use.BOARD: Question(
            "May we share your story with the board that decides about care?",
            "It may be played or read in a board meeting.",
        ),
        Use.PUBLICATION: Question(
            "May we quote your words in reports, without your name?",
            "Other people can read a report. It has written words only: not your voice and not your photos.",
        ),
        Use.PHOTOS: Question(
            "May we take photos and show them with your story?",
            "We take out the place and time that a phone hides in a photo. Only the people you said yes to see them.",
        ),
    },
)
