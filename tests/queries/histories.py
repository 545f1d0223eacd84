"""Random small histories for the brute-force count, and how they are written into the tables."""

import random
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any

from sqlalchemy import insert

from hrtrain.core.db import db
from hrtrain.coverage.models import Exemption, Programme, RequirementOption, Target
from hrtrain.people.models import CadreGroup, Headcount, Membership, Person
from hrtrain.training.models import Completion, Course
from hrtrain.units.models import Unit, UnitParent
from tests.queries.brute_force import (
    Declared,
    Done,
    Edge,
    Exempt,
    Goal,
    History,
    Known,
    Member,
    Need,
    Plan,
)

LAST = 24
HOURS = 4
TIERS = ("central", "province", "district", "commune")
FIRST_DAY = date(2025, 2, 1)
FIRST_HOUR = datetime(2025, 1, 1, tzinfo=UTC)
Stretch = tuple[int | None, int | None]


def day_of(number: int) -> date:
    """The calendar day of a brute-force day."""
    return FIRST_DAY + timedelta(days=number)


def instant_of(hour: int) -> datetime:
    """The instant of a brute-force hour."""
    return FIRST_HOUR + timedelta(hours=hour)


def random_history(seed: int) -> History:
    """A world of a few units, people, groups and plans with everything that can happen to them."""
    return _Maker(random.Random(seed)).make()


