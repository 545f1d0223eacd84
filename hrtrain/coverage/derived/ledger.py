"""The ledger's rows: read, written, and summed up through the closure of the tree.

What a person's change, a new tree and a new ledger do is one thing: units' own changes, cut to
the days on which a unit lies below another, are added to that other.
"""

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from itertools import groupby
from typing import Any, NamedTuple

from sqlalchemy import Integer, and_, bindparam, delete, func, literal, select, true, update
from sqlalchemy.dialects import postgresql, sqlite

from hrtrain.core import inline
from hrtrain.core.db import db
from hrtrain.core.period import OPEN_END, OPEN_START
from hrtrain.coverage import steps
from hrtrain.coverage.derived.tables import BELOW, COUNTERS, EVERYWHERE, ledger
from hrtrain.coverage.steps import Changes, Packed, Steps, packed, unpacked_changes
from hrtrain.units.models import unit_closure

Key = tuple[int, int]
"""A measure's and a unit's number."""
ByKey = dict[Key, Changes]
# Up to so many pieces are added where they lie; more are faster summed up here and written anew.
FEW_PIECES = 20
ROWS_AT_ONCE = 10_000


class Link(NamedTuple):
    """A unit lies below another on ``[starts, ends)``; with ``sign`` -1 it does so no longer."""

    ancestor_id: int
    descendant_id: int
    starts: int
    ends: int
    sign: int = 1


def steps_from(part: int, firsts: Mapping[Key, int]) -> dict[Key, Steps]:
    """The rows of each key from the last one before its first day on."""
    found: dict[Key, Steps] = {key: [] for key in firsts}
    given = {"which": part, "keys": inline.rows((*key, day) for key, day in firsts.items())}
    rows = db.session.connection().execute(_steps_from(db.engine.dialect.name), given)
    for key, some in groupby(rows, key=lambda row: (row[0], row[1])):
        found[key] = [(row[2], packed(row[3:])) for row in some if row[2] is not None]
    return found


@lru_cache
def _steps_from(dialect: str) -> Any:
    keys = inline.table("keys", "measure_id", "unit_id", "first")
    last = ledger.alias("last")
    begins = (
        select(func.max(last.c.day))
        .where(last.c.measure_id == keys.c.measure_id, last.c.unit_id == keys.c.unit_id)
        .where(last.c.part == bindparam("which"), last.c.day.between(OPEN_START, keys.c.first - 1))
        .correlate(keys)
        .scalar_subquery()
    )
    from_there: Any = and_(
        ledger.c.measure_id == keys.c.measure_id,
        ledger.c.unit_id == keys.c.unit_id,
        ledger.c.part == bindparam("which"),
        ledger.c.day.between(func.coalesce(begins, keys.c.first), OPEN_END),
    )
    # The outer join keeps SQLite from reading the ledger first; PostgreSQL, which cannot know how
    # few keys there are, keeps from it where the rows are looked up key by key.
    rows: Any = ledger
    if dialect == "postgresql":
        rows = select(ledger).where(from_there).correlate(keys).lateral("rows")
        from_there = true()
    return (
        select(keys.c.measure_id, keys.c.unit_id, rows.c.day, *(rows.c[n] for n in COUNTERS))
        .select_from(keys.outerjoin(rows, from_there))
        .order_by(keys.c.measure_id, keys.c.unit_id, rows.c.day)
    )


def write_steps(part: int, before: Mapping[Key, Steps], after: Mapping[Key, Steps]) -> None:
    """Write what differs of the steps of these keys, read from some day on."""
    gone, written = [], []
    for key, steps_after in after.items():
        old, new = dict(before[key]), dict(steps_after)
        place = {"measure": key[0], "unit": key[1], "which": part}
        gone += [{**place, "from_day": day} for day in old.keys() - new.keys()]
        written += [
            (*key, part, day, *unpacked_changes(counts, len(COUNTERS)))
            for day, counts in new.items()
            if old.get(day) != counts
        ]
    if gone:
        db.session.connection().execute(_GONE, gone)
    put(written)


_AT = and_(
    ledger.c.measure_id == bindparam("measure", type_=Integer),
    ledger.c.unit_id == bindparam("unit", type_=Integer),
    ledger.c.part == bindparam("which", type_=Integer),
)
_GONE = delete(ledger).where(_AT, ledger.c.day == bindparam("from_day", type_=Integer))


def put(rows: list[tuple[int, ...]]) -> None:
    """Write rows of the ledger over those of the same place and day."""
    names = [column.name for column in ledger.columns]
    for start in range(0, len(rows), ROWS_AT_ONCE):
        some = rows[start : start + ROWS_AT_ONCE]
        given = [dict(zip(names, row, strict=True)) for row in some]
        db.session.connection().execute(_put(db.engine.dialect.name), given)


@lru_cache
def _put(dialect: str) -> Any:
    insert = (sqlite if dialect == "sqlite" else postgresql).insert(ledger)
    return insert.on_conflict_do_update(
        index_elements=list(ledger.primary_key.columns),
        set_={name: insert.excluded[name] for name in COUNTERS},
    )


def sum_up(changes: Mapping[Key, Changes], links: Iterable[Link] | None = None) -> None:
    """Add the units' own changes to the counts of all units above them, day by day.

    Through the closure as it is, or through the links given: what changed of it.
    """
    if changes:
        above = links_above({unit for _measure, unit in changes}) if links is None else links
        _add_below(below_of(changes, above))


