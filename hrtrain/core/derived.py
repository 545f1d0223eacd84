"""Tables computed from facts, and how they stay in step with them inside one transaction.

Triggers of the database note in `touched` what a write touched, whoever writes and however: page,
import or a hand at the database. Before the session commits, what was noted is taken and handed
to the one refresher, in the same transaction. What it does not take (somebody wrote past the
session) stays noted; readers ask `in_step` and count from the facts until it is taken.
"""

from collections.abc import Callable
from typing import Any

from sqlalchemy import Column, Integer, String, Table, delete, event, select
from sqlalchemy.orm import Session, SessionTransaction

from hrtrain.core.db import Base, db

# What may be dropped and made anew at any time; backups leave it out.
DERIVED = {"derived": True}

touched = Table(
    "touched",
    Base.metadata,
    Column("kind", String(12), nullable=False),
    Column("a", Integer, nullable=False),
    Column("b", Integer, nullable=False),
    info=DERIVED,
)
"""What was written: ``person`` a · ``edge`` unit a · ``unit`` a · ``headcount`` unit a, group b ·
``plan`` programme a · ``heard`` unit a, of which nobody had told anything."""

Touched = dict[str, set[tuple[int, int]]]
Refresher = Callable[[Touched], None]

_refreshers: list[Refresher] = []
_checks: list[Callable[[], bool]] = []


def set_up(refresher: Refresher, check: Callable[[], bool] | None = None) -> None:
    """Keep the derived tables in step by this function, in every transaction of the session.

    ``check`` says whether they were built and still hold (`is_ready`).
    """
    _refreshers[:] = [refresher]
    _checks[:] = [check] if check else []
    if not event.contains(db.session, "before_commit", _before_commit):
        event.listen(db.session, "after_begin", _after_begin)
        event.listen(db.session, "before_commit", _before_commit)
        event.listen(db.session, "after_transaction_end", _after_transaction_end)


def in_step() -> bool:
    """Whether nothing this transaction can see was written since the derived tables were."""
    return db.session.connection().execute(_ANY).first() is None


def is_ready() -> bool:
    """Whether the derived tables may be read in place of the facts as known now."""
    return bool(_checks) and all(check() for check in _checks)


def refresh() -> None:
    """Bring the derived tables in step with the facts of this transaction; commits nothing."""
    db.session.flush()
    found: Touched = {}
    if in_step():
        return
    for kind, a, b in db.session.connection().execute(_TAKE):
        found.setdefault(kind, set()).add((a, b))
    for refresher in _refreshers:
        refresher(found)


def forget() -> None:
    """What was noted is of no account: all derived tables are made anew."""
    db.session.connection().execute(delete(touched))


_BEGUN = "derived.begun"
_ANY: Any = select(touched.c.kind).limit(1)
_TAKE: Any = delete(touched).returning(touched.c.kind, touched.c.a, touched.c.b)


def _after_begin(session: Session, _transaction: object, _connection: object) -> None:
    session.info[_BEGUN] = True


def _after_transaction_end(session: Session, transaction: SessionTransaction) -> None:
    if transaction.parent is None:
        session.info.pop(_BEGUN, None)


def _before_commit(session: Session) -> None:
    # A commit of nothing must not begin a transaction: on SQLite it would wait for the write lock.
    has_written = session.info.get(_BEGUN) or session.new or session.dirty or session.deleted
    if has_written and not session.in_nested_transaction():
        refresh()
