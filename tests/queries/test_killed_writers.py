"""A writer killed in the middle leaves facts and derived tables in step, on both engines."""

import multiprocessing
import os
import random
import signal
import time

import pytest
from flask import Flask
from sqlalchemy import func, select

from hrtrain.core.db import db, reading
from hrtrain.people.models import Membership
from hrtrain.training.models import Completion
from tests.queries import writers
from tests.queries.country import Country

KILLS = 6
LONGEST = 0.5
"""Seconds that a writer lives at most; longer where a busy machine let none of them write."""


def facts_recorded() -> int:
    with reading():
        counts = [db.session.scalar(select(func.count(one.id))) for one in (Completion, Membership)]
        db.session.rollback()
    return sum(count or 0 for count in counts)


def kill_a_writer(app: Flask, seed: int, longest: float) -> None:
    """A real process; it inherits no connection, so it opens its own."""
    db.session.remove()
    db.engine.dispose()
    process = multiprocessing.get_context("fork").Process(
        target=writers.write_for_ever, args=(app, seed, writers.ALL)
    )
    process.start()
    time.sleep(random.Random(seed).uniform(0.05, longest))
    assert process.pid is not None
    os.kill(process.pid, signal.SIGKILL)
    process.join(30)
    assert process.exitcode == -signal.SIGKILL


def test_writer_killed_in_the_middle_leaves_facts_and_figures_in_step(app: Flask) -> None:
    Country(4, 12).settle()
    db.session.commit()
    before = facts_recorded()
    for seed in range(KILLS * 5):
        kill_a_writer(app, seed, LONGEST * (1 + seed // KILLS))
        assert writers.differences() == []
        if seed >= KILLS - 1 and facts_recorded() > before:
            return
    pytest.fail("no writer wrote anything before it was killed")
