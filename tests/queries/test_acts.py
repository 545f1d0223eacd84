"""An act is undone as one: facts and changed rows come back, what it made is set aside."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from hrtrain.core import clock
from hrtrain.core.acts.models import Act, ActFact
from hrtrain.core.acts.recording import begin, note_facts, note_made, recording
from hrtrain.core.acts.undoing import undo
from hrtrain.core.db import db
from hrtrain.core.errors import Refusal, Stale
from hrtrain.core.facts import restate, retract
from hrtrain.people.models import CadreGroup, Membership, Person
from hrtrain.units.models import Unit
from tests import makers

DAY = date(2025, 7, 1)


def an_act() -> Act:
    return begin("test", "Thử", by_id=None)


def known() -> list[tuple[Any, ...]]:
    """Memberships as known now, without when that became known."""
    columns = (Membership.person_id, Membership.unit_id, Membership.starts_on, Membership.ends_on)
    rows = select(*columns).where(Membership.retracted_at.is_(None)).order_by(*columns)
    return [tuple(row) for row in db.session.execute(rows)]


def moved(act: Act, membership: Membership) -> None:
    """Within the act the person goes on at another unit from the day."""
    with recording(act, Person):
        restate(membership, ends_on=DAY)
        person = db.session.get_one(Person, membership.person_id)
        makers.membership(
            person,
            db.session.get_one(CadreGroup, membership.group_id),
            makers.unit(),
            starts_on=DAY,
        )


def a_membership() -> Membership:
    made = makers.membership(makers.person(), makers.group(), makers.unit())
    db.session.commit()
    return made


def test_undone_the_same_facts_are_known_and_the_earlier_instant_is_as_it_was(app: Flask) -> None:
    membership, act = a_membership(), an_act()
    before = known()
    moved(act, membership)
    assert len(known()) == 2
    during = clock.now()
    undo(act, by_id=None)
    db.session.commit()
    assert known() == before
    seen = select(Membership.id).where(Membership.known_at(during))
    assert len(db.session.scalars(seen).all()) == 2


def test_a_fact_recorded_and_retracted_within_the_act_leaves_no_trace(app: Flask) -> None:
    membership, act = a_membership(), an_act()
    before = known()
    with recording(act):
        restate(restate(membership, position="Phó"), position="Trưởng")
    undo(act, by_id=None)
    assert known() == before


def test_an_act_undone_twice_is_refused(app: Flask) -> None:
    act = an_act()
    moved(act, a_membership())
    undo(act, by_id=None)
    with pytest.raises(Stale):
        undo(act, by_id=None)


def test_a_fact_changed_since_stands_in_the_way_and_nothing_is_undone(app: Flask) -> None:
    act = an_act()
    moved(act, a_membership())
    later = db.session.scalars(select(Membership).where(Membership.starts_on == DAY)).one()
    retract(later)
    after = known()
    with pytest.raises(Refusal, match="1 dòng"):
        undo(act, by_id=None)
    assert known() == after
    assert act.undone_at is None


def test_changed_columns_go_back_but_for_those_changed_again(app: Flask) -> None:
    person, act = makers.person(phone="0912345678", email="a@b.vn"), an_act()
    db.session.commit()
    with recording(act, Person):
        person.phone, person.email = "0999999999", "c@d.vn"
    person.email = "e@f.vn"
    db.session.commit()
    undo(act, by_id=None)
    assert (person.phone, person.email) == ("0912345678", "e@f.vn")


def test_a_row_changed_twice_goes_back_to_the_first(app: Flask) -> None:
    person, act = makers.person(phone="1"), an_act()
    db.session.commit()
    for phone in ("2", "3"):
        with recording(act, Person):
            person.phone = phone
    undo(act, by_id=None)
    assert person.phone == "1"


def test_what_the_act_made_is_set_aside(app: Flask) -> None:
    act = an_act()
    with recording(act, Person):
        person = makers.person()
    bulk = makers.person()
    note_made(act, Person, [bulk.id])
    undo(act, by_id=None)
    assert person.is_set_aside
    assert bulk.is_set_aside


def test_what_went_past_the_session_is_undone_when_it_was_told(app: Flask) -> None:
    membership, act = a_membership(), an_act()
    note_facts(act, Membership, [membership.id], is_recorded=True)
    undo(act, by_id=None)
    assert known() == []


def test_nothing_is_noted_outside_of_the_recording(app: Flask) -> None:
    membership, act = a_membership(), an_act()
    with recording(act):
        pass
    restate(membership, position="Phó")
    assert db.session.scalars(select(ActFact)).all() == []


def test_an_earlier_act_is_undone_after_the_later_one_was(app: Flask) -> None:
    first, second = an_act(), an_act()
    with recording(first):
        membership = a_membership()
    moved(second, membership)
    undo(second, by_id=None)
    undo(first, by_id=None)
    assert known() == []


def test_days_of_changed_rows_come_back_as_days(app: Flask) -> None:
    unit, act = makers.unit(ends_on=date(2030, 1, 1)), an_act()
    db.session.commit()
    with recording(act, Unit):
        unit.ends_on = DAY
    undo(act, by_id=None)
    assert unit.ends_on == date(2030, 1, 1)
    assert act.undone_at is not None
    assert act.undone_at <= datetime.now(UTC)
