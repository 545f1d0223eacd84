"""Figures through time: on many days at once, and on the days on which they change.

Out of the ledger the days cost one statement together. As known at an instant, by unit, or while
the derived tables do not hold, each day is counted by itself: the same figures, more slowly.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import or_, select

from hrtrain.core import clock
from hrtrain.core.db import db
from hrtrain.core.period import OPEN_END, as_numbers, holds
from hrtrain.coverage import count
from hrtrain.coverage.asked import Plans, PlanTarget, read_plans
from hrtrain.coverage.derived.measures import measure_ids
from hrtrain.coverage.derived.reading import Place, counts_at
from hrtrain.coverage.derived.standing import is_ready
from hrtrain.coverage.derived.through_time import days_of_change
from hrtrain.coverage.drawing import Outline
from hrtrain.coverage.queries import NOTHING, Look, Question, RowUnit, standing_of, standings
from hrtrain.coverage.rules import Standing
from hrtrain.coverage.steps import Counts
from hrtrain.units.models import Unit, UnitName, unit_closure

Points = list[tuple[date, list[Standing]]]
Link = tuple[int, int]
Names = dict[int, tuple[str, str, list[tuple[date | None, date | None, str]]]]
"""A unit's key, its newest name, and its names with their periods."""


@dataclass(frozen=True)
class Changes:
    """Standings on the days on which they changed, between a first and a last day shown too."""

    points: Points
    is_cut: bool = False
    """Whether earlier changes were left out, because there were more than asked for."""


def trend(question: Question, days: Iterable[date], *, plans: Plans | None = None) -> Points:
    """What `standings` answers on each of the days."""
    if not _is_ledgered(question):
        return _day_by_day(question, days)
    through = _Through(question, plans or read_plans(question.programme))
    return through.standings(list(days))


def outlines(question: Question, days: Sequence[date], plans: Plans) -> list[Outline]:
    """What small trends are drawn from, target by target, for a question that `is_quick`."""
    return list(_Through(question, plans).outlines(days))


def is_quick(question: Question) -> bool:
    """Whether many days cost little, and the days of change are known."""
    return _is_ledgered(question)


def changes(question: Question, first: date, last: date, most: int) -> Changes | None:
    """The standings from the first day on at each change until the last day, newest ``most``.

    None where the days of change are not known: as known earlier, or without derived tables.
    """
    if not _is_ledgered(question):
        return None
    through = _Through(question, read_plans(question.programme))
    days = through.days_of_change(first, last, most + 1)
    is_cut = len(days) > most
    shown = [*days[-most:], last] if is_cut else [first, *days, last]
    points = through.standings(sorted(set(shown)))
    return Changes([*_changing(points[:-1]), *points[-1:]], is_cut)


def change_days(question: Question, first: date, last: date, most: int = 10_000) -> list[date]:
    """The days after the first until the last on which a figure is not that of the day before."""
    found = changes(question, first, last, most)
    return [] if found is None else [day for day, _rows in _changing(found.points)[1:]]


def _is_ledgered(question: Question) -> bool:
    return question.known_at is None and question.by == "group" and is_ready()


def _day_by_day(question: Question, days: Iterable[date]) -> Points:
    plans = read_plans(question.programme)
    asked = [replace(question, as_of=day) for day in days]
    return [(one.as_of, standings(one, plans=plans)) for one in asked]


def _changing(points: Points) -> Points:
    """Without the days on which everything is as on the day before them in the list."""
    kept: Points = []
    for point in points:
        if not kept or _figures(kept[-1][1]) != _figures(point[1]):
            kept.append(point)
    return kept


def _figures(rows: list[Standing]) -> list[Standing]:
    """Whether zeros were asked for is no figure."""
    return [replace(row, is_asked=True) for row in rows]


