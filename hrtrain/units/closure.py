"""The dated closure of the tree of units: who lay below whom on which days, as known now.

Derived from the edges alone and may be dropped at any time: `rebuild` makes it again. It holds
what `tree.subtree_ids` answers on every day; as there, lives of units are not looked at.
"""

from collections.abc import Collection, Iterable
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Select,
    delete,
    insert,
    select,
    text,
    tuple_,
)

from hrtrain.core import clock, inline
from hrtrain.core.db import db
from hrtrain.core.period import OPEN_END, OPEN_START, as_numbers
from hrtrain.units.ancestry import Above, ancestors_in_time
from hrtrain.units.models import Unit, UnitParent, unit_closure

_rows = unit_closure.c
Given = dict[str, str]


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
    given = {"changed": inline.rows((unit_id,) for unit_id in sorted(unit_ids))}
    concerned = _concerned()
    kept = _links(select(unit_closure).where(_rows.descendant_id.in_(concerned)), given)
    wanted = _recomputed(concerned, given)
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


def _concerned() -> CompoundSelect[int]:
    """The ids of the units changed and of all that lie or lay below them by the closure."""
    changed = select(inline.table("changed", "unit_id"))
    return changed.union(select(_rows.descendant_id).where(_rows.ancestor_id.in_(changed)))


def _recomputed(concerned: CompoundSelect[int], given: Given) -> set[Link]:
    """The links up from all units concerned, by the edges above them."""
    unit_ids = db.session.scalars(select(Unit.id).where(Unit.id.in_(concerned)), given)
    above = select(concerned.subquery().c.unit_id).cte(recursive=True)
    parents = (
        select(UnitParent.parent_id)
        .join(above, UnitParent.unit_id == above.c.unit_id)
        .where(UnitParent.known_at(clock.now()))
    )
    walked = select(above.union(parents).c.unit_id)
    return _links_up(unit_ids, db.session.execute(_edges(UnitParent.unit_id.in_(walked)), given))


def _all_recomputed() -> set[Link]:
    return _links_up(db.session.scalars(select(Unit.id)), db.session.execute(_edges()))


def _edges(*where: ColumnElement[bool]) -> Select[int, int, date | None, date | None]:
    return select(
        UnitParent.unit_id, UnitParent.parent_id, UnitParent.starts_on, UnitParent.ends_on
    ).where(UnitParent.known_at(clock.now()), *where)


def _links_up(unit_ids: Iterable[int], rows: Iterable[Any]) -> set[Link]:
    edges: dict[int, list[Above]] = {}
    for unit_id, parent_id, starts_on, ends_on in rows:
        edges.setdefault(unit_id, []).append((parent_id, *as_numbers(starts_on, ends_on)))
    return {
        Link(ancestor_id, unit_id, starts, ends)
        for unit_id in unit_ids
        for ancestor_id, starts, ends in ancestors_in_time(unit_id, edges)
    }


def _links(asked: Select[int, int, int, int], given: Given | None = None) -> set[Link]:
    return {Link(*row) for row in db.session.execute(asked, given)}


def _write(removed: Iterable[Link], added: Iterable[Link]) -> tuple[list[Link], list[Link]]:
    gone, new = sorted(removed), sorted(added)
    rows = inline.table("links", *Link._fields)
    if gone:
        row = tuple_(_rows.ancestor_id, _rows.descendant_id, _rows.starts)
        those = select(rows.c.ancestor_id, rows.c.descendant_id, rows.c.starts)
        db.session.execute(delete(unit_closure).where(row.in_(those)), {"links": inline.rows(gone)})
    if new:
        anew = insert(unit_closure).from_select(Link._fields, select(rows))
        db.session.execute(anew, {"links": inline.rows(new)})
    return gone, new


def _told(link: Link, keys: dict[int, str]) -> str:
    """``commune1 below province1 from 2020-01-01 to 2025-07-01``; open bounds are left out."""
    since = f" from {date.fromordinal(link.starts)}" if link.starts > OPEN_START else ""
    until = f" to {date.fromordinal(link.ends)}" if link.ends < OPEN_END else ""
    return f"{_key(link.descendant_id, keys)} below {_key(link.ancestor_id, keys)}{since}{until}"


def _key(unit_id: int, keys: dict[int, str]) -> str:
    return keys.get(unit_id, f"unit {unit_id}, which is gone,")
