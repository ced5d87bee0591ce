"""Whoever reads the words or the names of a story to show them takes out what is withheld, and is named here."""

import ast
from pathlib import Path

from tests.architecture.test_one_module_clears import imported, sources

# Rows that hold words of a story or names in it, and the columns in which they do.
HOLDING = {"TranscriptSegment", "TranscriptWindow", "Correction", "Translation", "Speaker", "Excerpt", "Quote", "Photo",
           "Story", "Participant", "RecordingMarker", "SegmentState", "Note", "SelfDescription"}
COLUMNS = {"text", "words", "changed_text", "changed_words", "before", "after", "passages", "description",
           "pseudonym", "place", "prompt_text", "people_note", "own_words"}
# What is shown of a story passes through these. `clearing` takes withheld words out of what those below it read for it.
SHOWS = {"agreement", "clearing", "consent_documents", "corrections", "embeddings", "indexing", "notes", "participants",
         "phone_projects", "register", "searching", "segment_rows", "self_descriptions", "speakers", "story_list",
         "transcript_rows", "transcript_versions", "voices", "wanted_edits", "withholding"}
# What is read here is kept as it comes, or compared, or hashed, and shown to nobody; or it is only called the same.
KEEPS = {"anchors", "anonymous_stories", "arrivals", "collections", "correction_rows", "excerpts", "groups", "heard",
         "kept_names", "known_facts", "manifests", "quotable", "quotes", "rare_words", "receipt_codes", "redactions",
         "stories", "story_language", "storing", "tagged", "transcripts", "withdrawal_steps"}


def columns_read(tree: ast.Module) -> set[str]:
    return {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)} & COLUMNS


def readers() -> dict[str, Path]:
    """The services that know a row with words or names and read something that is called like one of its columns."""
    return {path.stem: path for path, tree in sources("services")
            if {name for _, name in imported(tree)} & HOLDING and columns_read(tree)}


def test_whoever_reads_words_of_a_story_is_known() -> None:
    assert set(readers()) - SHOWS - KEEPS == set(), "do these show words? then by way of services/withholding.py"


def test_whoever_shows_words_takes_out_what_is_withheld() -> None:
    for name, path in readers().items():
        if name in SHOWS - {"withholding"}:
            text = path.read_text()
            assert "withholding." in text or "Withholding" in text or ".held" in text, path


def test_no_front_door_reads_words_by_itself() -> None:
    for door in ("api", "pages", "cli", "exports", "jobs"):
        for path, tree in sources(door):
            names = {name for module, name in imported(tree) if module.startswith("server.models")}
            assert not names & HOLDING, path