def below_of(changes: Mapping[Key, Changes], links: Iterable[Link]) -> ByKey:
    """What the units' own changes come to in the units above them."""
    by_unit: dict[int, list[Link]] = {}
    for link in links:
        by_unit.setdefault(link.descendant_id, []).append(link)
    below: ByKey = {}
    for (measure, unit), own in changes.items():
        for link in by_unit.get(unit, ()):
            to = below.setdefault((measure, link.ancestor_id), {})
            for day, counts in steps.within(own, link.starts, link.ends):
                steps.add(to, day, counts * link.sign)
    return below


def links_above(unit_ids: set[int]) -> Iterator[Link]:
    """Every unit above these, themselves left out, and what is above all."""
    given = {"units": inline.rows((unit_id,) for unit_id in unit_ids)}
    rows = db.session.connection().execute(_links_above_sql(), given)
    for row in rows:
        yield Link(*row)
    for unit_id in unit_ids:
        yield Link(EVERYWHERE, unit_id, OPEN_START, OPEN_END)


@inline.built_once
def _links_above_sql() -> Any:
    units, link = inline.table("units", "unit_id"), unit_closure.c
    return (
        select(link.ancestor_id, link.descendant_id, link.starts, link.ends)
        .join(units, units.c.unit_id == link.descendant_id)
        .where(link.ancestor_id != link.descendant_id)
    )


def _add_below(below: ByKey) -> None:
    few: list[tuple[Key, int, int, Packed]] = []
    many: ByKey = {}
    for key, changes in below.items():
        pieces = list(steps.pieces(changes))
        if len(pieces) > FEW_PIECES:
            many[key] = changes
        else:
            few += [(key, *piece) for piece in pieces]
    if many:
        _rewrite(many)
    if few:
        _add_in_place(few)


def _rewrite(changes: ByKey) -> None:
    """Read the counts from the first change on, add, and write what differs."""
    firsts = {key: min(of_key) for key, of_key in changes.items()}
    before = steps_from(BELOW, firsts)
    after = {}
    for key, rows in before.items():
        together = steps.changes_of(rows)
        for day, counts in changes[key].items():
            steps.add(together, day, counts)
        after[key] = steps.steps_of(together)
    write_steps(BELOW, before, after)


def _add_in_place(pieces: list[tuple[Key, int, int, Packed]]) -> None:
    """Make rows on the days on which a piece begins or ends, then add to all rows in between."""
    connection = db.session.connection()
    bounds = {(*key, day) for key, *days, _counts in pieces for day in days if day < OPEN_END}
    places = [
        {"measure": measure, "unit": unit, "which": BELOW, "from_day": day}
        for measure, unit, day in sorted(bounds)
    ]
    connection.execute(_begin(db.engine.dialect.name), places)
    added = [
        {"measure": measure, "unit": unit, "which": BELOW, "from_day": starts, "to_day": ends - 1}
        | dict(zip(_ADDED, unpacked_changes(counts, len(COUNTERS)), strict=True))
        for (measure, unit), starts, ends, counts in pieces
    ]
    connection.execute(_ADD, added)
    connection.execute(_TIDY, places)


_ADDED = [f"add_{name}" for name in COUNTERS]
_DAYS = ledger.c.day.between(
    bindparam("from_day", type_=Integer), bindparam("to_day", type_=Integer)
)
_ADD = (
    update(ledger)
    .where(_AT, _DAYS)
    .values({name: ledger.c[name] + bindparam(f"add_{name}", type_=Integer) for name in COUNTERS})
)


def _last_before(day: Any, *, inclusive: bool) -> Any:
    last = ledger.alias("last")
    until = last.c.day <= day if inclusive else last.c.day < day
    return (
        select(func.max(last.c.day))
        .where(
            last.c.measure_id == bindparam("measure", type_=Integer),
            last.c.unit_id == bindparam("unit", type_=Integer),
            last.c.part == bindparam("which", type_=Integer),
            last.c.day >= OPEN_START,
            until,
        )
        .scalar_subquery()
    )


@lru_cache
def _begin(dialect: str) -> Any:
    """A row on the day with the counts it finds there, where there is none yet."""
    day = bindparam("from_day", type_=Integer)
    one = select(literal(1).label("one")).subquery("one")
    here = and_(_AT, ledger.c.day == _last_before(day, inclusive=True))
    found = select(
        bindparam("measure", type_=Integer),
        bindparam("unit", type_=Integer),
        bindparam("which", type_=Integer),
        day,
        *(func.coalesce(ledger.c[name], 0) for name in COUNTERS),
    ).select_from(one.outerjoin(ledger, here))
    insert = (sqlite if dialect == "sqlite" else postgresql).insert(ledger)
    names = [column.name for column in ledger.columns]
    # SQLite reads "ON" after a join as the join's own; a WHERE in between tells them apart.
    return insert.from_select(names, found.where(literal(1) == 1)).on_conflict_do_nothing()


def _tidy() -> Any:
    """Rows that say what the row before says already, or nothing where there is none before."""
    day = bindparam("from_day", type_=Integer)
    before = ledger.alias("before")
    here = and_(
        before.c.measure_id == bindparam("measure", type_=Integer),
        before.c.unit_id == bindparam("unit", type_=Integer),
        before.c.part == bindparam("which", type_=Integer),
        before.c.day == _last_before(day, inclusive=False),
    )
    same = [
        ledger.c[name] == func.coalesce(select(before.c[name]).where(here).scalar_subquery(), 0)
        for name in COUNTERS
    ]
    return delete(ledger).where(_AT, ledger.c.day == day, *same)


_TIDY = _tidy()
