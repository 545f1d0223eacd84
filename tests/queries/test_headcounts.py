"""Declared headcounts: closed the day before, replaced on their day, beside named members."""

import json
from datetime import date, timedelta

import pytest
from flask.testing import FlaskCliRunner
from sqlalchemy import select

from hrtrain.accounts.models import User
from hrtrain.core import clock
from hrtrain.core.db import db
from hrtrain.core.errors import Refusal, Stale
from hrtrain.core.facts import retract
from hrtrain.people.headcounts.actions import (
    confirm_all,
    declare_headcount,
    retract_headcount,
    sign_headcounts,
)
from hrtrain.people.headcounts.due import due_units, reminders
from hrtrain.people.headcounts.queries import declarations_of, headcounts_of, totals_below
from hrtrain.people.headcounts.rules import Became, Declaration, Due, Signature
from hrtrain.people.models import CadreGroup, Headcount, Membership
from hrtrain.units.models import Unit
from hrtrain.units.scope import Scope, within
from tests import makers
from tests.statements import plans_made

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


SIGNED = Signature("Trần Thị Ký", "Chánh Văn phòng")


def signed(unit: Unit, group: CadreGroup, count: int, user: User, on: date = DAY) -> None:
    sign_headcounts(unit, {group.key: count}, (on, None), by=user, signature=SIGNED)


def ages(unit: Unit, group: CadreGroup, days: int) -> None:
    """As if everything of the unit had been said so many days earlier."""
    then = clock.now() - timedelta(days=days)
    for row in db.session.scalars(select(Headcount).filter_by(unit_id=unit.id)):
        row.signed_at = row.recorded_at = then
    for member in db.session.scalars(select(Membership).filter_by(unit_id=unit.id)):
        member.recorded_at = then - timedelta(days=1)
    db.session.flush()


def test_same_number_is_a_new_signature_and_changes_no_number(
    unit: Unit, group: CadreGroup, user: User
) -> None:
    signed(unit, group, 5, user)
    ages(unit, group, 200)
    signed(unit, group, 5, user, on=clock.today())
    rows = declarations_of(unit, group)
    assert [(row.declared, row.starts_on, row.became) for row in rows] == [
        (5, DAY, Became.CONFIRMED),
        (5, DAY, Became.DECLARED),
    ]
    assert (rows[0].signed_name, rows[0].position) == ("Trần Thị Ký", "Chánh Văn phòng")
    assert rows[0].recorded_at == rows[1].retracted_at


def test_double_click_signs_once(unit: Unit, group: CadreGroup, user: User) -> None:
    for _each in range(2):
        signed(unit, group, 5, user)
    assert len(declarations_of(unit, group)) == 1


def test_corrected_number_keeps_what_was_said_and_what_was_known_when(
    unit: Unit, group: CadreGroup, user: User
) -> None:
    signed(unit, group, 5, user)
    before = clock.now()
    signed(unit, group, 6, user)
    rows = declarations_of(unit, group)
    assert [(row.declared, row.became) for row in rows] == [
        (6, Became.CORRECTED),
        (5, Became.DECLARED),
    ]
    assert [row.declared for row in rows if row.is_known_at(before)] == [5]


def test_shortened_declaration_keeps_its_own_signature(
    unit: Unit, group: CadreGroup, user: User
) -> None:
    signed(unit, group, 5, user, on=FIRST)
    ages(unit, group, 100)
    signed(unit, group, 7, makers.user(full_name="Người Khác"))
    old = next(row for row in declarations_of(unit, group) if row.became is Became.SHORTENED)
    assert (old.declared, old.ends_on, old.user) == (5, DAY, user.username)
    assert old.signed_at is not None
    assert clock.now() - old.signed_at > timedelta(days=99)


def test_declaration_may_end_on_a_day_of_its_own(unit: Unit, group: CadreGroup, user: User) -> None:
    said = Declaration(5, FIRST, DAY)
    assert declare_headcount(unit, group, said, by=user).ends_on == DAY
    assert headcounts_of(unit, DAY)[0].declared is None


