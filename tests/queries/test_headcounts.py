"""Declared headcounts: closed the day before, replaced on their day, beside named members."""

from datetime import date

import pytest

from hrtrain.accounts.models import User
from hrtrain.core.errors import Refusal
from hrtrain.people.headcounts.actions import declare_headcount
from hrtrain.people.headcounts.queries import declarations_of, headcounts_of, totals_below
from hrtrain.people.headcounts.rules import Declaration
from hrtrain.people.models import CadreGroup
from hrtrain.units.models import Unit
from tests import makers

FIRST, DAY = date(2025, 1, 1), date(2025, 7, 1)

pytestmark = pytest.mark.usefixtures("app")


@pytest.fixture
def unit(app: object) -> Unit:
    return makers.unit()


@pytest.fixture
def group(app: object) -> CadreGroup:
    return makers.group()


@pytest.fixture
def user(app: object) -> User:
    return makers.user(full_name="Lê Văn Đầu Mối")


def test_former_declaration_ends_the_day_before(unit: Unit, group: CadreGroup, user: User) -> None:
    declare_headcount(unit, group, Declaration(5, FIRST), by=user)
    declare_headcount(unit, group, Declaration(7, DAY), by=user)
    assert [headcounts_of(unit, day)[0].declared for day in (date(2025, 6, 30), DAY)] == [5, 7]
    assert [row.retracted_at is None for row in declarations_of(unit)].count(False) == 1


def test_declaration_before_a_later_one_ends_where_that_begins(
    unit: Unit, group: CadreGroup, user: User
) -> None:
    declare_headcount(unit, group, Declaration(7, DAY), by=user)
    earlier = declare_headcount(unit, group, Declaration(5, FIRST), by=user)
    assert earlier.ends_on == DAY


def test_declaration_of_the_same_day_replaces_and_the_same_number_is_kept_once(
    unit: Unit, group: CadreGroup, user: User
) -> None:
    first = declare_headcount(unit, group, Declaration(5, DAY), by=user)
    assert declare_headcount(unit, group, Declaration(5, DAY), by=user) is first
    declare_headcount(unit, group, Declaration(6, DAY), by=user)
    assert headcounts_of(unit, DAY)[0].declared == 6


def test_declaration_outside_the_units_life_is_refused(group: CadreGroup, user: User) -> None:
    with pytest.raises(Refusal, match="đến 30/06/2025"):
        declare_headcount(makers.unit(ends_on=DAY), group, Declaration(5, DAY), by=user)


def test_declaration_ends_with_the_unit(group: CadreGroup, user: User) -> None:
    assert (
        declare_headcount(makers.unit(ends_on=DAY), group, Declaration(5, FIRST), by=user).ends_on
        == DAY
    )


def test_named_members_stand_beside_the_declaration_of_the_unit_itself(
    unit: Unit, group: CadreGroup, user: User
) -> None:
    declare_headcount(unit, group, Declaration(5, FIRST), by=user)
    makers.membership(makers.person(), group, unit)
    makers.membership(makers.person(), group, makers.unit(under=unit))
    (row,) = headcounts_of(unit, DAY)
    assert (row.declared, row.named, row.missing, row.declared_by) == (5, 1, 4, "Lê Văn Đầu Mối")
    assert [(r.declared, r.named) for r in totals_below(unit, DAY)] == [(0, 1)]
