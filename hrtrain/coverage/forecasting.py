"""The forecast's questions: what is to be expected of a programme's targets, and where. Read only.

The figures are `queries.standings` of the day, as known now. Statements grow with the number of
different days the programme's targets end on, with nothing else.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

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
    with_planned,
)
from hrtrain.coverage.lacking import people_lacking
from hrtrain.coverage.models import Programme
from hrtrain.coverage.planned import Planned, PlannedSession, planned_sessions
from hrtrain.coverage.queries import Look, Question, looks_of, settled, standings
from hrtrain.coverage.rules import Standing
from hrtrain.coverage.seats import Need, Room, Verdict, seats_needed, verdict_of
from hrtrain.coverage.states import Option, items_of
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
class Forecast:
    """What is to be expected of one target on a day, and what each unit would need by itself.

    ``sessions`` are the planned ones that count for it; ``courses`` the names of those that do.
    """

    day: date
    is_deadline_past: bool
    today: Standing
    whole: Outlook
    units: list[Outlook]
    sessions: list[PlannedSession]
    courses: dict[str, str]

    @property
    def units_seats(self) -> int | None:
        """The seats when every unit is to reach the percentage by itself; None where one cannot."""
        needs = [one.need for one in self.units if one.need]
        return sum(need.seats for need in needs) if all(n.is_possible for n in needs) else None


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
    day: date
    options: list[Option]
    known: _Known

    @property
    def codes(self) -> dict[int, str]:
        return {course.id: course.key for course in self.known.courses.values()}

    def met_by(self, session: PlannedSession) -> Items:
        return items_met(self.options, session.course_id, session.last_day)

    def meeting(self) -> list[tuple[int, int, str]]:
        """Which session meets which item, whoever organises it: a seat held is a seat."""
        sessions = self.known.planned.sessions
        return [
            (self.look.target.id, one.id, item) for one in sessions for item in self.met_by(one)
        ]

    def sessions(self) -> list[PlannedSession]:
        """The sessions to which more people may be sent, or were."""
        near = self.known.planned.sessions_for(self.look.target.scope_id)
        return [one for one in near if self.met_by(one)]

    def free(self) -> Room:
        """Free seats in them; a seat that meets less than another day's would is left out."""
        room: dict[Offer, int | None] = {}
        for one in self.sessions():
            offer = Offer(self.codes[one.course_id], self.met_by(one))
            before = room.get(offer, 0)
            room[offer] = None if one.free is None or before is None else before + one.free
        return room

    def outlook(self, then: Standing, people: Sequence[People], free: Room | None) -> Outlook:
        offers = offers_of(self.options, self.codes, self.known.today)
        items = frozenset(items_of(self.options))
        return Outlook(
            then=then,
            planned=with_planned(then, people),
            booked_count=sum(one.count for one in people if one.booked & one.missing),
            need=seats_needed(then, people, offers, items=items, free=free),
        )


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
        found.update(_forecasts_on(question, [_goal(look, day, known) for look in looks], known))
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
    return _Goal(look, day, options, known)


def _forecasts_on(
    question: Question, goals: Sequence[_Goal], known: _Known
) -> Iterator[tuple[str, Forecast]]:
    """The day's forecasts by group."""
    wholes = standings(replace(question, by="group"), plans=known.plans)
    parts = standings(question, plans=known.plans)
    places = _ids({row.unit for row in parts if row.unit})
    people = _people(question, goals)
    for goal in goals:
        group, here = goal.look.target.group, people.get(goal.look.target.id, [])
        by_place: dict[int, list[People]] = {}
        for one in here:
            by_place.setdefault(one.place, []).append(one)
        units = [
            goal.outlook(row, by_place.get(places[row.unit], []), None)
            for row in parts
            if row.group == group and row.unit
        ]
        (whole,) = [row for row in wholes if row.group == group]
        yield (
            group,
            Forecast(
                day=goal.day,
                is_deadline_past=(goal.look.target.deadline or known.today) < known.today,
                today=known.now[group],
                whole=goal.outlook(whole, here, goal.free()),
                units=units,
                sessions=goal.sessions(),
                courses={course.key: course.name for course in known.courses.values()},
            ),
        )


def _people(question: Question, goals: Sequence[_Goal]) -> dict[int, list[People]]:
    """The patterns of each target's people, by the target's number."""
    meeting = [row for goal in goals for row in goal.meeting()]
    items = {goal.look.target.id: frozenset(items_of(goal.options)) for goal in goals}
    found: dict[int, list[People]] = {}
    for one in people_lacking(question, [goal.look for goal in goals], meeting):
        missing = items[one.target_id] - one.met
        pattern = People(one.people, one.is_in_grace, missing, one.booked, one.place_id)
        found.setdefault(one.target_id, []).append(pattern)
    return found


def _ids(keys: Collection[str]) -> dict[str, int]:
    rows = db.session.execute(select(Unit.key, Unit.id).where(Unit.key.in_(keys)))
    return {row.key: row.id for row in rows}
