"""Makes spans and ledger anew from the facts: all of them, or those of some measures."""

from collections.abc import Callable, Collection, Iterator
from contextlib import nullcontext
from itertools import groupby
from typing import Any

from sqlalchemy import case, delete, func, literal, select, union_all

from hrtrain.core import bulk, clock, derived
from hrtrain.core.db import db
from hrtrain.core.period import OPEN_END
from hrtrain.coverage.derived import locks
from hrtrain.coverage.derived.horizon import Horizon
from hrtrain.coverage.derived.loading import Asked
from hrtrain.coverage.derived.measures import Measure, settle
from hrtrain.coverage.derived.own_counts import all_declarations
from hrtrain.coverage.derived.parts import Ground, counts_of_measure, spans_of_people, workers
from hrtrain.coverage.derived.standing import note_built
from hrtrain.coverage.derived.summing import Lying, Summing
from hrtrain.coverage.derived.tables import ledger, measure, pending, span
from hrtrain.coverage.gaps import GAPS
from hrtrain.coverage.spans import EXEMPT, IN_GRACE, SHARED, TRAINED
from hrtrain.coverage.steps import Changes, packed
from hrtrain.coverage.trust import silent
from hrtrain.people.models import Person
from hrtrain.units import closure
from hrtrain.units.models import UnitParent, unit_closure

AT_ONCE = 5000
# From so many people on it pays to begin processes, and to make indexes at the end.
LARGE = 50_000
Progress = Callable[[int], None]
"""Told of so many more people."""


def rebuild(progress: Progress | None = None, processes: int = 0) -> None:
    """Drop all derived tables of coverage and make them anew; commits nothing.

    With ``processes``, for a large country, in so many of them: only where this transaction has
    written no fact, which they would not see.
    """
    db.session.flush()
    locks.take_tree()
    locks.take_folding()
    connection, horizon = db.session.connection(), Horizon(clock.now())
    for table in (span, ledger, pending, measure):
        connection.execute(delete(table))
    closure.rebuild()
    silent.rebuild()
    settled = settle(horizon)
    is_large = _last_person() >= LARGE
    with bulk.by_the_million(span) if is_large else nullcontext():
        several = processes if is_large else 0
        build(settled.measures, settled.measures, horizon, progress, processes=several)
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
    *,
    processes: int = 0,
) -> None:
    """Make the spans and counts of these of the measures, of which there are none."""
    if not wanted:
        return
    numbers = frozenset(one.id for one in wanted)
    programmes = {one.programme_id for one in wanted}
    needed = Asked(one for one in measures if one.programme_id in programmes)
    ground = Ground(needed, numbers, horizon.now, summing_now(horizon))
    with workers(ground, processes) as work:
        spans: dict[int, list[bytes]] = {number: [] for number in numbers}
        for part in work(spans_of_people, _people()):
            bulk.insert(span, part.rows)
            for number, packed_spans in part.of_measure.items():
                spans[number].append(packed_spans)
            if part.valid_until is not None:
                horizon.note(part.valid_until)
            if progress is not None:
                progress(AT_ONCE)
        taken = ((one, b"".join(spans.pop(one.id))) for one in wanted)
        for rows in work(counts_of_measure, taken):
            bulk.insert(ledger, rows)


def _last_person() -> int:
    return db.session.connection().scalar(select(func.max(Person.id))) or 0


def _people() -> Iterator[tuple[int, int]]:
    """The numbers of all people, so many at once, from and through."""
    return ((first, first + AT_ONCE - 1) for first in range(1, _last_person() + 1, AT_ONCE))


def summing_now(horizon: Horizon) -> Summing:
    """The whole tree and all declarations at hand."""
    above: dict[int, list[Lying]] = {}
    links = select(unit_closure).where(unit_closure.c.ancestor_id != unit_closure.c.descendant_id)
    for ancestor, descendant, starts, ends in db.session.connection().execute(links):
        above.setdefault(descendant, []).append((ancestor, starts, ends))
    return Summing(above, all_declarations(horizon))


def changes_in_spans(one: Measure) -> Iterator[tuple[int, Changes]]:
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
