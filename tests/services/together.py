"""The same thing done many times at once, each in a transaction of its own."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TypeVar

from flask import Flask
from sqlalchemy.orm import Session

from server.db import db

Answer = TypeVar("Answer")


def together(app: Flask, acts: list[Callable[[Session], Answer]]) -> list[Answer]:
    """Run all acts at the same time, commit each, and give their answers in order. Commits the caller's work first."""
    db.session.commit()
    ready = Barrier(len(acts))

    def run(act: Callable[[Session], Answer]) -> Answer:
        with app.app_context():
            ready.wait()
            answer = act(db.session())
            db.session.commit()
            return answer

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))
