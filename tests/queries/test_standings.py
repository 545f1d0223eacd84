"""What the figures' queries promise beyond numbers: statements, places, plans without a scope."""

from datetime import date

import pytest
from sqlalchemy import select

from hrtrain.core.db import db
from hrtrain.coverage.models import Programme
from hrtrain.coverage.queries import Question, dashboard, standings
from hrtrain.coverage.trends import trend
from hrtrain.units.models import Unit, UnitParent
from tests import makers
from tests.statements import statements_sent

pytestmark = pytest.mark.usefixtures("app")
DAY = date(2026, 1, 1)


def country(key: str, *, groups: int, units: int) -> None:
    """A programme for so many groups, whose top unit has so many units below it."""
    top = makers.unit(key)
    below = [makers.unit(f"{key}-{number}", under=top) for number in range(units)]
    programme = makers.programme(key, authority_unit_id=top.id)
    course = makers.course()
    for number in range(groups):
        group = makers.group(f"{key}-{number}")
        makers.target(programme, group, 70, scope_unit_id=below[number % units].id)
        makers.requirement(programme, group, course)
        for unit in below:
            makers.membership(makers.person(), group, unit)


@pytest.mark.parametrize("by", ["group", "unit"])
@pytest.mark.parametrize("is_for_a_unit", [False, True])
def test_more_groups_and_units_cost_no_more_statements(by: str, is_for_a_unit: bool) -> None:
    sent = {}
    for key, size in (("small", 1), ("large", 9)):
        country(key, groups=size, units=size)
        unit = key if is_for_a_unit else None
        with statements_sent() as statements:
            standings(Question(key, DAY, unit, by="unit" if by == "unit" else "group"))
        sent[key] = len(statements)
    assert sent["large"] == sent["small"] <= 9


def test_the_dashboard_asks_all_programmes_at_once() -> None:
    country("one", groups=2, units=2)
    with statements_sent() as alone:
        assert len(dashboard(DAY)) == 2
    country("two", groups=3, units=3)
    with statements_sent() as together:
        rows = dashboard(DAY)
    assert [row.programme for row in rows] == ["one"] * 2 + ["two"] * 3
    assert len(together) == len(alone)


def test_a_plan_without_a_scope_is_counted_everywhere() -> None:
    group, course = makers.group("g"), makers.course()
    programme = makers.programme("p")
    makers.target(programme, group)
    makers.requirement(programme, group, course)
    top = makers.unit("b")
    for unit in (makers.unit("a"), top, makers.unit("c", under=top)):
        makers.membership(makers.person(), group, unit)
    makers.unit("gone", ends_on=date(2025, 1, 1))
    (row,) = standings(Question("p", DAY))
    assert (row.unit, row.in_scope) == (None, 3)
    rows = standings(Question("p", DAY, by="unit"))
    assert [(row.unit, row.in_scope) for row in rows] == [("a", 1), ("b", 2)]


def test_a_child_outside_the_scope_shows_zeros() -> None:
    country("p", groups=1, units=2)
    rows = standings(Question("p", DAY, "p", by="unit"))
    assert [(row.unit, row.in_scope) for row in rows] == [("p-0", 1), ("p-1", 0), ("p", 0)]


def test_a_unit_below_the_scope_is_found_from_any_height() -> None:
    country("p", groups=1, units=1)
    roof = makers.unit("roof")
    makers.unit("side", under=roof)
    makers.unit("top", under=roof)
    _put("p", "top")
    rows = standings(Question("p", DAY, "roof", by="unit"))
    assert [(row.unit, row.in_scope) for row in rows] == [("side", 0), ("top", 1), ("roof", 0)]
    assert standings(Question("p", DAY, "side"))[0].in_scope == 0


def _unit_id(key: str) -> int:
    return db.session.execute(select(Unit.id).where(Unit.key == key)).scalar_one()


def _put(unit: str, parent: str) -> None:
    db.session.add(UnitParent(unit_id=_unit_id(unit), parent_id=_unit_id(parent)))
    db.session.flush()


def test_nothing_is_asked_before_the_start_but_an_ended_programme_still_is() -> None:
    country("p", groups=1, units=1)
    programme = db.session.query(Programme).one()
    programme.starts_on, programme.ends_on = date(2025, 3, 1), date(2025, 4, 1)
    days = (date(2025, 2, 28), date(2025, 3, 1), date(2026, 1, 1))
    asked = trend(Question("p", DAY), days)
    assert [day for day, _rows in asked] == list(days)
    assert [(row.in_scope, row.is_asked) for _day, (row,) in asked] == [
        (0, False),
        (1, True),
        (1, True),
    ]


def test_a_cycle_in_the_tree_ends() -> None:
    country("p", groups=1, units=1)
    _put("p", "p-0")
    assert standings(Question("p", DAY, "p"))[0].in_scope == 1
