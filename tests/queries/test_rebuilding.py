"""A rebuild in several processes makes what one makes, and leaves no process behind."""

import multiprocessing
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Table, inspect, select

from hrtrain.core import clock, processes
from hrtrain.core.db import db, one_snapshot
from hrtrain.coverage.derived import rebuilding, tables
from hrtrain.coverage.derived.horizon import Horizon
from hrtrain.coverage.derived.loading import facts_of
from hrtrain.coverage.derived.standing import read_state
from hrtrain.coverage.derived.verifying import verify
from hrtrain.people.models import Membership, Person
from hrtrain.training.models import Course
from tests import makers
from tests.queries.country import Country
from tests.statements import plans_made

WAIT = 20
"""Seconds for a process to begin or end on a busy machine."""


@pytest.fixture
def country(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """A small country that is rebuilt as a large one is."""
    made = Country(5, 30)
    made.settle()
    db.session.commit()
    monkeypatch.setattr(rebuilding, "LARGE", 0)
    monkeypatch.setattr(rebuilding, "AT_ONCE", 7)


def rows(table: Table) -> list[tuple[Any, ...]]:
    """With the place of each measure: a rebuild gives it another number."""
    found, placed = tables.measure.c, table.c.measure_id
    asked = select(table, found.target_id, found.item).join(tables.measure, found.id == placed)
    gone = list(table.c).index(placed)
    each = (tuple(row) for row in db.session.execute(asked))
    return sorted(row[:gone] + row[gone + 1 :] for row in each)


def derived() -> list[list[tuple[Any, ...]]]:
    return [rows(table) for table in (tables.span, tables.ledger)]


def indexes() -> list[tuple[Any, ...]]:
    """Each index of the spans as the database has it."""
    found = inspect(db.session.connection()).get_indexes(tables.span.name)
    return sorted((one["name"], *one["column_names"]) for one in found)


@pytest.mark.usefixtures("country")
def test_rebuild_in_processes_makes_what_one_makes() -> None:
    rebuilding.rebuild()
    alone, those = derived(), indexes()
    assert all(alone)
    rebuilding.rebuild(processes=2)
    assert derived() == alone
    db.session.commit()
    assert indexes() == those
    db.session.rollback()
    with one_snapshot():
        assert verify().differences == []


@pytest.mark.usefixtures("country")
def test_facts_known_ahead_are_noted_by_the_processes_too() -> None:
    member = db.session.scalars(select(Membership)).first()
    course = db.session.scalars(select(Course)).first()
    assert member is not None
    assert course is not None
    ahead = clock.now() + timedelta(days=3)
    who = db.session.get_one(Person, member.person_id)
    makers.completion(who, course, member.starts_on, recorded_at=ahead)
    db.session.commit()
    rebuilding.rebuild()
    alone = read_state()
    assert alone is not None
    assert alone.valid_until == ahead
    rebuilding.rebuild(processes=2)
    assert read_state() == alone


@pytest.mark.usefixtures("country")
def test_rebuild_taken_back_leaves_rows_and_indexes() -> None:
    rebuilding.rebuild()
    db.session.commit()
    before, those = derived(), indexes()
    rebuilding.rebuild(processes=1)
    db.session.rollback()
    assert (derived(), indexes()) == (before, those)


@pytest.mark.usefixtures("country")
@pytest.mark.parametrize("engine", ["sqlite"])
def test_facts_of_some_people_are_looked_up_by_the_people() -> None:
    """However many certificates and exemptions others have."""
    connection, horizon = db.session.connection(), Horizon(clock.now())
    with plans_made() as plans:
        facts_of(connection, lambda person: person.in_([1, 2, 3]), horizon)
    assert len(plans) == 5
    for plan in plans:
        assert "(person_id=?)" in plan or "PRIMARY KEY (rowid=?)" in plan
        assert "SCAN" not in plan


def slowly(number: int) -> int:
    """The first takes longest."""
    time.sleep(0.3 if number == 0 else 0)
    return number * number


def idle() -> None:
    """A process that needs nothing to begin."""


def test_results_come_in_the_order_given_and_few_are_in_hand() -> None:
    taken: list[int] = []

    def things() -> Iterator[int]:
        for number in range(9):
            taken.append(number)
            yield number

    with processes.pool(2, idle, ()) as pool:
        results = processes.in_order(pool, slowly, things(), 3)
        assert next(results) == 0
        assert len(taken) == 4
        assert list(results) == [number * number for number in range(1, 9)]


def test_fault_in_a_process_is_raised_here() -> None:
    with processes.pool(1, idle, ()) as pool, pytest.raises(ZeroDivisionError):
        list(processes.in_order(pool, (1).__floordiv__, [1, 0], 2))


A_PARENT = """
import os, time
from hrtrain.core import clock, processes
from tests.queries.test_rebuilding import idle
if __name__ == "__main__":
    with processes.pool(1, idle, ()) as pool:
        print(pool.submit(os.getpid).result(), flush=True)
        time.sleep(600)
"""


def is_alive(number: int) -> bool:
    status = Path(f"/proc/{number}/stat")
    return status.exists() and ") Z " not in status.read_text(encoding="utf-8")


def test_processes_end_with_a_parent_that_is_killed(tmp_path: Path) -> None:
    script = tmp_path / "parent.py"
    script.write_text(A_PARENT, encoding="utf-8")
    here = {**os.environ, "PYTHONPATH": str(Path.cwd())}
    with subprocess.Popen([sys.executable, script], stdout=subprocess.PIPE, env=here) as parent:
        assert parent.stdout is not None
        child = int(parent.stdout.readline())
        assert is_alive(child)
        parent.send_signal(signal.SIGKILL)
    until = time.monotonic() + WAIT
    while is_alive(child) and time.monotonic() < until:
        time.sleep(0.05)
    assert not is_alive(child)
    assert not multiprocessing.active_children()
