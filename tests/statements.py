"""What is sent to the database, for tests that it does not grow with what is asked about."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event

from hrtrain.core.db import db


@contextmanager
def statements_sent() -> Iterator[list[str]]:
    """The statements sent inside the block, in their order."""
    sent: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        sent.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(db.engine, "before_cursor_execute", note)


@contextmanager
def plans_made() -> Iterator[list[str]]:
    """How SQLite would go about each statement sent inside the block, a text for each."""
    plans: list[str] = []

    def note(_connection: Any, cursor: Any, statement: str, given: Any, *_more: Any) -> None:
        if statement.startswith(("SELECT", "WITH")):
            plan = cursor.connection.cursor()
            plan.execute(f"EXPLAIN QUERY PLAN {statement}", given)
            plans.append("\n".join(row[3] for row in plan.fetchall()))

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield plans
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
