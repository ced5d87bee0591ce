"""What is in a file that was taken away, as JSON: ids, places and reasons, and no word of a story."""

import json
from typing import Any

from server.domain.export import FileMade, row_of


def write_manifest(file: FileMade) -> str:
    """`parts` in the order of the file, each with the row that a spreadsheet shows it in; `left_out` is what could be
    in such a file once and is not in this one. Moments are ISO 8601."""
    content: dict[str, Any] = {
        "file": file.id, "kind": file.kind, "project": file.project_id, "made_at": file.made_at.isoformat(),
        "parts": [
            {"row": row_of(file.kind, part.position), "part": part.part_id, "story": part.story_id,
             "do_not_use_since": part.stale_at.isoformat() if part.stale_at else None, "because": part.because}
            for part in file.parts],
        "left_out": [{"part": one.part_id, "story": one.story_id, "since": one.since.isoformat(),
                      "because": one.because} for one in file.left_out],
    }
    return json.dumps(content, indent=2) + "\n"
