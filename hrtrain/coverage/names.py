"""The names behind a figure: who is in a state, and why. Units are `units_lacking`'s part.

The people come from the very tables the figures are counted from, the spans or, live, from
`count.states`, so that names and numbers cannot differ. What explains a person is read for one
page of people at a time.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select

from hrtrain.core import clock
from hrtrain.core.db import db, holds_sql
from hrtrain.core.paging import SIZE, Page, page_of, read_cursor
from hrtrain.coverage import count
from hrtrain.coverage.asked import PlanTarget, read_plans
from hrtrain.coverage.derived.measures import measure_ids
from hrtrain.coverage.derived.people import Behind, Found, count_behind, rows_behind, rows_of
from hrtrain.coverage.derived.standing import is_ready
from hrtrain.coverage.models import Exemption
from hrtrain.coverage.queries import Look, Question, looks_of, settled, shape_and_values
from hrtrain.coverage.states import (
    Attempt,
    Evidence,
    Option,
    Reason,
    State,
    due_on,
    member_since,
    missing_items,
    reason_of,
    satisfying,
)
from hrtrain.people.models import Membership, Person
from hrtrain.training.models import Completion, Enrolment, TrainingSession
from hrtrain.units.models import Unit
from hrtrain.units.queries import names_on


@dataclass(frozen=True)
class PersonThere:
    """A person, and the unit of the day by its name of the day."""

    id: int
    key: str
    full_name: str
    sort_key: str
    birth_date: str
    position: str
    unit_key: str
    unit_name: str


@dataclass(frozen=True)
class Named(PersonThere):
    """A person behind a figure, in which state, and what explains the state.

    ``reason`` and ``missing`` are for untrained, ``completed_on`` and ``valid_through`` for
    trained, ``due_on`` for those in grace, ``exempt_by`` for exempt: a document's number.
    """

    state: State
    reason: Reason | None = None
    missing: tuple[str, ...] = ()
    completed_on: date | None = None
    valid_through: date | None = None
    due_on: date | None = None
    exempt_by: str = ""
    exempt_until: date | None = None


def people_behind(
    question: Question,
    states: Collection[State],
    *,
    within: Select[int] | None = None,
    after: str | None = None,
    size: int = SIZE,
    total: int | None = None,
) -> Page[Named]:
    """A page of the people of the question's one group in these states, in Vietnamese order.

    ``total`` spares counting them when it is known already.
    """
    return _page_of(_wanted(question, states, within, after, size), size, total)


def people_lacking(
    question: Question,
    gaps: int,
    *,
    within: Select[int] | None = None,
    after: str | None = None,
    size: int = SIZE,
    total: int | None = None,
) -> Page[Named]:
    """A page of those who have these gaps (`coverage.gaps`); nobody where gaps are not told."""
    wanted = _wanted(question, tuple(State), within, after, size)
    return _page_of(replace(wanted, gaps=gaps), size, total)


def count_among(question: Question, person_ids: Collection[int]) -> int:
    """How many of these people are in scope of the question's one group."""
    wanted = _wanted(question, tuple(State), None, None, 0)
    return found_by_name(replace(wanted, among=person_ids))[0]


def _wanted(
    question: Question,
    states: Collection[State],
    within: Select[int] | None,
    after: str | None,
    size: int,
) -> "Wanted":
    is_derived = question.known_at is None and is_ready()
    question = settled(question)
    (look,) = looks_of(question, read_plans(question.programme))
    place = read_cursor(after, str, int)
    return Wanted(question, look, states, within, place, size + 1, is_derived=is_derived)


def _page_of(wanted: "Wanted", size: int, total: int | None) -> Page[Named]:
    total, rows = found_by_name(wanted, total)
    page = page_of(rows, lambda row: (row.sort_key, row.id), size=size, total=total)
    return Page(explained(page.rows, wanted.look, wanted.question), page.after, total)


def everybody_behind(
    question: Question,
    states: Collection[State],
    *,
    within: Select[int] | None = None,
    gaps: int = 0,
) -> Iterator[Named]:
    """All of them, or those of them who have the gaps, for a sheet, read a thousand at a time."""
    after, total = None, None
    while True:
        more: Any = {"within": within, "after": after, "size": 1000, "total": total}
        if gaps:
            page = people_lacking(question, gaps, **more)
        else:
            page = people_behind(question, states, **more)
        yield from page.rows
        after, total = page.after, page.total
        if after is None:
            return


