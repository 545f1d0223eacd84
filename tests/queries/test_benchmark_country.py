"""The country that benchmarks are run over: facts as the product would have written them."""

from datetime import UTC, date, datetime

import pytest
from flask import Flask
from sqlalchemy import select, text

from benchmarks import country
from hrtrain.core.db import db, one_snapshot
from hrtrain.core.derived import in_step
from hrtrain.coverage.derived.verifying import verify
from hrtrain.coverage.queries import Question, standings
from hrtrain.people.models import Person
from tests import makers

DAYS = (date(2024, 3, 31), date(2025, 6, 30), date(2025, 7, 1), date(2026, 6, 30))
TWO_AT_ONCE = """SELECT a.id FROM membership a JOIN membership b ON a.person_id = b.person_id
    AND a.group_id = b.group_id AND a.id < b.id AND a.retracted_at IS NULL
    AND (a.ends_on IS NULL OR a.ends_on > b.starts_on)
    AND (b.ends_on IS NULL OR b.ends_on > a.starts_on)"""
PAST_ITS_UNIT = """SELECT m.id FROM membership m JOIN unit u ON u.id = m.unit_id
    WHERE m.starts_on < u.starts_on OR (u.ends_on IS NOT NULL
    AND (m.ends_on IS NULL OR m.ends_on > u.ends_on))"""


@pytest.mark.slow
def test_made_up_country_keeps_to_the_rules_and_its_figures_verify(app: Flask) -> None:
    country.build(200)
    for statement in (TWO_AT_ONCE, PAST_ITS_UNIT):
        assert not db.session.execute(text(statement)).all()
    db.session.rollback()
    with one_snapshot():
        assert verify().differences == []
    for day in DAYS:
        of_ledger = standings(Question(None, day))
        assert of_ledger == standings(Question(None, day, known_at=datetime.now(UTC)))
        assert sum(row.in_scope for row in of_ledger) > 100
    completion_is_noted()


def completion_is_noted() -> None:
    """Triggers and indexes are back: a write is noted, and taken when it is committed."""
    person = db.session.scalars(select(Person).limit(1)).one()
    makers.completion(person, makers.course(), date(2026, 6, 1))
    assert not in_step()
    db.session.commit()
    assert in_step()
