"""The count in SQL: set-based Core statements, the same for SQLite and PostgreSQL.

A statement is built once per shape (how many targets and options it is handed) and run with named
parameters, so that neither groups nor units add statements. Targets and options come in as a small
inline table; everything else is read from the facts as known at ``:instant`` on ``:day``.
Days looked up through an index have both bounds: SQLite before 3.41.3 returns days beyond a single
one. EXISTS is avoided: PostgreSQL would hash it over the whole table. The plans were measured on
SQLite without statistics: after ANALYZE it reads whole tables into Bloom filters (a commune of 13
people takes 50 ms instead of 4), so the product never runs it; the answers are the same.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    Date,
    Integer,
    Select,
    String,
    and_,
    bindparam,
    case,
    cast,
    func,
    literal,
    null,
    or_,
    select,
    union,
    union_all,
)
from sqlalchemy.orm import aliased
from sqlalchemy.types import TypeEngine

from hrtrain.core.db import Fact, Instant, holds_sql
from hrtrain.coverage.models import Exemption
from hrtrain.coverage.states import State
from hrtrain.people.models import Headcount, Membership
from hrtrain.training.models import Completion
from hrtrain.units.models import Unit, UnitName, UnitParent

# Bound parameters stand where the types ask for values; SQLAlchemy takes either.
DAY: Any = bindparam("day", type_=Date)
INSTANT: Any = bindparam("instant", type_=Instant)
FIRST_DAY: Any = bindparam("first_day", date.min, type_=Date)
EVERYWHERE = 0
"""The root of a target without a scope unit; no unit has this id."""

Rows = Select[*tuple[Any, ...]]

TARGET_COLUMNS: dict[str, TypeEngine[Any]] = {
    "target_id": Integer(),
    "group_id": Integer(),
    "programme_id": Integer(),
    "root_id": Integer(),
    "tiers": String(),
    "item_count": Integer(),
    "grace_since": Date(),
}
OPTION_COLUMNS: dict[str, TypeEngine[Any]] = {
    "target_id": Integer(),
    "item_no": Integer(),
    "course_id": Integer(),
    "first_day": Date(),
    "last_day": Date(),
}


@dataclass(frozen=True)
class Shape:
    """What a statement's text depends on."""

    targets: int
    options: int
    by_unit: bool = False
    everywhere: bool = False