class _Maker:
    def __init__(self, dice: random.Random) -> None:
        self.dice = dice
        self.made = History()

    def make(self) -> History:
        dice, made = self.dice, self.made
        made.units = {f"u{n}": dice.choice(TIERS) for n in range(dice.randint(2, 6))}
        made.groups = [f"g{n}" for n in range(dice.randint(1, 2))]
        made.courses = [f"c{n}" for n in range(dice.randint(1, 3))]
        made.people = dice.randint(1, 7)
        self._plans()
        self._tree()
        self._people()
        return made

    def _maybe(self, chance: float) -> bool:
        return self.dice.random() < chance

    def _day(self) -> int:
        return self.dice.randint(1, LAST)

    def _known(self) -> Known:
        """Mostly known from the beginning on."""
        if self._maybe(0.8):
            return Known()
        recorded = self.dice.randrange(HOURS)
        retracted = self.dice.randint(recorded + 1, HOURS) if self._maybe(0.6) else None
        return Known(recorded, retracted)

    def _period(self) -> Stretch:
        start = self._day() if self._maybe(0.5) else None
        end = self._day() if self._maybe(0.5) else None
        if start is not None and end is not None and start >= end:
            start, end = end, start + 1
        return start, end

    def _versions(self, choices: list[Any], make: Callable[[Stretch, Any], Any]) -> Iterable[Any]:
        """What excludes itself in days: a row of stretches, perhaps replaced at some hour."""
        replaced = self.dice.randint(1, HOURS - 1) if self._maybe(0.25) else None
        knowns = [Known(0, replaced)] + ([Known(replaced)] if replaced is not None else [])
        for known in knowns:
            for stretch in self._stretches():
                yield make(stretch, self.dice.choice(choices)), known

    def _stretches(self) -> list[Stretch]:
        """Stretches one after the other, some with gaps between them."""
        cuts = sorted({self._day() for _each in range(self.dice.randint(0, 3))})
        bounds: list[int | None] = [None, *cuts, None]
        pieces = list(pairwise(bounds))
        return [piece for piece in pieces if self._maybe(0.8)]

    def _plans(self) -> None:
        dice, made = self.dice, self.made
        for number in range(dice.randint(1, 2)):
            key = f"p{number}"
            authority = dice.choice(list(made.units)) if self._maybe(0.85) else None
            made.plans.append(Plan(key, authority, *self._rarely_bounded()))
            for group in made.groups:
                if self._maybe(0.9):
                    made.goals.append(self._goal(key, group))
                    self._needs(key, group)

    def _rarely_bounded(self) -> Stretch:
        return self._period() if self._maybe(0.3) else (None, None)

    def _goal(self, programme: str, group: str) -> Goal:
        dice = self.dice
        scope = dice.choice(list(self.made.units)) if self._maybe(0.4) else None
        tiers = tuple(sorted(dice.sample(TIERS, dice.randint(1, 3)))) if self._maybe(0.3) else ()
        return Goal(
            programme=programme,
            group=group,
            percent=dice.choice([None, 0, 1, 33, 50, 67, 70, 100]),
            scope=scope,
            tiers=tiers,
            grace=dice.choice([0, 0, 0, 1, 3, 8]),
            start=self._day() if self._maybe(0.25) else None,
        )

    def _needs(self, programme: str, group: str) -> None:
        for number in range(self.dice.randint(1, 2)):
            period = self._rarely_bounded()
            for course in (
                self.dice.sample(self.made.courses, self.dice.choice([1, 1, 2]))
                if len(self.made.courses) > 1
                else self.made.courses
            ):
                accepted = self._period() if self._maybe(0.3) else (None, None)
                need = Need(programme, group, f"i{number}", course, *period, *accepted, Known())
                self.made.needs.append(need)
        if self._maybe(0.2):
            course = self.dice.choice(self.made.courses)
            open_ends = (None, None)
            known = self._known()
            self.made.needs.append(
                Need(programme, group, "late", course, *self._period(), *open_ends, known)
            )

    def _tree(self) -> None:
        """A unit's parents have lower numbers, so that no cycle arises."""
        units = list(self.made.units)
        for number, unit in enumerate(units[1:], 1):
            for (stretch, parent), known in self._versions(units[:number], _pair):
                self.made.edges.append(Edge(unit, parent, stretch[0], stretch[1], known))
        for unit in units:
            for group in self.made.groups:
                if self._maybe(0.5):
                    for (stretch, number), known in self._versions([0, 1, 2, 3], _pair):
                        start, end = stretch
                        told = Declared(unit, group, number, start, end, known)
                        self.made.declared.append(told)

    def _people(self) -> None:
        for person in range(1, self.made.people + 1):
            for group in self.made.groups:
                if self._maybe(0.75):
                    for (stretch, unit), known in self._versions(list(self.made.units), _pair):
                        start, end = stretch
                        begins = -5 if start is None else start
                        self.made.members.append(Member(person, group, unit, begins, end, known))
            for _each in range(self.dice.choice([0, 1, 1, 2, 3])):
                self.made.done.append(self._done(person))
            if self._maybe(0.2):
                self._exempt(person)

    def _done(self, person: int) -> Done:
        on = self._day()
        through = on + self.dice.randint(0, 10) if self._maybe(0.3) else None
        revoked = on + self.dice.randint(-2, 12) if self._maybe(0.2) else None
        course = self.dice.choice(self.made.courses)
        return Done(person, course, on, through, revoked, self._maybe(0.08), self._known())

    def _exempt(self, person: int) -> None:
        plan = self.dice.choice(self.made.plans)
        group = self.dice.choice(self.made.groups)
        self.made.exempt.append(Exempt(person, plan.key, group, *self._period(), self._known()))


def _pair(stretch: Stretch, choice: Any) -> tuple[Stretch, Any]:
    return stretch, choice


def write(history: History) -> None:
    """The history into the empty tables of the open transaction, with ids of its own."""
    _Writer(history).write()


def _on(number: int | None) -> date | None:
    return None if number is None else day_of(number)


