"""Where one person stands for a sealed target, and the evidence for it. Pure.

The state is `spans`' rule and the reason `states`': nothing is decided here, so that a seal and a
page cannot mean different things.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any, TypeVar

from hrtrain.core.period import OPEN_END, OPEN_START, holds
from hrtrain.coverage import spans
from hrtrain.coverage.seals.facts import (
    Done,
    Facts,
    Goal,
    Leave,
    Sought,
    Stint,
    Tried,
    Who,
)
from hrtrain.coverage.states import (
    Attempt,
    Evidence,
    Option,
    State,
    due_on,
    member_since,
    missing_items,
    plus_days,
    reason_of,
    satisfying,
)

T = TypeVar("T", bound=tuple[Any, ...])
STATES = {
    spans.EXEMPT: State.EXEMPT,
    spans.TRAINED: State.TRAINED,
    spans.IN_GRACE: State.IN_GRACE,
    spans.UNTRAINED: State.UNTRAINED,
}


@dataclass(frozen=True)
class Asked:
    """What a target asks on the day, its courses numbered as the rules of states want them."""

    rule: spans.Rule
    options: tuple[Option, ...]
    numbers: dict[str, int]


@lru_cache(maxsize=64)
def asked_by(goal: Goal, day: date) -> Asked | None:
    """What the target asks on the day; None when it asks nothing."""
    if goal.starts_on is not None and day < goal.starts_on:
        return None
    ways = [way for way in goal.ways if holds(way.starts_on, way.ends_on, day)]
    numbers = {course: n for n, course in enumerate(sorted({way.course for way in ways}))}
    options = tuple(
        Option(
            way.item,
            numbers[way.course],
            way.accepts_from or date.min,
            day if way.accepts_to is None else min(day, plus_days(way.accepts_to, -1)),
        )
        for way in ways
    )
    choices = tuple(
        spans.Choice(
            option.item,
            option.course_id,
            accepts_from=option.first_day.toordinal(),
            accepts_to=option.last_day.toordinal() + 1,
        )
        for option in options
    )
    return Asked(spans.Rule(choices), options, numbers) if ways else None


@dataclass(frozen=True)
class Stand:
    """Where a person stands for a target: the state, the unit, the row's unit that leads to it.

    ``since``: the first day of the unbroken membership; ``due_on``: the first no longer in grace.
    """

    state: State
    unit: str
    child: str
    since: date = field(default=date.min, compare=False)
    due_on: date = field(default=date.min, compare=False)


def stint_on(stints: Iterable[Stint], day: date) -> Stint | None:
    """The membership that holds the day."""
    return next((one for one in stints if holds(one.starts_on, one.ends_on, day)), None)


def rows_of(sought: Sought, goal: Goal, facts: Facts, units: Iterable[str]) -> dict[str, str]:
    """Those of the units in scope and tier, each with the row it is counted in (`child_of`)."""
    found = {}
    for unit in units:
        child = child_of(sought, goal, facts.path(unit))
        place = facts.places.get(unit)
        if child is not None and place and (not goal.tiers or place.tier in goal.tiers):
            found[unit] = child
    return found


def child_of(sought: Sought, goal: Goal, path: list[str]) -> str | None:
    """The row a unit of this path upwards is counted in: a child of what is asked about, or that.

    Everywhere, the rows are the units at the top of the tree. None when it is out of scope.
    """
    if goal.scope is not None and goal.scope not in path:
        return None
    base = sought.unit or goal.scope
    if base is None:
        return path[-1]
    if base not in path:
        return None
    return path[max(path.index(base) - 1, 0)]


def stand_of(
    asked: Asked, goal: Goal, day: date, mine: "Mine", rows: dict[str, str]
) -> Stand | None:
    """Where one person stands; None when not in scope."""
    here = stint_on(mine.stints, day)
    if here is None or here.unit not in rows:
        return None
    proofs = [_proof(one, asked.numbers) for one in mine.done if _is_proof(one, asked)]
    exempt = [_days(one) for one in mine.leaves]
    since = mine.since(day)
    due = due_on(since, goal.starts_on, goal.grace_days)
    state = spans.state_on(day.toordinal(), due.toordinal(), proofs, exempt, asked.rule)
    return Stand(STATES[state or spans.UNTRAINED], here.unit, rows[here.unit], since, due)


def in_order(rows: Sequence[T]) -> tuple[T, ...]:
    """The rows in an order that is theirs, not the database's: that of their values as text."""
    return tuple(sorted(rows, key=tuple.__repr__) if len(rows) > 1 else rows)


