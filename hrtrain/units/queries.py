"""Questions about units: the tree, names and codes as of a day, known at an instant. Read only."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Select, and_, case, func, literal, or_, select, tuple_
from sqlalchemy.orm import aliased

from hrtrain.core import clock
from hrtrain.core.db import db, holds_sql, overlaps_sql
from hrtrain.core.errors import Refusal
from hrtrain.core.language import gettext as _
from hrtrain.core.paging import SIZE, Page, page_of, read_cursor
from hrtrain.core.period import Period
from hrtrain.core.text import search_key
from hrtrain.units.models import Unit, UnitCode, UnitName, UnitParent, UnitSuccession
from hrtrain.units.rules import Stay
from hrtrain.units.scope import Scope, reach, reached_among
from hrtrain.units.tree import subtree_ids

__all__ = ["subtree_ids"]
F = TypeVar("F", UnitName, UnitCode, UnitParent)
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


@dataclass(frozen=True)
class Relative:
    """A unit this one is tied to for some days: parent, child, predecessor or successor."""

    key: str
    name: str
    starts_on: date | None
    ends_on: date | None = None
    may_open: bool = True


def find_unit(key: str) -> Unit | None:
    """The unit of this key, whoever asks; one that is set aside is no unit any more."""
    return db.session.scalar(select(Unit).where(Unit.key == key, ~Unit.is_set_aside))


def name_on(unit: Unit, day: date) -> str:
    """What the unit was called on the day; its newest name where no period holds the day."""
    return names_on([unit.id], day)[unit.id]


def names_on(unit_ids: Iterable[int], day: date) -> dict[int, str]:
    """What the units were called on the day, by id: one statement however many they are."""
    wanted = list(unit_ids)
    if not wanted:
        return {}
    asked = _named_units(day).where(Unit.id.in_(wanted))
    return {unit.id: unit.name for unit in map(_as_named, db.session.execute(asked))}


def children_of(unit: Unit, day: date) -> list[NamedUnit]:
    """The units directly below on the day, by name, each with the count of its own children."""
    return [_as_named(row) for row in db.session.execute(_below(unit, day))]


def units_at_the_top(day: date, scope: Scope) -> list[NamedUnit]:
    """The living units that have no parent on the day, or none within reach, by name."""
    return [_as_named(row) for row in db.session.execute(_top(day, scope).limit(SIZE))]


def level_page(
    unit: Unit | None, day: date, scope: Scope, after: str | None = None
) -> Page[NamedUnit]:
    """A page of the units directly below, or of those at the top of the scope."""
    place = read_cursor(after, str, int)
    level = _top(day, scope) if unit is None else _below(unit, day)
    count = level.with_only_columns(func.count(), maintain_column_froms=True).order_by(None)
    total = db.session.scalar(count)
    level = level.add_columns(Unit.search_key)
    if place:
        level = level.where(tuple_(Unit.search_key, Unit.id) > place)
    rows = db.session.execute(level.limit(SIZE + 1)).all()
    page = page_of(rows, lambda row: (row.search_key, row.id), total=total)
    return Page([_as_named(row[:-1]) for row in page.rows], page.after, page.total)


def _below(unit: Unit, day: date) -> AnyRows:
    edge = aliased(UnitParent)
    return (
        _named_units(day)
        .join(edge, and_(edge.unit_id == Unit.id, _edge_holds(edge, day)))
        .where(edge.parent_id == unit.id, _stands(day))
        .add_columns(_child_count(day))
        .order_by(Unit.search_key, Unit.id)
    )


def _top(day: date, scope: Scope) -> AnyRows:
    edge, reached = aliased(UnitParent), reach(scope)
    has_parent = select(edge.id).where(edge.unit_id == Unit.id, _edge_holds(edge, day))
    top = _named_units(day).where(_stands(day))
    if reached is not None:
        ids = reached.cte()
        has_parent = has_parent.where(edge.parent_id.in_(select(ids)))
        top = top.where(Unit.id.in_(select(ids)))
    top = top.where(~has_parent.exists()).add_columns(_child_count(day))
    return top.order_by(Unit.search_key, Unit.id)


def _stands(day: date) -> ColumnElement[bool]:
    return and_(holds_sql(Unit.starts_on, Unit.ends_on, day), ~Unit.is_set_aside)


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


def unit_of_text(text: str, day: date, scope: Scope) -> Unit | None:
    """The one living unit in scope a typed key, ``name [key]``, code or whole name means.

    None when none does; several are refused by name, so that one can be chosen by its key.
    """
    text = text.strip()
    if match := re.search(r"\[([^\[\]]+)\]$", text):
        text = match[1]
    means = or_(
        Unit.key == text,
        Unit.id.in_(select(UnitCode.unit_id).where(UnitCode.code == text, _code_holds(day))),
        Unit.id.in_(
            select(UnitName.unit_id).where(
                UnitName.search_key == search_key(text),
                holds_sql(UnitName.starts_on, UnitName.ends_on, day),
                UnitName.known_at(clock.now()),
            )
        ),
    )
    asked = (
        select(Unit).where(means, ~Unit.is_set_aside).order_by((Unit.key == text).desc(), Unit.key)
    )
    reached = reach(scope)
    asked = asked if reached is None else asked.where(Unit.id.in_(reached))
    found = db.session.scalars(asked.limit(6)).all()
    if len(found) < 2 or found[0].key == text:
        return found[0] if found else None
    names = "; ".join(unit.typed for unit in found)
    raise Refusal(_("Có nhiều đơn vị như vậy, hãy chọn một: %(names)s.", names=names))


def known_facts(table: type[F], unit: Unit) -> list[F]:
    """The unit's names, codes or parents known now, the earliest first."""
    asked = select(table).where(table.unit_id == unit.id, table.known_at(clock.now()))
    rows = db.session.scalars(asked.order_by(table.starts_on, table.id)).all()
    return sorted(rows, key=lambda fact: fact.starts_on or date.min)


