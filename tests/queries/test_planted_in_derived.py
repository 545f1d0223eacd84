"""Each fault the derived tables may have shows in the random worlds: else agreeing means little.

Equivalent, and so not planted (they change no figure at any time):
- the programme's end taken as the target's: nothing reads it, an ended programme is asked about;
- a target's percentage or deadline not noted as touched: neither is in the derived tables;
- rows of the ledger that repeat the one before, not tidied away: the counts are the same;
- a name of a unit not noted; a deletion of a fact not noted (facts are retracted, never deleted);
- on SQLite everything about pending counts: there are none.
"""

import random
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress

import pytest
from pytest import MonkeyPatch
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from hrtrain.core.db import db
from tests.conftest import empty_database
from tests.queries.asking import disagreements, questions
from tests.queries.country import Country, lived
from tests.queries.planted_rules import PLANTED, Plant
from tests.queries.planted_tables import (
    EVERYWHERE_PLANTED,
    OFTEN,
    PENDING_PLANTED,
    TRIGGERS,
    without_trigger,
)
from tests.queries.test_derived_by_brute_force import is_in_step
from tests.queries.worlds import World

COMMITS, TRIED, ASKED = 3, 16, 4
FOUND = (AssertionError, SQLAlchemyError, LookupError, ArithmeticError)


def is_found(seed: int, often: Sequence[str] = (), quiet: float = 0.4) -> bool:
    """Whether the worlds of this seed show something wrong; what breaks is found, too."""
    try:
        # Most faults show in a small country; the others have larger ones yet to come.
        lived(Country(seed, 4 + 4 * seed, often, quiet), COMMITS, _is_right)
    except FOUND:
        return True
    finally:
        empty_database()
    return False


def _is_right(country: Country, changed: list[World]) -> None:
    is_in_step(country, changed)
    dice = random.Random(country.seed)
    for world in () if country.is_previewing else dice.sample(country.worlds, ASKED):
        wrong = next(disagreements(world.history(), questions(world, dice, 2), None), None)
        assert wrong is None, wrong


def is_caught(
    plant: Plant, patch: MonkeyPatch, often: Sequence[str] = (), quiet: float = 0.4
) -> bool:
    with patch.context() as planted:
        plant(planted)
        return any(is_found(seed, often, quiet) for seed in range(TRIED))


ALL_PLANTED = {**PLANTED, **EVERYWHERE_PLANTED}


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
@pytest.mark.parametrize("fault", ALL_PLANTED)
def test_planted_fault_is_found(app: object, monkeypatch: MonkeyPatch, fault: str) -> None:
    assert is_caught(ALL_PLANTED[fault], monkeypatch, OFTEN.get(fault, ()))


@pytest.mark.parametrize("engine", ["postgresql"], indirect=True)
@pytest.mark.parametrize("fault", PENDING_PLANTED)
def test_planted_fault_of_what_is_pending_is_found(
    app: object, monkeypatch: MonkeyPatch, fault: str
) -> None:
    often = OFTEN.get(fault, ())
    assert is_caught(PENDING_PLANTED[fault], monkeypatch, often, quiet=1.0)


def test_nothing_is_found_where_no_fault_is_planted(app: object) -> None:
    assert not any(is_found(seed) for seed in range(2))


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
@pytest.mark.parametrize(("table", "event", "often"), TRIGGERS)
def test_missing_trigger_is_found(
    app: object, monkeypatch: MonkeyPatch, table: str, event: str, often: tuple[str, ...]
) -> None:
    with restored_triggers():
        assert is_caught(without_trigger(table, event), monkeypatch, often)


@contextmanager
def restored_triggers() -> Iterator[None]:
    named = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"
    before = {row[0]: row[1] for row in db.session.execute(text(named))}
    db.session.rollback()
    yield
    db.session.rollback()
    for sql in before.values():
        with suppress(SQLAlchemyError), db.engine.begin() as connection:
            connection.exec_driver_sql(sql)
