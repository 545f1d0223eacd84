"""The forecast's questions: what is to be expected of a programme's targets, and where. Read only.

The figures are `queries.standings` of the day, as known now. Statements grow with the number of
different days the programme's targets end on, with nothing else.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property

from sqlalchemy import select

from hrtrain.core.db import db
from hrtrain.core.errors import Refusal
from hrtrain.core.language import gettext as _
from hrtrain.coverage.asked import Plans, read_plans
from hrtrain.coverage.forecast import (
    Items,
    Offer,
    People,
    forecast_day,
    items_met,
    lasting,
    offers_of,
    unbegun,
    with_planned,
)
from hrtrain.coverage.lacking import people_begun
from hrtrain.coverage.models import Programme
from hrtrain.coverage.planned import Planned, PlannedSession, planned_sessions
from hrtrain.coverage.queries import Look, Question, looks_of, settled, standings
from hrtrain.coverage.rules import Standing
from hrtrain.coverage.seats import Need, Room, Verdict, seats_needed, verdict_of
from hrtrain.coverage.states import Option, items_of
from hrtrain.coverage.transitions import Changes, changes_between
from hrtrain.training.models import Course
from hrtrain.units.models import Unit


@dataclass(frozen=True)
class Outlook:
    """One place on the day: if nothing more happens, and with the planned sessions held.

    ``booked_count`` of those who will not be trained hold a seat that meets something they lack;
    ``need`` is None where the plan states no percentage.
    """

    then: Standing
    planned: Standing
    booked_count: int
    need: Need | None

    @property
    def missing_count(self) -> int:
        """Who will not be trained: untrained, or still in grace."""
        return self.then.untrained + self.then.in_grace

    @property
    def verdict(self) -> Verdict:
        """What it comes to."""
        return verdict_of(self.then, self.need)


@dataclass(frozen=True)
class _Known:
    """What every target's forecast is made from."""

    today: date
    plans: Plans
    courses: Mapping[int, Course]
    planned: Planned
    now: Mapping[str, Standing]


@dataclass(frozen=True)
class _Goal:
    """A target on its day: its options cut to what still counts then, and what may meet them."""

    look: Look
    options: list[Option]
    known: _Known

    @cached_property
    def items(self) -> Items:
        return frozenset(items_of(self.options))

    @cached_property
    def codes(self) -> dict[int, str]:
        return {course.id: course.key for course in self.known.courses.values()}

    @cached_property
    def offers(self) -> list[Offer]:
        return offers_of(self.options, self.codes, self.known.today)

    @cached_property
    def met_by(self) -> dict[int, Items]:
        """The items met by each planned session that meets any."""
        sessions = self.known.planned.sessions
        met = {one.id: items_met(self.options, one.course_id, one.last_day) for one in sessions}
        return {number: items for number, items in met.items() if items}

    def meeting(self) -> list[tuple[int, int, str]]:
        """Which session meets which item, whoever organises it: a seat held is a seat."""
        target_id = self.look.target.id
        return [(target_id, one, item) for one, items in self.met_by.items() for item in items]

    def sessions(self) -> list[PlannedSession]:
        """The sessions to which more people may be sent, or were."""
        near = self.known.planned.sessions_for(self.look.target.scope_id)
        return [one for one in near if one.id in self.met_by]

    def free(self) -> Room:
        """Free seats in them; a seat that meets less than another day's would is left out."""
        room: dict[Offer, int | None] = {}
        for one in self.sessions():
            offer = Offer(self.codes[one.course_id], self.met_by[one.id])
            before = room.get(offer, 0)
            room[offer] = None if one.free is None or before is None else before + one.free
        return room

    def outlook(self, then: Standing, begun: Sequence[People], free: Room | None) -> Outlook:
        """What the place comes to; all but those who have begun lack everything."""
        people = [*begun, *unbegun(then, begun, self.items)]
        return Outlook(
            then=then,
            planned=with_planned(then, people),
            booked_count=sum(one.count for one in people if one.booked & one.missing),
            need=seats_needed(then, people, self.offers, items=self.items, free=free),
        )


@dataclass(frozen=True)
class Forecast:
    """What is to be expected of one target on a day, and what each unit would need by itself.

    ``sessions`` are the planned ones that count for it; ``courses`` the names of those that do.
    """

    day: date
    is_deadline_past: bool
    today: Standing
    whole: Outlook
    sessions: list[PlannedSession]
    courses: dict[str, str]
    _goal: _Goal = field(repr=False)
    _parts: list[tuple[Standing, list[People]]] = field(repr=False)

    @cached_property
    def units(self) -> list[Outlook]:
        """The units directly below, and the unit itself; worked out when asked for."""
        return [self._goal.outlook(then, people, None) for then, people in self._parts]

    @cached_property
    def changes(self) -> Changes | None:
        """What is known to change from today to the day; None where that cannot be told."""
        return changes_between(self._goal.look, self._goal.known.today, self.day)

    @property
    def units_seats(self) -> int | None:
        """The seats when every unit is to reach the percentage by itself; None where one cannot."""
        needs = [one.need for one in self.units if one.need]
        return sum(need.seats for need in needs) if all(n.is_possible for n in needs) else None


