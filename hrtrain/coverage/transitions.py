"""How many people pass from one state to another between two days, as known now. Read only.

Out of the spans alone: while the derived tables do not hold there is no answer.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Integer, Select, and_, cast, func, null, or_, select, union_all

from hrtrain.core.db import db
from hrtrain.core.period import OPEN_START
from hrtrain.coverage import count
from hrtrain.coverage.derived.measures import measure_ids
from hrtrain.coverage.derived.standing import is_ready
from hrtrain.coverage.derived.tables import span
from hrtrain.coverage.queries import Look
from hrtrain.coverage.spans import EXEMPT, TRAINED, UNTRAINED
from hrtrain.units.models import unit_closure

OUTSIDE = 0


@dataclass(frozen=True)
class Changes:
    """People of one place for whom something known changes between two days.

    ``expired`` were trained and will not be; ``trained`` the reverse, by completions dated ahead.
    """

    expired: int = 0
    trained: int = 0
    left: int = 0
    joined: int = 0
    grace_ended: int = 0
    exempted: int = 0
    exemption_ended: int = 0


def changes_between(look: Look, today: date, day: date) -> Changes | None:
    """What changes in the look from one day to the other; None where that cannot be told."""
    if day == today:
        return Changes()
    number = measure_ids().get(look.target.id)
    if look.root_id is None or number is None or not is_ready():
        return None
    first, last = today.toordinal(), day.toordinal()
    between = None if _tree_changes(look.root_id, first, last) else (first + 1, last)
    sides = [
        _side(number, look.root_id, one, between, is_first=one == first) for one in (first, last)
    ]
    stacked = union_all(*sides).subquery("stacked").c
    person: Any = (
        select(func.max(stacked.before).label("before"), func.max(stacked.after).label("after"))
        .where(stacked.person_id.is_not(None))
        .group_by(stacked.person_id)
        .subquery("person")
    )
    rows: Any = db.session.execute(select(*person.c, func.count()).group_by(*person.c))
    return _told({(row[0] or OUTSIDE, row[1] or OUTSIDE): row[2] for row in rows})


def _tree_changes(root_id: int, first: int, last: int) -> bool:
    """Whether a unit comes below the root, or goes, after the first day and by the last."""
    link = unit_closure.c
    days = or_(link.starts.between(first + 1, last), link.ends.between(first + 1, last))
    asked = select(link.ancestor_id).where(link.ancestor_id == root_id, days)
    return db.session.scalar(asked.limit(1)) is not None


def _side(
    number: int, root_id: int, day: int, between: tuple[int, int] | None, *, is_first: bool
) -> Select[Any]:
    """Those below the root on the day with the state before or after.

    ``between``: only those whose state or unit changes on these days; the others stay as they are.
    """
    none = cast(null(), Integer)
    before, after = (span.c.state, none) if is_first else (none, span.c.state)
    told = select(span.c.person_id, before.label("before"), after.label("after"))
    is_here = and_(span.c.measure_id == number, _holds(span, day))
    if between is not None:
        is_here = and_(is_here, (span.c.ends if is_first else span.c.starts).between(*between))
    if root_id == count.EVERYWHERE:
        return told.where(is_here)
    # The outer join keeps SQLite from reading the spans of the whole country first.
    is_here = and_(is_here, span.c.unit_id == unit_closure.c.descendant_id)
    below = and_(unit_closure.c.ancestor_id == root_id, _holds(unit_closure, day))
    return told.select_from(unit_closure.outerjoin(span, is_here)).where(below)


def _holds(row: Any, day: int) -> Any:
    return and_(row.c.starts.between(OPEN_START, day), row.c.ends > day)


def _told(passing: Mapping[tuple[int, int], int]) -> Changes:
    found: Counter[str] = Counter()
    for (before, after), people in passing.items():
        found[_change(before, after)] += people
    del found[""]
    return Changes(**found)


def _change(before: int, after: int) -> str:
    """The field of `Changes`; empty where nothing changes."""
    if before == after:
        return ""
    if OUTSIDE in (before, after):
        return "left" if after == OUTSIDE else "joined"
    if EXEMPT in (before, after):
        return "exempted" if after == EXEMPT else "exemption_ended"
    if TRAINED in (before, after):
        return "trained" if after == TRAINED else "expired"
    return "grace_ended" if after == UNTRAINED else ""