@dataclass(frozen=True)
class Wanted:
    """Which people, after which place in the order of names, and at most how many.

    ``among`` asks about these people alone; the question's day is settled.
    """

    question: Question
    look: Look
    states: Collection[State]
    within: Select[int] | None
    place: Any
    limit: int
    is_derived: bool
    among: Collection[int] | None = None
    gaps: int = 0


def found_by_name(wanted: Wanted, total: int | None = None) -> tuple[int, list[Found]]:
    """How many there are, and the rows."""
    return (_derived if wanted.is_derived else _live)(wanted, total)


def _derived(wanted: Wanted, total: int | None) -> tuple[int, list[Found]]:
    """Out of the spans."""
    look, measures = wanted.look, measure_ids()
    if not look.options or look.root_id is None or look.target.id not in measures:
        return 0, []
    behind = Behind(
        measures[look.target.id],
        look.root_id,
        wanted.question.as_of.toordinal(),
        wanted.states,
        wanted.within,
        wanted.gaps,
    )
    if wanted.among is not None:
        rows = rows_of(behind, wanted.among)
        return len(rows), rows
    total = count_behind(behind) if total is None else total
    return total, rows_behind(behind, total, wanted.place, wanted.limit) if total else []


def _live(wanted: Wanted, total: int | None) -> tuple[int, list[Found]]:
    """The same out of the facts."""
    prepared = shape_and_values([wanted.look], wanted.question)
    if prepared is None or wanted.gaps:
        return 0, []
    shape, values = prepared
    person = count.states(count.parts(shape, wanted.within))
    chosen: ColumnElement[bool] = count.state_of(person).in_(
        [state.value for state in wanted.states]
    )
    if wanted.among is not None:
        chosen = and_(chosen, person.c.person_id.in_(wanted.among))
    if total is None:
        total = db.session.scalar(select(func.count()).select_from(person).where(chosen), values)
    asked = _people(person, chosen).limit(wanted.limit)
    if wanted.place:
        asked = asked.where(_comes_after(*wanted.place))
    rows = db.session.execute(asked, values)
    return total or 0, [Found._make([*row[:-1], State(row[-1])]) for row in rows]


def _people(person: Any, chosen: ColumnElement[bool]) -> Select[Any]:
    return (
        select(Person.id, Person.key, Person.full_name, Person.sort_key, Person.birth_date)
        .add_columns(Person.position, person.c.unit_id, count.state_of(person))
        .join(person, person.c.person_id == Person.id)
        .where(chosen)
        .order_by(Person.sort_key, Person.id)
    )


def _comes_after(name: Any, person_id: Any) -> ColumnElement[bool]:
    return or_(Person.sort_key > name, and_(Person.sort_key == name, Person.id > person_id))


def explained(rows: Sequence[Found], look: Look, question: Question) -> list[Named]:
    """The rows with their units' names of the day and what explains each state."""
    if not rows:
        return []
    why = _Why(look, question, [row.id for row in rows])
    unit_ids = {row.unit_id for row in rows}
    names, keys = names_on(unit_ids, question.as_of), keys_of(unit_ids)
    return [
        Named(
            row.id,
            row.key,
            row.full_name,
            row.sort_key,
            row.birth_date,
            row.position,
            keys[row.unit_id],
            names[row.unit_id],
            row.state,
            **why.of(row.id, row.state),
        )
        for row in rows
    ]