def forecasts(
    programme: str, today: date, *, unit: str | None = None, on: date | None = None
) -> list[Forecast]:
    """The forecast of each target of the programme, in the order of the groups' codes.

    ``on`` is the day chosen, refused when it is past; else each target has its own.
    """
    if on is not None and on < today:
        raise Refusal(_("Ngày dự báo không được trước hôm nay."), where=_("Dự báo đến ngày"))
    plans = read_plans(programme)
    targets = plans.targets_of(programme, None)
    if not targets:
        return []
    ends_on = db.session.scalar(select(Programme.ends_on).where(Programme.key == programme))
    days = {one.id: on or forecast_day(one.deadline, ends_on, today) for one in targets}
    known = _known(Question(programme, today, unit), plans, until=max(days.values()))
    found: dict[str, Forecast] = {}
    for day in sorted(set(days.values())):
        question = Question(programme, day, unit, by="unit")
        looks = [one for one in looks_of(settled(question), plans) if days[one.target.id] == day]
        goals = [_goal(look, day, known) for look in looks]
        found.update((one.today.group, one) for one in _forecasts_on(question, goals, known))
    return [found[one.group] for one in targets]


def _known(question: Question, plans: Plans, *, until: date) -> _Known:
    today = question.as_of
    courses = _courses(plans)
    scopes = {target.scope_id for rows in plans.targets.values() for target in rows}
    scope_ids = {scope_id for scope_id in scopes if scope_id is not None}
    planned = planned_sessions(list(courses), scope_ids, until=until, today=today)
    now = {row.group: row for row in standings(question, plans=plans)}
    return _Known(today, plans, courses, planned, now)


def _courses(plans: Plans) -> dict[int, Course]:
    wanted = {option.course_id for options in plans.options.values() for option in options}
    return {one.id: one for one in db.session.scalars(select(Course).where(Course.id.in_(wanted)))}


def _goal(look: Look, day: date, known: _Known) -> _Goal:
    months = {course.id: course.validity_months for course in known.courses.values()}
    options = [lasting(one, months[one.course_id], day) for one in look.options]
    return _Goal(look, options, known)


def _forecasts_on(question: Question, goals: Sequence[_Goal], known: _Known) -> Iterator[Forecast]:
    """The day's forecasts."""
    wholes = {row.group: row for row in standings(replace(question, by="group"), plans=known.plans)}
    rows = [row for row in standings(question, plans=known.plans) if row.unit]
    numbers = _ids({row.unit for row in rows if row.unit})
    parts = {
        goal.look.target.id: {
            numbers[row.unit]: row for row in rows if row.unit and row.group == _group(goal)
        }
        for goal in goals
    }
    begun = _begun(question, goals, parts)
    for goal in goals:
        here = begun.get(goal.look.target.id, {})
        everybody = [one for people in here.values() for one in people]
        yield Forecast(
            day=question.as_of,
            is_deadline_past=(goal.look.target.deadline or known.today) < known.today,
            today=known.now[_group(goal)],
            whole=goal.outlook(wholes[_group(goal)], everybody, goal.free()),
            sessions=goal.sessions(),
            courses={course.key: course.name for course in known.courses.values()},
            _goal=goal,
            _parts=[
                (row, here.get(number, [])) for number, row in parts[goal.look.target.id].items()
            ],
        )


def _group(goal: _Goal) -> str:
    return goal.look.target.group


def _begun(
    question: Question, goals: Sequence[_Goal], parts: Mapping[int, Collection[int]]
) -> dict[int, dict[int, list[People]]]:
    """The patterns of people who have begun, by target and place."""
    meeting = [row for goal in goals for row in goal.meeting()]
    items = {goal.look.target.id: goal.items for goal in goals}
    found: dict[int, dict[int, list[People]]] = {}
    for one in people_begun(question, [goal.look for goal in goals], meeting, parts):
        missing = items[one.target_id] - one.met
        pattern = People(one.people, one.is_in_grace, missing, one.booked)
        found.setdefault(one.target_id, {}).setdefault(one.place_id, []).append(pattern)
    return found


def _ids(keys: Collection[str]) -> dict[str, int]:
    rows = db.session.execute(select(Unit.key, Unit.id).where(Unit.key.in_(keys)))
    return {row.key: row.id for row in rows}
