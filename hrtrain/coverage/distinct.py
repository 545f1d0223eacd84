"""A programme's people, each counted once however many of its groups they are in.

Of the targets that count a person in the place asked about, the worst state is the person's:
untrained for any is untrained; else trained for any is trained; else in grace, else exempt.
The sum of the groups counts such a person once for each group; these are two figures.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Integer, bindparam, case, func, literal_column, or_, select

from hrtrain.core import inline
from hrtrain.core.db import db
from hrtrain.coverage import count
from hrtrain.coverage.asked import Plans, read_plans
from hrtrain.coverage.derived.measures import measure_ids
from hrtrain.coverage.derived.reading import counts_at
from hrtrain.coverage.derived.standing import is_ready
from hrtrain.coverage.derived.tables import measure, span
from hrtrain.coverage.queries import Look, Question, looks_of, settled, shape_and_values
from hrtrain.coverage.rules import Standing, shown_rate
from hrtrain.coverage.spans import EXEMPT, IN_GRACE, SHARED, TRAINED, UNTRAINED
from hrtrain.coverage.states import State
from hrtrain.units.models import unit_closure

WORST_LAST = (EXEMPT, IN_GRACE, TRAINED, UNTRAINED)
_RANK = {state: rank for rank, state in enumerate(WORST_LAST, 1)}
_BY_NAME = {
    State.EXEMPT: EXEMPT,
    State.IN_GRACE: IN_GRACE,
    State.TRAINED: TRAINED,
    State.UNTRAINED: UNTRAINED,
}


@dataclass(frozen=True)
class People:
    """How many persons are in each state, each of them once."""

    exempt: int = 0
    in_grace: int = 0
    trained: int = 0
    untrained: int = 0

    @property
    def in_scope(self) -> int:
        """Everybody."""
        return self.exempt + self.in_grace + self.required

    @property
    def required(self) -> int:
        """Those below the line."""
        return self.trained + self.untrained

    @property
    def rate(self) -> str | None:
        """The shown rate; no target speaks of it."""
        return shown_rate(self.trained, self.required)


def sum_of_groups(standings: Iterable[Standing]) -> People:
    """The groups added up: who is in two groups counts twice."""
    rows = list(standings)
    return People(
        exempt=sum(row.exempt for row in rows),
        in_grace=sum(row.in_grace for row in rows),
        trained=sum(row.trained for row in rows),
        untrained=sum(row.untrained for row in rows),
    )


def people_of_programme(question: Question, *, plans: Plans | None = None) -> People:
    """The persons whom the targets of the question's programme count in its place on its day."""
    plans = plans or read_plans(question.programme)
    is_ledgered = question.known_at is None and is_ready()
    question = replace(settled(question), by="group")
    looks = looks_of(question, plans)
    looks = [look for look in looks if look.options and look.root_id is not None]
    if not looks:
        return People()
    return _from_tables(question, looks) if is_ledgered else _live(question, looks)


def _people(by_state: Counter[int]) -> People:
    return People(by_state[EXEMPT], by_state[IN_GRACE], by_state[TRAINED], by_state[UNTRAINED])


def _from_tables(question: Question, looks: Sequence[Look]) -> People:
    measures, day = measure_ids(), question.as_of.toordinal()
    asked = [(measures[one.target.id], one.root_id or 0) for one in looks]
    if len(asked) == 1:
        return _people(_ledgered(*asked[0], day))
    whole = _whole_measure(looks[0].target.programme_id)
    roots = {root_id for _measure, root_id in asked}
    if len(roots) == 1 and whole is not None and question.group is None:
        (root_id,) = roots
        found = _ledgered(whole, root_id, day)
        found.subtract(_shared_states(whole, root_id, day))
        found.update(_worst_of_spans(asked, day, shared_in=whole))
        return _people(found)
    return _people(_worst_of_spans(asked, day))