class _Writer:
    def __init__(self, history: History) -> None:
        self.history = history
        self.units = {key: n for n, key in enumerate(history.units, 1)}
        self.groups = {key: n for n, key in enumerate(history.groups, 1)}
        self.courses = {key: n for n, key in enumerate(history.courses, 1)}
        self.plans = {plan.key: n for n, plan in enumerate(history.plans, 1)}

    def write(self) -> None:
        self._nouns()
        self._goals()
        self._facts()

    def _insert(self, model: Any, rows: list[dict[str, Any]]) -> None:
        if rows:
            db.session.execute(insert(model), rows)

    def _nouns(self) -> None:
        tiers = self.history.units
        names = {"name": "x", "search_key": "x"}
        self._insert(
            Unit,
            [
                {"id": n, "key": key, "tier": tiers[key], "kind": "state", **names}
                for key, n in self.units.items()
            ],
        )
        self._insert(
            CadreGroup, [{"id": n, "key": key, "name": key} for key, n in self.groups.items()]
        )
        self._insert(
            Course, [{"id": n, "key": key, "name": key} for key, n in self.courses.items()]
        )
        self._insert(
            Person,
            [
                {"id": n, "key": f"p{n}", "access_code": f"a{n}", "full_name": f"N {n}",
                 "sort_key": f"n {n:03}", "search_key": f"n {n}"}
                for n in range(1, self.history.people + 1)
            ],
        )  # fmt: skip

    def _goals(self) -> None:
        self._insert(
            Programme,
            [
                {"id": self.plans[plan.key], "key": plan.key, "title": plan.key,
                 "authority_unit_id": self._unit_id(plan.authority), **_span(plan)}
                for plan in self.history.plans
            ],
        )  # fmt: skip
        self._insert(
            Target,
            [
                {"programme_id": self.plans[goal.programme], "group_id": self.groups[goal.group],
                 "percent": goal.percent, "scope_unit_id": self._unit_id(goal.scope),
                 "tiers": " ".join(goal.tiers), "grace_days": goal.grace,
                 "starts_on": _on(goal.start)}
                for goal in self.history.goals
            ],
        )  # fmt: skip
        self._insert(
            RequirementOption,
            [
                {**self._for(need), "item": need.item, "course_id": self.courses[need.course],
                 "accepts_from": _on(need.accepts_from), "accepts_to": _on(need.accepts_to),
                 **_span(need), **_clock(need)}
                for need in self.history.needs
            ],
        )  # fmt: skip

    def _unit_id(self, key: str | None) -> int | None:
        return None if key is None else self.units[key]

    def _for(self, one: Need | Exempt) -> dict[str, Any]:
        return {"programme_id": self.plans[one.programme], "group_id": self.groups[one.group]}

    def _facts(self) -> None:
        history, units, groups = self.history, self.units, self.groups
        edges = [
            {
                "unit_id": units[one.unit],
                "parent_id": units[one.parent],
                **_span(one),
                **_clock(one),
            }
            for one in history.edges
        ]
        members = [
            {"person_id": one.person, "group_id": groups[one.group], "unit_id": units[one.unit],
             **_span(one), **_clock(one)}
            for one in history.members
        ]  # fmt: skip
        declared = [
            {"unit_id": units[one.unit], "group_id": groups[one.group], "declared": one.number,
             **_span(one), **_clock(one)}
            for one in history.declared
        ]  # fmt: skip
        exempt = [
            {"person_id": one.person, **self._for(one), **_span(one), **_clock(one)}
            for one in history.exempt
        ]
        done = [
            {"person_id": one.person, "course_id": self.courses[one.course],
             "completed_on": _on(one.on), "valid_through": _on(one.through),
             "revoked_from": _on(one.revoked), "is_void": one.void, **_clock(one)}
            for one in history.done
        ]  # fmt: skip
        tables = (UnitParent, Membership, Headcount, Exemption, Completion)
        for model, rows in zip(tables, (edges, members, declared, exempt, done), strict=True):
            self._insert(model, rows)


def _span(one: Any) -> dict[str, Any]:
    return {"starts_on": _on(one.start), "ends_on": _on(one.end)}


def _clock(one: Any) -> dict[str, Any]:
    known = one.known
    retracted = None if known.retracted is None else instant_of(known.retracted)
    return {"recorded_at": instant_of(known.recorded), "retracted_at": retracted}
