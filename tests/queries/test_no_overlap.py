"""The database itself refuses a second membership in a group on the same day."""

from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy.exc import DatabaseError

from hrtrain.core import clock
from hrtrain.core.db import db
from hrtrain.people.models import CadreGroup, Membership, Person
from hrtrain.units.models import Unit


def membership(starts_on: date, ends_on: date | None, **more: object) -> Membership:
    return Membership(
        person_id=1, group_id=1, unit_id=1, starts_on=starts_on, ends_on=ends_on, **more
    )


@pytest.fixture(autouse=True)
def somebody(app: Flask) -> None:
    db.session.add(Unit(id=1, key="u", tier="province", kind="state", name="U", search_key="u"))
    db.session.add(CadreGroup(id=1, key="g", name="G"))
    db.session.add(
        Person(id=1, key="p", full_name="A", sort_key="a", search_key="a", access_code="c")
    )
    db.session.flush()
    db.session.add(membership(date(2026, 1, 1), date(2026, 6, 1)))
    db.session.commit()


def test_membership_sharing_one_day_is_refused() -> None:
    db.session.add(membership(date(2026, 5, 31), None))
    with pytest.raises(DatabaseError, match="ex_membership_days"):
        db.session.commit()


def test_membership_beginning_on_the_day_another_ends_stands() -> None:
    db.session.add(membership(date(2026, 6, 1), None))
    db.session.commit()


def test_rows_never_known_together_may_share_days() -> None:
    now = clock.now()
    row = db.session.get_one(Membership, 1)
    row.recorded_at, row.retracted_at = now - timedelta(days=2), now - timedelta(days=1)
    db.session.add(membership(date(2026, 1, 1), None))
    db.session.commit()


def test_stretching_a_membership_over_another_is_refused() -> None:
    later = membership(date(2026, 6, 1), None)
    db.session.add(later)
    db.session.commit()
    later.starts_on = date(2026, 5, 1)
    with pytest.raises(DatabaseError, match="ex_membership_days"):
        db.session.commit()
