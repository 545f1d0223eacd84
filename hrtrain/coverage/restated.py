"""Figures of a past day summed up by today's tree of units: who they were then, under whom now.

People, states and targets' scopes are those of the day. A unit that is gone is counted where its
default successors lead; one that was split without a default, at the nearest unit above it. Each
row knows the units of the day that it sums up, so that names are found by the day's own tree.
"""

import operator
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace
from datetime import date

from sqlalchemy import not_, select

from hrtrain.core import clock, inline
from hrtrain.core.db import db, holds_sql
from hrtrain.core.errors import Refusal
from hrtrain.core.language import gettext as _
from hrtrain.coverage import count
from hrtrain.coverage.asked import PlanTarget, read_plans
from hrtrain.coverage.derived.measures import measure_ids
from hrtrain.coverage.derived.reading import own_counts
from hrtrain.coverage.derived.standing import is_ready
from hrtrain.coverage.queries import (
    Counted,
    Look,
    Question,
    RowUnit,
    base_units,
    children_of,
    settled,
    standing_of,
)
from hrtrain.coverage.rules import Standing
from hrtrain.coverage.steps import Counts
from hrtrain.units.lineage import NOWHERE, Successor, place_today
from hrtrain.units.models import Unit, UnitParent, UnitSuccession, unit_closure
from hrtrain.units.queries import names_on

WHOLE, OUTSIDE, NOWHERE_TODAY = "whole", "outside", "nowhere"
"""`Standing.part`: everybody of the target; who is outside its scope's heir now; and nowhere."""


@dataclass
class _Sum:
    """Counts of some units of the day together; none has been added while they are None."""

    counts: Counts | None = None
    unit_ids: list[int] = field(default_factory=list)

    def add(self, counts: Counts | None, unit_ids: Iterable[int]) -> None:
        """Count more units in."""
        if counts is not None:
            before = self.counts
            self.counts = counts if before is None else tuple(map(operator.add, before, counts))
            self.unit_ids.extend(unit_ids)


_Places = dict[int, _Sum]
"""A target's counts of the day by today's places."""


@dataclass(frozen=True)
class Restated:
    """A row, and the units of the day it sums up: those that have anything to count."""

    standing: Standing
    unit_ids: list[int]


@dataclass(frozen=True)
class _Tree:
    """What is needed to bring units of the day to today's places."""

    day: int
    today: int
    gone: frozenset[int]
    successors: dict[int, list[Successor]]
    parents: dict[int, int]

    def place(self, unit_id: int) -> int:
        """Where the unit stands today."""
        return place_today(unit_id, self.day, self.gone, self.successors, self.parents)


def restated(question: Question, today: date) -> list[Standing]:
    """The rows of `standings` by the tree of today; by unit, what has no place today comes last.

    Refused as known earlier, while the derived tables do not hold, and for a unit that is gone.
    """
    return [row.standing for row in restated_rows(question, today)]


def restated_rows(question: Question, today: date) -> list[Restated]:
    """The same, each with the units of the day behind it."""
    if question.known_at is not None or not is_ready():
        raise Refusal(_("Chỉ quy về cây đơn vị hôm nay được theo dữ liệu đang biết."))
    plans = read_plans(question.programme)
    targets = plans.targets_of(question.programme, question.group)
    tree = _read_tree(question.as_of, today)
    unit_id = None if question.unit is None else plans.unit_id(question.unit)
    if unit_id is not None and unit_id in tree.gone:
        raise Refusal(_refused(unit_id, tree, today))
    now = clock.now()
    looks = [
        Look(target, plans.options_on(target, question.as_of, now), base_id, base_id)
        for target in targets
        for base_id in [_base(target, unit_id, tree)]
    ]
    return list(_rows(question, looks, tree, today))


def _base(target: PlanTarget, unit_id: int | None, tree: _Tree) -> int:
    """The unit shown: the one asked about, else the heir of the target's scope, else everything."""
    if unit_id is not None:
        return unit_id
    return count.EVERYWHERE if target.scope_id is None else tree.place(target.scope_id)


def _refused(unit_id: int, tree: _Tree, today: date) -> str:
    heir = tree.place(unit_id)
    if heir == NOWHERE:
        return str(_("Đơn vị này nay không còn trên cây đơn vị."))
    return str(
        _("Đơn vị này nay không còn; hãy chọn %(unit)s.", unit=names_on([heir], today)[heir])
    )


def _rows(question: Question, looks: list[Look], tree: _Tree, today: date) -> Iterable[Restated]:
    then = settled(replace(question, as_of=today))
    base_ids = {look.base_id for look in looks}
    bases = base_units(then, base_ids)
    children = children_of(then, base_ids) if question.by == "unit" else {}
    counted = _counted(looks, tree)
    below = _below(base_ids | {one.id for some in children.values() for one in some}, tree)
    for look in looks:
        places = counted.get(look.target.id, {})
        base = bases[look.base_id]
        if question.by == "group":
            yield _whole(look, base, places, below, question)
            continue
        for unit in children.get(look.base_id, ()):
            yield _row(look, unit, places, below.get(unit.id, frozenset()))
        if base.id != count.EVERYWHERE:
            yield _row(look, base, places, frozenset({base.id}))
        if question.unit is None:
            yield from _elsewhere(look, base, places, below)


