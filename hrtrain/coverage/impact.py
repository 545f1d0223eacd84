"""What an act would change of the figures, by how much, and where: done, looked at, undone.

The act runs inside a savepoint with the derived tables brought in step, and is taken back with
everything it wrote, its entry in the audit log too. So the preview asks what every page asks
afterwards. Only where rules are all that changes are the tables left as they are: making a rule's
spans anew costs many times the live count of its one target, which answers then.
"""

from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import aliased

from hrtrain.core import clock, derived
from hrtrain.core.db import db, see_one_moment
from hrtrain.coverage.asked import Plans, read_plans
from hrtrain.coverage.gates import keys_in_reach
from hrtrain.coverage.impact_places import Looked, existing, looked_at, touched, units_concerned
from hrtrain.coverage.queries import Question, standings
from hrtrain.coverage.rules import Standing, Status
from hrtrain.units.models import Unit, UnitParent

Act = Callable[[], object]
TRIES = 3
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
    """The days looked at, today first."""
    own_days: frozenset[date]
    """Those looked at for every target; the others are deadlines, each for targets that have it."""
    changes: tuple[Change, ...]

    def on(self, day: date) -> list[Change]:
        """What differs on the day."""
        return [change for change in self.changes if change.day == day]

    @property
    def turned(self) -> list[Change]:
        """Where the act decides whether a target is met."""
        return [change for change in self.changes if change.turns]


def impact_of(act: Act, reached: Select[int] | None, days: Iterable[date | None] = ()) -> Impact:
    """What the act would change today, on these days, and for each target at its deadline.

    Shown are units in reach only. Past days count only when the act changes nothing today. What
    the act refuses is refused here, and nothing is left of either. It ends the transaction it is
    asked in without committing, so ask before anything is written.
    """
    for tries_left in reversed(range(TRIES)):
        db.session.rollback()
        # Else the figures before and after would differ by others' acts as well. On PostgreSQL
        # locking a row that somebody else just changed then fails, and all is asked again.
        see_one_moment()
        try:
            return _foreseen(act, reached, tuple(days))
        except OperationalError as error:
            if not tries_left or "could not serialize" not in str(error.orig):
                raise
        finally:
            db.session.rollback()
    raise AssertionError("the last try returns or raises")


def _foreseen(act: Act, reached: Select[int] | None, days: tuple[date | None, ...]) -> Impact:
    began, plans = clock.now(), read_plans()
    with _undone():
        act()
        db.session.flush()
        written = touched()
        is_only_rules = written.keys() == {"plan"}
        if not is_only_rules:
            derived.refresh()
        units = units_concerned(written, began, reached)
        then = read_plans()
        looked = looked_at(days, units, (plans, then), is_only_rules=is_only_rules)
        after = _seen(looked, then)
    before = _seen(replace(looked, units=existing(units)), plans)
    _forget_half_asked(before, after, looked)
    changes = _worth_showing(_in_reach(_changes(before, after, looked), reached), looked.today)
    in_order = sorted(changes, key=_order(looked.today))
    return Impact(looked.today, looked.days, looked.own_days, tuple(in_order))


@contextmanager
def _undone() -> Iterator[None]:
    """Whatever is written inside is taken back, whether or not it was refused."""
    savepoint = db.session.begin_nested()
    try:
        yield
    finally:
        savepoint.rollback()


# --- what is seen ----------------------------------------------------------------------------


def _seen(looked: Looked, plans: Plans) -> dict[Place, Standing]:
    """The figures by day, programme, group and unit."""
    found: dict[Place, Standing] = {}
    rules = sorted(rule for rule in looked.rules if rule[0] in plans.targets)
    for day in looked.days:
        wholes = rules if looked.is_only_rules else [(None, None)]
        for programme, group in wholes:
            for row in standings(Question(programme, day, group=group), plans=plans):
                found[day, row.programme, row.group, WHOLE] = row
        for unit in looked.units:
            for row in standings(Question(None, day, unit), plans=plans):
                found[day, row.programme, row.group, unit] = row
        for programme, group in rules:
            for row in standings(Question(programme, day, group=group, by="unit"), plans=plans):
                # The row of the scope itself is that of its own people only.
                if row.unit and row.unit != found[day, programme, group, WHOLE].unit:
                    found[day, programme, group, row.unit] = row
    return found


def _forget_half_asked(
    before: dict[Place, Standing], after: dict[Place, Standing], looked: Looked
) -> None:
    """Where a target's scope changes, its units by rows are those of one side only: leave them."""
    for one, other in ((before, after), (after, before)):
        for place in one.keys() - other.keys():
            if place[3] not in (WHOLE, *looked.units) and (*place[:3], WHOLE) in other:
                del one[place]


def _changes(
    before: dict[Place, Standing], after: dict[Place, Standing], looked: Looked
) -> list[Change]:
    """The pairs that differ; a target that is not there before or after asks nothing there."""
    found: list[Change] = []
    for place in dict.fromkeys([*before, *after]):
        one = before.get(place) or _nothing(after[place])
        other = after.get(place) or _nothing(before[place])
        change = Change(place[0], one, other, is_whole=place[3] == WHOLE)
        if change.differs and (change.day in looked.own_days | {one.deadline, other.deadline}):
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
