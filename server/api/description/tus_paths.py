"""Recordings and photos, over tus 1.0.0 with creation (also with bytes), termination, checksum and expiration."""

from typing import Any

from server.api.description.operations import CSRF, DEVICE_TIME, SIGNED_IN, UNSAFE, answer, header, in_path, operation
from server.api.description.schemas import COUNT, Schema
from server.domain import tus

_TEXT: Schema = {"type": "string"}
_TUS = header("Tus-Resumable", {"const": tus.VERSION}, "The version of tus.")
_CHECKSUM = header(
    "Upload-Checksum", _TEXT,
    f"One of {', '.join(tus.CHECKSUM_ALGORITHMS)}, and the digest of this piece in base64.", required=False)
_METADATA = header("Upload-Metadata", _TEXT, (
    "Keys with values in base64: `id`, `kind` (recording, segment, photo or evidence), `story_id`, `sha256` (of the "
    "whole file, in hexadecimal), `started_at` (all but photos; ISO 8601), `position` (order in the story, from 0), "
    "`recording_id` and `number` (segments; its place in its recording, from 0), `description` (photos; at most "
    "2,000 characters), `people` (photos, if known: nobody or agreed) and `people_note` (who is in it; at most 500 "
    "characters), `consent_id` and `evidence_kind` (evidence: signature, spoken or paper; kept as it is sent, so a "
    "picture that says where it was taken is refused). `type` and `duration_ms` may be there: the server looks for "
    "itself."))
_LENGTH = header("Upload-Length", COUNT, "Bytes of the whole file.")
_OFFSET = header("Upload-Offset", COUNT, "Where this piece begins: what HEAD answered.")

_VERSION = ("wrong_tus_version",)
_MINE = (*_VERSION, "not_found", "withdrawn")
_PIECE = (*UNSAFE, *_MINE, "hash_mismatch", "manifest_mismatch", "empty_file", "unsupported_audio", "audio_damaged",
          "unsupported_image", "image_too_large", "image_damaged", "use_refused", "storage_full", "wrong_content_type",
          "wrong_offset", "upload_busy", "checksum_mismatch", "bad_request", "too_large")
_HERE: dict[str, Schema] = {"Tus-Resumable": _TEXT, "Upload-Offset": COUNT, "Upload-Expires": _TEXT}
_ANNOUNCED = {"Location": _TEXT} | _HERE
_BYTES = {"required": True, "content": {"application/offset+octet-stream": {"schema": {}}}}
_OFFERS = {"204": answer("What this server offers.", headers={
    "Tus-Version": _TEXT, "Tus-Extension": _TEXT, "Tus-Max-Size": COUNT, "Tus-Checksum-Algorithm": _TEXT})}


def _options(name: str, *codes: str) -> dict[str, Any]:
    return operation(name, "files", "What this server offers of tus", _OFFERS, codes, security=[])


TUS_PATHS: dict[str, Any] = {
    "/uploads": {
        "options": _options("get_upload_options"),
        "post": operation(
            "announce_upload", "files",
            "Announce a file, or find how far it came. Its first bytes may come with it, in the body",
            {"201": answer("Send its bytes to Location.", headers=_ANNOUNCED),
             "200": answer("It was announced before: go on from Upload-Offset.", headers=_ANNOUNCED)},
            (*_PIECE, "same_id_other_content", "too_much_unfinished", "invalid"),
            parameters=[CSRF, DEVICE_TIME, _TUS, _METADATA, _LENGTH, _CHECKSUM],
            requestBody=_BYTES | {"required": False}),
    },
    "/uploads/{part_id}": {
        "parameters": [in_path("part_id")],
        "options": _options("get_options_of_upload", "not_found"),
        "head": operation(
            "get_upload", "files", "How far a file has come",
            {"200": answer("So far.", headers={"Upload-Length": COUNT, "Upload-Metadata": _TEXT} | _HERE)},
            (*SIGNED_IN, *_MINE), parameters=[_TUS]),
        "patch": operation(
            "send_piece", "files", "Send the next piece; the last one makes the file a part of its story",
            {"204": answer("Upload-Offset bytes are safely stored.", headers=_HERE)}, (*_PIECE, "invalid"),
            parameters=[CSRF, _TUS, _OFFSET, _CHECKSUM], requestBody=_BYTES),
        "delete": operation(
            "drop_upload", "files", "Give up an upload. A part that is already stored stays",
            {"204": answer("Forgotten.")}, (*UNSAFE, *_MINE, "upload_busy"), parameters=[CSRF, _TUS]),
    },
}