def holder_of_code(scheme: str, code: str, period: Period) -> Unit | None:
    """The unit that has the code of the scheme on some day of the period."""
    return db.session.scalar(
        select(Unit)
        .join(UnitCode, UnitCode.unit_id == Unit.id)
        .where(UnitCode.scheme == scheme, UnitCode.code == code, UnitCode.known_at(clock.now()))
        .where(overlaps_sql(UnitCode.starts_on, UnitCode.ends_on, period))
        .limit(1)
    )


def lies_below(unit: Unit, top: Unit, period: Period) -> bool:
    """Whether the unit is ``top`` or lies below it on some day of the period."""
    now = clock.now()
    changes = select(UnitParent.starts_on).where(
        UnitParent.known_at(now), overlaps_sql(UnitParent.starts_on, UnitParent.ends_on, period)
    )
    days = {day for day in db.session.scalars(changes.distinct()) if day and period.holds(day)}
    days.add(period.starts_on or date.min)
    below = (db.session.scalars(subtree_ids([top.id], day, now)) for day in days)
    return any(unit.id in ids for ids in below)


def parents_of(unit: Unit) -> list[Relative]:
    """Every parent the unit had or will have, with the days, the earliest first."""
    asked = (
        select(Unit.key, Unit.name, UnitParent.starts_on, UnitParent.ends_on)
        .join(UnitParent, UnitParent.parent_id == Unit.id)
        .where(UnitParent.unit_id == unit.id, UnitParent.known_at(clock.now()))
    )
    return _in_order(Relative(*row) for row in db.session.execute(asked))


def stays_of_children(unit: Unit) -> list[Stay]:
    """The days on which other units lie below this one, whose name is given."""
    rows = db.session.execute(
        select(Unit.name, UnitParent.starts_on, UnitParent.ends_on)
        .join(UnitParent, UnitParent.unit_id == Unit.id)
        .where(UnitParent.parent_id == unit.id, UnitParent.known_at(clock.now()))
    )
    return [Stay(name, Period(starts_on, ends_on)) for name, starts_on, ends_on in rows]


def predecessors_of(unit: Unit, scope: Scope) -> list[Relative]:
    """Which units this one came from, and on which day."""
    return _lineage(UnitSuccession.predecessor_id, UnitSuccession.successor_id, unit, scope)


def successors_of(unit: Unit, scope: Scope) -> list[Relative]:
    """What became of the unit, and on which day."""
    return _lineage(UnitSuccession.successor_id, UnitSuccession.predecessor_id, unit, scope)


def _lineage(other: Any, own: Any, unit: Unit, scope: Scope) -> list[Relative]:
    asked = (
        select(Unit.id, Unit.key, Unit.name, UnitSuccession.effective_on)
        .join(UnitSuccession, Unit.id == other)
        .where(own == unit.id, UnitSuccession.known_at(clock.now()))
    )
    rows = db.session.execute(asked).all()
    opened = reached_among([row.id for row in rows], scope) if rows else set()
    return _in_order(
        Relative(row.key, row.name, row.effective_on, may_open=row.id in opened) for row in rows
    )


def _in_order(rows: Iterable[Relative]) -> list[Relative]:
    return sorted(rows, key=lambda row: (row.starts_on or date.min, row.name, row.key))


def _code_holds(day: date) -> ColumnElement[bool]:
    held = holds_sql(UnitCode.starts_on, UnitCode.ends_on, day)
    return and_(held, UnitCode.known_at(clock.now()))


def _names_found(text: str, words: str, day: date, reached: Select[int] | None) -> AnyRows:
    by_code = select(UnitCode.unit_id).where(UnitCode.code == text)
    found = (
        select(Unit.id, Unit.key, UnitName.name, UnitName.starts_on, UnitName.ends_on)
        .join(UnitName, UnitName.unit_id == Unit.id)
        .where(
            ~Unit.is_set_aside,
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
