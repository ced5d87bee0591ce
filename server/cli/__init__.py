"""Commands for operators: `flask --app server COMMAND`."""

from flask import Flask

from server.cli.audit import verify_audit_command
from server.cli.backup import backup_command, restore_command
from server.cli.database import migrate_command
from server.cli.demo import demo_command, welcome_command
from server.cli.items import import_item_command
from server.cli.people import create_admin_command, remove_second_step_command, reset_password_command
from server.cli.search import reindex_command
from server.cli.transcribe import transcribe_command
from server.cli.transcript import transcript_command

COMMANDS = (
    backup_command, create_admin_command, demo_command, import_item_command, migrate_command,
    reindex_command, remove_second_step_command, reset_password_command, restore_command, transcribe_command,
    transcript_command, verify_audit_command, welcome_command,
)


def register(app: Flask) -> None:
    """Attach every command."""
    for command in COMMANDS:
        app.cli.add_command(command)