def _whole_measure(programme_id: int) -> int | None:
    """The number of the measure of the programme's distinct people."""
    asked = select(measure.c.id).where(
        measure.c.programme_id == programme_id, measure.c.target_id == 0
    )
    return db.session.connection().scalar(asked)


def _ledgered(measure_id: int, root_id: int, day: int) -> Counter[int]:
    """People by state: whoever is at several units on the day once at each."""
    place = (measure_id, root_id, day)
    in_scope, exempt, in_grace, trained, *_more = counts_at([place]).get(place, (0,) * 6)
    untrained = in_scope - exempt - in_grace - trained
    return Counter({EXEMPT: exempt, IN_GRACE: in_grace, TRAINED: trained, UNTRAINED: untrained})


# Spelt out, not a parameter, so that SQLite finds the index of these few rows.
_IS_SHARED = span.c.state > literal_column(str(SHARED))


def _holds(row: Any) -> Any:
    day = bindparam("day", type_=Integer)
    return (row.c.starts <= day) & (row.c.ends > day)


def _shared_states(measure_id: int, root_id: int, day: int) -> Counter[int]:
    """The states, as the ledger counted them, of people at several units."""
    link = unit_closure
    lies_below = (link.c.descendant_id == span.c.unit_id) & (link.c.ancestor_id == root_id)
    asked = (
        select(span.c.state - SHARED, func.count())
        .where(span.c.measure_id == measure_id, _IS_SHARED, _holds(span))
        .group_by(span.c.state)
    )
    if root_id != count.EVERYWHERE:
        asked = asked.join(link, lies_below & _holds(link))
    rows = db.session.connection().execute(asked, {"day": day})
    return Counter({row[0]: row[1] for row in rows})


def _worst_of_spans(
    asked: Iterable[tuple[int, int]], day: int, *, shared_in: int | None = None
) -> Counter[int]:
    """Each person's worst state of these measures below their roots; or only of people shared."""
    given = {"asked": inline.rows(asked), "day": day, "whole": shared_in}
    statement = _worst(only_shared=shared_in is not None)
    rows = db.session.connection().execute(statement, given)
    return Counter({WORST_LAST[rank - 1]: people for rank, people in rows})


@inline.built_once
def _worst(*, only_shared: bool) -> Any:
    asked, link = inline.table("asked", "measure", "root"), unit_closure.alias("link")
    one = span.alias("one")
    lies_below = (
        (link.c.ancestor_id == asked.c.root)
        & (link.c.descendant_id == one.c.unit_id)
        & _holds(link)
    )
    source = one.join(asked, asked.c.measure == one.c.measure_id).outerjoin(link, lies_below)
    rank = case(_RANK, value=one.c.state)
    person = (
        select(func.max(rank).label("rank"))
        .select_from(source)
        .where(_holds(one), or_(asked.c.root == count.EVERYWHERE, link.c.starts.is_not(None)))
        .group_by(one.c.person_id)
    )
    if only_shared:
        shared = select(span.c.person_id).where(
            span.c.measure_id == bindparam("whole", type_=Integer), _IS_SHARED, _holds(span)
        )
        person = person.where(one.c.person_id.in_(shared))
    worst = person.subquery("worst")
    return select(worst.c.rank, func.count()).group_by(worst.c.rank)


def _live(question: Question, looks: Sequence[Look]) -> People:
    """Counted from the facts, as known at the question's instant."""
    prepared = shape_and_values(looks, question)
    if prepared is None:
        return People()
    shape, values = prepared
    person = count.states(count.parts(shape))
    rank = case(
        {state.value: _RANK[number] for state, number in _BY_NAME.items()},
        value=count.state_of(person),
    )
    worst = select(func.max(rank).label("rank")).group_by(person.c.person_id).subquery("worst")
    asked = select(worst.c.rank, func.count()).group_by(worst.c.rank)
    rows = db.session.connection().execute(asked, values)
    return _people(Counter({WORST_LAST[rank - 1]: people for rank, people in rows}))
