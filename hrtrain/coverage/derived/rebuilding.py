"""Makes spans and ledger anew from the facts: all of them, or those of some measures."""

from collections.abc import Callable, Collection, Iterator
from itertools import groupby
from typing import Any

from sqlalchemy import case, delete, func, literal, select, union_all

from hrtrain.core import bulk, clock, derived
from hrtrain.core.db import db
from hrtrain.core.period import OPEN_END, OPEN_START
from hrtrain.coverage.derived import locks
from hrtrain.coverage.derived.horizon import Horizon
from hrtrain.coverage.derived.ledger import row_of
from hrtrain.coverage.derived.loading import facts_of, spans_by_measure
from hrtrain.coverage.derived.measures import Measure, settle
from hrtrain.coverage.derived.own_counts import all_declarations, with_unnamed
from hrtrain.coverage.derived.standing import note_built
from hrtrain.coverage.derived.tables import (
    BELOW,
    EVERYWHERE,
    OWN,
    ledger,
    measure,
    pending,
    span,
)
from hrtrain.coverage.gaps import GAPS
from hrtrain.coverage.spans import EXEMPT, IN_GRACE, SHARED, TRAINED
from hrtrain.coverage.steps import Changes, Steps, changes_of, packed, steps_of, within
from hrtrain.coverage.trust import silent
from hrtrain.people.models import Membership
from hrtrain.units import closure
from hrtrain.units.models import UnitParent, unit_closure

AT_ONCE = 5000
Progress = Callable[[int], None]


def rebuild(progress: Progress | None = None) -> None:
    """Drop all derived tables of coverage and make them anew; commits nothing."""
    db.session.flush()
    locks.take_tree()
    locks.take_folding()
    connection, horizon = db.session.connection(), Horizon(clock.now())
    for table in (span, ledger, pending, measure):
        connection.execute(delete(table))
    closure.rebuild()
    silent.rebuild()
    settled = settle(horizon)
    build(settled.measures, settled.measures, horizon, progress)
    horizon.look_ahead(UnitParent)
    derived.forget()
    note_built(horizon)


def drop(measure_ids: Collection[int]) -> None:
    """Forget the spans and counts of these measures."""
    for table in (span, ledger, pending):
        db.session.connection().execute(delete(table).where(table.c.measure_id.in_(measure_ids)))


def build(
    wanted: list[Measure],
    measures: list[Measure],
    horizon: Horizon,
    progress: Progress | None = None,
) -> None:
    """Make the spans and counts of these of the measures, of which there are none."""
    if not wanted:
        return
    numbers = {one.id for one in wanted}
    programmes = {one.programme_id for one in wanted}
    needed = [one for one in measures if one.programme_id in programmes]
    for lowest, highest in _person_ranges({one.group_id for one in needed}):
        _build_spans(lowest, highest, needed, numbers, horizon)
        if progress is not None:
            progress(highest)
    summing = Summing(horizon)
    for one in wanted:
        bulk.insert(
            ledger,
            [
                row_of((one.id, unit_id), part, day, counts)
                for unit_id, part, steps in summing.steps(one)
                for day, counts in steps
            ],
        )


def _person_ranges(group_ids: Collection[int]) -> Iterator[tuple[int, int]]:
    """The numbers of the people in these groups, so many at once, from and through."""
    after = 0
    while True:
        some = (
            select(Membership.person_id)
            .where(Membership.group_id.in_(group_ids), Membership.person_id > after)
            .distinct()
            .order_by(Membership.person_id)
            .limit(AT_ONCE)
            .subquery()
        )
        asked = select(func.min(some.c.person_id), func.max(some.c.person_id))
        lowest, highest = db.session.connection().execute(asked).one()
        if lowest is None:
            return
        yield lowest, highest
        after = highest


def _build_spans(
    lowest: int, highest: int, needed: list[Measure], numbers: set[int], horizon: Horizon
) -> None:
    facts = facts_of(lambda person_id: person_id.between(lowest, highest), horizon)
    rows = [
        (person_id, measure_id, one.starts, one.unit_id, one.ends, one.state, one.gaps)
        for person_id in sorted(facts)
        for measure_id, spans in sorted(spans_by_measure(facts[person_id], needed).items())
        if measure_id in numbers
        for one in spans
    ]
    bulk.insert(span, rows)


class Summing:
    """The counts of measures out of their spans, the whole tree and all declarations at hand."""

    def __init__(self, horizon: Horizon) -> None:
        self.above: dict[int, list[tuple[int, int, int]]] = {}
        links = select(unit_closure).where(
            unit_closure.c.ancestor_id != unit_closure.c.descendant_id
        )
        connection = db.session.connection()
        for ancestor, descendant, starts, ends in connection.execute(links):
            self.above.setdefault(descendant, []).append((ancestor, starts, ends))
        self.declarations = all_declarations(horizon)

    def steps(self, one: Measure) -> Iterator[tuple[int, int, Steps]]:
        """The measure's counts through time by unit and part: its own first, then what is below."""
        below: dict[int, Changes] = {}
        for unit_id, people in self._units(one):
            own = with_unnamed(people, self.declarations.of(one, unit_id), one, OPEN_START)
            yield unit_id, OWN, own
            changes = changes_of(own)
            for above, starts, ends in self._above(unit_id):
                to = below.setdefault(above, {})
                for day, counts in within(changes, starts, ends):
                    to[day] = to.get(day, 0) + counts
        for above, changes in below.items():
            yield above, BELOW, steps_of(changes)

    def _above(self, unit_id: int) -> list[tuple[int, int, int]]:
        return [*self.above.get(unit_id, ()), (EVERYWHERE, OPEN_START, OPEN_END)]

    def _units(self, one: Measure) -> Iterator[tuple[int, Steps]]:
        """Every unit that has people or declarations, with the counts of its people."""
        declaring = {unit for group, unit in self.declarations.declared if group == one.group_id}
        rows = db.session.connection().execute(_people_of(one.id)).all()
        for unit_id, some in groupby(rows, key=lambda row: row[0]):
            declaring.discard(unit_id)
            yield unit_id, steps_of({row[1]: packed(row[2:]) for row in some})
        for unit_id in sorted(declaring):
            yield unit_id, []


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
        select(both.c.unit_id, both.c.day, *counted(both.c.state, both.c.gaps, both.c.sign))
        .group_by(both.c.unit_id, both.c.day)
        .order_by(both.c.unit_id, both.c.day)
    )


def counted(state: Any, gaps: Any, each: Any) -> Iterator[Any]:
    """SQL: the counters in their order, summed over people; nought for what is no sum of people."""
    yield func.sum(each)
    for one in (EXEMPT, IN_GRACE, TRAINED):
        yield func.sum(case((state == one, each), else_=0))
    for _each in ("unnamed", "unconfirmed", "unsure"):
        yield literal(0)
    for gap in GAPS:
        yield func.sum(case((gaps.op("&")(gap) != 0, each), else_=0))
