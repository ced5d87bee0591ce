"""What an installation writes down can be read by its own account alone."""

import stat
from pathlib import Path

from sqlalchemy import text

from server.app import create_app
from server.config import Settings
from server.db import db


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def written_to(folder: Path) -> None:
    app = create_app(Settings.from_environment({"EARSHOT_DATA": str(folder)}))
    with app.app_context():
        db.session.execute(text("create table words (word text)"))
        db.session.commit()
        assert {path.name: mode(path) for path in folder.glob("earshot.sqlite3*")} == dict.fromkeys(
            ("earshot.sqlite3", "earshot.sqlite3-wal", "earshot.sqlite3-shm"), mode(folder / "earshot.sqlite3"))
        db.session.remove()
        db.engine.dispose()


def test_a_new_installation_is_read_by_its_owner_alone(tmp_path: Path) -> None:
    written_to(tmp_path / "new")
    assert mode(tmp_path / "new") == 0o700
    assert mode(tmp_path / "new" / "earshot.sqlite3") == 0o600


def test_what_somebody_has_let_others_read_stays_so(tmp_path: Path) -> None:
    tmp_path.chmod(0o750)
    (tmp_path / "earshot.sqlite3").touch()
    (tmp_path / "earshot.sqlite3").chmod(0o640)
    written_to(tmp_path)
    assert (mode(tmp_path), mode(tmp_path / "earshot.sqlite3")) == (0o750, 0o640)
