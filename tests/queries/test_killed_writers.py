"""A writer killed in the middle leaves facts and derived tables in step, on both engines."""

import random
import signal
import time

import pytest
from flask import Flask
from sqlalchemy import func, select

from hrtrain.core.db import db, reading
from hrtrain.people.models import Membership
from hrtrain.training.models import Completion
from tests import processes
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
    process = processes.start(app, writers.write_for_ever, seed, writers.ALL)
    time.sleep(random.Random(seed).uniform(0.05, longest))
    process.kill()
    assert processes.ended(process) == -signal.SIGKILL


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
