"""Commands for operators: `flask --app server COMMAND`."""

from flask import Flask

from server.cli.database import migrate_command
from server.cli.demo import demo_command, welcome_command
from server.cli.people import create_admin_command
from server.cli.transcribe import transcribe_command


def register(app: Flask) -> None:
    """Attach every command."""
    for command in (create_admin_command, demo_command, migrate_command, transcribe_command, welcome_command):
        app.cli.add_command(command)
