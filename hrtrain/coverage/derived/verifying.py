"""Counts anew and compares: what the derived tables hold against what the facts say.

Spans against the pure rule, person by person; the ledger against the spans, through all days or
cell by cell on one; the closure against the edges; the plans' measures against the plans. Every
difference is a sentence that names person or unit, and the day. Run it in `core.db.one_snapshot`:
who writes meanwhile would seem to differ.
"""

import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from sqlalchemy import case, func, literal, literal_column, select, union_all

from hrtrain.core import clock
from hrtrain.core.db import db
from hrtrain.core.derived import in_step
from hrtrain.core.period import OPEN_END, OPEN_START
from hrtrain.coverage.derived.folding import pending_below
from hrtrain.coverage.derived.horizon import Horizon
from hrtrain.coverage.derived.loading import Asked, SpansOf, facts_of, spans_by_measure
from hrtrain.coverage.derived.measures import Measure, measures_wanted, stored_measures
from hrtrain.coverage.derived.own_counts import members_of, unnamed_on
from hrtrain.coverage.derived.rebuilding import summing_now
from hrtrain.coverage.derived.refreshing import stored_spans
from hrtrain.coverage.derived.standing import read_state
from hrtrain.coverage.derived.summing import Summing
from hrtrain.coverage.derived.tables import BELOW, COUNTERS, EVERYWHERE, OWN, ledger, span
from hrtrain.coverage.gaps import GAPS
from hrtrain.coverage.models import Programme, Target
from hrtrain.coverage.spans import EXEMPT, IN_GRACE, SHARED, TRAINED, Span
from hrtrain.coverage.steps import (
    Changes,
    Counts,
    Packed,
    Steps,
    add,
    changes_between,
    changes_of,
    on,
    packed,
    steps_of,
    unpacked_changes,
)
from hrtrain.coverage.trust import silent
from hrtrain.people.models import CadreGroup, Person
from hrtrain.units import closure
from hrtrain.units.models import Unit, unit_closure

AT_ONCE = 2000
SAMPLE = 10_000
# The days on which chance may look: those of the records, and what is known ahead.
FIRST_DAY, LAST_DAY = date(2015, 1, 1), date(2035, 12, 31)

Cells = dict[tuple[int, int], Packed]
"""Counts on a day by measure and unit."""


@dataclass(frozen=True)
class Looked:
    """How much was compared, and what differed, in sentences."""

    people: int
    cells: int
    differences: list[str]


def verify() -> Looked:
    """Compare everything with the facts."""
    horizon, measures = Horizon(clock.now()), stored_measures()
    found = [*_standing_wrong(), *_plans_differing(measures, horizon), *closure.differences()]
    found += silent.differences()
    last = db.session.scalar(select(func.max(Person.id))) or 0
    people = range(1, last + 1)
    for start in range(0, len(people), AT_ONCE):
        found += _people_differing(people[start : start + AT_ONCE], measures, horizon)
    summing, cells = summing_now(horizon), 0
    for one in measures:
        compared, differing = _steps_differing(one, summing)
        cells, found = cells + compared, found + differing
    return Looked(last, cells, found)


def spot_check(day: date, people: Iterable[int] | None = None) -> Looked:
    """Compare people chosen by chance, or these, and every cell of one day."""
    horizon, measures = Horizon(clock.now()), stored_measures()
    found = [*_standing_wrong(), *_plans_differing(measures, horizon)]
    chosen = list(_by_chance() if people is None else people)
    for start in range(0, len(chosen), AT_ONCE):
        found += _people_differing(chosen[start : start + AT_ONCE], measures, horizon)
    cells, differing = _cells_differing(day, measures, summing_now(horizon))
    return Looked(len(chosen), cells, found + differing)


def any_day() -> date:
    """A day by chance."""
    return date.fromordinal(random.randint(FIRST_DAY.toordinal(), LAST_DAY.toordinal()))  # noqa: S311


def _by_chance() -> Iterator[int]:
    last = db.session.scalar(select(func.max(Person.id))) or 0
    return iter(sorted(random.sample(range(1, last + 1), min(SAMPLE, last))))


def _standing_wrong() -> Iterator[str]:
    state = read_state()
    if state is None or not state.holds_rules:
        yield "the derived tables are not built by the rules of this version"
    if not in_step():
        yield "facts were written past the application, and nobody has counted them since"


def _plans_differing(measures: list[Measure], horizon: Horizon) -> Iterator[str]:
    stored = {one.place: one.text for one in measures}
    wanted = {one.place: one.text for one in measures_wanted(horizon)}
    for place in sorted(stored.keys() | wanted.keys()):
        if stored.get(place) != wanted.get(place):
            yield f"measure {place}: is not what the plan asks"


def _people_differing(
    people: Iterable[int], measures: list[Measure], horizon: Horizon
) -> list[str]:
    chosen = list(people)
    facts = facts_of(db.session.connection(), lambda person: person.in_(chosen), horizon)
    stored, asked, found = stored_spans(chosen), Asked(measures), []
    for person_id in chosen:
        known = facts.get(person_id)
        wanted = spans_by_measure(known, asked) if known else {}
        found += list(_spans_differing(person_id, stored.get(person_id, {}), wanted))
    return found


