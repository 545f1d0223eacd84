"""People entered, placed, moved, taken out; lists within a scope. On both engines."""

import random
from datetime import date
from itertools import product
from typing import Any

import pytest
from sqlalchemy import select, update

from hrtrain.core import clock
from hrtrain.core.db import db
from hrtrain.core.errors import Refusal, Stale
from hrtrain.core.facts import restate, retract
from hrtrain.core.period import Period
from hrtrain.people import actions, matching, queries
from hrtrain.people.models import CadreGroup, Membership, Person
from hrtrain.people.queries import PersonFilter, person_page
from hrtrain.people.rosters.cells import Birth
from hrtrain.people.rules import PersonDetails, Placement
from hrtrain.units.models import Unit
from hrtrain.units.scope import Scope, reach
from tests import makers
from tests.statements import plans_made

EVERYTHING = Scope(everything=True)
FIRST, DAY, FUTURE = date(2025, 1, 1), date(2025, 7, 1), date(2100, 1, 1)

pytestmark = pytest.mark.usefixtures("app")


def names(scope: Scope = EVERYTHING, **asked: Any) -> list[str]:
    return [row.full_name for row in person_page(scope, PersonFilter(**asked)).rows]


def known(who: Person) -> list[tuple[int, date, date | None]]:
    rows = db.session.scalars(
        select(Membership)
        .where(Membership.person_id == who.id, Membership.known_at(clock.now()))
        .order_by(Membership.starts_on)
    )
    return [(row.unit_id, row.starts_on, row.ends_on) for row in rows]


def test_names_stand_in_vietnamese_order_by_given_name() -> None:
    for name in ("Đỗ Thị Đào", "Lê Văn Dũng", "Trần Ánh", "Nguyễn Văn An"):
        makers.person(name)
    assert names() == ["Nguyễn Văn An", "Trần Ánh", "Lê Văn Dũng", "Đỗ Thị Đào"]


def test_search_without_marks_finds_all_and_exact_accents_stand_first() -> None:
    for name in ("Đặng Thị Anh", "Đặng Thị Ánh", "Lê Thị Ánh"):
        makers.person(name)
    assert names(text="dang thi anh") == ["Đặng Thị Anh", "Đặng Thị Ánh"]
    assert names(text="đặng thị ánh") == ["Đặng Thị Ánh", "Đặng Thị Anh"]


def test_pages_follow_each_other_without_gap_or_double(monkeypatch: pytest.MonkeyPatch) -> None:
    made = [makers.person(f"Lê Thị Ánh {n:03}").full_name for n in range(60)]
    made += [makers.person(f"Lê Thi Anh {n:03}").full_name for n in range(60)]
    for few in (10, 1000):
        monkeypatch.setattr(matching, "FEW", few)
        found, after = list[str](), None
        for _page in range(3):
            page = person_page(EVERYTHING, PersonFilter(text="Thị Ánh"), after)
            found, after = [*found, *(row.full_name for row in page.rows)], page.after
        assert found == made and after is None


def test_list_keeps_to_group_unit_below_and_day() -> None:
    top = makers.unit()
    below, group = makers.unit(under=top), makers.group()
    makers.membership(makers.person("A Đây"), group, below)
    makers.membership(makers.person("B Trước"), group, below, ends_on=DAY)
    makers.membership(makers.person("C Khác"), makers.group(), makers.unit())
    assert names(unit_id=top.id, group_id=group.id) == ["A Đây"]
    assert names(unit_id=top.id, on=date(2025, 6, 30)) == ["A Đây", "B Trước"]