class _Why:
    """What explains the states of some people: their facts, read at once, as known then."""

    def __init__(self, look: Look, question: Question, person_ids: list[int]) -> None:
        self.target, self.options = look.target, look.options
        self.day, self.known_at = question.as_of, question.known_at or clock.now()
        self.person_ids = person_ids
        self.completions = _completions(self.options, person_ids, self.known_at)
        self.attempts = _attempts(self.options, person_ids, self.day)
        self.memberships = _memberships(self.target, person_ids, self.known_at)
        self.exemptions = _exemptions(self.target, person_ids, self.day, self.known_at)

    def of(self, person_id: int, state: State) -> dict[str, Any]:
        """The fields of `Named` that explain the state."""
        if state is State.UNTRAINED:
            return self._untrained(person_id)
        if state is State.TRAINED:
            return self._trained(person_id)
        if state is State.EXEMPT:
            one = self.exemptions[person_id]
            return {"exempt_by": one.document_no or one.reason, "exempt_until": one.ends_on}
        since = member_since(self.memberships.get(person_id, ()), self.day)
        start, grace = self.target.starts_on, self.target.grace_days
        return {"due_on": due_on(since, start, grace) if since else None}

    def _untrained(self, person_id: int) -> dict[str, Any]:
        had = self.completions.get(person_id, [])
        tried = self.attempts.get(person_id, [])
        return {
            "reason": reason_of(self.options, had, tried, self.day),
            "missing": missing_items(self.options, had, self.day),
        }

    def _trained(self, person_id: int) -> dict[str, Any]:
        had = self.completions.get(person_id, [])
        met = satisfying(self.options, had, self.day).values()
        ends = [one.valid_through for one in met if one.valid_through]
        return {
            "completed_on": max((one.completed_on for one in met), default=None),
            "valid_through": min(ends, default=None),
        }


def _completions(
    options: Iterable[Option], person_ids: list[int], known_at: datetime
) -> dict[int, list[Evidence]]:
    rows = db.session.execute(
        select(Completion.person_id, Completion.course_id, Completion.completed_on)
        .add_columns(Completion.valid_through, Completion.revoked_from)
        .where(
            Completion.person_id.in_(person_ids),
            Completion.course_id.in_({option.course_id for option in options}),
            Completion.is_void.is_(False),
            Completion.known_at(known_at),
        )
    )
    found: dict[int, list[Evidence]] = {}
    for person_id, *facts in rows:
        found.setdefault(person_id, []).append(Evidence(*facts))
    return found


def _attempts(
    options: Iterable[Option], person_ids: list[int], day: date
) -> dict[int, list[Attempt]]:
    rows = db.session.execute(
        select(Enrolment.person_id, TrainingSession.course_id, Enrolment.state)
        .add_columns(TrainingSession.ends_on)
        .join(TrainingSession, TrainingSession.id == Enrolment.training_session_id)
        .where(
            Enrolment.person_id.in_(person_ids),
            # As below: else every session of the course is read, and asked of each person.
            (TrainingSession.course_id + 0).in_({option.course_id for option in options}),
        )
    )
    found: dict[int, list[Attempt]] = {}
    for person_id, course_id, state, ends_on in rows:
        found.setdefault(person_id, []).append(Attempt(course_id, state, ends_on <= day))
    return found


def _memberships(
    target: PlanTarget, person_ids: list[int], known_at: datetime
) -> dict[int, list[tuple[date, date | None]]]:
    rows = db.session.execute(
        select(Membership.person_id, Membership.starts_on, Membership.ends_on).where(
            Membership.person_id.in_(person_ids),
            # A sum is in no index: SQLite would read the whole group for these few people.
            Membership.group_id + 0 == target.group_id,
            Membership.known_at(known_at),
        )
    )
    found: dict[int, list[tuple[date, date | None]]] = {}
    for person_id, starts_on, ends_on in rows:
        found.setdefault(person_id, []).append((starts_on, ends_on))
    return found


def _exemptions(
    target: PlanTarget, person_ids: list[int], day: date, known_at: datetime
) -> dict[int, Exemption]:
    asked = select(Exemption).where(
        Exemption.person_id.in_(person_ids),
        Exemption.programme_id == target.programme_id,
        Exemption.group_id == target.group_id,
        Exemption.known_at(known_at),
        holds_sql(Exemption.starts_on, Exemption.ends_on, day),
    )
    return {row.person_id: row for row in db.session.scalars(asked)}


def keys_of(unit_ids: Iterable[int]) -> dict[int, str]:
    """The keys of the units by their numbers."""
    rows = db.session.execute(select(Unit.id, Unit.key).where(Unit.id.in_(list(unit_ids))))
    return {row.id: row.key for row in rows}