def _spans_differing(person_id: int, stored: SpansOf, wanted: SpansOf) -> Iterator[str]:
    for measure_id in sorted(stored.keys() | wanted.keys()):
        kept, right = stored.get(measure_id, []), wanted.get(measure_id, [])
        if set(kept) != set(right):
            day = _first_day_apart(kept, right)
            person = db.session.get_one(Person, person_id)
            yield f"person {person.key}: {_named(measure_id)} differs from {_day(day)} on"


def _first_day_apart(kept: list[Span], right: list[Span]) -> int:
    """The first day on which they say another thing; of the same said in other rows, the first."""
    days = {day for one in (*kept, *right) for day in (one.starts, one.ends)}
    apart = (day for day in sorted(days) if _said_on(day, kept) != _said_on(day, right))
    return next(apart, min(days))


def _said_on(day: int, spans: list[Span]) -> list[tuple[int, int, int]]:
    said = ((one.unit_id, one.state, one.gaps) for one in spans if one.starts <= day < one.ends)
    return sorted(said)


def _steps_differing(one: Measure, summing: Summing) -> tuple[int, list[str]]:
    """Compare all rows of a measure, as counts through time; how many units, and differences."""
    wanted = {
        (unit, part): steps
        for unit, part, steps in summing.steps(one, _changes_in_spans(one))
        if steps
    }
    stored = _stored_steps(one)
    found = []
    for unit, part in sorted(stored.keys() | wanted.keys()):
        kept, right = stored.get((unit, part), []), wanted.get((unit, part), [])
        changes = changes_between(kept, right)
        if changes:
            day = min(changes)
            differing = on(kept, day), on(right, day)
            found.append(_cell(one.id, unit, part, _day(day), *differing))
    return len(wanted), found


def _changes_in_spans(one: Measure) -> Iterator[tuple[int, Changes]]:
    """How the counts of people change, unit by unit, out of the spans the tables hold."""
    rows = db.session.connection().execute(_people_of(one.id)).all()
    for unit_id, some in groupby(rows, key=lambda row: row[0]):
        yield unit_id, {row[1]: packed(row[2:]) for row in some}


def _people_of(measure_id: int) -> Any:
    """By unit and day: by how much each counter of people changes; the others as nought."""
    of_measure = span.c.measure_id == measure_id
    plain = case((span.c.state > SHARED, span.c.state - SHARED), else_=span.c.state).label("state")
    both = union_all(
        select(
            span.c.unit_id, span.c.starts.label("day"), plain, span.c.gaps, literal(1).label("sign")
        ).where(of_measure),
        select(span.c.unit_id, span.c.ends, plain, span.c.gaps, literal(-1)).where(
            of_measure, span.c.ends < OPEN_END
        ),
    ).subquery()
    return (
        select(both.c.unit_id, both.c.day, *_counted(both.c.state, both.c.gaps, both.c.sign))
        .group_by(both.c.unit_id, both.c.day)
        .order_by(both.c.unit_id, both.c.day)
    )


def _counted(state: Any, gaps: Any, each: Any) -> Iterator[Any]:
    """SQL: the counters in their order, summed over people; nought for what is no sum of people."""
    yield func.sum(each)
    for one in (EXEMPT, IN_GRACE, TRAINED):
        yield func.sum(case((state == one, each), else_=0))
    for _each in ("unnamed", "unconfirmed", "unsure"):
        yield literal(0)
    for gap in GAPS:
        yield func.sum(case((gaps.op("&")(gap) != 0, each), else_=0))


def _stored_steps(one: Measure) -> dict[tuple[int, int], Steps]:
    """The measure's rows by unit and part, what is pending summed up with them."""
    stored: dict[tuple[int, int], Steps] = {}
    place = (ledger.c.unit_id, ledger.c.part)
    rows = db.session.connection().execute(
        select(*place, ledger.c.day, *(ledger.c[name] for name in COUNTERS))
        .where(ledger.c.measure_id == one.id)
        .order_by(*place, ledger.c.day)
    )
    for key, some in groupby(rows, key=lambda row: (row[0], row[1])):
        stored[key] = [(row[2], packed(row[3:])) for row in some]
    for (_measure, unit), changes in pending_below(one.id).items():
        for day, counts in changes_of(stored.get((unit, BELOW), [])).items():
            add(changes, day, counts)
        stored[unit, BELOW] = steps_of(changes)
    return stored


def _cells_differing(day: date, measures: list[Measure], summing: Summing) -> tuple[int, list[str]]:
    """Compare every cell of the day: units' own from people, those above from units'."""
    number, found = day.toordinal(), []
    own = _own_cells(number, measures, summing)
    below = _below_cells(number, own)
    stored = {OWN: _stored_cells(OWN, number), BELOW: _stored_cells(BELOW, number)}
    for part, wanted in ((OWN, own), (BELOW, below)):
        for place in sorted(stored[part].keys() | wanted.keys()):
            kept, right = stored[part].get(place, 0), wanted.get(place, 0)
            if kept != right:
                found.append(_cell(*place, part, _day(number), kept, right))
    return len(own) + len(below), found


