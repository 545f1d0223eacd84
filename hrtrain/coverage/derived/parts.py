"""The derived rows of some people, or of one measure, made in this process or in several.

What is made depends on what is handed over and, for people, on the facts as they are committed:
several processes may make it only while nobody else writes, and before this transaction has.
"""

import gc
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from copy import copy
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, NamedTuple, TypeVar

from sqlalchemy import Connection, create_engine

from hrtrain.core import bulk, processes
from hrtrain.core.db import db
from hrtrain.coverage.derived.horizon import Horizon
from hrtrain.coverage.derived.loading import Asked, facts_of, spans_by_measure
from hrtrain.coverage.derived.measures import Measure
from hrtrain.coverage.derived.summing import SPAN, Summing
from hrtrain.coverage.derived.tables import span

T = TypeVar("T")
R = TypeVar("R")


@dataclass(frozen=True)
class Ground:
    """What all parts are made on: the measures asked about, those wanted, the present instant."""

    asked: Asked
    wanted: frozenset[int]
    horizon: Horizon
    summing: Summing


class Part(NamedTuple):
    """Spans of some people, packed: rows of the table in its order, and as summing takes them."""

    rows: bytes
    of_measure: dict[int, bytes]
    valid_until: datetime | None


Work = Callable[[Ground, Connection, T], R]
Workers = Callable[[Work[Any, Any], Iterable[Any]], Iterator[Any]]
"""Does the work on each of the things, and gives the results in their order."""


def spans_of_people(ground: Ground, connection: Connection, people: tuple[int, int]) -> Part:
    """The spans of the people with the numbers from one through the other."""
    horizon = copy(ground.horizon)
    facts = facts_of(connection, lambda person: person.between(*people), horizon)
    rows, of_measure = bytearray(), {number: bytearray() for number in ground.wanted}
    pack_row, pack_span = bulk.row_of(span).pack, SPAN.pack
    for person_id in sorted(facts):
        found = spans_by_measure(facts[person_id], ground.asked)
        for number in sorted(found.keys() & ground.wanted):
            to = of_measure[number]
            for unit_id, starts, ends, state, gaps in found[number]:
                rows += pack_row(person_id, number, starts, unit_id, ends, state, gaps)
                to += pack_span(unit_id, starts, ends, state, gaps)
    packed = {number: bytes(spans) for number, spans in of_measure.items()}
    return Part(bytes(rows), packed, horizon.valid_until)


def counts_of_measure(
    ground: Ground, _connection: Connection, measure_and_spans: tuple[Measure, bytes | bytearray]
) -> bytes:
    """The measure's rows of the ledger, packed, out of all of its spans."""
    return ground.summing.rows(*measure_and_spans)


def workers(ground: Ground, count: int) -> AbstractContextManager[Workers]:
    """So many processes; none: this one, in this transaction."""
    return _in_processes(ground, count) if count else _here(ground)


@contextmanager
def _here(ground: Ground) -> Iterator[Workers]:
    connection = db.session.connection()
    yield lambda work, things: (work(ground, connection, thing) for thing in things)


@contextmanager
def _in_processes(ground: Ground, count: int) -> Iterator[Workers]:
    url = db.engine.url.render_as_string(hide_password=False)
    # While this process makes the indexes the others count measures, which wait in its memory.
    ahead = 4 * count
    with processes.pool(count, _begin, (url, ground)) as pool:
        yield lambda work, things: processes.in_order(pool, partial(_work, work), things, ahead)


_begun: list[tuple[Ground, Connection]] = []


def _begin(url: str, ground: Ground) -> None:
    # What is made here has no circles; looking for some would take a third of the time.
    gc.disable()
    _begun[:] = [(ground, create_engine(url).connect())]


def _work(work: Work[T, R], thing: T) -> R:
    (begun,) = _begun
    return work(*begun, thing)
