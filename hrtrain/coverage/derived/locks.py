"""Who waits for whom on PostgreSQL; SQLite has one writer at a time and needs none of this.

In this order, always: the people's rows by number, the tree (shared by those who count people,
alone for who changes tree, plans or everything), units' own counts by number, the summing up,
units never heard from by number.
Advisory locks end with the transaction. A unit's lock is not its row's: rows are locked earlier,
in any order, by the acts themselves.
"""

from collections.abc import Collection, Iterable

from sqlalchemy import func, select, text

from hrtrain.core.db import db
from hrtrain.people.models import Person

_WHOLE, _UNIT = 7021, 7022
_TREE, _FOLDING = 1, 2


def is_shared_by_writers() -> bool:
    """Whether several transactions may write at a time."""
    return db.engine.dialect.name == "postgresql"


def lock_people(person_ids: Collection[int]) -> None:
    """Hold these people, so that of two who write about one the second sees the first's facts."""
    if is_shared_by_writers():
        rows = select(Person.id).where(Person.id.in_(sorted(person_ids))).order_by(Person.id)
        db.session.connection().execute(rows.with_for_update(key_share=True)).all()


def share_tree() -> None:
    """Nobody changes the tree, the plans or everything until this transaction ends."""
    _take(func.pg_advisory_xact_lock_shared(_WHOLE, _TREE))


def take_tree() -> None:
    """Nobody else counts people until this transaction ends."""
    _take(func.pg_advisory_xact_lock(_WHOLE, _TREE))


def holds_tree() -> bool:
    """Whether this transaction counts people alone, and need not lock unit by unit."""
    if not is_shared_by_writers():
        return True
    held = text(
        "SELECT EXISTS (SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND granted "
        "AND pid = pg_backend_pid() AND classid = :whole AND objid = :tree "
        "AND mode = 'ExclusiveLock')"
    )
    given = {"whole": _WHOLE, "tree": _TREE}
    return bool(db.session.connection().scalar(held, given))


def lock_units(unit_ids: Iterable[int]) -> None:
    """Nobody else changes these units' own counts until this transaction ends."""
    for unit_id in sorted(unit_ids):
        _take(func.pg_advisory_xact_lock(_UNIT, unit_id))


def take_folding() -> None:
    """Nobody else sums up what is pending until this transaction ends."""
    _take(func.pg_advisory_xact_lock(_WHOLE, _FOLDING))


def may_fold() -> bool:
    """Take the summing up if nobody has it."""
    taken = select(func.pg_try_advisory_xact_lock(_WHOLE, _FOLDING))
    return is_shared_by_writers() and bool(db.session.connection().scalar(taken))


def _take(lock: object) -> None:
    if is_shared_by_writers():
        db.session.connection().execute(select(lock))  # type: ignore[call-overload]
