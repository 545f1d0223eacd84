"""The figures: standings of a programme, of all, by unit. Names are `names`' part, time `trends`'.

Every page, chart, report and command asks here; nobody counts again. As known now they are read
from the ledger; as known at an instant, or while the derived tables do not hold, counted live
from the facts. Either way a question costs the same number of statements whatever the number of
groups, targets and units.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Literal

from sqlalchemy import and_, bindparam, func, select
from sqlalchemy.orm import aliased

from hrtrain.core import clock
from hrtrain.core.db import db
from hrtrain.coverage import count
from hrtrain.coverage.asked import Plans, PlanTarget, option_rows, read_plans, target_row
from hrtrain.coverage.derived.measures import measure_ids
from hrtrain.coverage.derived.reading import counts_with_below, own_counts
from hrtrain.coverage.derived.standing import is_ready
from hrtrain.coverage.derived.tables import COUNTERS
from hrtrain.coverage.rules import Doubts, Standing
from hrtrain.coverage.states import Option
from hrtrain.units.models import Unit, UnitName, UnitParent

Figures = tuple[int, ...]
"""in_scope, exempt, in_grace, trained, unnamed, units_unconfirmed; the ledger's with doubts."""
Counted = dict[tuple[int, int], Figures]
"""Figures by a target's number and that of the unit they are shown for."""
NOTHING: Figures = (0,) * len(COUNTERS)


@dataclass(frozen=True)
class Question:
    """What is asked: a programme (None: all), a day, and optionally where, whom and known when."""

    programme: str | None
    as_of: date
    unit: str | None = None
    group: str | None = None
    by: Literal["group", "unit"] = "group"
    known_at: datetime | None = None


@dataclass(frozen=True)
class RowUnit:
    """A unit that has a row of its own: ``parent_id`` is that of the row it belongs below."""

    id: int
    key: str
    name: str
    parent_id: int | None = None


_EVERYWHERE = RowUnit(count.EVERYWHERE, "", "")


@dataclass(frozen=True)
class Look:
    """Where a target is counted: from ``root_id`` down (None: nowhere), shown for ``base_id``.

    ``child_id`` is set where the target's scope lies below a child of the unit asked about.
    """

    target: PlanTarget
    options: list[Option]
    base_id: int
    root_id: int | None
    child_id: int | None = None


def standings(question: Question, *, plans: Plans | None = None) -> list[Standing]:
    """The figures in the contract's order: by group codes, and by unit within a group.

    ``plans`` spares reading them again.
    """
    is_ledgered = question.known_at is None and is_ready()
    question = settled(question)
    plans = plans or read_plans(question.programme)
    looks = looks_of(question, plans)
    base_ids = {look.base_id for look in looks}
    bases = base_units(question, base_ids)
    children = children_of(question, base_ids) if question.by == "unit" else {}
    counted = ledgered(question, looks, children) if is_ledgered else counted_live(question, looks)
    rows: list[Standing] = []
    for look in looks:
        units = [*children.get(look.base_id, ()), bases[look.base_id]]
        rows += [standing_of(look, unit, counted) for unit in units if _has_row(unit, question)]
    return rows


def dashboard(
    as_of: date, *, unit: str | None = None, known_at: datetime | None = None
) -> list[Standing]:
    """The figures of every target of every programme, by programme and group codes."""
    return standings(Question(None, as_of, unit, known_at=known_at))


def settled(question: Question) -> Question:
    """The question with its instant: as known now, unless it says otherwise."""
    return replace(question, known_at=question.known_at or clock.now())


def looks_of(question: Question, plans: Plans) -> list[Look]:
    """Where each of the settled question's targets is counted, with what it asks on the day."""
    targets = plans.targets_of(question.programme, question.group)
    day, known_at = question.as_of, question.known_at or clock.now()
    asked = [(target, plans.options_on(target, day, known_at)) for target in targets]
    if question.unit is None:
        return [
            Look(target, options, scope_id, scope_id)
            for target, options in asked
            for scope_id in [target.scope_id or count.EVERYWHERE]
        ]
    unit_id = plans.unit_id(question.unit)
    parents = _parents_above(question, {unit_id, *(target.scope_id or 0 for target in targets)})
    return [Look(target, options, unit_id, *_root(target.scope_id, unit_id, parents))
            for target, options in asked]  # fmt: skip