def parameters(name: str, rows: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """The named parameters of an inline table."""
    return {
        f"{name}_{number}_{column}": value
        for number, row in enumerate(rows)
        for column, value in row.items()
    }


def _inline(name: str, columns: dict[str, TypeEngine[Any]], rows: int) -> CTE:
    selects = [
        select(
            *(
                bindparam(f"{name}_{number}_{column}", type_=type_).label(column)
                for column, type_ in columns.items()
            )
        )
        for number in range(rows)
    ]
    return (union_all(*selects) if rows > 1 else selects[0]).cte(name)


def holds(row: Any) -> ColumnElement[bool]:
    """The row's period holds the day, and the row was known at the instant."""
    return and_(holds_sql(row.starts_on, row.ends_on, DAY), known(row))


def known(row: type[Fact]) -> ColumnElement[bool]:
    """The row was known at the instant."""
    return row.known_at(INSTANT)


@dataclass(frozen=True)
class Parts:
    """The common tables that every question about the count begins with."""

    targets: CTE
    options: CTE
    place: CTE
    member: CTE


def parts(shape: Shape, within: Select[int] | None = None) -> Parts:
    """Where the targets look, and who is a member there on the day."""
    targets = _inline("targets", TARGET_COLUMNS, shape.targets)
    options = _inline("options", OPTION_COLUMNS, shape.options)
    place = _place(targets, _reach(targets, shape), within)
    return Parts(targets, options, place, _member(place))


def _reach(targets: CTE, shape: Shape) -> CTE:
    """The units below each root by the tree of the day; UNION, so that a cycle ends.

    ``bucket_id`` is the root's child through which a unit is reached, or the root itself.
    """
    starts = [
        select(targets.c.root_id, targets.c.root_id.label("bucket_id"))
        .add_columns(targets.c.root_id.label("unit_id"))
        .where(targets.c.root_id != EVERYWHERE)
        .distinct()
    ]
    if shape.everywhere:
        starts.append(_top(by_unit=shape.by_unit))
    roots = (union(*starts) if len(starts) > 1 else starts[0]).cte("roots")
    reach = select(roots.c.root_id, roots.c.bucket_id, roots.c.unit_id).cte("reach", recursive=True)
    bucket: Any = reach.c.bucket_id
    if shape.by_unit:
        bucket = case((reach.c.unit_id == reach.c.root_id, UnitParent.unit_id), else_=bucket)
    below = select(reach.c.root_id, bucket, UnitParent.unit_id).join(
        UnitParent, and_(UnitParent.parent_id == reach.c.unit_id, holds(UnitParent))
    )
    return reach.union(below)


def _top(*, by_unit: bool) -> Rows:
    """Every unit, in one bucket; or the units at the top of the tree, each its own bucket."""
    if not by_unit:
        return select(literal(EVERYWHERE), literal(EVERYWHERE), Unit.id)
    return at_the_top(select(literal(EVERYWHERE), Unit.id, Unit.id))


def at_the_top(units: Rows) -> Rows:
    """Of a select of units, the living ones without a parent on the day.

    A unit whose act was undone is one as long as it was known, that is while it had a name.
    """
    had_a_name = select(UnitName.id).where(UnitName.unit_id == Unit.id, holds(UnitName)).exists()
    return units.outerjoin(
        UnitParent, and_(UnitParent.unit_id == Unit.id, holds(UnitParent))
    ).where(
        UnitParent.id.is_(None),
        holds_sql(Unit.starts_on, Unit.ends_on, DAY),
        or_(~Unit.is_set_aside, had_a_name),
    )


def _place(targets: CTE, reach: CTE, within: Select[int] | None) -> CTE:
    space = literal(" ")
    passes = or_(
        targets.c.tiers == "",
        (space + targets.c.tiers + space).like(literal("% ") + Unit.tier + literal(" %")),
    )
    place = (
        select(targets.c.target_id, targets.c.group_id, targets.c.item_count)
        .add_columns(targets.c.grace_since, reach.c.bucket_id, reach.c.unit_id)
        .select_from(reach)
        .join(targets, targets.c.root_id == reach.c.root_id)
        .join(Unit, Unit.id == reach.c.unit_id)
        .where(passes)
    )
    if within is not None:
        place = place.where(reach.c.unit_id.in_(within))
    return place.cte("place")


def _member(place: CTE) -> CTE:
    return (
        select(place, Membership.person_id, Membership.starts_on)
        .join(
            Membership,
            and_(
                Membership.group_id == place.c.group_id,
                Membership.unit_id == place.c.unit_id,
                Membership.starts_on.between(FIRST_DAY, DAY),
                or_(Membership.ends_on.is_(None), Membership.ends_on > DAY),
                known(Membership),
            ),
        )
        .cte("member")
    )


def states(given: Parts) -> CTE:
    """Everybody in scope with 1 or 0 for exempt, trained and new; see `state_of`.

    Findings about people are stacked and grouped, not joined: PostgreSQL, which cannot know how
    many members a recursive table leads to, would compare each with each.
    """
    member = given.member
    who = (member.c.target_id, member.c.person_id)
    nobody = [null().label(name) for name in ("bucket_id", "unit_id", "item_count")]
    findings = union_all(
        select(*who, member.c.bucket_id, member.c.unit_id, member.c.item_count)
        .add_columns(*_finding())
        .select_from(member),
        _met_items(given).add_columns(*nobody, *_finding(item_no=given.options.c.item_no)),
        _exempted(given.targets).add_columns(*nobody, *_finding(exempt=literal(1))),
        _recent(member, nobody),
    ).cte("findings")
    found = findings.c
    items = func.count(found.item_no.distinct())
    return (
        select(
            found.target_id,
            found.person_id,
            func.max(found.bucket_id).label("bucket_id"),
            func.max(found.unit_id).label("unit_id"),
            func.max(found.exempt).label("exempt"),
            func.max(found.new).label("new"),
            case((items == func.max(found.item_count), 1), else_=0).label("trained"),
        )
        .group_by(found.target_id, found.person_id)
        .having(func.max(found.unit_id).is_not(None))
        .cte("states")
    )


def _finding(**found: Any) -> list[ColumnElement[Any]]:
    plain = {"item_no": cast(null(), Integer), "exempt": literal(0), "new": literal(0)}
    return [column.label(name) for name, column in {**plain, **found}.items()]


def state_of(person: CTE) -> ColumnElement[str]:
    """The one state of a row of `states`."""
    return case(
        (person.c.exempt == 1, State.EXEMPT.value),
        (person.c.trained == 1, State.TRAINED.value),
        (person.c.new == 1, State.IN_GRACE.value),
        else_=State.UNTRAINED.value,
    )


def _exempted(targets: CTE) -> Rows:
    return select(targets.c.target_id, Exemption.person_id).join(
        Exemption,
        and_(
            Exemption.programme_id == targets.c.programme_id,
            Exemption.group_id == targets.c.group_id,
            holds(Exemption),
        ),
    )


def counting(options: CTE) -> ColumnElement[bool]:
    """The completion counts on the day for the option's course and accepted days."""
    return and_(
        Completion.course_id == options.c.course_id,
        Completion.completed_on.between(options.c.first_day, options.c.last_day),
        Completion.is_void.is_(False),
        or_(Completion.valid_through.is_(None), Completion.valid_through >= DAY),
        or_(Completion.revoked_from.is_(None), Completion.revoked_from > DAY),
        known(Completion),
    )


def _met_items(given: Parts) -> Rows:
    """Members with the items they have a counting completion for, a row each completion."""
    member, options = given.member, given.options
    return (
        select(member.c.target_id, member.c.person_id)
        .join(options, options.c.target_id == member.c.target_id)
        .join(Completion, and_(Completion.person_id == member.c.person_id, counting(options)))
    )


def _recent(member: CTE, nobody: list[Any]) -> Rows:
    """Those whose unbroken membership may have begun on or after the target's ``grace_since``.

    A membership begins a chain when none of the person's in the group ends on its first day.
    One membership holds a day at most, so the chain that holds the day is the last one begun
    by then: it is new exactly when some chain began in the days of grace. Only those whose
    present membership began in these days are looked at. Outer joins keep SQLite to this order,
    and the zero added to the group keeps it to the index of the person, not of the whole group.
    """
    first, before = aliased(Membership), aliased(Membership)
    begins = and_(
        first.person_id == member.c.person_id,
        first.group_id + 0 == member.c.group_id,
        first.starts_on.between(member.c.grace_since, DAY),
        known(first),
    )
    follows = and_(
        before.person_id == first.person_id,
        before.group_id + 0 == first.group_id,
        before.ends_on == first.starts_on,
        known(before),
    )
    begins_chain = case((and_(first.id.is_not(None), before.id.is_(None)), 1), else_=0)
    return (
        select(member.c.target_id, member.c.person_id)
        .add_columns(*nobody, *_finding(new=begins_chain))
        .select_from(member)
        .outerjoin(first, begins)
        .outerjoin(before, follows)
        .where(member.c.starts_on >= member.c.grace_since)
    )


def _per_unit(given: Parts) -> CTE:
    """People by state, and what is declared, for each unit in scope that has either."""
    person, place = states(given), given.place
    state = state_of(person)
    states_told = (State.EXEMPT, State.IN_GRACE, State.TRAINED)
    here = (person.c.target_id, person.c.bucket_id, person.c.unit_id)
    people = select(
        *here,
        func.count().label("in_scope"),
        *(func.sum(case((state == one.value, 1), else_=0)).label(one.value) for one in states_told),
        cast(null(), Integer).label("declared"),
    ).group_by(*here)
    declared = and_(
        Headcount.group_id == place.c.group_id,
        Headcount.unit_id == place.c.unit_id,
        holds(Headcount),
    )
    headcounts = (
        select(place.c.target_id, place.c.bucket_id, place.c.unit_id)
        .add_columns(*(literal(0) for _each in range(4)), Headcount.declared)
        .join(Headcount, declared)
    )
    told = union_all(people, headcounts).cte("told").c
    return (
        select(told.target_id, told.bucket_id)
        .add_columns(*(func.sum(told[name]).label(name) for name in ("in_scope", *states_told)))
        .add_columns(func.max(told.declared).label("declared"))
        .group_by(told.target_id, told.bucket_id, told.unit_id)
        .cte("per_unit")
    )


@lru_cache(maxsize=256)
def figures(shape: Shape) -> Rows:
    """Figures per target and bucket: in_scope, exempt, in_grace, trained, unnamed, unconfirmed."""
    unit = _per_unit(parts(shape)).c
    more = case((unit.declared > unit.in_scope, unit.declared - unit.in_scope), else_=0)
    lacks = case((and_(unit.in_scope > 0, unit.declared.is_(None)), 1), else_=0)
    summed = (unit.in_scope, unit.exempt, unit.in_grace, unit.trained, more, lacks)
    return (
        select(unit.target_id, unit.bucket_id)
        .add_columns(*(func.sum(column) for column in summed))
        .group_by(unit.target_id, unit.bucket_id)
    )