@dataclass(frozen=True)
class Mine:
    """One person's facts as far as one group is concerned."""

    stints: tuple[Stint, ...]
    done: tuple[Done, ...]
    leaves: tuple[Leave, ...]

    @classmethod
    def of(cls, who: Who, facts: Facts) -> "Mine":
        """The person's facts, in an order of their own."""
        return cls(
            in_order(facts.stints.get(who, ())),
            in_order(facts.done.get(who[1], ())),
            in_order(facts.leaves.get(who, ())),
        )

    def since(self, day: date) -> date:
        """The first day of the unbroken membership that holds the day."""
        periods = [(one.starts_on, one.ends_on) for one in self.stints]
        return member_since(periods, day) or day


def _is_proof(one: Done, asked: Asked) -> bool:
    return not one.is_void and one.course in asked.numbers


def _proof(one: Done, numbers: dict[str, int]) -> spans.Proof:
    completed = one.completed_on.toordinal()
    last = one.valid_through.toordinal() if one.valid_through else None
    revoked = one.revoked_from.toordinal() if one.revoked_from else None
    return spans.Proof(numbers[one.course], completed, spans.proof_ends(completed, last, revoked))


def _days(leave: Leave) -> spans.Days:
    starts = leave.starts_on.toordinal() if leave.starts_on else OPEN_START
    return starts, leave.ends_on.toordinal() if leave.ends_on else OPEN_END


def explained(
    asked: Asked, day: date, mine: Mine, tried: Sequence[Tried], stand: Stand
) -> dict[str, Any]:
    """The evidence behind a state: what meets each item, what is missing and why, what exempts."""
    evidence = tuple(
        Evidence(asked.numbers[one.course], one.completed_on, one.valid_through, one.revoked_from)
        for one in mine.done
        if _is_proof(one, asked)
    )
    courses = {number: course for course, number in asked.numbers.items()}
    met = satisfying(asked.options, evidence, day)
    told: dict[str, Any] = {
        "met": {
            item: [courses[one.course_id], one.completed_on, one.valid_through, one.revoked_from]
            for item, one in met.items()
        }
    }
    if stand.state is State.UNTRAINED:
        mattered = [one for one in tried if one.course in asked.numbers]
        attempts = tuple(Attempt(asked.numbers[t.course], t.state, t.is_over) for t in mattered)
        told["reason"], told["missing"] = _lacking(asked.options, evidence, attempts, day)
        told["tried"] = mattered
    elif stand.state is State.IN_GRACE:
        told["due_on"] = stand.due_on
    elif stand.state is State.EXEMPT:
        leave = next(one for one in mine.leaves if holds(one.starts_on, one.ends_on, day))
        told["exempt_by"], told["exempt_until"] = leave.document, leave.ends_on
    return told


@lru_cache(maxsize=4096)
def _lacking(
    options: tuple[Option, ...],
    evidence: tuple[Evidence, ...],
    attempts: tuple[Attempt, ...],
    day: date,
) -> tuple[str, tuple[str, ...]]:
    """Why somebody untrained is, and what is missing: of most it is the same, who did nothing."""
    reason = reason_of(options, evidence, attempts, day)
    return reason.value, missing_items(options, evidence, day)