@pytest.mark.parametrize("few", [0, 1000])
def test_scope_shows_whom_a_membership_not_ended_ties_to_it(
    few: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(matching, "FEW", few)
    own, foreign, group = makers.unit(), makers.unit(), makers.group()
    today = clock.today()
    makers.membership(makers.person("A Đây"), group, makers.unit(under=own))
    makers.membership(makers.person("B Nơi khác"), group, foreign)
    makers.membership(makers.person("C Hôm qua"), group, own, ends_on=today)
    makers.membership(makers.person("D Mai sau"), group, own, starts_on=date(2030, 1, 1))
    scope = Scope(roots=frozenset({own.id}))
    assert names(scope) == ["A Đây", "D Mai sau"]
    assert names(scope, text="B Nơi khác") == []
    assert names(scope, unit_id=foreign.id) == []


def test_many_by_each_filter_and_few_together_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(matching, "FEW", 1)
    unit, group = makers.unit(), makers.group()
    for name in ("Lê An", "Lê Bình", "Trần An"):
        makers.membership(makers.person(name), group, unit)
    makers.person("Lê An")
    page = person_page(EVERYTHING, PersonFilter(text="le an", unit_id=unit.id))
    assert ([row.full_name for row in page.rows], page.total) == (["Lê An"], 1)


def random_people(dice: random.Random) -> tuple[list[Unit], list[CadreGroup]]:
    top, groups = makers.unit(), [makers.group(), makers.group()]
    units = [top, makers.unit(under=top), makers.unit(under=top), makers.unit()]
    for _each in range(40):
        who = makers.person(dice.choice(["Lê Thị Ánh", "Lê Thi Anh", "Trần An", "Đỗ Bình"]))
        for group in dice.sample(groups, dice.randrange(3)):
            days = dice.choice([{}, {"ends_on": DAY}, {"starts_on": DAY}, {"starts_on": FUTURE}])
            makers.membership(who, group, dice.choice(units), **days)
    return units, groups


@pytest.mark.parametrize("seed", range(2))
def test_same_people_are_listed_whether_they_are_few_or_many(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    units, groups = random_people(random.Random(seed))
    scopes = [
        EVERYTHING,
        Scope(roots=frozenset({units[0].id})),
        Scope(roots=frozenset({units[2].id})),
    ]
    parts = ([None, groups[0].id], [None, units[0].id, units[1].id], ["", "Thị Ánh"], [None, DAY])
    for scope, group_id, unit_id, text, on in product(scopes, *parts):
        asked = PersonFilter(text, group_id, unit_id, on)
        listed = []
        for few in (0, 8, 1000):
            monkeypatch.setattr(matching, "FEW", few)
            listed.append([row.id for row in person_page(scope, asked).rows])
        assert listed[0] == listed[1] == listed[2], asked


def test_person_sent_twice_is_made_once() -> None:
    details = PersonDetails("Nguyễn Văn An", birth=Birth("1985", "year"))
    first = actions.add_person("p-1", details, "", by=None)
    assert actions.add_person("p-1", details, "", by=None) is first


def test_second_membership_in_a_group_is_refused_with_the_row_in_the_way() -> None:
    who, group = makers.person(), makers.group(name="Nhóm quyền con người")
    makers.membership(who, group, makers.unit(name="Sở A"), starts_on=FIRST, ends_on=DAY)
    placed = Placement(group.id, makers.unit().id, Period(date(2025, 6, 30)))
    with pytest.raises(Refusal) as refused:
        actions.add_membership(who, placed, by=None)
    assert refused.value.message == (
        "Đã thuộc nhóm “Nhóm quyền con người” tại Sở A từ 01/01/2025 đến hết 30/06/2025."
    )


def test_same_membership_sent_twice_is_one() -> None:
    who, group, unit = makers.person(), makers.group(), makers.unit()
    placed = Placement(group.id, unit.id, Period(FIRST))
    first = actions.add_membership(who, placed, by=None)
    assert actions.add_membership(who, placed, by=None) is first


def test_membership_outside_the_units_life_is_refused() -> None:
    unit = makers.unit(ends_on=DAY)
    placed = Placement(makers.group().id, unit.id, Period(FIRST))
    with pytest.raises(Refusal, match="đến 30/06/2025"):
        actions.add_membership(makers.person(), placed, by=None)


def test_transfer_moves_the_days_that_are_left() -> None:
    who, old, new = makers.person(), makers.unit(), makers.unit()
    before = makers.membership(who, makers.group(), old, starts_on=FIRST)
    actions.transfer_membership(before, new, DAY, "Trưởng phòng", by=None)
    assert known(who) == [(old.id, FIRST, DAY), (new.id, DAY, None)]


def test_transfer_on_the_first_day_or_outside_is_refused() -> None:
    membership = makers.membership(makers.person(), makers.group(), makers.unit(), starts_on=FIRST)
    for day in (FIRST, date(2024, 12, 31)):
        with pytest.raises(Refusal, match="Ngày chuyển"):
            actions.transfer_membership(membership, makers.unit(), day, "", by=None)


def test_ending_and_correcting_keep_what_was_known_before() -> None:
    who, unit = makers.person(), makers.unit()
    membership = makers.membership(who, makers.group(), unit, starts_on=FIRST)
    before = clock.now()
    ended = actions.end_membership(membership, date(2025, 6, 30), by=None)
    assert known(who) == [(unit.id, FIRST, DAY)]
    then = db.session.scalars(select(Membership).where(Membership.known_at(before))).one()
    assert (then.ends_on, then.retracted_at) == (None, ended.recorded_at)


def test_ending_before_the_first_day_is_refused() -> None:
    membership = makers.membership(makers.person(), makers.group(), makers.unit(), starts_on=DAY)
    with pytest.raises(Refusal, match="01/07/2025"):
        actions.end_membership(membership, date(2025, 6, 30), by=None)


def test_retracted_membership_is_shown_as_such_and_stands_in_nobodys_way() -> None:
    who, group, unit = makers.person(), makers.group(), makers.unit()
    actions.retract_membership(makers.membership(who, group, unit), "ghi nhầm", by=None)
    (row,) = queries.memberships_of(who, EVERYTHING, EVERYTHING)
    assert row.retracted_at is not None
    actions.add_membership(who, Placement(group.id, unit.id, Period(FIRST)), by=None)


def test_duplicates_are_the_folded_name_with_a_birth_date_that_may_be_the_same() -> None:
    makers.person("Đặng Thị Ánh", birth_date="1985")
    makers.person("Dang Thi Anh", birth_date="1985-05-12")
    makers.person("Đặng Thị Ánh", birth_date="1990")
    makers.person("Ai Khác", birth_date="1970", national_id_hash="x")
    details = PersonDetails("Đặng Thị Ánh", birth=Birth("1985-05-12", "day"))
    found = queries.possible_duplicates(details, "x", EVERYTHING)
    assert {row.birth_date for row in found} == {"1985", "1985-05-12", "1970"}


def test_duplicates_out_of_scope_are_not_told() -> None:
    own = makers.unit()
    makers.person("Đặng Thị Ánh")
    details = PersonDetails("Đặng Thị Ánh")
    scope = Scope(roots=frozenset({own.id}))
    assert queries.possible_duplicates(details, "", scope) == []


def test_group_code_of_another_group_is_refused_by_name() -> None:
    makers.group("hr", name="Nhóm cũ")
    with pytest.raises(Refusal, match="Nhóm cũ"):
        actions.add_group("hr", "Nhóm mới", "", by=None)


def test_people_are_counted_by_group_at_the_unit_and_below() -> None:
    top, group = makers.unit(), makers.group("g")
    makers.membership(makers.person(), group, top)
    makers.membership(makers.person(), group, makers.unit(under=top))
    assert queries.counts_by_group(top, DAY) == [("g", group.name, 1, 2)]
    assert reach(EVERYTHING) is None


def test_fact_retracted_by_another_meanwhile_is_neither_retracted_nor_restated_again() -> None:
    who, group, unit = makers.person(), makers.group(), makers.unit()
    membership = makers.membership(who, group, unit)
    before = clock.now()
    by_another = update(Membership).values(retracted_at=before)
    db.session.execute(by_another, execution_options={"synchronize_session": False})
    for act in (retract, restate):
        with pytest.raises(Stale):
            act(membership)
    assert db.session.scalars(select(Membership.retracted_at)).all() == [before]


def test_very_many_people_are_listed_without_counting_them() -> None:
    makers.person()
    assert person_page(EVERYTHING, PersonFilter()).total == 1
    makers.person(id=matching.MANY + 1)
    assert person_page(EVERYTHING, PersonFilter()).total is None


@pytest.mark.parametrize("engine", ["sqlite"])
def test_whether_few_people_are_seen_is_asked_of_their_own_memberships_only() -> None:
    unit, group = makers.unit(), makers.group()
    here, elsewhere = makers.person(), makers.person()
    makers.membership(here, group, unit)
    makers.membership(elsewhere, group, makers.unit())
    db.session.commit()
    seen = matching.is_seen(Person.id, Scope(roots=frozenset({unit.id})), DAY)
    with plans_made() as plans:
        found = db.session.scalars(select(Person).where(Person.id.in_([1, 2, here.id]), seen)).all()
    assert found == [here]
    assert "membership USING INDEX ix_membership_person_group" in plans[-1]
