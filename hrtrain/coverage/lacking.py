"""Who will not be trained on a day, counted by what they lack and what they are booked for.

The database groups people into patterns, so that a nation is handed over in as many rows as it
has different cases, not people. Which of them a figure counts is `count.states`' part.
"""

from collections.abc import Collection, Iterator, Sequence
from typing import Any, NamedTuple

from sqlalchemy import (
    CTE,
    BigInteger,
    ColumnElement,
    Integer,
    Select,
    and_,
    cast,
    func,
    literal,
    null,
    select,
    union_all,
)

from hrtrain.core import inline
from hrtrain.core.db import db
from hrtrain.coverage import count
from hrtrain.coverage.queries import Look, Question, settled, shape_and_values
from hrtrain.coverage.states import State, items_of
from hrtrain.training.models import Completion, Enrolment
from hrtrain.training.rules import EnrolmentState


class Lacking(NamedTuple):
    """So many people of a target at a place, the items they have met and those booked for."""

    target_id: int
    place_id: int
    is_in_grace: bool
    met: frozenset[str]
    booked: frozenset[str]
    people: int


def people_lacking(
    question: Question, looks: Sequence[Look], meeting: Collection[tuple[int, int, str]]
) -> Iterator[Lacking]:
    """The people in the looks who are not trained on the question's day, by unit if it asks so.

    ``meeting`` says which planned session meets which item: (target, session, item). Everybody
    booked there is taken as completing it, but those already marked absent.
    """
    prepared = shape_and_values(looks, settled(question))
    if prepared is None:
        return
    shape, values = prepared
    items = {look.target.id: items_of(look.options) for look in looks}
    rows = [(target, session, items[target].index(item)) for target, session, item in meeting]
    lead = {look.target.id: look.child_id for look in looks}
    asked = {**values, "meeting": inline.rows(rows)}
    for target, place, new, met, booked, people in db.session.execute(_patterns(shape), asked):
        names = items[target]
        yield Lacking(
            target_id=target,
            place_id=lead[target] or place,
            is_in_grace=bool(new),
            met=_items(names, int(met)),
            booked=_items(names, int(booked)),
            people=people,
        )


def _items(names: Sequence[str], bits: int) -> frozenset[str]:
    return frozenset(name for number, name in enumerate(names) if bits >> number & 1)


def _bit(number: Any) -> ColumnElement[int]:
    return literal(1, BigInteger).bitwise_lshift(number)


def _patterns(shape: count.Shape) -> Select[Any]:
    """A row for each target, place, state, set of items met and set of items booked."""
    given = count.parts(shape)
    lacking = _not_trained(given)
    person = _findings(lacking, _met(lacking, given), _booked(lacking)).c
    pattern = (person.target_id, person.bucket_id, person.new, person.met, person.booked)
    return select(*pattern, func.count()).group_by(*pattern)


def _not_trained(given: count.Parts) -> CTE:
    """Target, person, bucket, and whether in grace: all that is asked of the count."""
    person = count.states(given)
    state = count.state_of(person)
    return (
        select(person.c.target_id, person.c.person_id, person.c.bucket_id, person.c.new)
        .where(state.in_([State.IN_GRACE.value, State.UNTRAINED.value]))
        .cte("lacking")
    )


def _met(lacking: CTE, given: count.Parts) -> Select[Any]:
    """The items met in part, a row each completion."""
    options = given.options
    return (
        select(lacking.c.target_id, lacking.c.person_id)
        .add_columns(_bit(options.c.item_no - 1).label("met"))
        .join(options, options.c.target_id == lacking.c.target_id)
        .join(
            Completion,
            and_(Completion.person_id == lacking.c.person_id, count.counting(options)),
        )
    )


def _booked(lacking: CTE) -> Select[Any]:
    """The items that seats held will meet, a row each."""
    meeting = inline.table("meeting", "target_id", "training_session_id", "position")
    return (
        select(lacking.c.target_id, lacking.c.person_id)
        .add_columns(_bit(meeting.c.position).label("booked"))
        .join(Enrolment, Enrolment.person_id == lacking.c.person_id)
        .join(
            meeting,
            and_(
                meeting.c.training_session_id == Enrolment.training_session_id,
                meeting.c.target_id == lacking.c.target_id,
            ),
        )
        .where(
            Enrolment.state == EnrolmentState.BOOKED,
            Enrolment.attended.is_distinct_from(False),
        )
    )


def _findings(lacking: CTE, met: Select[Any], booked: Select[Any]) -> Any:
    """A row a person: findings are stacked and grouped, as in the count, not joined."""
    none = cast(null(), BigInteger)
    unknown = [cast(null(), Integer), cast(null(), Integer)]
    stacked = union_all(
        select(*lacking.c).add_columns(none.label("met"), none.label("booked")),
        _stacked(met, unknown, [met.selected_columns.met, none]),
        _stacked(booked, unknown, [none, booked.selected_columns.booked]),
    ).subquery("stacked")
    found = stacked.c
    nothing = literal(0, BigInteger)
    return (
        select(found.target_id, found.person_id)
        .add_columns(func.max(found.bucket_id).label("bucket_id"), func.max(found.new).label("new"))
        .add_columns(func.coalesce(func.sum(found.met.distinct()), nothing).label("met"))
        .add_columns(func.coalesce(func.sum(found.booked.distinct()), nothing).label("booked"))
        .group_by(found.target_id, found.person_id)
        .subquery("person")
    )


def _stacked(rows: Select[Any], unknown: list[Any], bits: list[Any]) -> Select[Any]:
    target_id, person_id, *_bits = rows.selected_columns
    return rows.with_only_columns(target_id, person_id, *unknown, *bits)
