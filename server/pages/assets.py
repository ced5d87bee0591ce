"""The built modules and styles of server pages, at /static/library/, and their names for templates."""

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

from flask import Blueprint, Flask, Response, current_app, request, send_from_directory
from flask.typing import ResponseReturnValue
from werkzeug.security import safe_join

from server.auth import public
from server.config import ROOT

# Names carry a hash of the content, so a file never changes.
FOREVER = "public, max-age=31536000, immutable"
_TYPES = {".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml",
          ".webmanifest": "application/manifest+json"}

# The build puts compressed copies beside each file; the smaller first.
_ENCODINGS = {"br": ".br", "gzip": ".gz"}

blueprint = Blueprint("assets", __name__, url_prefix="/static/library")


@blueprint.record_once
def _prepare(state: Any) -> None:
    state.app.config.setdefault("BUILT_FOLDER", ROOT / "pwa" / "dist")
    state.app.jinja_env.globals["library_asset"] = library_asset


@blueprint.get("/<path:path>")
@public
def file(path: str) -> ResponseReturnValue:
    return serve(built(current_app, "library"), path)


def library_asset(name: str) -> str | None:
    """The address of a built module or style sheet by the name of its source; None when it has not been built."""
    manifest = built(current_app, "library") / "manifest.json"
    try:
        entry = _entries(manifest, manifest.stat().st_mtime_ns).get(name)
    except FileNotFoundError:
        return None
    return f"{blueprint.url_prefix}/{entry['file']}" if entry else None


def built(app: Flask, part: str) -> Path:
    """Where `make build` puts this part."""
    return Path(app.config["BUILT_FOLDER"]) / part


def serve(folder: Path, path: str) -> Response:
    """A built file, compressed where the browser takes that.

    Its type is named here, since it is otherwise looked up in the machine's own tables.
    """
    mimetype = _TYPES.get(Path(path).suffix)
    encoding = _encoding(folder, path)
    response = send_from_directory(folder, path + _ENCODINGS.get(encoding, ""), mimetype=mimetype,
                                   download_name=Path(path).name)
    if encoding:
        response.headers["Content-Encoding"] = encoding
    response.headers["Cache-Control"] = FOREVER if path.startswith("assets/") else "no-cache"
    response.vary.add("Accept-Encoding")
    return response


def _encoding(folder: Path, path: str) -> str:
    """The compression to send a file in; empty for none."""
    for encoding, ending in _ENCODINGS.items():
        copy = safe_join(str(folder), path + ending)
        if request.accept_encodings.quality(encoding) > 0 and copy and Path(copy).is_file():
            return encoding
    return ""


@lru_cache(maxsize=4)
def _entries(manifest: Path, _changed: int) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(manifest.read_text())
    return found
