"""English."""

from server.domain.consent import Use
from server.domain.consent_wording import Question, Wording

FULL = Wording(
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

EASY = Wording(
    title="Your story, your choice",
    introduction=(
        "We want to hear your story. You choose what happens to it. You can say no. Saying no is fine. "
        "Your care stays the same. You can change your mind later."
    ),
    questions={
        Use.RECORD: Question(
            "Can we record your voice?",
            "We keep the sound. People can hear you say it in your own way.",
        ),
        Use.TRANSCRIBE: Question(
            "Can we write down your words?",
            "A computer writes down what you said. The computer is ours. No other company gets your words.",
        ),
        Use.COMMISSIONERS: Question(
            "Can the people who plan care hear your story?",
            "They choose what care there is. They pay for it. They do not see your real name.",
        ),
        Use.BOARD: Question(
            "Can the board hear your story?",
            "The board is a group of people. They decide about care. They may hear your story in a meeting.",
        ),
        Use.PUBLICATION: Question(
            "Can we put your words in a report?",
            "Other people can read a report. Your name is not in it. Your voice is not in it. Your photos are not in "
            "it.",
        ),
        Use.PHOTOS: Question(
            "Can we take photos?",
            "We show them with your story. A phone hides the place and time in a photo. We take those out. "
            "Only people you said yes to see the photos.",
        ),
    },
)
