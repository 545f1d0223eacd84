"""Where an act may change figures: the units, the rules and the days that are looked at.

Found from what the triggers noted (`core.derived.touched`), so that an act need not say itself.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select

from hrtrain.core import clock, derived, inline
from hrtrain.core.db import Fact, db
from hrtrain.coverage.asked import Plans, PlanTarget
from hrtrain.people.models import Membership
from hrtrain.units.models import Unit, UnitParent

MOST_UNITS = 8
"""Units looked at for themselves, those with most people concerned first; all above them too."""
Touched = dict[str, set[int]]
"""The numbers of what was written, by kind."""
Rule = tuple[str, str]
"""The keys of a programme and of a group: whom it asks what."""


@dataclass(frozen=True)
class Looked:
    """The days, the units for themselves, and the rules that change, these also by unit.

    Where rules are all that changes, nothing else is looked at.
    """

    today: date
    days: tuple[date, ...]
    own_days: frozenset[date]
    """Those looked at for every target; the others are deadlines, for targets that have them."""
    units: tuple[str, ...]
    rules: frozenset[Rule]
    is_only_rules: bool


def touched() -> Touched:
    """What was written in this transaction and is not yet in the derived tables."""
    found: Touched = {}
    columns = derived.touched.c
    for kind, number in db.session.connection().execute(select(columns.kind, columns.a)):
        found.setdefault(kind, set()).add(number)
    return found


def looked_at(
    days: Iterable[date | None],
    units: tuple[str, ...],
    plans: tuple[Plans, Plans],
    *,
    is_only_rules: bool,
) -> Looked:
    """Today, the days asked for, and the deadlines before and after of what may change."""
    rules = _rules_changed(*plans)
    today = clock.today()
    own_days = {today, *filter(None, days)}
    deadlines = {
        target.deadline
        for one in plans
        for rule, (target, _options) in _rules(one).items()
        if target.deadline is not None and (rule in rules or not is_only_rules)
    }
    in_order = dict.fromkeys([today, *sorted(own_days | deadlines)])
    return Looked(today, tuple(in_order), frozenset(own_days), units, rules, is_only_rules)


def _rules_changed(before: Plans, after: Plans) -> frozenset[Rule]:
    one, other = _rules(before), _rules(after)
    return frozenset(rule for rule in one.keys() | other.keys() if one.get(rule) != other.get(rule))


def _rules(plans: Plans) -> dict[Rule, tuple[PlanTarget, Any]]:
    """Each target with what is asked of its group."""
    return {
        (target.programme, target.group): (
            target,
            plans.options.get((target.programme_id, target.group_id)),
        )
        for targets in plans.targets.values()
        for target in targets
    }


def units_concerned(
    written: Touched, began: datetime, reached: Select[int] | None
) -> tuple[str, ...]:
    """The units whose own facts were written or whose people's were, and all above, in reach."""
    kinds = ("edge", "unit", "headcount")
    own = sorted({number for kind in kinds for number in written.get(kind, ())})
    first = [*own[:MOST_UNITS], *_units_of(written.get("person", set()), began)]
    if not first:
        return ()
    edges = select(UnitParent.parent_id).where(_known_around(UnitParent, began))
    above = select(Unit.id).where(Unit.id.in_(first)).cte(recursive=True)
    above = above.union(edges.join(above, above.c.id == UnitParent.unit_id))
    asked = select(Unit.key).where(Unit.id.in_(select(above.c.id))).order_by(Unit.key)
    return tuple(db.session.scalars(asked if reached is None else asked.where(_lies_in(reached))))


def existing(keys: Collection[str]) -> tuple[str, ...]:
    """Without those the act would make."""
    known = set(db.session.scalars(select(Unit.key).where(Unit.key.in_(keys))))
    return tuple(key for key in keys if key in known)


def _units_of(people: Collection[int], began: datetime) -> Sequence[int]:
    """The units most of the people belong, or belonged until the act, to."""
    if not people:
        return []
    here = select(inline.table("people", "person_id"))
    asked = (
        select(Membership.unit_id)
        .where(Membership.person_id.in_(here), _known_around(Membership, began))
        .group_by(Membership.unit_id)
        .order_by(func.count().desc(), Membership.unit_id)
        .limit(MOST_UNITS)
    )
    given = {"people": inline.rows((person,) for person in people)}
    return db.session.scalars(asked, given).all()


def _known_around(fact: type[Fact], began: datetime) -> ColumnElement[bool]:
    """SQL: the row is known, or was until the act."""
    return or_(fact.retracted_at.is_(None), fact.retracted_at >= began)


def _lies_in(reached: Select[int]) -> ColumnElement[bool]:
    return Unit.id.in_(reached)
