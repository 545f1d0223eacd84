"""Members of groups read from the ledger, against the same counted live from memberships."""

import random
from datetime import date

import pytest
from sqlalchemy import select

from hrtrain.core.db import db
from hrtrain.coverage.members import members_at, members_in
from hrtrain.people.queries import counts_by_group, group_rows
from hrtrain.units.models import Unit
from hrtrain.units.scope import Scope
from tests import makers
from tests.makers.province import province
from tests.queries.histories import day_of
from tests.queries.test_trends import lived
from tests.queries.worlds import DAYS
from tests.statements import statements_sent

pytestmark = pytest.mark.usefixtures("app")
DAY = date(2026, 11, 22)


@pytest.mark.parametrize("seed", [4, 5])
def test_members_below_each_unit_are_those_counted_live(seed: int) -> None:
    lived(seed)
    dice, read, counted = random.Random(seed), 0, 0
    for unit in db.session.scalars(select(Unit)):
        for day in map(day_of, dice.sample(DAYS, 3)):
            known, live = members_at(unit, day), counts_by_group(unit, day)
            assert counts_by_group(unit, day, known) == live, (unit.key, day)
            read += sum(below > 0 for _own, below in known.values())
            counted += len(live)
    # Both ways are tried: some groups have no target that counts everybody on the day.
    assert counted > read > counted / 4


@pytest.mark.parametrize("seed", [6, 7])
def test_members_in_a_scope_of_several_units_are_those_counted_live(seed: int) -> None:
    country = lived(seed)
    dice, units = random.Random(seed), sorted(country.numbers.units.values())
    scopes = [Scope(roots=frozenset(dice.sample(units, number))) for number in (1, 3, 9, 40)]
    for scope in (*scopes, Scope(everything=True), Scope()):
        for day in map(day_of, dice.sample(DAYS, 3)):
            assert group_rows(scope, day, members_in(scope, day)) == group_rows(scope, day)


def test_nobody_is_counted_twice_where_one_unit_in_scope_lies_below_another() -> None:
    place = province()
    db.session.commit()
    scope = Scope(roots=frozenset({place.top.id, place.left.id, place.other.id}))
    assert members_in(scope, DAY) == {place.group.id: 4}


def test_no_membership_is_read_where_a_target_counts_everybody() -> None:
    place = province()
    db.session.commit()
    with statements_sent() as sent:
        rows = counts_by_group(place.top, DAY, members_at(place.top, DAY))
        everywhere = group_rows(
            Scope(everything=True), DAY, members_in(Scope(everything=True), DAY)
        )
    assert rows == [("hr_officer", "Cán bộ nhân quyền", 0, 4)]
    assert [row.count for row in everywhere] == [4]
    assert not any("membership" in statement for statement in sent)


def test_group_whose_target_counts_some_tiers_only_is_counted_live() -> None:
    place = province(tiers="commune")
    db.session.commit()
    assert members_at(place.top, DAY) == {}
    assert [row[2:] for row in counts_by_group(place.top, DAY, {})] == [(0, 4)]


def test_members_are_counted_live_while_the_tables_do_not_hold() -> None:
    place = province()
    makers.membership(makers.person(), place.group, place.top)
    assert members_at(place.top, DAY) == {}
    assert [row[2:] for row in counts_by_group(place.top, DAY, {})] == [(1, 5)]
