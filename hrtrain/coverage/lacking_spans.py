"""Who has begun, out of the spans: all who have, or those of them who hold a seat."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, or_, select

from hrtrain.core import inline
from hrtrain.core.db import db
from hrtrain.core.period import OPEN_START
from hrtrain.coverage import count
from hrtrain.coverage.derived.tables import measure, span
from hrtrain.coverage.patterns import Pattern, bit, is_held, patterns
from hrtrain.coverage.queries import Look, Question
from hrtrain.coverage.spans import IN_GRACE, TRAINED, UNTRAINED
from hrtrain.coverage.states import items_of
from hrtrain.training.models import Enrolment
from hrtrain.units.models import unit_closure

Meeting = Sequence[tuple[int, int, int]]
"""Targets, planned sessions, and the positions of the items these meet."""


def patterns_by_spans(
    question: Question,
    looks: Sequence[Look],
    meeting: Meeting,
    shown: Mapping[int, Collection[int]],
    *,
    of_booked: bool = False,
) -> Iterator[Pattern]:
    """The patterns of people not trained on the day who have begun, by the unit shown for them.

    ``shown`` are the units that each target's figures are shown for; ``of_booked``: only of those
    who hold a seat, which costs what the seats cost, not the people waited for.
    """
    day = question.as_of.toordinal()
    tables = _tables(looks, meeting)
    booked = [_booked(day)] if tables["meeting"] else []
    if of_booked:
        met = [_met_of_booked(day)] if booked else []
    else:
        asked = {"begun": _met(day), "begun_anywhere": _met(day, anywhere=True)}
        met = [statement for name, statement in asked.items() if tables[name]]
    if not met and not booked:
        return
    values = {name: inline.rows(rows) for name, rows in tables.items()}
    rows = db.session.execute(patterns(met, booked), values).all()
    lines = _lines(
        {row[1] for row in rows}, {one for units in shown.values() for one in units}, day
    )
    by_target = {look.target.id: look for look in looks}
    for target_id, unit_id, *rest in rows:
        look = by_target[target_id]
        above = lines.get(unit_id, set()) & set(shown[target_id]) - {look.base_id}
        yield target_id, look.child_id or next(iter(above), look.base_id), *rest


def _tables(looks: Sequence[Look], meeting: Meeting) -> dict[str, list[tuple[int, ...]]]:
    """The inline tables: what sessions meet, and the items that have measures of their own."""
    by_target = {look.target.id: look for look in looks}
    columns = select(measure.c.target_id, measure.c.item, measure.c.id)
    found = db.session.execute(columns.where(measure.c.target_id.in_(by_target))).all()
    roots = {target: look.root_id or count.EVERYWHERE for target, look in by_target.items()}
    wholes = {target: (number, roots[target]) for target, item, number in found if not item}
    positions = {target: items_of(look.options) for target, look in by_target.items()}
    items: list[tuple[int, ...]] = [
        (target, positions[target].index(item), number, *wholes[target])
        for target, item, number in found
        if item in positions[target] and target in wholes
    ]
    return {
        "meeting": [(*row, *wholes[row[0]]) for row in meeting if row[0] in wholes],
        "items": items,
        "begun": [row for row in items if row[-1] != count.EVERYWHERE],
        "begun_anywhere": [row for row in items if row[-1] == count.EVERYWHERE],
    }


def _holds(row: Any, day: int) -> ColumnElement[bool]:
    """The span or link holds the day; both bounds, as SQLite needs them (`count`)."""
    return and_(row.c.starts.between(OPEN_START, day), row.c.ends > day)


def _waits(here: Any, day: int) -> ColumnElement[bool]:
    return and_(here.c.state.in_([IN_GRACE, UNTRAINED]), _holds(here, day))


def _who(given: Any, here: Any, is_found: ColumnElement[bool]) -> list[Any]:
    new = case((here.c.state == IN_GRACE, 1), else_=0).label("new")
    unit_id = case((is_found, here.c.unit_id)).label("unit_id")
    return [given.c.target_id, here.c.person_id, unit_id, new]


def _met(day: int, *, anywhere: bool = False) -> Select[Any]:
    """The items met in part, a row each, below the root or anywhere.

    Outer joins keep SQLite to this order: it knows nothing about the inline tables' rows.
    """
    name, columns = "begun_anywhere" if anywhere else "begun", ("target_id", "position")
    items = inline.table(name, *columns, "item_measure_id", "measure_id", "root_id")
    link, here, one = unit_closure.alias("link"), span.alias("here"), span.alias("one")
    is_here = and_(here.c.measure_id == items.c.measure_id, _waits(here, day))
    rows: Any = items
    if not anywhere:
        is_below = and_(link.c.ancestor_id == items.c.root_id, _holds(link, day))
        rows = items.outerjoin(link, is_below)
        is_here = and_(is_here, here.c.unit_id == link.c.descendant_id)
    is_met = and_(
        one.c.person_id == here.c.person_id,
        one.c.measure_id == items.c.item_measure_id,
        one.c.state == TRAINED,
        _holds(one, day),
    )
    who = _who(items, here, one.c.person_id.is_not(None))
    rows = rows.outerjoin(here, is_here).outerjoin(one, is_met)
    return select(*who, bit(items.c.position)).select_from(rows)


def _booked(day: int) -> Select[Any]:
    """The items that seats held will meet, a row each; the order is kept as in `_met`."""
    meeting, here, rows, is_inside = _holders(day)
    return select(*_who(meeting, here, is_inside), bit(meeting.c.position)).select_from(rows)


def _met_of_booked(day: int) -> Select[Any]:
    """The items met in part by who holds a seat, a row each."""
    meeting, here, rows, is_inside = _holders(day)
    columns = ("target_id", "position", "item_measure_id", "measure_id", "root_id")
    items, one = inline.table("items", *columns), span.alias("one")
    is_met = and_(
        one.c.person_id == here.c.person_id,
        one.c.measure_id == items.c.item_measure_id,
        one.c.state == TRAINED,
        _holds(one, day),
    )
    rows = rows.outerjoin(items, items.c.target_id == meeting.c.target_id).outerjoin(one, is_met)
    who = _who(meeting, here, and_(is_inside, one.c.person_id.is_not(None)))
    return select(*who, bit(items.c.position)).select_from(rows)


def _holders(day: int) -> tuple[Any, Any, Any, ColumnElement[bool]]:
    """The sessions asked about, the spans of who holds a seat there, the rows that join them, and
    whether a row's person is below the root.
    """
    columns = ("target_id", "training_session_id", "position", "measure_id", "root_id")
    meeting = inline.table("meeting", *columns)
    here, link = span.alias("here"), unit_closure.alias("link")
    holds_seat = Enrolment.training_session_id == meeting.c.training_session_id
    is_here = and_(
        here.c.person_id == Enrolment.person_id,
        here.c.measure_id == meeting.c.measure_id,
        _waits(here, day),
    )
    is_below = and_(
        link.c.ancestor_id == meeting.c.root_id,
        link.c.descendant_id == here.c.unit_id,
        _holds(link, day),
    )
    is_inside = or_(meeting.c.root_id == count.EVERYWHERE, link.c.ancestor_id.is_not(None))
    rows: Any = meeting.outerjoin(Enrolment, and_(holds_seat, is_held())).outerjoin(here, is_here)
    return meeting, here, rows.outerjoin(link, is_below), is_inside


def _lines(unit_ids: Collection[int], shown: Collection[int], day: int) -> dict[int, set[int]]:
    """Which of the shown units each of the others lies below, or is, on the day."""
    found: dict[int, set[int]] = {}
    asked = select(unit_closure.c.descendant_id, unit_closure.c.ancestor_id).where(
        unit_closure.c.descendant_id.in_(unit_ids),
        unit_closure.c.ancestor_id.in_(shown),
        _holds(unit_closure, day),
    )
    for unit_id, ancestor_id in db.session.execute(asked):
        found.setdefault(unit_id, set()).add(ancestor_id)
    return found
