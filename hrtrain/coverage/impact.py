"""What an act would change of the figures, by how much, and where: done, looked at, undone.

The act runs inside a savepoint with the derived tables brought in step, and is taken back with
everything it wrote, its entry in the audit log too. So the preview asks what every page asks
afterwards. On PostgreSQL, as on any page there, two statements may see what others commit between.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import aliased

from hrtrain.core import clock, derived, inline
from hrtrain.core.db import Fact, db
from hrtrain.coverage.asked import Plans, read_plans
from hrtrain.coverage.gates import keys_in_reach
from hrtrain.coverage.models import Programme
from hrtrain.coverage.queries import Question, standings
from hrtrain.coverage.rules import Standing, Status
from hrtrain.people.models import Membership
from hrtrain.units.models import Unit, UnitParent

Act = Callable[[], object]
MOST_UNITS = 8
"""Units looked at for themselves, those with most people concerned first; all above them too."""
WHOLE = ""
"""In the place of a unit's key: wherever the target is counted."""
COUNTS = ("in_scope", "exempt", "in_grace", "trained", "unnamed", "units_unconfirmed")
Above = dict[str | None, set[str]]
"""The keys of units, each with those of all above it."""
Place = tuple[date, str, str, str]
"""A day, the keys of a programme and a group, and a unit's."""


@dataclass(frozen=True)
class Change:
    """A target's figures on a day before and after, for a unit with all below it.

    ``is_whole``: they are the target's own, of its whole scope, even if the scope changes.
    """

    day: date
    before: Standing
    after: Standing
    is_whole: bool

    @property
    def differs(self) -> bool:
        """Whether any figure is another."""
        return _figures(self.before) != _figures(self.after)

    @property
    def turns(self) -> bool:
        """Whether it says something else about the target."""
        return self.before.status != self.after.status


@dataclass(frozen=True)
class Impact:
    """Every figure that differs, in the order of days and then of programmes, groups and size."""

    today: date
    days: tuple[date, ...]
    """The days looked at, today first; a target's deadline for this target only."""
    deadlines: frozenset[date]
    changes: tuple[Change, ...]

    def on(self, day: date) -> list[Change]:
        """What differs on the day."""
        return [change for change in self.changes if change.day == day]

    @property
    def turned(self) -> list[Change]:
        """Where the act decides whether a target is met."""
        return [change for change in self.changes if change.turns]


@dataclass(frozen=True)
class _Asked:
    """The days looked at, the units for themselves, and the programmes also by unit."""

    days: tuple[date, ...]
    units: tuple[str, ...]
    programmes: frozenset[str]


def impact_of(act: Act, reached: Select[int] | None, days: Iterable[date | None] = ()) -> Impact:
    """What the act would change today, on these days, and for each target at its deadline.

    Shown are units in reach only. Past days count only when the act changes nothing today. What
    the act refuses is refused here, and nothing is left of either. Ask before anything is written.
    """
    today, began, plans = clock.today(), clock.now(), read_plans()
    with _undone():
        act()
        db.session.flush()
        touched = _touched()
        derived.refresh()
        then = read_plans()
        deadlines = _deadlines(plans) | _deadlines(then)
        asked = _Asked(
            days=tuple(dict.fromkeys([today, *sorted({*filter(None, days), *deadlines})])),
            units=_concerned(touched, began, reached),
            programmes=_programmes(touched),
        )
        after = _seen(asked, then)
    before = _seen(replace(asked, units=_existing(asked.units)), plans)
    _forget_half_asked(before, after, asked)
    changes = _changes(before, after, own_days={today, *filter(None, days)})
    changes = _worth_showing(_in_reach(changes, reached), today)
    return Impact(
        today, asked.days, frozenset(deadlines), tuple(sorted(changes, key=_order(today)))
    )


@contextmanager
def _undone() -> Iterator[None]:
    """Whatever is written inside is taken back, whether or not it was refused."""
    savepoint = db.session.begin_nested()
    try:
        yield
    finally:
        savepoint.rollback()


def _deadlines(plans: Plans) -> set[date]:
    found = (target.deadline for targets in plans.targets.values() for target in targets)
    return {deadline for deadline in found if deadline is not None}


# --- what the act concerns -------------------------------------------------------------------


def _touched() -> dict[str, set[int]]:
    """The numbers of what was written, by kind (`core.derived.touched`)."""
    found: dict[str, set[int]] = {}
    columns = derived.touched.c
    for kind, number in db.session.connection().execute(select(columns.kind, columns.a)):
        found.setdefault(kind, set()).add(number)
    return found


def _programmes(touched: dict[str, set[int]]) -> frozenset[str]:
    ids = touched.get("plan")
    asked = select(Programme.key).where(Programme.id.in_(ids or ()))
    return frozenset(db.session.scalars(asked)) if ids else frozenset()


