"""The live count at 10,000 and 100,000 people, SQLite and PostgreSQL, and how cost grows.

    .venv/bin/python -m benchmarks.coverage [PEOPLE ...]

The second way, which needs no derived tables and answers what was known at an instant: fifteen
targets of three programmes, ten groups, 3,356 units, with grace, exemptions and declared
headcounts (`benchmarks.engine` asks the derived tables). A figure is the median of five after a
first, in milliseconds; beside it the CPU time of this process (all of the work on SQLite) and the
goal. ``growth`` is the exponent between the smallest and the largest size.
"""

import sys
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from math import log
from statistics import median

from sqlalchemy import select

from benchmarks import ground
from hrtrain.core.db import db, reading
from hrtrain.coverage.asked import Plans, read_plans
from hrtrain.coverage.names import people_behind
from hrtrain.coverage.queries import Question, standings
from hrtrain.coverage.rules import Standing
from hrtrain.coverage.states import State
from hrtrain.units.models import Unit, UnitParent

SIZES = (10_000, 100_000)
DAY = date(2026, 6, 30)
KNOWN_AT = datetime.now(UTC)
PROVINCE, COMMUNE = "2025-80", "2025-80-25486"
BATCH = 200


def _live(question: Question, plans: Plans | None = None) -> list[Standing]:
    return standings(replace(question, known_at=KNOWN_AT), plans=plans)


def _batch() -> None:
    plans = read_plans()
    below = select(UnitParent.unit_id).join(Unit, Unit.id == UnitParent.parent_id)
    below = below.where(Unit.tier == "province", Unit.ends_on.is_(None)).limit(BATCH)
    for key in db.session.scalars(select(Unit.key).where(Unit.id.in_(below))):
        _live(Question("plan1", DAY, key), plans)


QUESTIONS: dict[str, tuple[int, Callable[[], object]]] = {
    "dashboard: 15 targets": (1500, lambda: _live(Question(None, DAY))),
    "a programme: 10 groups": (1000, lambda: _live(Question("plan1", DAY))),
    "a programme by province": (1000, lambda: _live(Question("plan1", DAY, by="unit"))),
    "one group": (250, lambda: _live(Question("plan1", DAY, group="group2"))),
    "a province by commune": (
        100,
        lambda: _live(Question("plan1", DAY, PROVINCE, by="unit")),
    ),
    "a commune": (10, lambda: _live(Question("plan1", DAY, COMMUNE))),
    "untrained of a province": (
        100,
        lambda: people_behind(
            Question("plan1", DAY, PROVINCE, "group2", known_at=KNOWN_AT), [State.UNTRAINED]
        ),
    ),
    f"batch of {BATCH}, communes": (5 * BATCH, _batch),
}


def measure(engine: str, people: int) -> dict[str, float]:
    """The median of each question in milliseconds, printed as it is known."""
    print(f"{engine}, {people:,} people")
    found = {}
    with ground.built(engine, people) as app, app.app_context(), reading():
        for name, (goal, ask) in QUESTIONS.items():
            ask()
            wall, cpu = zip(*(_timed(ask) for _each in range(5)), strict=True)
            found[name] = median(wall)
            print(f"  {name:26} {median(wall):8.1f} ms  cpu {median(cpu):8.1f}  goal {goal:6}")
        db.session.rollback()
    return found


def _timed(ask: Callable[[], object]) -> tuple[float, float]:
    wall, cpu = time.perf_counter(), time.process_time()
    ask()
    return (time.perf_counter() - wall) * 1000, (time.process_time() - cpu) * 1000


def main() -> None:
    sizes = [int(size) for size in sys.argv[1:]] or list(SIZES)
    for engine in ("sqlite", "postgresql"):
        found = {size: measure(engine, size) for size in sizes}
        first, last = min(sizes), max(sizes)
        for name in QUESTIONS if first < last else ():
            growth = log(found[last][name] / found[first][name]) / log(last / first)
            print(f"  {name:26} growth {growth:5.2f}")


if __name__ == "__main__":
    main()
