"""Four processes that write to PostgreSQL at once: completions a second, and deadlocks."""

import random
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from datetime import date
from multiprocessing.connection import Connection
from pathlib import Path

from flask import Flask
from psycopg.errors import DeadlockDetected, SerializationFailure
from sqlalchemy import func, insert, select
from sqlalchemy.exc import OperationalError

from benchmarks.country import COURSES
from benchmarks.engine_acts import facts_alone
from benchmarks.readers import SPAWN, open_app
from benchmarks.timing import Line
from hrtrain.core import clock
from hrtrain.core.db import db
from hrtrain.coverage.derived import refreshing
from hrtrain.coverage.derived.folding import fold_if_free
from hrtrain.people.models import Person
from hrtrain.training.models import Completion

WRITERS, TURNS, AT_ONCE = 4, 60, 25
RATIO_GOAL = 0.6
FOLD_EVERY = 0.1
DAY = date(2026, 11, 2)


def measure_writers(app: Flask) -> list[Line]:
    """The lines about writers at once; PostgreSQL's only. Leaves the ledger out of step."""
    with app.app_context():
        url = db.engine.url.render_as_string(hide_password=False)
        people = db.session.scalar(select(func.max(Person.id))) or 0
        with facts_alone():
            facts, _refused = _race(url, people, kept="facts")
        kept, refused = _race(url, people, kept="ledger")
        spans, _refused = _race(url, people, kept="spans")
    return [
        Line(f"{WRITERS} writers ÷ spans only, completions", None, kept / spans, RATIO_GOAL, True),
        Line("  deadlocks", None, refused, 0),
        Line("  completions a second", None, kept),
        Line("  with spans only", None, spans),
        Line("  with the facts alone", None, facts),
    ]


def _race(url: str, people: int, *, kept: str) -> tuple[float, int]:
    """Completions a second of all writers together, and how often one was refused."""
    pipes, processes = [], []
    with _folder(url) if kept == "ledger" else nullcontext():
        for number in range(WRITERS):
            told, there = SPAWN.Pipe()
            process = SPAWN.Process(target=_write, args=(url, people, number, kept, there))
            process.start()
            pipes.append(told)
            processes.append(process)
        for told in pipes:
            told.recv()
        began = time.perf_counter()
        for told in pipes:
            told.send("go")
        refused = sum(told.recv() for told in pipes)
        seconds = time.perf_counter() - began
    for process in processes:
        process.join(20)
    return WRITERS * TURNS * AT_ONCE / seconds, refused


@contextmanager
def _folder(url: str) -> Iterator[None]:
    """The process that sums up what is pending, as the worker does."""
    told, there = SPAWN.Pipe()
    process = SPAWN.Process(target=_fold, args=(url, there))
    process.start()
    told.recv()
    try:
        yield
    finally:
        told.send("stop")
        process.join(60)


def _fold(url: str, told: Connection) -> None:
    app = open_app(url, Path("/tmp"))
    told.send("ready")
    while not told.poll(FOLD_EVERY):
        with app.app_context():
            fold_if_free()
            db.session.commit()


def _write(url: str, people: int, number: int, kept: str, told: Connection) -> None:
    """Completions of random people, so many a transaction; says how often it was refused."""
    if kept == "spans":
        # Nobody offers this: it only shows what the ledger adds.
        setattr(refreshing, "_change_counts", lambda *_changes: None)  # noqa: B010
    app, dice, refused = open_app(url, Path("/tmp")), random.Random(number), 0
    told.send("ready")
    told.recv()
    for _turn in range(TURNS):
        rows = _rows(dice, people)
        while not _is_written(app, rows):
            refused += 1
    told.send(refused)


def _rows(dice: random.Random, people: int) -> list[dict[str, object]]:
    course, at = dice.randrange(1, COURSES + 1), clock.now()
    return [
        {"person_id": dice.randrange(1, people + 1), "course_id": course, "completed_on": DAY,
         "source": "session", "recorded_at": at} for _each in range(AT_ONCE)
    ]  # fmt: skip


def _is_written(app: Flask, rows: list[dict[str, object]]) -> bool:
    with app.app_context():
        try:
            db.session.execute(insert(Completion), rows)
            db.session.commit()
        except OperationalError as error:
            if isinstance(error.orig, DeadlockDetected | SerializationFailure):
                db.session.rollback()
                return False
            raise
    return True
