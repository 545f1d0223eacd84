"""Writes: coverage kept beside the facts alone, and how readers fare meanwhile."""

from collections.abc import Iterator
from contextlib import nullcontext
from statistics import median

from flask import Flask
from sqlalchemy import func, select

from benchmarks.engine_acts import (
    Make,
    facts_alone,
    fully_synchronous,
    issuing,
    merging,
    taking_roster,
)
from benchmarks.readers import Reader
from benchmarks.timing import Line, took
from hrtrain.core.db import db
from hrtrain.people.models import Person

ISSUED, ROSTER = 500, 10_000
ISSUED_GOAL = {"sqlite": 8, "postgresql": 6}
ROSTER_GOAL, READERS_GOAL, MERGE_SECONDS = 9, 1.5, 1
ROUNDS, ROSTER_ROUNDS, MERGES = 9, 3, 3


def measure_writes(app: Flask) -> Iterator[Line]:
    """All lines about writes, the same on both engines, as they are known."""
    with app.app_context():
        engine = db.engine.dialect.name
        yield from _issued("", ISSUED_GOAL[engine])
        if engine == "sqlite":
            with fully_synchronous():
                yield from _issued(", synchronous=FULL", None)
        with Reader(app) as reader:
            # Of a quarter of all people everything is made anew, which is another question.
            rows = min(ROSTER, (db.session.scalar(select(func.count(Person.id))) or 0) // 10)
            name = f"{rows:,} roster rows"
            lines = _beside_facts(name, taking_roster(rows), ROSTER_ROUNDS, ROSTER_GOAL, reader)
        yield from lines
        yield _readers(reader)
        yield _merged()


def _issued(how: str, goal: float | None) -> Iterator[Line]:
    yield from _beside_facts(f"one completion{how}", issuing(1), ROUNDS, None)
    yield from _beside_facts(f"{ISSUED} completions{how}", issuing(ISSUED), ROUNDS, goal)


def _beside_facts(
    name: str, make: Make, rounds: int, goal: float | None, reader: Reader | None = None
) -> list[Line]:
    """The write with coverage kept and with the facts alone, in turns; each is taken back."""
    times: dict[bool, list[float]] = {True: [], False: []}
    for turn in range(rounds + 1):
        for is_kept in (False, True):
            with nullcontext() if is_kept else facts_alone():
                act, back = make()
                watched = reader.during() if reader and is_kept else nullcontext()
                with watched:
                    ms = took(act)
                back()
            if turn:
                times[is_kept].append(ms)
    kept, alone = median(times[True]), median(times[False])
    return [
        Line(f"{name}, coverage kept ÷ facts alone", kept, kept / alone, goal),
        Line("  facts alone", alone, 1),
    ]


def _readers(reader: Reader) -> Line:
    before, during = reader.medians()
    return Line("  readers during ÷ before", during, during / before, READERS_GOAL)


def _merged() -> Line:
    make = merging()
    times = []
    for _each in range(MERGES):
        act, _back = make()
        times.append(took(act))
    return Line("two provinces merged, seconds", median(times), median(times) / 1000, MERGE_SECONDS)
