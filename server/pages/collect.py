"""The installable app for phones, at /collect/. Its shell is for everybody: it opens without signal or sign-in."""

from pathlib import Path

from flask import Blueprint, current_app
from flask.typing import ResponseReturnValue

from server.auth import public
from server.headers import policy_with_webassembly
from server.pages.assets import built, serve
from server.parts import parts
from server.problems import answer_for

NOT_BUILT = "The phone app has not been built on this server yet. Run: make build"

blueprint = Blueprint("collect", __name__, url_prefix="/collect")


@blueprint.get("/")
@blueprint.get("/<path:path>")
@public
def file(path: str = "index.html") -> ResponseReturnValue:
    """A file of the app. An address without a dot is a screen, which the app finds itself."""
    folder = built(current_app, "collect")
    if not (folder / "index.html").is_file():
        return answer_for(503, "unavailable", NOT_BUILT)
    response = serve(folder, path if Path(path).suffix else "index.html")
    response.headers["Content-Security-Policy"] = policy_with_webassembly(parts().store)
    if path == "service-worker.js":
        response.headers["Service-Worker-Allowed"] = "/collect/"
    return response
