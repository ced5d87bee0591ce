"""How pages say that a recording stopped, or that part of it has not come or cannot be played."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from server.domain.cleared import ClearedGap, ClearedMarker, ClearedUnfinished
from server.domain.manifest import (
    CAME_LATER,
    LEFT_OUT,
    MAY_GO_ON,
    NOT_KNOWN,
    UNPLAYABLE,
    UNREADABLE,
    Ended,
    ListedSegment,
)
from server.pages.words import count, length

_WHY: Mapping[str, str] = {
    Ended.INTERRUPTED: "The phone was needed for something else.",
    Ended.SILENCE: "The microphone gave no sound.",
    Ended.MICROPHONE_LOST: "The microphone could not be used any more.",
    Ended.HIDDEN: "Another app was open on the phone.",
    Ended.FULL: "There was no room left on the phone.",
    Ended.FAILED: "Something went wrong on the phone.",
    Ended.RECOVERED: "The app was closed on the phone.",
}

_NO_STOPS = (UNPLAYABLE, LEFT_OUT, CAME_LATER, NOT_KNOWN, MAY_GO_ON, UNREADABLE)


def gap(found: ClearedGap) -> str:
    """Recording stopped here for 42 seconds."""
    part = f"Part {found.part} of {found.parts}" if found.parts else f"Part {found.part}"
    if found.reason == UNPLAYABLE:
        return f"{part} cannot be played here."
    if found.reason == UNREADABLE:
        of_it = "" if found.parts == 1 else f" of {part.lower()}"
        return f"{_capital(length(found.length_ms))} of sound{of_it} cannot be read."
    if found.reason == LEFT_OUT:
        return f"{part} has not come, and is missing here."
    if found.reason == CAME_LATER:
        return f"{part} is missing here."
    if found.reason == NOT_KNOWN:
        return "Some of the recording is missing here. We do not know how much."
    if found.reason == MAY_GO_ON:
        return "The end may be missing. We do not know how many parts there are."
    return f"Recording stopped here for {length(found.length_ms)}."


def why(found: ClearedGap) -> str:
    """The microphone gave no sound. May be empty."""
    if found.reason == UNPLAYABLE and not found.length_ms:
        return "We do not know how long it is. The file is kept as it came."
    if found.reason in (NOT_KNOWN, MAY_GO_ON):
        return "The recording was made of what came. What comes later stands by itself after it."
    if found.reason == UNREADABLE:
        return "The file is kept as it came."
    if found.reason == UNPLAYABLE:
        return f"{_capital(length(found.length_ms))} of sound cannot be read. The file is kept as it came."
    if found.reason == LEFT_OUT:
        return f"It is {length(found.length_ms)} long. The recording was made without it."
    if found.reason == CAME_LATER:
        return f"It is {length(found.length_ms)} long. It came later, and stands by itself after this recording."
    return _WHY.get(found.reason, "")


def gaps(found: Sequence[ClearedGap]) -> str:
    """How often, and for how long altogether."""
    lost, missing, late, not_known, may_go_on, _ = (sum(item.reason == reason for item in found)
                                                    for reason in _NO_STOPS)
    unread_ms = sum(item.length_ms for item in found if item.reason == UNREADABLE)
    stops = [item for item in found if item.reason not in _NO_STOPS]
    said = []
    if stops:
        times = {1: "once", 2: "twice"}.get(len(stops), count(len(stops), "time"))
        said.append(f"The recording stopped {times}, for {length(sum(item.length_ms for item in stops))}"
                    f"{' in all' if len(stops) > 1 else ''}.")
    if lost:
        said.append(f"{count(lost, 'part')} of it cannot be played.")
    if unread_ms:
        said.append(f"{_capital(length(unread_ms))} of sound in it cannot be read.")
    if missing:
        said.append(f"{count(missing, 'part')} of it {'is' if missing == 1 else 'are'} missing.")
    if late:
        said.append(f"{count(late, 'part')} of it came later and {'stands' if late == 1 else 'stand'} "
                    f"by {'itself' if late == 1 else 'themselves'}.")
    if not_known:
        said.append("Some of it is missing.")
    if may_go_on:
        said.append("The end may be missing.")
    return " ".join(said)


def absent(found: ListedSegment, of: int) -> str:
    """Part 2 of 3: 40 seconds of sound."""
    return f"Part {found.number + 1} of {of}: {length(found.duration_ms)} of sound"


def awaited(found: Sequence[ListedSegment], of: int) -> str:
    """Part 2 of 3 has not come yet."""
    return f"{_missing([segment.number + 1 for segment in found], of)} come yet."


def unlisted(stored: int) -> str:
    """2 parts came, and are safe. We do not know how many parts there are."""
    came = f"{_capital(count(stored, 'part'))} came, and {'is' if stored == 1 else 'are'} safe. " if stored else ""
    return f"{came}We do not know how many parts there are."


def stored_soon(number: int, of: int | None) -> str:
    """Part 2 of 3 is here, and is being stored."""
    which = "The sound of this recording" if of == 1 else f"Part {number + 1} of {of}" if of else f"Part {number + 1}"
    return f"{which} is here, and is being stored."


def marker(found: ClearedMarker) -> str:
    """What was asked, the theme, or that there was something."""
    return found.prompt or (found.theme.name if found.theme else "The researcher marked this moment")


def unfinished(found: ClearedUnfinished) -> str:
    """Why a recording cannot be played, and what happens next."""
    if found.count is None:
        return (f"{_capital(count(found.came, 'part'))} of a recording came. We do not know how many parts there are. "
                "Mostly the phone says so, and sends the rest, by itself once it is online.")
    if found.missing:
        where = ("It is still on the phone, which sends it" if len(found.missing) == 1
                 else "They are still on the phone, which sends them")
        return (f"{_missing(found.missing, found.count)} come yet. {where} by itself once it is online. "
                "You can listen when all of it is here.")
    if len(found.unplayable) == found.count and found.may_go_on:
        return f"{unlisted(found.came)} No sound can be read from what came. It is kept as it came."
    if len(found.unplayable) == found.count:
        return "All of this recording came, and no sound can be read from it. It is kept as it came."
    if found.may_go_on:
        return (f"{unlisted(found.came)} The recording is being made of what came. "
                "It will say where something is missing.")
    if found.came < found.count:
        return (f"{_capital(count(found.came, 'part'))} of {found.count} came, and the recording is being made of "
                f"{'it' if found.came == 1 else 'them'}. It will say where something is missing.")
    return "All of this recording came. Its parts are being put together."


def _missing(numbers: Sequence[int], of: int) -> str:
    """Part 2 of 3 has not; Parts 2 and 3 of 5 have not."""
    if of == 1:
        return "The sound of this recording has not"
    if len(numbers) == of:
        return f"None of its {of} parts has"
    if len(numbers) == 1:
        return f"Part {numbers[0]} of {of} has not"
    return f"Parts {', '.join(map(str, numbers[:-1]))} and {numbers[-1]} of {of} have not"


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


FILTERS: Mapping[str, Callable[..., Any]] = {
    "gap_in_words": gap, "why_a_gap": why, "gaps_in_words": gaps, "marker_in_words": marker,
    "unfinished_in_words": unfinished,
    "absent_in_words": absent, "awaited_in_words": awaited, "stored_soon_in_words": stored_soon,
    "unlisted_in_words": unlisted}