def _whole(
    look: Look,
    base: RowUnit,
    places: _Places,
    below: dict[int, frozenset[int]],
    question: Question,
) -> Restated:
    """What is below the unit asked about; else everybody of the target, wherever they are now."""
    if question.unit is not None:
        return _row(look, base, places, below.get(look.base_id, frozenset()))
    return _row(look, base, places, places.keys(), WHOLE)


def _elsewhere(
    look: Look, base: RowUnit, places: _Places, below: dict[int, frozenset[int]]
) -> Iterable[Restated]:
    """Rows for whoever of the target's scope stands nowhere today, or outside the scope's heir."""
    if base.id == count.EVERYWHERE:
        nowhere = frozenset(places).difference(*below.values())
    else:
        nowhere = frozenset(places) & {NOWHERE}
        outside = frozenset(places) - below.get(base.id, frozenset()) - nowhere
        if outside:
            name = str(_("Nay ở ngoài %(unit)s", unit=base.name))
            yield _row(look, RowUnit(-1, "", name), places, outside, OUTSIDE)
    if nowhere:
        none = RowUnit(-2, "", str(_("Chưa phân về đơn vị nào")))
        yield _row(look, none, places, nowhere, NOWHERE_TODAY)


def _row(
    look: Look, unit: RowUnit, places: _Places, wanted: Collection[int], part: str = ""
) -> Restated:
    """The sum over the wanted places."""
    total = _Sum()
    for place in places.keys() & wanted:
        total.add(places[place].counts, places[place].unit_ids)
    counted: Counted = {}
    if total.counts is not None:
        counted = {(look.target.id, unit.id): total.counts}
    return Restated(replace(standing_of(look, unit, counted), part=part), total.unit_ids)


def _counted(looks: list[Look], tree: _Tree) -> dict[int, _Places]:
    """Each target's counts of the day by today's places."""
    measures = measure_ids()
    found: dict[int, _Places] = {}
    units_of: dict[int, set[int]] = {}
    for look in looks:
        measure, scope_id = measures.get(look.target.id), look.target.scope_id
        if not look.options or measure is None:
            continue
        key = scope_id or count.EVERYWHERE
        if key not in units_of:
            units_of[key] = _units_in(key, tree.day)
        places = found.setdefault(look.target.id, {})
        own = own_counts({measure}, units_of[key], [tree.day])
        for (_measure, unit_id, _day), counts in own.items():
            places.setdefault(tree.place(unit_id), _Sum()).add(counts, [unit_id])
    return found


def _units_in(scope_id: int, day: int) -> set[int]:
    """The units below the scope on the day, or all there are."""
    link = unit_closure.c
    if scope_id == count.EVERYWHERE:
        return set(db.session.connection().scalars(select(Unit.id)))
    inside = select(link.descendant_id).where(
        link.ancestor_id == scope_id, link.starts <= day, link.ends > day
    )
    return set(db.session.connection().scalars(inside))


def _below(unit_ids: Collection[int], tree: _Tree) -> dict[int, frozenset[int]]:
    """What lies below each of these units today, themselves included."""
    units, link = inline.table("units", "number"), unit_closure.c
    asked = (
        select(link.ancestor_id, link.descendant_id)
        .join(units, units.c.number == link.ancestor_id)
        .where(link.starts <= tree.today, link.ends > tree.today)
    )
    found: dict[int, set[int]] = {}
    given = {"units": inline.rows((one,) for one in unit_ids if one != count.EVERYWHERE)}
    for above, below in db.session.connection().execute(asked, given):
        found.setdefault(above, set()).add(below)
    return {above: frozenset(below) for above, below in found.items()}


def _read_tree(day: date, today: date) -> _Tree:
    now, connection = clock.now(), db.session.connection()
    gone = select(Unit.id).where(not_(holds_sql(Unit.starts_on, Unit.ends_on, today)))
    row, edge = UnitSuccession, UnitParent
    after = select(row.predecessor_id, row.successor_id, row.effective_on, row.is_default).where(
        row.known_at(now), row.effective_on > day, row.effective_on <= today
    )
    successors: dict[int, list[Successor]] = {}
    for predecessor, successor, on, is_default in connection.execute(after):
        one = Successor(successor, on.toordinal(), is_default)
        successors.setdefault(predecessor, []).append(one)
    edges = select(edge.unit_id, edge.parent_id).where(
        edge.known_at(now), holds_sql(edge.starts_on, edge.ends_on, day)
    )
    return _Tree(
        day=day.toordinal(),
        today=today.toordinal(),
        gone=frozenset(connection.scalars(gone)),
        successors=successors,
        parents={row[0]: row[1] for row in connection.execute(edges)},
    )
