"""What was carried away, and why it should not be used any more."""

from enum import StrEnum


class Stale(StrEnum):
    """Why a part of a file should not be used any more. Nothing is said after that it was withdrawn."""

    WITHDRAWN = "withdrawn"
    NARROWED = "narrowed"  # it was agreed to, and is not any more
    EXPIRED = "expired"  # the agreement to it has ended
    WITHHELD = "withheld"  # words or sound of it are withheld since
    EMBARGO = "embargo"  # nothing of it may leave for now