class _Through:
    """A question's targets through time: where each is counted on a day, and under what name."""

    def __init__(self, question: Question, plans: Plans) -> None:
        self.plans, self.now = plans, clock.now()
        self.targets = plans.targets_of(question.programme, question.group)
        self.unit_id = None if question.unit is None else plans.unit_id(question.unit)
        self.measures = measure_ids()
        scopes = {target.scope_id for target in self.targets if target.scope_id is not None}
        self.links = {} if self.unit_id is None else _links(self.unit_id, scopes)
        self.names = _names(scopes if self.unit_id is None else {self.unit_id})

    def standings(self, days: Sequence[date]) -> Points:
        """The rows of each day, in the order of the targets."""
        looks, counted = self._counted(days)
        return [(day, [self._row(look, day, counted) for look in looks[day]]) for day in days]

    def outlines(self, days: Sequence[date]) -> Iterator[Outline]:
        """Each target's percentages; a whole standing only where it is shown."""
        looks, counted = self._counted(days)
        for of_target in zip(*(looks[day] for day in days), strict=True):
            asked = list(zip(of_target, days, strict=True))
            percents = tuple(self._percent(look, day, counted) for look, day in asked)
            begins = [n for n, percent in enumerate(percents) if percent is not None][:1]
            first = self._row(*asked[begins[0]], counted) if begins else None
            yield Outline(self._row(*asked[-1], counted), first, percents)

    def _counted(
        self, days: Sequence[date]
    ) -> tuple[dict[date, list[Look]], Mapping[Place, Counts]]:
        looks = {day: [self._look(target, day) for target in self.targets] for day in days}
        places = {place for day in days for look in looks[day] for place in self._place(look, day)}
        return looks, counts_at(places)

    def _percent(self, look: Look, day: date, counted: Mapping[Place, Counts]) -> float | None:
        for place in self._place(look, day):
            in_scope, exempt, in_grace, trained, *_more = counted.get(place, NOTHING)
            required = in_scope - exempt - in_grace
            return 100 * trained / required if required else None
        return None

    def _look(self, target: PlanTarget, day: date) -> Look:
        options = self.plans.options_on(target, day, self.now)
        base_id = target.scope_id or count.EVERYWHERE
        if self.unit_id is None:
            return Look(target, options, base_id, base_id)
        return Look(target, options, self.unit_id, self._root(target.scope_id, day.toordinal()))

    def _root(self, scope_id: int | None, day: int) -> int | None:
        """Where the unit's and the scope's subtrees meet on the day."""
        assert self.unit_id is not None
        if scope_id is None or self._lies_below(scope_id, self.unit_id, day):
            return self.unit_id
        return scope_id if self._lies_below(self.unit_id, scope_id, day) else None

    def _lies_below(self, above: int, below: int, day: int) -> bool:
        periods = self.links.get((above, below), ())
        return above == below or any(starts <= day < ends for starts, ends in periods)

    def _place(self, look: Look, day: date) -> Iterable[Place]:
        measure = self.measures.get(look.target.id)
        if look.options and look.root_id is not None and measure is not None:
            yield measure, look.root_id, day.toordinal()

    def _row(self, look: Look, day: date, counted: Mapping[Place, Counts]) -> Standing:
        unit = self._unit_on(look.base_id, day)
        counts = [counted[place] for place in self._place(look, day) if place in counted]
        return standing_of(look, unit, {(look.target.id, unit.id): one for one in counts})  # noqa: B035

    def _unit_on(self, unit_id: int, day: date) -> RowUnit:
        if unit_id == count.EVERYWHERE:
            return RowUnit(unit_id, "", "")
        key, newest, periods = self.names[unit_id]
        names = (name for starts_on, ends_on, name in periods if holds(starts_on, ends_on, day))
        return RowUnit(unit_id, key, next(names, newest))

    def days_of_change(self, first: date, last: date, most: int) -> list[date]:
        """The newest days on which a figure may change, the earliest first."""
        roots = {target.scope_id or count.EVERYWHERE for target in self.targets}
        if self.unit_id is not None:
            roots.add(self.unit_id)
        measures = {self.measures[one.id] for one in self.targets if one.id in self.measures}
        after, until = first.toordinal() + 1, last.toordinal()
        found = days_of_change(measures, roots, (after, until), most)
        found |= {day for day in self._days_of_plans() if after <= day <= until}
        return [date.fromordinal(day) for day in sorted(found)][-most:]

    def _days_of_plans(self) -> set[int]:
        """The days on which something else is asked, or a scope lies elsewhere."""
        found = {day for periods in self.links.values() for period in periods for day in period}
        for target in self.targets:
            if target.starts_on is not None:
                found.add(target.starts_on.toordinal())
            for row in self.plans.options.get((target.programme_id, target.group_id), ()):
                found.update(as_numbers(row.starts_on, row.ends_on))
        return found - {OPEN_END}


def _links(unit_id: int, scopes: set[int]) -> dict[Link, list[tuple[int, int]]]:
    """On which days the unit lies below a scope, or a scope below the unit."""
    link = unit_closure.c
    asked = select(link.ancestor_id, link.descendant_id, link.starts, link.ends).where(
        or_(
            (link.ancestor_id == unit_id) & link.descendant_id.in_(scopes),
            (link.descendant_id == unit_id) & link.ancestor_id.in_(scopes),
        )
    )
    found: dict[Link, list[tuple[int, int]]] = {}
    for above, below, starts, ends in db.session.connection().execute(asked):
        found.setdefault((above, below), []).append((starts, ends))
    return found


def _names(unit_ids: set[int]) -> Names:
    """What the units were called through time, as known now."""
    name = UnitName
    known = (name.unit_id == Unit.id) & name.known_at(clock.now())
    asked = (
        select(Unit.id, Unit.key, Unit.name, name.starts_on, name.ends_on, name.name)
        .outerjoin(name, known)
        .where(Unit.id.in_(unit_ids))
    )
    found: Names = {}
    for unit_id, key, newest, starts_on, ends_on, called in db.session.connection().execute(asked):
        periods = found.setdefault(unit_id, (key, newest, []))[2]
        if called is not None:
            periods.append((starts_on, ends_on, called))
    return found
