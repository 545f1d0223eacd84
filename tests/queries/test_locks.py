"""A row held keeps what was changed before; one moment is one, whoever writes meanwhile."""

import random
import threading

import pytest
from flask import Flask
from sqlalchemy import func, select

from hrtrain.core.db import db, lock, one_snapshot
from hrtrain.coverage.derived.verifying import verify
from hrtrain.people.models import Person
from hrtrain.training.models import Completion
from tests import makers
from tests.queries import writers
from tests.queries.country import Country


@pytest.mark.usefixtures("app")
def test_locking_a_row_keeps_a_change_not_written_yet() -> None:
    unit = makers.unit(name="Sở cũ")
    db.session.commit()
    unit.name, unit.version = "Sở mới", 2
    lock(unit)
    assert (unit.name, unit.version) == ("Sở mới", 2)


def completions() -> int:
    return db.session.scalar(select(func.count()).select_from(Completion)) or 0


@pytest.fixture
def country(app: Flask) -> Country:
    made = Country(4, 3)
    made.settle()
    db.session.commit()
    return made


def complete_apart(app: Flask) -> None:
    """Somebody completes a course in a thread and on a connection of its own."""

    def run() -> None:
        with app.app_context():
            writers.complete(random.Random(1), db.session.scalars(select(Person.id)).first())

    thread = threading.Thread(target=run)
    thread.start()
    thread.join(30)


@pytest.mark.usefixtures("country")
def test_verification_sees_one_moment_whoever_commits_meanwhile(app: Flask) -> None:
    with one_snapshot():
        before = completions()
        complete_apart(app)
        assert completions() == before
        assert verify().differences == []
    assert completions() == before + 1
    db.session.rollback()


@pytest.mark.usefixtures("country")
def test_verifications_beside_writers_find_nothing_wrong(app: Flask) -> None:
    def check(dice: random.Random) -> None:
        assert writers.differences() == []

    about = writers.any_act(writers.ABOUT_PEOPLE)
    writers.at_once(app, [check, about, about], 1, 8)


@pytest.mark.usefixtures("app")
def test_one_moment_is_refused_where_another_transaction_is_open() -> None:
    completions()
    with pytest.raises(RuntimeError, match="a transaction is open"), one_snapshot():
        pass
    db.session.rollback()
    with one_snapshot():
        isolation = db.session.connection().get_isolation_level()
    assert isolation in ("REPEATABLE READ", "SERIALIZABLE")
