"""GET /healthz: whether this is Earshot, whether it can work, and whether its disks have room. Phones ask it to know
that they are online."""

from datetime import UTC, datetime

from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import SQLAlchemyError

from server.auth import public
from server.db import require_answer
from server.parts import parts
from server.storage.room import free_bytes

blueprint = Blueprint("health", __name__)


@blueprint.get("/healthz")
@public
def show() -> ResponseReturnValue:
    require_answer()
    return jsonify(_state("ok"))


@blueprint.errorhandler(SQLAlchemyError)
def _database_failed(_error: SQLAlchemyError) -> ResponseReturnValue:
    return jsonify(_state("unavailable")), 503


def _state(database: str) -> dict[str, str]:
    status = "ok" if database == "ok" else "unavailable"
    return {"service": "earshot", "status": status, "time": datetime.now(UTC).isoformat(), "database": database,
            "room": _room()}


def _room() -> str:
    settings = parts().settings
    return "low" if free_bytes(settings.folders) < settings.low_room_bytes else "ok"