def test_retracted_declaration_leaves_its_days_undeclared(
    unit: Unit, group: CadreGroup, user: User
) -> None:
    row = declare_headcount(unit, group, Declaration(5, FIRST), by=user)
    retract_headcount(row, "Nhầm đơn vị", by=user)
    assert headcounts_of(unit, DAY)[0].declared is None
    assert len(declarations_of(unit, group)) == 1
    with pytest.raises(Stale):
        retract_headcount(row, "lần nữa", by=user)


def test_nothing_declared_cannot_be_confirmed(unit: Unit, user: User) -> None:
    with pytest.raises(Refusal, match="chưa khai"):
        confirm_all(unit, by=user, signature=SIGNED)


def due(*units: Unit) -> dict[str, list[str]]:
    found, _of = due_units(select(Unit.id).where(Unit.id.in_([unit.id for unit in units])))
    return {unit.key: [str(one.due) for one in unit.groups] for unit in found}


def test_units_that_never_spoke_come_first_then_the_oldest_word(
    group: CadreGroup, user: User
) -> None:
    never, old, older, fresh = (makers.unit(key) for key in ("never", "old", "older", "fresh"))
    for one in (never, old, older, fresh):
        makers.membership(makers.person(), group, one)
    for one, days in ((old, 200), (older, 300), (fresh, 0)):
        signed(one, group, 1, user)
        ages(one, group, days)
    found = due(never, old, older, fresh)
    assert found == {"never": ["never"], "older": ["old"], "old": ["old"]}
    assert list(found) == ["never", "older", "old"]


def test_list_that_changed_after_the_signature_is_due(
    unit: Unit, group: CadreGroup, user: User
) -> None:
    member = makers.membership(makers.person(), group, unit)
    signed(unit, group, 1, user)
    ages(unit, group, 3)
    assert due(unit) == {}
    retract(member)
    assert due(unit) == {unit.key: ["changed"]}
    assert headcounts_of(unit, clock.today())[0].due == Due.CHANGED


def test_reminders_count_each_unit_once_by_its_gravest_reason(
    unit: Unit, group: CadreGroup, user: User
) -> None:
    makers.membership(makers.person(), group, unit)
    makers.membership(makers.person(), makers.group(), unit)
    signed(unit, group, 1, user)
    ages(unit, group, 200)
    found, of = due_units(None)
    told = reminders(found, of)
    assert (told.units, told.of, told.reasons) == (1, 1, {Due.NEVER: 1, Due.CHANGED: 0, Due.OLD: 0})


@pytest.mark.parametrize("engine", ["sqlite"])
def test_lists_of_all_groups_are_read_from_their_index_alone(unit: Unit) -> None:
    makers.membership(makers.person(), makers.group(), unit)
    db.session.commit()
    with plans_made() as plans:
        due_units(within(Scope(roots=frozenset({unit.id})), clock.today()))
    (lists,) = [plan for plan in plans if "membership" in plan]
    assert "COVERING INDEX ix_membership_group_unit (group_id=? AND unit_id=?)" in lists
    assert "TEMP B-TREE" not in lists


def test_command_tells_units_and_reasons(runner: FlaskCliRunner, group: CadreGroup) -> None:
    makers.membership(makers.person(), group, makers.unit("lonely"))
    db.session.commit()
    answer = json.loads(runner.invoke(args=["headcounts", "due", "--json"]).stdout)
    assert (answer["due"], answer["of"], answer["reasons"]["never"]) == (1, 1, 1)
    assert answer["units"][0]["unit"] == "lonely"
    assert runner.invoke(args=["headcounts", "due", "--unit", "nowhere"]).exit_code == 1
    assert runner.invoke(args=["headcounts", "due", "--days", "0"]).exit_code == 2
