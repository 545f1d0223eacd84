"""Sealing, counting again and comparing at 10,000 and 100,000 people, on both engines.

    .venv/bin/python -m benchmarks.seals [PEOPLE ...]

Seconds for a programme of ten groups, in a province and in the whole country. Sealing reads every
fact of everybody in scope and counts it twice, by the facts and as the pages do; it is asked for a
few times a quarter, and keeps nobody from writing meanwhile.
"""

import sys
import time
from collections.abc import Callable
from datetime import date
from typing import TypeVar

from benchmarks import ground
from hrtrain.core import clock
from hrtrain.core.db import db
from hrtrain.coverage.plan_queries import find_programme
from hrtrain.coverage.seals.actions import restate, seal
from hrtrain.coverage.seals.facts import Sought
from hrtrain.coverage.seals.queries import (
    content_of,
    differences,
    first_difference,
    frozen,
    reproduced,
)

SIZES = (10_000, 100_000)
DAY = date(2026, 6, 30)
PLACES = {"a province": "2025-80", "the country": None}
T = TypeVar("T")


def _timed(name: str, act: Callable[[], T]) -> T:
    start = time.perf_counter()
    found = act()
    print(f"  {name:32} {time.perf_counter() - start:8.2f} s")
    return found


def measure(engine: str, people: int) -> None:
    """The seconds of each step, printed as they are known."""
    print(f"{engine}, {people:,} people")
    with ground.built(engine, people) as app, app.app_context():
        programme = find_programme("plan1")
        assert programme is not None
        for where, unit in PLACES.items():
            sought = Sought("plan1", DAY, unit)
            ready = _timed(f"seal {where}", lambda s=sought: frozen(programme, s, clock.now()))  # type: ignore[misc]
            old = seal(f"seal-{where}", ready, title=where, note="", by=None)
            again = _timed("count it again", lambda s=old: reproduced(s))  # type: ignore[misc]
            assert first_difference(old, again) == ""
            new = restate(old, f"again-{where}", ready, note="", by=None)
            _timed("read it", lambda s=old: content_of(s))  # type: ignore[misc]
            _timed("compare it", lambda o=old, n=new: differences(o, n))  # type: ignore[misc]
            size, packed = len(old.content) / 1e6, len(old.packed) / 1e6
            print(
                f"  {len(content_of(old)['people']):,} rows, {size:.1f} MB, packed {packed:.1f} MB"
            )
        db.session.rollback()


def main() -> None:
    for engine in ground.ENGINES:
        for people in [int(size) for size in sys.argv[1:]] or SIZES:
            measure(engine, people)


if __name__ == "__main__":
    main()
