"""Makes spans and ledger anew from the facts: all of them, or those of some measures."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import nullcontext

from sqlalchemy import delete, func, select

from hrtrain.core import bulk, clock, derived
from hrtrain.core.db import db
from hrtrain.coverage.derived import locks
from hrtrain.coverage.derived.horizon import Horizon
from hrtrain.coverage.derived.loading import Asked
from hrtrain.coverage.derived.measures import Measure, settle
from hrtrain.coverage.derived.own_counts import all_declarations
from hrtrain.coverage.derived.parts import (
    Ground,
    Part,
    counts_of_measure,
    spans_of_people,
    workers,
)
from hrtrain.coverage.derived.standing import note_built
from hrtrain.coverage.derived.summing import Lying, Summing
from hrtrain.coverage.derived.tables import ledger, measure, pending, span
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
    several = processes if is_large else 0
    build(settled.measures, settled.measures, horizon, progress, several, is_empty=is_large)
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
    processes: int = 0,
    *,
    is_empty: bool = False,
) -> None:
    """Make the spans and counts of these of the measures, of which there are none.

    ``is_empty``: there are no spans at all, and many will come.
    """
    if not wanted:
        return
    numbers = frozenset(one.id for one in wanted)
    programmes = {one.programme_id for one in wanted}
    needed = Asked(one for one in measures if one.programme_id in programmes)
    ground = Ground(needed, numbers, horizon, summing_now(horizon))
    with workers(ground, processes) as work:
        with bulk.by_the_million(span) if is_empty else nullcontext():
            spans = _insert_spans(work(spans_of_people, _people()), horizon, progress)
            # Begun here: processes count while this one makes the indexes.
            counts = work(counts_of_measure, ((one, spans.pop(one.id, b"")) for one in wanted))
        for rows in counts:
            bulk.insert(ledger, rows)


def _insert_spans(
    parts: Iterable[Part], horizon: Horizon, progress: Progress | None
) -> dict[int, bytearray]:
    """Write the spans of each part; gives those of each measure, packed for summing."""
    spans: dict[int, bytearray] = defaultdict(bytearray)
    for part in parts:
        bulk.insert(span, part.rows)
        for number, packed_spans in part.of_measure.items():
            spans[number] += packed_spans
        if part.valid_until is not None:
            horizon.note(part.valid_until)
        if progress is not None:
            progress(AT_ONCE)
    return spans


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
