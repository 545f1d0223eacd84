"""Verification names what differs, finds nothing where nothing differs, and a rebuild mends it."""

from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import Table, delete, insert, select, text, update

from hrtrain.core.db import db, one_snapshot
from hrtrain.coverage.derived import tables
from hrtrain.coverage.derived.rebuilding import rebuild
from hrtrain.coverage.derived.verifying import spot_check, verify
from hrtrain.people.models import Person
from hrtrain.units.models import unit_closure
from tests.queries.country import Country
from tests.queries.histories import FIRST_DAY

DAY = FIRST_DAY + timedelta(days=6)


@pytest.fixture(autouse=True)
def country(app: Flask) -> Country:
    made = Country(4, 10)
    made.settle()
    db.session.commit()
    for _each in range(3):
        made.live()
        db.session.commit()
    return made


def found() -> list[str]:
    with one_snapshot():
        return verify().differences


def a_row(table: Table, **where: int) -> dict[str, object]:
    asked = select(table).filter_by(**where)
    if table is tables.ledger:
        asked = asked.where(table.c.day <= DAY.toordinal()).order_by(table.c.day.desc())
    row = db.session.execute(asked.limit(1)).one()
    return dict(row._mapping)


def tamper(table: Table, row: dict[str, object], **changes: object) -> None:
    """Change a row behind everybody's back; no changes: it is gone."""
    here = [table.c[name] == row[name] for name in table.primary_key.columns.keys()]  # noqa: SIM118
    statement = update(table).values(**changes) if changes else delete(table)
    db.session.execute(statement.where(*here))
    db.session.commit()


def test_verify_finds_nothing_where_nothing_differs() -> None:
    assert found() == []
    with one_snapshot():
        assert spot_check(DAY).differences == []


def test_span_in_another_state_is_named_by_person_and_day() -> None:
    row = a_row(tables.span)
    tamper(tables.span, row, state=1 + int(str(row["state"])) % 4)
    person = db.session.get_one(Person, row["person_id"]).key
    db.session.rollback()
    assert any(told.startswith(f"person {person}: ") for told in found())
    with one_snapshot():
        looked = spot_check(DAY, [int(str(row["person_id"]))])
    assert any(told.startswith(f"person {person}: ") for told in looked.differences)


def test_the_day_named_is_the_first_that_is_counted_otherwise() -> None:
    row = a_row(tables.span)
    tamper(tables.span, row, ends=int(str(row["ends"])) - 1)
    person = db.session.get_one(Person, row["person_id"]).key
    day = date.fromordinal(int(str(row["ends"])) - 1)
    db.session.rollback()
    (told,) = [told for told in found() if told.startswith(f"person {person}: ")]
    assert told.endswith(f" differs from {day} on")


def test_missing_span_is_found() -> None:
    tamper(tables.span, a_row(tables.span))
    assert found()


@pytest.mark.parametrize("part", [tables.OWN, tables.BELOW])
@pytest.mark.parametrize("counter", tables.COUNTERS)
def test_counter_that_is_one_too_high_is_found(part: int, counter: str) -> None:
    row = a_row(tables.ledger, part=part)
    tamper(tables.ledger, row, **{counter: int(str(row[counter])) + 1})
    assert any(f"{counter} " in told for told in found())


def test_counter_below_nought_is_found_too() -> None:
    tamper(tables.ledger, a_row(tables.ledger, part=tables.OWN), trained=-3)
    assert any("trained -3" in told for told in found())
    with one_snapshot():
        assert any("trained -3" in told for told in spot_check(DAY, []).differences)


def test_counter_too_high_on_a_day_is_found_by_looking_at_that_day() -> None:
    row = a_row(tables.ledger, part=tables.BELOW)
    tamper(tables.ledger, row, trained=int(str(row["trained"])) + 1)
    with one_snapshot():
        assert any("trained" in told for told in spot_check(DAY, []).differences)


def test_missing_row_of_the_ledger_is_found() -> None:
    tamper(tables.ledger, a_row(tables.ledger, part=tables.OWN))
    assert found()


def test_missing_link_of_the_tree_is_found() -> None:
    tamper(unit_closure, a_row(unit_closure))
    assert any(told.startswith("closure: ") for told in found())


def test_measure_that_is_not_what_the_plan_asks_is_found() -> None:
    tamper(tables.measure, a_row(tables.measure), rule="[1, [], [], 1, 0]")
    assert any("is not what the plan asks" in told for told in found())


def test_pending_change_of_nobody_is_found(engine: str) -> None:
    row = a_row(tables.ledger, part=tables.OWN)
    names = ("measure_id", "unit_id", "day", *tables.COUNTERS)
    db.session.execute(insert(tables.pending).values({name: row[name] for name in names}))
    db.session.commit()
    assert found()


def test_what_was_written_past_the_session_is_found_until_it_is_taken() -> None:
    with db.engine.begin() as connection:
        connection.execute(text("UPDATE completion SET is_void = true"))
    assert any("written past" in told for told in found())
    db.session.execute(text("UPDATE membership SET position = 'x' WHERE id = 1"))
    db.session.commit()
    assert found() == []


def test_rebuild_mends_whatever_was_tampered_with() -> None:
    for table in (tables.span, tables.ledger, tables.measure, unit_closure):
        tamper(table, a_row(table))
    assert found()
    rebuild()
    db.session.commit()
    assert found() == []
