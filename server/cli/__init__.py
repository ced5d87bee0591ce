"""Commands for operators: `flask --app server COMMAND`."""

from flask import Flask

from server.cli.database import migrate_command


def register(app: Flask) -> None:
    """Attach every command."""
    for command in (migrate_command,):
        app.cli.add_command(command)
