"""What the worker sees to between jobs: pending counts summed up, tables kept standing, checked.

Nothing here is needed for a figure to be right: readers add what is pending, and count from the
facts where the tables do not hold. It is needed for figures to stay fast, and to be noticed wrong.
"""

import logging
from datetime import timedelta

from sqlalchemy import or_, update

from hrtrain.core import clock, derived
from hrtrain.core.db import db, one_snapshot, reading
from hrtrain.coverage.derived import folding
from hrtrain.coverage.derived.rebuilding import rebuild
from hrtrain.coverage.derived.standing import note_check, read_state
from hrtrain.coverage.derived.tables import state
from hrtrain.coverage.derived.verifying import any_day, spot_check

CHECK_EVERY = timedelta(hours=1)
TOLD = 5

log = logging.getLogger(__name__)


def look_after() -> None:
    """Do what is due; each piece is its own transaction."""
    with reading():
        found = read_state()
        db.session.rollback()
    if found is None or not found.holds_rules or _is_overdue(found.valid_until):
        rebuild()
    elif found.is_noted:
        derived.refresh()
    folding.fold_if_free()
    db.session.commit()
    if _takes_check():
        check()


def check() -> str:
    """Compare people and cells chosen by chance with the facts; the alarm, or nothing."""
    with one_snapshot():
        looked = spot_check(any_day())
    alarm = "\n".join(looked.differences[:TOLD])
    if alarm:
        log.error("Figures differ from the facts: %d differences", len(looked.differences))
    note_check(alarm)
    db.session.commit()
    return alarm


def _is_overdue(until: object) -> bool:
    return until is not None and until <= clock.now()  # type: ignore[operator]


def _takes_check() -> bool:
    """Whether a check is due and this worker, of several, is the one to make it."""
    now = clock.now()
    with reading():
        found = read_state()
        db.session.rollback()
    if found is None or (found.checked_at and found.checked_at > now - CHECK_EVERY):
        return False
    is_due = or_(state.c.checked_at.is_(None), state.c.checked_at <= now - CHECK_EVERY)
    taken = db.session.connection().execute(update(state).where(is_due).values(checked_at=now))
    db.session.commit()
    return taken.rowcount == 1