def _own_cells(day: int, measures: list[Measure], summing: Summing) -> Cells:
    people = _people_on(day)
    declaring = {
        (one.id, unit)
        for one in measures
        for group, unit in summing.declarations.declared
        if group == one.group_id
    }
    by_id, cells = {one.id: one for one in measures}, {}
    for measure_id, unit in people.keys() | declaring:
        one = by_id[measure_id]
        counts = people.get((measure_id, unit), 0)
        if not one.is_people:
            declared = summing.declarations.of(one, unit)
            counts += unnamed_on(day, members_of(counts), declared, one)
        cells[measure_id, unit] = counts
    return {place: counts for place, counts in cells.items() if counts}


def _people_on(day: int) -> Cells:
    """People by state, out of the index that has no gaps; by gap, of the few marked spans."""
    plain = case((span.c.state > SHARED, span.c.state - SHARED), else_=span.c.state)
    place = (span.c.measure_id, span.c.unit_id)
    holds = span.c.starts.between(OPEN_START, day) & span.c.ends.between(day + 1, OPEN_END)
    by_state = select(*place, *_counted(plain, literal(0), literal(1))).where(holds)
    marks = (func.sum(case((span.c.gaps.op("&")(gap) != 0, 1), else_=0)) for gap in GAPS)
    by_gap = select(*place, *marks).where(holds, span.c.gaps > literal_column("0"))
    connection = db.session.connection()
    cells = {
        (row[0], row[1]): packed(row[2:]) for row in connection.execute(by_state.group_by(*place))
    }
    others = (0,) * (len(COUNTERS) - len(GAPS))
    for measure_id, unit_id, *counts in connection.execute(by_gap.group_by(*place)):
        cells[measure_id, unit_id] += packed((*others, *counts))
    return cells


def _below_cells(day: int, own: Cells) -> Cells:
    link = unit_closure.c
    lies = select(link.descendant_id, link.ancestor_id).where(
        link.starts <= day, link.ends > day, link.ancestor_id != link.descendant_id
    )
    above: dict[int, list[int]] = {}
    for unit, ancestor in db.session.connection().execute(lies):
        above.setdefault(unit, []).append(ancestor)
    cells: Cells = {}
    for (measure_id, unit), counts in own.items():
        for ancestor in (*above.get(unit, ()), EVERYWHERE):
            cells[measure_id, ancestor] = cells.get((measure_id, ancestor), 0) + counts
    return cells


def _stored_cells(part: int, day: int) -> Cells:
    """The ledger's rows that hold on the day, but for those that say nothing."""
    last = (
        select(ledger.c.measure_id, ledger.c.unit_id, func.max(ledger.c.day).label("day"))
        .where(ledger.c.part == part, ledger.c.day.between(OPEN_START, day))
        .group_by(ledger.c.measure_id, ledger.c.unit_id)
        .subquery()
    )
    here = (
        (ledger.c.measure_id == last.c.measure_id)
        & (ledger.c.unit_id == last.c.unit_id)
        & (ledger.c.part == part)
        & (ledger.c.day == last.c.day)
    )
    counts = (ledger.c[name] for name in COUNTERS)
    asked = select(ledger.c.measure_id, ledger.c.unit_id, *counts)
    rows = db.session.connection().execute(asked.select_from(last.join(ledger, here)))
    cells: Cells = {(row[0], row[1]): packed(row[2:]) for row in rows}
    if part == BELOW:
        for place, changes in pending_below().items():
            for on_day, change in changes.items():
                if on_day <= day:
                    cells[place] = cells.get(place, 0) + change
    return {place: counts for place, counts in cells.items() if counts}


def _cell(measure_id: int, unit_id: int, part: int, day: str, kept: Packed, right: Packed) -> str:
    unit = db.session.get(Unit, unit_id)
    place = f"unit {unit.key}" if unit else "all units"
    where = f"{place} itself" if part == OWN else f"below {place}"
    told = ", ".join(
        f"{name} {a} where the spans give {b}"
        for name, a, b in zip(COUNTERS, _counts(kept), _counts(right), strict=True)
        if a != b
    )
    return f"{where}, {_named(measure_id)}, on {day}: {told}"


def _counts(counts: Packed) -> Counts:
    return unpacked_changes(counts, len(COUNTERS))


def _named(measure_id: int) -> str:
    """``plan1/group2``, ``plan1/group2/item``, or ``plan1/people``."""
    one = next((one for one in stored_measures() if one.id == measure_id), None)
    if one is None:
        return f"measure {measure_id}, which is gone"
    programme = db.session.get(Programme, one.programme_id)
    target = db.session.get(Target, one.target_id)
    group = db.session.get(CadreGroup, target.group_id) if target else None
    names = (programme.key if programme else "?", group.key if group else "people", one.item)
    return "/".join(name for name in names if name)


def _day(number: int) -> str:
    return date.fromordinal(max(number, 1)).isoformat()
