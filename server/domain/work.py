"""Work that takes longer than a request: what kinds there are, how it can stand, and what people are told about it."""

from dataclasses import dataclass
from enum import StrEnum

TRIES_ALLOWED = 3
# A worker that was stopped from outside says little about the work, so it gets more chances.
TRIES_ALLOWED_WHEN_LOST = 6


class Kind(StrEnum):
    """What is to be done, and in the comment what `subject_id` names."""

    STORE = "store"  # something whose file is staged
    JOIN = "join"  # a recording whose segments are all here
    TRANSCRIBE = "transcribe"  # a recording
    SPEAKERS = "speakers"  # a transcript
    TRANSLATE = "translate"  # a transcript
    PLAYBACK = "playback"  # a recording
    PHOTO = "photo"  # a photo
    CLIP = "clip"  # an excerpt
    CHECK_REDACTION = "check_redaction"  # a recording of which something is withheld
    ERASE = "erase"  # a SHA-256
    SCRUB = "scrub"  # a withdrawn story
    NOTE = "note"  # a consent record that agrees to less than one before
    INDEX = "index"  # a story
    DEMO = "demo"  # the demo project
    EMBED = "embed"  # a story


class State(StrEnum):
    """BLOCKED waits for something outside, such as the speech model. CANCELLED: the consent for it is gone."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    BLOCKED = "blocked"
    CANCELLED = "cancelled"


class Outcome(StrEnum):
    """How an attempt ended. LOST: nothing was heard from its worker. STOPPED: its worker was asked to stop."""

    DONE = "done"
    FAILED = "failed"
    BLOCKED = "blocked"
    CANCELLED = "cancelled"
    LOST = "lost"
    STOPPED = "stopped"


# What goes by itself. Work that meets it waits, and loses none of its tries.
PASSING = frozenset({"store_unavailable", "storage_full"})


@dataclass(frozen=True)
class Carried:
    """A job on its way to a worker. With a `place` only a worker of that staging place can do it."""

    job_id: str
    kind: Kind
    place: str | None = None


@dataclass(frozen=True)
class Held:
    """The right of one attempt to write the result of its job, until another attempt takes the job over."""

    job_id: str
    fence: int


class FenceLost(Exception):
    """Another attempt has the job now, or the job is gone: this attempt must write nothing."""


def state_after(tries: int, outcome: Outcome) -> State:
    """How a job stands when its latest try, the `tries`-th, ended badly."""
    allowed = TRIES_ALLOWED_WHEN_LOST if outcome is Outcome.LOST else TRIES_ALLOWED
    return State.FAILED if tries >= allowed else State.WAITING


NAMES = {
    Kind.STORE: "Putting a file that arrived where it stays",
    Kind.JOIN: "Putting the parts of a recording together",
    Kind.TRANSCRIBE: "Transcript of a recording",
    Kind.SPEAKERS: "Suggestion of who speaks in a recording",
    Kind.TRANSLATE: "English translation of a transcript",
    Kind.PLAYBACK: "Copy of a recording that every browser can play",
    Kind.PHOTO: "Copy of a photo without place or camera",
    Kind.CLIP: "Sound of an excerpt",
    Kind.CHECK_REDACTION: "Listening for withheld words in the copy of a recording",
    Kind.ERASE: "Erasing a withdrawn file",
    Kind.SCRUB: "Clearing withdrawn words from the database file",
    Kind.NOTE: "Noting a narrower agreement where no backup forgets it",
    Kind.INDEX: "Putting the words of a story where they can be searched",
    Kind.DEMO: "Excerpts and provocations of the made-up project",
    Kind.EMBED: "Comparing what a story says with others, for suggestions of themes",
}

_REASONS = {
    "weights_missing": "The speech model is not on this server yet. It will be done once somebody adds the model.",
    "voices_missing": "The voice model is not on this server yet. We will suggest who speaks once somebody adds it.",
    "audio_damaged": "The recording is damaged and no sound could be read from it.",
    "unsupported_audio": "The recording is not a kind of sound file we can read.",
    "image_damaged": "The photo is damaged or cut short.",
    "image_too_large": "The photo has too many pixels.",
    "unsupported_image": "The photo is not a kind of picture we can read.",
    "media_missing": "The file is not in the store. Tell an administrator.",
    "storage_full": "The server has no room left. Tell an administrator.",
    "store_unavailable": "The place where files are kept does not answer. It will be tried again by itself.",
    "out_of_memory": "The file needs more memory than this server gives to one file.",
    "no_news": "It took too long and was stopped.",
    "out_of_time": "It took too long and was stopped.",
    "crashed": "The program that reads the file stopped suddenly.",
    "killed": "The server ended the program that reads the file. It may be short of memory.",
    "lost": "The server was stopped while it worked on this.",
}


def in_words(state: State, code: str | None) -> str:
    """One or two plain sentences: how the work stands and, after a failure with this code, why."""
    reason = _REASONS.get(code or "", "Something went wrong on our side.")
    match state:
        case State.WAITING:
            return f"{reason} It will be tried again soon." if code else "It is waiting for its turn."
        case State.RUNNING:
            return "It is being done now."
        case State.BLOCKED:
            return reason
        case State.FAILED:
            return reason if code == "media_missing" else f"{reason} We tried several times. The file itself is safe."
        case State.CANCELLED:
            return "It was stopped, because there is no agreement to it."
    return "It is done."
