"""The people behind a figure, out of the spans: a page in Vietnamese order, or how many they are.

Two ways to a page. Where few people are behind the figure they are all found, unit by unit below
the root, and sorted. Where many are, people are walked in the order of their names until the page
is full. The first costs the number of people found, the second the people walked past.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import CTE, Select, and_, func, literal_column, or_, select

from hrtrain.core.db import db
from hrtrain.core.period import OPEN_END, OPEN_START
from hrtrain.coverage.derived.tables import EVERYWHERE, span
from hrtrain.coverage.spans import EXEMPT, IN_GRACE, TRAINED, UNTRAINED
from hrtrain.coverage.states import State
from hrtrain.people.models import Person
from hrtrain.units.models import Unit, unit_closure

STATES = {
    State.EXEMPT: EXEMPT,
    State.TRAINED: TRAINED,
    State.IN_GRACE: IN_GRACE,
    State.UNTRAINED: UNTRAINED,
}
STATE_OF = {number: state for state, number in STATES.items()}
# A state's number lies below this, so that unit and state fit into the one value of a subquery.
_PACKED = 16


@dataclass(frozen=True)
class Behind:
    """A measure on a day, below a root (`EVERYWHERE`: all), within some units, in some states."""

    measure_id: int
    root_id: int
    day: int
    states: Collection[State]
    within: Select[int] | None = None
    gaps: int = 0
    """Only days marked with all of these (`coverage.gaps`)."""

    def holds(self) -> Any:
        """SQL: the span is one of these on the day."""
        numbers = [STATES[state] for state in self.states]
        here = and_(
            span.c.measure_id == self.measure_id,
            span.c.state.in_(numbers),
            span.c.starts.between(OPEN_START, self.day),
            span.c.ends.between(self.day + 1, OPEN_END),
        )
        if self.gaps:
            # Said twice: the first is what SQLite finds the few marked spans' index by.
            marked = span.c.gaps.op("&")(self.gaps) == self.gaps
            here = and_(here, span.c.gaps > literal_column("0"), marked)
        return here if self.within is None else and_(here, span.c.unit_id.in_(self.within))

    def places(self) -> Any:
        """The units below the root, which the spans are joined to."""
        if self.root_id == EVERYWHERE:
            every = select(Unit.id.label("unit_id"))
            if self.within is not None:
                every = every.where(Unit.id.in_(self.within))
            return every.subquery("places")
        link = unit_closure.c
        below = select(link.descendant_id.label("unit_id")).where(
            link.ancestor_id == self.root_id, link.starts <= self.day, link.ends > self.day
        )
        return below.subquery("places")


class Found(NamedTuple):
    """A person, with the unit and the state of the day."""

    id: int
    key: str
    full_name: str
    sort_key: str
    birth_date: str
    position: str
    unit_id: int
    state: State


def count_behind(behind: Behind) -> int:
    """How many they are."""
    found = _found(behind)
    return db.session.scalar(select(func.count(found.c.person_id))) or 0


def _found(behind: Behind) -> CTE:
    """Who they are, unit by unit; a unit without any gives an empty row.

    The outer join, taken as it stands, keeps SQLite from reading every span of the measure first.
    """
    places = behind.places()
    here = and_(span.c.unit_id == places.c.unit_id, behind.holds())
    asked = select(span.c.person_id, span.c.unit_id, span.c.state)
    found = asked.select_from(places.outerjoin(span, here))
    return found.cte("found").prefix_with("MATERIALIZED")


def rows_behind(
    behind: Behind, expected: int, place: tuple[str, int] | None, limit: int
) -> list[Found]:
    """So many of them after the place, by name; ``expected``: how many there are at all."""
    people = db.session.scalar(select(func.max(Person.id))) or 0
    is_few = expected * expected < people * limit
    return _by_place(behind, place, limit) if is_few else _by_name(behind, place, limit)


def _by_place(behind: Behind, place: tuple[str, int] | None, limit: int) -> list[Found]:
    found = _found(behind)
    # Through a function no index gives the order: SQLite would walk all people by name for it.
    name = func.coalesce(Person.sort_key, "")
    asked = (
        select(*_PERSON, found.c.unit_id, found.c.state)
        .join(found, found.c.person_id == Person.id)
        .order_by(name, Person.id)
        .limit(limit)
    )
    if place is not None:
        asked = asked.where(or_(name > place[0], and_(name == place[0], Person.id > place[1])))
    rows = db.session.execute(asked)
    return [Found._make([*row[:-1], STATE_OF[row[-1]]]) for row in rows]


def rows_of(behind: Behind, person_ids: Collection[int]) -> list[Found]:
    """Those of these people who are behind the figure."""
    asked = (
        select(*_PERSON, span.c.unit_id, span.c.state)
        .join(span, span.c.person_id == Person.id)
        .where(Person.id.in_(person_ids), behind.holds())
        .order_by(Person.sort_key, Person.id)
    )
    if behind.root_id != EVERYWHERE:
        asked = asked.join(unit_closure, _lies_below(behind))
    return [Found._make([*row[:-1], STATE_OF[row[-1]]]) for row in db.session.execute(asked)]


def _lies_below(behind: Behind) -> Any:
    link = unit_closure.c
    return and_(
        link.ancestor_id == behind.root_id,
        link.descendant_id == span.c.unit_id,
        link.starts <= behind.day,
        link.ends > behind.day,
    )


def _by_name(behind: Behind, place: tuple[str, int] | None, limit: int) -> list[Found]:
    """A scalar subquery for each person walked by: both engines then keep to the names' order."""
    here = select(span.c.unit_id * _PACKED + span.c.state).where(
        span.c.person_id == Person.id, behind.holds()
    )
    if behind.root_id != EVERYWHERE:
        here = here.join(unit_closure, _lies_below(behind))
    packed = here.limit(1).correlate(Person).scalar_subquery()
    asked = (
        select(*_PERSON, packed)
        .where(packed.is_not(None))
        .order_by(Person.sort_key, Person.id)
        .limit(limit)
    )
    if place is not None:
        later = and_(Person.sort_key == place[0], Person.id > place[1])
        asked = asked.where(Person.sort_key >= place[0], or_(Person.sort_key > place[0], later))
    rows = db.session.execute(asked)
    return [
        Found._make([*row[:-1], row[-1] // _PACKED, STATE_OF[row[-1] % _PACKED]]) for row in rows
    ]


_PERSON = (
    Person.id,
    Person.key,
    Person.full_name,
    Person.sort_key,
    Person.birth_date,
    Person.position,
)


def standings_of_person(person_id: int, day: int) -> dict[int, tuple[int, State]]:
    """The person's unit and state on the day by measure, scopes not looked at."""
    asked = select(span.c.measure_id, span.c.unit_id, span.c.state).where(
        span.c.person_id == person_id,
        span.c.state <= UNTRAINED,
        span.c.starts <= day,
        span.c.ends > day,
    )
    return {row[0]: (row[1], STATE_OF[row[2]]) for row in db.session.execute(asked)}