def _root(
    scope_id: int | None, unit_id: int, parents: dict[int, int]
) -> tuple[int | None, int | None]:
    """Where the unit's and the scope's subtrees meet, and the unit's child that leads there."""
    if scope_id is None or scope_id in _path(unit_id, parents):
        return unit_id, None
    path = _path(scope_id, parents)
    if unit_id not in path:
        return None, None
    return scope_id, path[path.index(unit_id) - 1]


def _path(unit_id: int, parents: dict[int, int]) -> list[int]:
    path = [unit_id]
    while path[-1] in parents and parents[path[-1]] not in path:
        path.append(parents[path[-1]])
    return path


def _run(statement: Any, values: dict[str, Any]) -> Any:
    """Rows of plain values: the session's connection, without the session's own work on top."""
    return db.session.connection().execute(statement, values)


def _moment(question: Question) -> dict[str, Any]:
    return {"day": question.as_of, "instant": question.known_at}


def _parents_above(question: Question, unit_ids: set[int]) -> dict[int, int]:
    if len(unit_ids - {count.EVERYWHERE}) < 2:
        return {}
    rows = _run(_PARENTS_ABOVE, {**_moment(question), "ids": sorted(unit_ids)})
    return {row.unit_id: row.parent_id for row in rows}


def _parents_above_statement() -> Any:
    edges = select(UnitParent.unit_id, UnitParent.parent_id).where(count.holds(UnitParent))
    start = edges.where(UnitParent.unit_id.in_(bindparam("ids", expanding=True)))
    above = start.cte("above", recursive=True)
    above = above.union(edges.join(above, above.c.parent_id == UnitParent.unit_id))
    return select(above.c.unit_id, above.c.parent_id)


_PARENTS_ABOVE = _parents_above_statement()


def _named_statement(*more: Any) -> Any:
    name = aliased(UnitName)
    return select(Unit.id, Unit.key, func.coalesce(name.name, Unit.name), *more).outerjoin(
        name, and_(name.unit_id == Unit.id, count.holds(name))
    )


_BASES = _named_statement().where(Unit.id.in_(bindparam("ids", expanding=True)))
_CHILDREN = (
    _named_statement(UnitParent.parent_id)
    .join(UnitParent, and_(UnitParent.unit_id == Unit.id, count.holds(UnitParent)))
    .where(UnitParent.parent_id.in_(bindparam("ids", expanding=True)))
)
_TOP = count.at_the_top(_named_statement())


def base_units(question: Question, base_ids: set[int]) -> dict[int, RowUnit]:
    """The units of these numbers with their names of the settled question's day."""
    rows = _run(_BASES, {**_moment(question), "ids": sorted(base_ids)})
    return {count.EVERYWHERE: _EVERYWHERE, **{row[0]: RowUnit(*row) for row in rows}}


def _has_row(unit: RowUnit, question: Question) -> bool:
    """Nobody is placed directly at everywhere, so by unit it has no row of its own."""
    return unit != _EVERYWHERE or question.by == "group"


def children_of(question: Question, base_ids: set[int]) -> dict[int, list[RowUnit]]:
    """The rows' units below each base, in the order of their keys; below 0 the tree's top."""
    found: dict[int, list[RowUnit]] = {}
    rows = _run(_CHILDREN, {**_moment(question), "ids": sorted(base_ids)})
    units = [RowUnit(*row) for row in rows]
    if count.EVERYWHERE in base_ids:
        top = _run(_TOP, _moment(question))
        units += [RowUnit(*row) for row in top]
    for unit in sorted(units, key=lambda unit: unit.key):
        found.setdefault(unit.parent_id or count.EVERYWHERE, []).append(unit)
    return found


