"""Where something went wrong, in words that are safe to keep."""

import traceback


def where(error: BaseException) -> str:
    """The kind of error and its traceback, without its message, which can quote a story."""
    return type(error).__name__ + "\n" + "".join(traceback.format_tb(error.__traceback__))
