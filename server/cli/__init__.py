"""Commands for operators: `flask --app server COMMAND`."""

from flask import Flask

from server.cli.database import migrate_command
from server.cli.people import create_admin_command


def register(app: Flask) -> None:
    """Attach every command."""
    for command in (create_admin_command, migrate_command):
        app.cli.add_command(command)