def _concerned(
    touched: dict[str, set[int]], began: datetime, reached: Select[int] | None
) -> tuple[str, ...]:
    """The units whose own facts were written or whose people's were, and all above, in reach."""
    kinds = ("edge", "unit", "headcount")
    written = sorted(number for kind in kinds for number in touched.get(kind, ()))
    first = [*written[:MOST_UNITS], *_units_of(touched.get("person", set()), began)]
    if not first:
        return ()
    edges = select(UnitParent.parent_id).where(_known_around(UnitParent, began))
    above = select(Unit.id).where(Unit.id.in_(first)).cte(recursive=True)
    above = above.union(edges.join(above, above.c.id == UnitParent.unit_id))
    asked = select(Unit.key).where(Unit.id.in_(select(above.c.id))).order_by(Unit.key)
    return tuple(db.session.scalars(asked if reached is None else asked.where(_lies_in(reached))))


def _existing(keys: Collection[str]) -> tuple[str, ...]:
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


# --- what is seen ----------------------------------------------------------------------------


def _seen(asked: _Asked, plans: Plans) -> dict[Place, Standing]:
    """The figures by day, programme, group and unit."""
    found: dict[Place, Standing] = {}
    for day in asked.days:
        for unit in (None, *asked.units):
            for row in standings(Question(None, day, unit), plans=plans):
                found[day, row.programme, row.group, unit or WHOLE] = row
        for programme in sorted(asked.programmes & plans.targets.keys()):
            for row in standings(Question(programme, day, by="unit"), plans=plans):
                place = day, programme, row.group
                # The row of the scope itself is that of its own people only.
                if row.unit and row.unit != found[*place, WHOLE].unit:
                    found[*place, row.unit] = row
    return found


def _forget_half_asked(
    before: dict[Place, Standing], after: dict[Place, Standing], asked: _Asked
) -> None:
    """Where a target's scope changes, its units by rows are those of one side only: leave them."""
    for one, other in ((before, after), (after, before)):
        for place in one.keys() - other.keys():
            if place[3] not in (WHOLE, *asked.units) and (*place[:3], WHOLE) in other:
                del one[place]


def _changes(
    before: dict[Place, Standing], after: dict[Place, Standing], own_days: set[date]
) -> list[Change]:
    """The pairs that differ; a target that is not there before or after asks nothing there."""
    found: list[Change] = []
    for place in dict.fromkeys([*before, *after]):
        one = before.get(place) or _nothing(after[place])
        other = after.get(place) or _nothing(before[place])
        change = Change(place[0], one, other, is_whole=place[3] == WHOLE)
        if change.differs and (change.day in own_days | {one.deadline, other.deadline}):
            found.append(change)
    wholes = {_target(one): one for one in found if one.is_whole}
    above = _above({one.after.unit for one in wholes.values()})
    return [one for one in found if one.is_whole or not _repeats(one, wholes, above)]


def _target(change: Change) -> tuple[date, str, str]:
    return change.day, change.after.programme, change.after.group


def _repeats(one: Change, wholes: dict[tuple[date, str, str], Change], above: Above) -> bool:
    """Whether the unit has the target's scope below it or is it, and the same figures."""
    whole = wholes.get(_target(one))
    if whole is None or one.after.unit not in above.get(whole.after.unit, ()):
        return False
    return [_figures(one.before), _figures(one.after)] == [
        _figures(whole.before),
        _figures(whole.after),
    ]


def _above(keys: Collection[str | None]) -> Above:
    """These units and whatever was known to lie above them on any day."""
    scope = select(Unit.id.label("scope_id"), Unit.id.label("id")).where(Unit.key.in_(keys))
    tree = scope.cte(recursive=True)
    edges = select(tree.c.scope_id, UnitParent.parent_id).join(
        UnitParent, UnitParent.unit_id == tree.c.id
    )
    tree = tree.union(edges.where(UnitParent.retracted_at.is_(None)))
    lower, upper = aliased(Unit), aliased(Unit)
    pairs = (
        select(lower.key, upper.key)
        .join(tree, tree.c.scope_id == lower.id)
        .join(upper, upper.id == tree.c.id)
    )
    found: Above = {}
    for scope_key, key in db.session.execute(pairs):
        found.setdefault(scope_key, set()).add(key)
    return found


def _nothing(there: Standing) -> Standing:
    nothing: dict[str, Any] = dict.fromkeys(COUNTS, 0)
    return replace(there, percent=None, is_asked=False, **nothing)


def _figures(standing: Standing) -> tuple[Any, ...]:
    """What is counted, and the percentage where there is anybody to count it of."""
    is_empty = standing.status is Status.NOTHING_ASKED
    counts = (getattr(standing, name) for name in COUNTS)
    return None if is_empty else standing.percent, *counts


def _in_reach(changes: list[Change], reached: Select[int] | None) -> list[Change]:
    """Those of units whose figures the asker may read; the whole country's for who reads all."""
    if reached is None:
        return changes
    keys = {standing.unit for one in changes for standing in (one.before, one.after)}
    seen = keys_in_reach(keys, reached)
    return [one for one in changes if one.before.unit in seen and one.after.unit in seen]


def _worth_showing(changes: list[Change], today: date) -> list[Change]:
    """Today's and what is to come; what was only where nothing of today changes."""
    lasting = [change for change in changes if change.day >= today]
    return lasting if any(change.day == today for change in lasting) else changes


def _order(today: date) -> Callable[[Change], Any]:
    def order(change: Change) -> Any:
        size = max(change.before.in_scope, change.after.in_scope)
        place = change.before.programme, change.before.group, not change.is_whole, -size
        return change.day != today, change.day, place, change.before.unit_name

    return order
