"""A letter to whoever has a file of which something should not be used any more. It names rows and ids, and no word."""

from collections.abc import Mapping

from server.domain.export import FileMade, FilePart, Stale, row_of

_ASKS: Mapping[Stale, str] = {
    Stale.WITHDRAWN: "Delete these for good. They were withdrawn.",
    Stale.NARROWED: "Delete these. They may not be used in this way any more.",
    Stale.EXPIRED: "Delete these. They could be used until a certain day, and that day has passed.",
    Stale.WITHHELD: "Delete these. Words in them must not be shown any more. You can download a new file without them.",
    Stale.KEPT: "Delete these and do not use them. The partner that collected them keeps them to itself.",
    Stale.EMBARGO: "Do not use these or show them to anybody. We will tell you when you can.",
}


def write_letter(file: FileMade, project_name: str) -> str:
    """The letter as plain text, ready to send: what to remove, by why."""
    blocks = [
        f"Dear {file.made_by or 'colleague'},",
        f"You have a file from “{project_name}” on Earshot: {file.kind}, made on {_day(file)}. "
        f"Its number is {file.id}.",
        "Some of what is in it must not be used any more.",
    ]
    for why, ask in _ASKS.items():
        parts = [part for part in file.stale if part.because is why]
        if parts:
            blocks.append("\n".join([ask, "", *(_line(file, part) for part in parts)]))
    if any(row_of(file.kind, part.position) for part in file.stale):
        blocks.append("Row numbers are those that Excel shows, with the names of the columns in row 1. If you have "
                      "sorted the file or taken rows out, look for the story in the column “story”.")
    blocks += [
        "Please do the same in every copy: in your email, on paper, in reports and slides, and on backups you keep. If "
        "you gave it to somebody else, please send them this letter.",
        "Then tell us that it is done. Thank you.",
    ]
    return "\n\n".join(blocks) + "\n"


def _line(file: FileMade, part: FilePart) -> str:
    row = row_of(file.kind, part.position)
    since = f", since {part.stale_at.day} {part.stale_at:%B %Y}" if part.stale_at else ""
    where = f"Row {row}: " if row else ""
    return f"- {where}part {part.part_id} of story {part.story_id}{since}"


def _day(file: FileMade) -> str:
    return f"{file.made_at.day} {file.made_at:%B %Y} at {file.made_at:%H:%M} UTC"
