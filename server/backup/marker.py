"""A sign in the database itself that a restore goes on, which every machine that shares the database can see."""

from sqlalchemy import Connection, Engine, inspect

_TABLE = "restore_goes_on"


def is_restoring(engine: Engine) -> bool:
    with engine.connect().execution_options(only_reads=True) as connection:
        return inspect(connection).has_table(_TABLE)


def put_up(connection: Connection) -> None:
    """In the caller's transaction. Doing it twice changes nothing."""
    connection.exec_driver_sql(f"CREATE TABLE IF NOT EXISTS {_TABLE} (since VARCHAR(40))")


def take_down(connection: Connection) -> None:
    """In the caller's transaction, which is the last of a restore."""
    connection.exec_driver_sql(f"DROP TABLE IF EXISTS {_TABLE}")
