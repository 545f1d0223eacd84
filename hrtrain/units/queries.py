"""Questions about units: the tree, names and codes as of a day, known at an instant. Read only."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, literal, or_, select
from sqlalchemy.orm import aliased

from hrtrain.core import clock
from hrtrain.core.db import db, holds_sql
from hrtrain.core.text import search_key
from hrtrain.units.models import Unit, UnitCode, UnitName, UnitParent
from hrtrain.units.scope import Scope, reach
from hrtrain.units.tree import subtree_ids

__all__ = [
    "NamedUnit",
    "UnitHit",
    "children_of",
    "find_unit",
    "name_on",
    "names_on",
    "path_of",
    "paths_on",
    "search_units",
    "subtree_ids",
    "units_at_the_top",
]

AnyRows = Select[*tuple[Any, ...]]


@dataclass(frozen=True)
class NamedUnit:
    """A unit with the name it had on the day asked about."""

    id: int
    key: str
    name: str
    tier: str
    kind: str
    child_count: int = 0


@dataclass(frozen=True)
class UnitHit:
    """A name that a search found: whose, in which days it was the name, and where it lay then."""

    id: int
    key: str
    name: str
    starts_on: date | None
    ends_on: date | None
    path: tuple[NamedUnit, ...] = ()


def find_unit(key: str) -> Unit | None:
    """The unit of this key, whoever asks."""
    return db.session.scalar(select(Unit).where(Unit.key == key))


def name_on(unit: Unit, day: date) -> str:
    """What the unit was called on the day; its newest name where no period holds the day."""
    return names_on([unit.id], day)[unit.id]


def names_on(unit_ids: Iterable[int], day: date) -> dict[int, str]:
    """What the units were called on the day, by id: one statement however many they are."""
    asked = _named_units(day).where(Unit.id.in_(list(unit_ids)))
    return {unit.id: unit.name for unit in map(_as_named, db.session.execute(asked))}


def children_of(unit: Unit, day: date) -> list[NamedUnit]:
    """The units directly below on the day, by name, each with the count of its own children."""
    edge = aliased(UnitParent)
    below = (
        _named_units(day)
        .join(edge, and_(edge.unit_id == Unit.id, _edge_holds(edge, day)))
        .where(edge.parent_id == unit.id)
        .add_columns(_child_count(day))
        .order_by(Unit.search_key, Unit.id)
    )
    return [_as_named(row) for row in db.session.execute(below)]


def units_at_the_top(day: date, scope: Scope) -> list[NamedUnit]:
    """The living units that have no parent on the day, or none within reach, by name."""
    edge, reached = aliased(UnitParent), reach(scope)
    has_parent = select(edge.id).where(edge.unit_id == Unit.id, _edge_holds(edge, day))
    top = _named_units(day).where(holds_sql(Unit.starts_on, Unit.ends_on, day))
    if reached is not None:
        ids = reached.cte()
        has_parent = has_parent.where(edge.parent_id.in_(select(ids)))
        top = top.where(Unit.id.in_(select(ids)))
    top = top.where(~has_parent.exists()).add_columns(_child_count(day))
    rows = db.session.execute(top.order_by(Unit.search_key, Unit.id))
    return [_as_named(row) for row in rows]


def path_of(unit: Unit, day: date) -> list[NamedUnit]:
    """From the top of the tree down to the unit's parent on the day, with that day's names."""
    return list(paths_on({unit.id: day})[unit.id])


def paths_on(days: Mapping[int, date]) -> dict[int, tuple[NamedUnit, ...]]:
    """For each unit id the path above it on its own day: one statement for all."""
    rows = db.session.execute(_ancestors(days)).all() if days else []
    found: dict[int, tuple[NamedUnit, ...]] = dict.fromkeys(days, ())
    for start_id, _depth, *unit in rows:
        found[start_id] += (NamedUnit(*unit),)
    return found


def search_units(text: str, day: date, scope: Scope, limit: int) -> list[UnitHit]:
    """Units one of whose names holds the text without marks, or whose key or code it is.

    Old names are found as well, with the days they held. Names of the day come first, then
    those that begin with the text; the path is that of the day, or of the name's last day.
    """
    words = search_key(text)
    if not words:
        return []
    found = db.session.execute(_names_found(text.strip(), words, day, reach(scope)).limit(limit))
    rows = found.all()
    paths = paths_on({row.id: _day_inside(row.starts_on, row.ends_on, day) for row in rows})
    return [UnitHit(*row, path=paths[row.id]) for row in rows]  # type: ignore[misc]


def _names_found(text: str, words: str, day: date, reached: Select[int] | None) -> AnyRows:
    by_code = select(UnitCode.unit_id).where(UnitCode.code == text)
    found = (
        select(Unit.id, Unit.key, UnitName.name, UnitName.starts_on, UnitName.ends_on)
        .join(UnitName, UnitName.unit_id == Unit.id)
        .where(
            UnitName.known_at(clock.now()),
            or_(
                UnitName.search_key.contains(words, autoescape=True),
                Unit.key == text,
                Unit.id.in_(by_code),
            ),
        )
        .order_by(
            case((holds_sql(UnitName.starts_on, UnitName.ends_on, day), 0), else_=1),
            case((UnitName.name.contains(text, autoescape=True), 0), else_=1),
            case((UnitName.search_key.startswith(words, autoescape=True), 0), else_=1),
            UnitName.search_key,
            Unit.id,
        )
    )
    return found if reached is None else found.where(Unit.id.in_(reached))


def _day_inside(starts_on: date | None, ends_on: date | None, day: date) -> date:
    """The day itself, or the day of the period nearest to it."""
    if ends_on is not None and day >= ends_on:
        return date.fromordinal(ends_on.toordinal() - 1)
    return max(day, starts_on or day)


def _edge_holds(edge: type[UnitParent], day: date | ColumnElement[date]) -> ColumnElement[bool]:
    return and_(holds_sql(edge.starts_on, edge.ends_on, day), edge.known_at(clock.now()))


def _name_holds(name: type[UnitName], day: date | ColumnElement[date]) -> ColumnElement[bool]:
    return and_(
        name.unit_id == Unit.id,
        holds_sql(name.starts_on, name.ends_on, day),
        name.known_at(clock.now()),
    )


def _named_units(day: date) -> AnyRows:
    name = aliased(UnitName)
    return select(
        Unit.id, Unit.key, func.coalesce(name.name, Unit.name), Unit.tier, Unit.kind
    ).outerjoin(name, _name_holds(name, day))


def _as_named(row: Any) -> NamedUnit:
    return NamedUnit(*row)


def _child_count(day: date) -> ColumnElement[int]:
    edge = aliased(UnitParent)
    counted = select(func.count()).where(edge.parent_id == Unit.id, _edge_holds(edge, day))
    return counted.scalar_subquery()


def _ancestors(days: Mapping[int, date]) -> AnyRows:
    """Each asked unit's ancestors on its day, the farthest first; ends after 20 levels."""
    by_day: dict[date, list[int]] = {}
    for unit_id, day in days.items():
        by_day.setdefault(day, []).append(unit_id)
    its_day = case(*((Unit.id.in_(ids), literal(day)) for day, ids in by_day.items()))
    start = select(
        Unit.id.label("start_id"),
        Unit.id.label("unit_id"),
        its_day.label("day"),
        literal(0).label("depth"),
    ).where(Unit.id.in_(list(days)))
    path = start.cte(recursive=True)
    edge, name = aliased(UnitParent), aliased(UnitName)
    path = path.union_all(
        select(path.c.start_id, edge.parent_id, path.c.day, path.c.depth + 1)
        .join(edge, edge.unit_id == path.c.unit_id)
        .where(_edge_holds(edge, path.c.day), path.c.depth < 20)
    )
    return (
        select(path.c.start_id, path.c.depth, Unit.id, Unit.key)
        .add_columns(func.coalesce(name.name, Unit.name), Unit.tier, Unit.kind)
        .select_from(path)
        .join(Unit, Unit.id == path.c.unit_id)
        .outerjoin(name, _name_holds(name, path.c.day))
        .where(path.c.depth > 0)
        .order_by(path.c.start_id, path.c.depth.desc())
    )
