"""The dated closure of the tree of units: who lay below whom on which days, as known now.

Derived from the edges alone and may be dropped at any time: `rebuild` makes it again. It holds
what `tree.subtree_ids` answers on every day; as there, lives of units are not looked at.
"""

from collections.abc import Collection, Iterable, Iterator
from datetime import date
from typing import NamedTuple

from sqlalchemy import CompoundSelect, Select, bindparam, delete, insert, select, text, union

from hrtrain.core import clock
from hrtrain.core.db import db
from hrtrain.units.ancestry import FIRST, LAST, Above, ancestors_in_time, day_numbers
from hrtrain.units.models import Unit, UnitParent, unit_closure

# A statement of SQLite takes some 32,000 values, its planner is quick with far fewer.
PART = 900

_rows = unit_closure.c
EdgeRows = Select[int, int, date | None, date | None]


class Link(NamedTuple):
    """The descendant lay below the ancestor (or is it) in ``[starts, ends)``, in day ordinals."""

    ancestor_id: int
    descendant_id: int
    starts: int
    ends: int


def refresh(unit_ids: Collection[int]) -> tuple[list[Link], list[Link]]:
    """Bring the closure up to date after these units came or went or their edges changed.

    Recomputes them and all that lay below them before. That suffices: a path that is new runs
    over a changed edge, and below the lowest of these it is an old path. Gives what was removed
    and what was added; does not commit.
    """
    db.session.flush()
    _keep_others_out()
    kept: set[Link] = set()
    wanted: set[Link] = set()
    for part in _parts(sorted(set(unit_ids))):
        kept |= _links(select(unit_closure).where(_rows.descendant_id.in_(_concerned(part))))
        wanted |= _recomputed(part)
    return _write(kept - wanted, wanted - kept)


def rebuild() -> None:
    """Make the whole closure anew; does not commit."""
    db.session.flush()
    _keep_others_out()
    db.session.execute(delete(unit_closure))
    _write((), _all_recomputed())


def differences() -> list[str]:
    """What the closure says that the edges do not, and the reverse, by the units' keys."""
    kept, wanted = _links(select(unit_closure)), _all_recomputed()
    keys = {row.id: row.key for row in db.session.execute(select(Unit.id, Unit.key))}
    return [
        *(f"closure: {_told(link, keys)} is not so by the tree" for link in sorted(kept - wanted)),
        *(f"closure: {_told(link, keys)} is missing" for link in sorted(wanted - kept)),
    ]


def _keep_others_out() -> None:
    """Two who change the tree at once would each miss the other's edges (SQLite is locked)."""
    if db.engine.dialect.name == "postgresql":
        db.session.execute(text("LOCK TABLE unit_closure IN SHARE ROW EXCLUSIVE MODE"))


def _concerned(part: list[int]) -> CompoundSelect[int]:
    """The ids of these units and of all that lie or lay below them by the closure."""
    below = select(_rows.descendant_id).where(_rows.ancestor_id.in_(part))
    return union(below, select(Unit.id).where(Unit.id.in_(part)))


def _recomputed(part: list[int]) -> set[Link]:
    """The links up from all units concerned, by the edges above them."""
    concerned = _concerned(part).subquery()
    unit_ids = db.session.scalars(select(Unit.id).where(Unit.id.in_(select(concerned))))
    above = select(concerned.c[0].label("unit_id")).cte(recursive=True)
    parents = (
        select(UnitParent.parent_id)
        .join(above, UnitParent.unit_id == above.c.unit_id)
        .where(UnitParent.known_at(clock.now()))
    )
    walked = select(above.union(parents).c.unit_id)
    return _links_up(unit_ids, _edges().where(UnitParent.unit_id.in_(walked)))


def _all_recomputed() -> set[Link]:
    return _links_up(db.session.scalars(select(Unit.id)), _edges())


def _edges() -> EdgeRows:
    return select(
        UnitParent.unit_id, UnitParent.parent_id, UnitParent.starts_on, UnitParent.ends_on
    ).where(UnitParent.known_at(clock.now()))


def _links_up(unit_ids: Iterable[int], asked: EdgeRows) -> set[Link]:
    edges: dict[int, list[Above]] = {}
    for unit_id, parent_id, starts_on, ends_on in db.session.execute(asked):
        days = day_numbers(starts_on, ends_on)
        edges.setdefault(unit_id, []).append((parent_id, *days))
    return {
        Link(ancestor_id, unit_id, starts, ends)
        for unit_id in unit_ids
        for ancestor_id, starts, ends in ancestors_in_time(unit_id, edges)
    }


def _links(asked: Select[int, int, int, int]) -> set[Link]:
    return {Link(*row) for row in db.session.execute(asked)}


def _write(removed: Iterable[Link], added: Iterable[Link]) -> tuple[list[Link], list[Link]]:
    gone, new = sorted(removed), sorted(added)
    this_row = (
        _rows.ancestor_id == bindparam("ancestor_id_"),
        _rows.descendant_id == bindparam("descendant_id_"),
        _rows.starts == bindparam("starts_"),
    )
    if gone:
        rows = [{f"{name}_": value for name, value in link._asdict().items()} for link in gone]
        db.session.execute(delete(unit_closure).where(*this_row), rows)
    if new:
        db.session.execute(insert(unit_closure), [link._asdict() for link in new])
    return gone, new


def _told(link: Link, keys: dict[int, str]) -> str:
    """``commune1 below province1 from 2020-01-01 to 2025-07-01``; open bounds are left out."""
    since = f" from {date.fromordinal(link.starts)}" if link.starts > FIRST else ""
    until = f" to {date.fromordinal(link.ends)}" if link.ends < LAST else ""
    return f"{_key(link.descendant_id, keys)} below {_key(link.ancestor_id, keys)}{since}{until}"


def _key(unit_id: int, keys: dict[int, str]) -> str:
    return keys.get(unit_id, f"unit {unit_id}, which is gone,")


def _parts(unit_ids: list[int]) -> Iterator[list[int]]:
    for first in range(0, len(unit_ids), PART):
        yield unit_ids[first : first + PART]
