"""SQL pieces of the forecast: sets of items as bits, seats held, people grouped into patterns."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Select,
    and_,
    cast,
    func,
    literal,
    null,
    select,
    union_all,
)

from hrtrain.training.models import Enrolment
from hrtrain.training.rules import EnrolmentState

Pattern = tuple[int, int, int, int | None, int | None, int]
"""Target, unit, whether in grace, bits of the items met and booked, how many people."""


def bit(position: Any) -> ColumnElement[int]:
    """A set of one item, by its position among those asked."""
    return literal(1, BigInteger).bitwise_lshift(position).label("bit")


def is_held() -> ColumnElement[bool]:
    """The seat is booked, and nobody marked its holder absent."""
    booked = Enrolment.state == EnrolmentState.BOOKED
    return and_(booked, Enrolment.attended.is_distinct_from(False))


def patterns(met: Sequence[Select[Any]], booked: Sequence[Select[Any]]) -> Select[Any]:
    """A row for each target, unit, state, set of items met and set of items booked.

    Each select gives target, person, unit, whether in grace, and a bit; they are stacked and
    grouped by person, as in the count, not joined. Rows without a unit are dropped.
    """
    stacked = union_all(
        *(_stacked(one, "met") for one in met), *(_stacked(one, "booked") for one in booked)
    ).subquery("stacked")
    found = stacked.c
    person = (
        select(found.target_id, found.unit_id, found.new)
        .add_columns(func.sum(found.met.distinct()).label("met"))
        .add_columns(func.sum(found.booked.distinct()).label("booked"))
        .group_by(found.target_id, found.person_id, found.unit_id, found.new)
        # An aggregate, so that SQLite does not turn the outer joins before it into inner ones.
        .having(func.max(found.unit_id).is_not(None))
        .subquery("person")
    )
    return select(*person.c, func.count()).group_by(*person.c)


def _stacked(rows: Select[Any], name: str) -> Select[Any]:
    """The rows with their bit in the column of this name, none in the other."""
    *who, found = rows.selected_columns
    none = cast(null(), BigInteger)
    bits = [(found if one == name else none).label(one) for one in ("met", "booked")]
    return rows.with_only_columns(*who, *bits)