def shape_and_values(
    looks: Sequence[Look], question: Question
) -> tuple[count.Shape, dict[str, Any]] | None:
    """The count's shape and parameters; None when nothing is asked anywhere."""
    asked = [look for look in looks if look.options and look.root_id is not None]
    if not asked:
        return None
    targets = [
        target_row(look.target, look.options, look.root_id or count.EVERYWHERE, question.as_of)
        for look in asked
    ]
    options = [row for look in asked for row in option_rows(look.target, look.options)]
    values = {**count.parameters("targets", targets), **count.parameters("options", options)}
    everywhere = any(look.root_id == count.EVERYWHERE for look in asked)
    shape = count.Shape(len(targets), len(options), question.by == "unit", everywhere)
    return shape, {**_moment(question), **values}


def counted_live(question: Question, looks: Sequence[Look]) -> Counted:
    """Figures by target and bucket; a bucket below a scope is that of the child leading there."""
    prepared = shape_and_values(looks, question)
    if prepared is None:
        return {}
    shape, values = prepared
    is_by_unit = question.by == "unit"
    leads = {look.target.id: look.child_id if is_by_unit else look.base_id for look in looks}
    counted: Counted = {}
    for target_id, bucket_id, *figures in _run(count.figures(shape), values):
        lead = leads[target_id]
        place = target_id, bucket_id if lead is None else lead
        before = counted.get(place, (0,) * len(figures))
        counted[place] = tuple(int(a) + b for a, b in zip(figures, before, strict=True))
    return counted


def ledgered(
    question: Question, looks: Sequence[Look], children: Mapping[int, Sequence[RowUnit]]
) -> Counted:
    """The same figures out of the ledger: those of a look's root, or of each child and the base."""
    asked = [look for look in looks if look.options and look.root_id is not None]
    measures, day = measure_ids(), question.as_of.toordinal()
    asked = [look for look in asked if look.target.id in measures]
    is_by_unit = question.by == "unit"
    places = {
        (look.target.id, shown): unit_id
        for look in asked
        for shown, unit_id in _shown(look, children if is_by_unit else None)
    }
    alone = {look.base_id for look in asked if is_by_unit and look.child_id is None}
    numbers = {measures[target_id] for target_id, _shown in places}
    below = counts_with_below(numbers, set(places.values()), [day])
    own = own_counts({measures[look.target.id] for look in asked}, alone, [day])
    counted = {
        place: below.get((measures[place[0]], unit_id, day), NOTHING)
        for place, unit_id in places.items()
    }
    for look in asked:
        if is_by_unit and look.child_id is None:
            figures = own.get((measures[look.target.id], look.base_id, day), NOTHING)
            counted[look.target.id, look.base_id] = figures
    return counted


def _shown(look: Look, children: Mapping[int, Sequence[RowUnit]] | None) -> list[tuple[int, int]]:
    """The units shown, each with the unit whose figures with all below it are its own."""
    root_id = look.root_id or count.EVERYWHERE
    if children is None:
        return [(look.base_id, root_id)]
    if look.child_id is not None:
        return [(look.child_id, root_id)]
    return [(child.id, child.id) for child in children.get(look.base_id, ())]


def standing_of(look: Look, unit: RowUnit, counted: Counted) -> Standing:
    """The look's figures as the unit's standing; zeros where nothing was counted."""
    figures = counted.get((look.target.id, unit.id), NOTHING)
    target = look.target
    in_scope, exempt, in_grace, trained, unnamed, unconfirmed, *doubts = figures
    return Standing(
        programme=target.programme,
        programme_title=target.programme_title,
        group=target.group,
        group_name=target.group_name,
        unit=unit.key or None,
        unit_name=unit.name,
        percent=target.percent,
        deadline=target.deadline,
        origin=target.origin,
        is_asked=bool(look.options),
        in_scope=in_scope,
        exempt=exempt,
        in_grace=in_grace,
        trained=trained,
        unnamed=unnamed,
        units_unconfirmed=unconfirmed,
        doubts=Doubts(*doubts) if doubts else None,
        place=(_root_of(look, unit), target.tiers),
    )


def _root_of(look: Look, unit: RowUnit) -> int:
    is_shown_for_root = unit.id in (look.base_id, look.child_id)
    return (look.root_id or count.EVERYWHERE) if is_shown_for_root else unit.id
