"""Sums up what is pending: PostgreSQL's own counts that are not yet in those of units above."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import delete, select

from hrtrain.core.db import db
from hrtrain.coverage.derived import locks
from hrtrain.coverage.derived.ledger import ByKey, below_of, links_above, sum_up
from hrtrain.coverage.derived.tables import COUNTERS, pending
from hrtrain.coverage.steps import add, packed


def fold() -> int:
    """Sum up everything pending that this transaction can see; how many rows. Commits nothing.

    Whoever reads meanwhile finds a row either pending or summed up: both change in one commit.
    """
    if not locks.is_shared_by_writers():
        return 0
    locks.take_folding()
    rows = db.session.connection().execute(delete(pending).returning(*_COLUMNS)).all()
    sum_up(_by_key(rows))
    return len(rows)


def pending_below(measure_id: int | None = None) -> ByKey:
    """What is pending, of one measure or of all, as changes of the units above."""
    asked = select(*_COLUMNS)
    if measure_id is not None:
        asked = asked.where(pending.c.measure_id == measure_id)
    changes = _by_key(db.session.connection().execute(asked))
    return below_of(changes, links_above({unit for _measure, unit in changes})) if changes else {}


_COLUMNS = (
    pending.c.measure_id,
    pending.c.unit_id,
    pending.c.day,
    *(pending.c[name] for name in COUNTERS),
)


def _by_key(rows: Iterable[Any]) -> ByKey:
    changes: ByKey = {}
    for measure, unit, day, *counts in rows:
        add(changes.setdefault((measure, unit), {}), day, packed(counts))
    return changes


def fold_if_free() -> int:
    """Sum up unless somebody else is at it, who will find these rows or leave them to the next."""
    if not locks.is_shared_by_writers():
        return 0
    # The tree first, as everybody does; else a change of the tree and this would wait for ever.
    locks.share_tree()
    return fold() if locks.may_fold() else 0
