"""What is counted, out of the plans as known now: targets, their items apart, distinct people."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache

from sqlalchemy import delete, insert, select, update

from hrtrain.core.db import db
from hrtrain.core.period import OPEN_START, as_numbers
from hrtrain.coverage.asked import PlanOption, PlanTarget, read_plans
from hrtrain.coverage.derived.horizon import Horizon
from hrtrain.coverage.derived.tables import measure
from hrtrain.coverage.spans import Choice, Rule

Place = tuple[int, int, str]


@dataclass(frozen=True)
class Measure:
    """A thing counted over people: ``target_id`` 0 means a programme's distinct people."""

    programme_id: int
    target_id: int
    item: str
    group_id: int
    tiers: frozenset[str]
    rule: Rule
    id: int = 0

    @property
    def place(self) -> Place:
        """What identifies it beside its number."""
        return self.programme_id, self.target_id, self.item

    @property
    def is_people(self) -> bool:
        """Whether it counts a programme's distinct people."""
        return self.target_id == 0

    @property
    def is_whole(self) -> bool:
        """Whether it counts a target with all of its items."""
        return self.target_id != 0 and not self.item

    @property
    def text(self) -> str:
        """Everything its spans depend on beside people's facts; equal texts, equal spans."""
        return json.dumps([self.group_id, sorted(self.tiers), *self.rule])

    def passes(self, tier: str) -> bool:
        """Whether units of this tier are counted."""
        return not self.tiers or tier in self.tiers

    def is_asked(self, day: int) -> bool:
        """Whether the day asks anything."""
        choices = self.rule.choices
        return day >= self.rule.starts and any(one.starts <= day < one.ends for one in choices)


def measures_wanted(horizon: Horizon) -> list[Measure]:
    """The measures that the plans known now ask for, without their numbers."""
    plans = read_plans()
    found: list[Measure] = []
    for targets in plans.targets.values():
        wholes = []
        for target in targets:
            options = plans.options.get((target.programme_id, target.group_id), [])
            choices = tuple(sorted(_choice(row) for row in options if _is_known(row, horizon)))
            wholes.append(_measure(target, "", choices))
            items = sorted({choice.item for choice in choices})
            if len(items) > 1:
                found += [_measure(target, item, _of_item(choices, item)) for item in items]
        found += wholes
        if len(wholes) > 1:
            found.append(_people(wholes))
    return found


def _is_known(row: PlanOption, horizon: Horizon) -> bool:
    return horizon.knows(row.recorded_at, row.retracted_at)


def _choice(row: PlanOption) -> Choice:
    asked = as_numbers(row.starts_on, row.ends_on)
    return Choice(row.item, row.course_id, *asked, *as_numbers(row.accepts_from, row.accepts_to))


def _of_item(choices: Iterable[Choice], item: str) -> tuple[Choice, ...]:
    return tuple(choice for choice in choices if choice.item == item)


def _measure(target: PlanTarget, item: str, choices: tuple[Choice, ...]) -> Measure:
    starts = OPEN_START if target.starts_on is None else target.starts_on.toordinal()
    return Measure(
        programme_id=target.programme_id,
        target_id=target.id,
        item=item,
        group_id=target.group_id,
        tiers=frozenset(target.tiers.split()),
        rule=Rule(choices, starts, target.grace_days),
    )


def _people(wholes: list[Measure]) -> Measure:
    """A programme's distinct people; its rule is all of its targets' rules."""
    choices = tuple(Choice(whole.text, whole.target_id) for whole in wholes)
    return Measure(wholes[0].programme_id, 0, "", 0, frozenset(), Rule(choices))


def stored_measures() -> list[Measure]:
    """Every measure the tables hold, as it was when its spans were made."""
    columns = measure.c
    asked = select(columns.id, columns.programme_id, columns.target_id, columns.item, columns.rule)
    return [
        replace(_measure_of(text), id=number, programme_id=programme, target_id=target, item=item)
        for number, programme, target, item, text in db.session.connection().execute(asked)
    ]


def measure_ids() -> dict[int, int]:
    """The number of the measure of each target, with all of its items."""
    asked = select(measure.c.target_id, measure.c.id)
    whole = asked.where(measure.c.target_id != 0, measure.c.item == "")
    return {row[0]: row[1] for row in db.session.connection().execute(whole)}


@lru_cache(maxsize=1024)
def _measure_of(text: str) -> Measure:
    group_id, tiers, choices, starts, grace_days = json.loads(text)
    rule = Rule(tuple(Choice(*choice) for choice in choices), starts, grace_days)
    return Measure(0, 0, "", group_id, frozenset(tiers), rule)


@dataclass(frozen=True)
class Settled:
    """All measures after `settle`, those whose spans must be made anew, and those gone."""

    measures: list[Measure]
    stale: list[Measure]
    gone: list[int]
    new: list[int]

    @property
    def groups_concerned(self) -> set[int] | None:
        """The groups whose people may stand otherwise; None where that is a programme's all.

        A programme's distinct people change only with the people of the targets that changed,
        unless they were not counted before, or a target is gone.
        """
        if self.gone or any(one.is_people and one.id in self.new for one in self.stale):
            return None
        return {one.group_id for one in self.stale if not one.is_people}


def settle(horizon: Horizon) -> Settled:
    """Write the wanted measures; what changed must be counted anew."""
    connection = db.session.connection()
    stored = {one.place: one for one in stored_measures()}
    measures, stale, new = [], [], []
    for wanted in measures_wanted(horizon):
        known = stored.pop(wanted.place, None)
        if known is None:
            made = insert(measure).values(_row(wanted)).returning(measure.c.id)
            one = replace(wanted, id=connection.scalar(made))
            new.append(one.id)
        else:
            one = replace(wanted, id=known.id)
            if known.text != one.text:
                connection.execute(update(measure).where(measure.c.id == one.id).values(_row(one)))
        measures.append(one)
        if known is None or known.text != one.text:
            stale.append(one)
    gone = [one.id for one in stored.values()]
    connection.execute(delete(measure).where(measure.c.id.in_(gone)))
    return Settled(measures, stale, gone, new)


def _row(one: Measure) -> dict[str, object]:
    return {
        "programme_id": one.programme_id,
        "target_id": one.target_id,
        "item": one.item,
        "group_id": one.group_id,
        "rule": one.text,
    }
