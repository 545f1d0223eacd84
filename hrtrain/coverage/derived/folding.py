"""Sums up what is pending: PostgreSQL's own counts that are not yet in those of units above."""

from sqlalchemy import delete

from hrtrain.core.db import db
from hrtrain.coverage.derived import locks
from hrtrain.coverage.derived.ledger import ByKey, sum_up
from hrtrain.coverage.derived.tables import COUNTERS, pending
from hrtrain.coverage.steps import add


def fold() -> int:
    """Sum up everything pending that this transaction can see; how many rows. Commits nothing.

    Whoever reads meanwhile finds a row either pending or summed up: both change in one commit.
    """
    if not locks.is_shared_by_writers():
        return 0
    locks.take_folding()
    columns = (pending.c.measure_id, pending.c.unit_id, pending.c.day)
    counters = (pending.c[name] for name in COUNTERS)
    rows = db.session.connection().execute(delete(pending).returning(*columns, *counters)).all()
    changes: ByKey = {}
    for measure, unit, day, *counts in rows:
        add(changes.setdefault((measure, unit), {}), day, tuple(counts))
    sum_up(changes)
    return len(rows)


def fold_if_free() -> int:
    """Sum up unless somebody else is at it, who will find these rows or leave them to the next."""
    if not locks.is_shared_by_writers():
        return 0
    # The tree first, as everybody does; else a change of the tree and this would wait for ever.
    locks.share_tree()
    return fold() if locks.may_fold() else 0
