"""A reorganisation is one act: memberships, parents, names and grants follow on its day."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from hrtrain.accounts.models import Grant
from hrtrain.core import clock
from hrtrain.core.acts.models import Act
from hrtrain.core.db import db
from hrtrain.core.errors import Refusal, Stale
from hrtrain.core.facts import restate
from hrtrain.coverage.queries import Question, standings
from hrtrain.people.models import CadreGroup, Headcount, Membership, Person
from hrtrain.reorganising.actions.applying import apply
from hrtrain.reorganising.actions.choosing import choose
from hrtrain.reorganising.actions.drafting import Heading, draft
from hrtrain.reorganising.actions.undoing import undo
from hrtrain.reorganising.models import Choice, Reorganisation
from hrtrain.reorganising.rules import NEW, Does, Entry
from hrtrain.units.models import Unit, UnitCode, UnitName, UnitParent, UnitSuccession
from hrtrain.units.queries import find_unit, name_on, path_of, search_units
from hrtrain.units.scope import Scope
from tests import makers
from tests.makers.province import Province, province

ON = date(2025, 7, 1)
BEFORE = ON - timedelta(days=1)
FACTS: tuple[Any, ...] = (Membership, Headcount, UnitName, UnitCode, UnitParent, UnitSuccession)

pytestmark = pytest.mark.usefixtures("app")


def become(old: str, new: str, is_default: bool = True) -> Entry:
    return Entry(1, Does.BECOME, old, new, is_default)


MERGE = become("u2", "u1")
SPLIT = (become("u1", "u2"), become("u1", "u3", False))


def planned(*entries: Entry, key: str = "r-1", on: date = ON) -> Reorganisation:
    return draft(key, Heading("Sắp xếp", "01/NQ", on), entries, by=None)


def done(*entries: Entry, **more: Any) -> Reorganisation:
    plan = planned(*entries, **more)
    apply(plan, by=None)
    db.session.commit()
    return plan


def figures(unit: str, day: date) -> tuple[int, int, int]:
    (row,) = standings(Question("kh175", day, unit))
    return row.trained, row.untrained, row.in_grace


def known() -> dict[str, list[tuple[Any, ...]]]:
    """Every fact as known now, without when that became known, and what rows of units say."""
    found = {}
    for model in FACTS:
        table = model.__table__
        said = [c for c in table.c if c.name not in ("id", "recorded_at", "retracted_at")]
        rows = db.session.execute(select(*said).where(table.c.retracted_at.is_(None)))
        found[table.name] = sorted((tuple(row) for row in rows), key=repr)
    columns = (Unit.key, Unit.name, Unit.tier, Unit.kind, Unit.ends_on)
    units = db.session.execute(select(*columns).where(~Unit.is_set_aside))
    found["unit"] = sorted((tuple(row) for row in units), key=repr)
    return found


def at(unit: Unit, day: date) -> set[str]:
    held = select(Person.full_name).join(Membership, Membership.person_id == Person.id)
    rows = held.where(Membership.unit_id == unit.id, Membership.retracted_at.is_(None))
    rows = rows.where(
        Membership.starts_on <= day, (Membership.ends_on.is_(None)) | (Membership.ends_on > day)
    )
    return set(db.session.scalars(rows))


def queue() -> list[Choice]:
    return list(db.session.scalars(select(Choice).order_by(Choice.id)))


def test_the_worked_case_of_a_merger() -> None:
    province()
    done(MERGE)
    assert [figures(unit, BEFORE) for unit in ("u1", "u2", "u0")] == [
        (2, 1, 0),
        (0, 1, 0),
        (2, 2, 0),
    ]
    assert [figures(unit, ON) for unit in ("u1", "u2", "u0")] == [(2, 2, 0), (0, 0, 0), (2, 2, 0)]


@pytest.mark.parametrize("when", ["recorded_at", "retracted_at"])
@pytest.mark.parametrize("kind", ["membership", "headcount"])
def test_what_a_package_dated_ahead_is_not_reorganised_now(kind: str, when: str) -> None:
    there = province()
    ahead = {when: clock.now() + timedelta(days=30)}
    if kind == "membership":
        makers.membership(makers.person(), there.group, there.right, **ahead)
    else:
        makers.headcount(there.right, there.group, 7, **ahead)
    plan, before = planned(MERGE), known()
    with pytest.raises(Refusal, match="tương lai"):
        apply(plan, by=None)
    assert known() == before


def test_grace_does_not_start_again_at_the_successor() -> None:
    there = province(grace_days=90)
    joined = makers.membership(
        makers.person(), there.group, there.right, starts_on=date(2025, 6, 1)
    )
    done(MERGE)
    assert figures("u1", date(2025, 8, 29)) == (2, 2, 1)
    assert figures("u1", date(2025, 8, 30)) == (2, 3, 0)
    assert joined.retracted_at is not None


def test_position_and_end_stay_and_who_comes_later_comes_to_the_successor() -> None:
    there = province()
    person = makers.person("Lê Thị Mai")
    for starts, ends in ((date(2025, 1, 1), date(2025, 9, 1)), (date(2026, 1, 1), None)):
        makers.membership(
            person, there.group, there.right, starts_on=starts, ends_on=ends, position="Phó"
        )
    done(MERGE)
    columns = (Membership.unit_id, Membership.starts_on, Membership.ends_on, Membership.position)
    rows = select(*columns).where(Membership.person_id == person.id)
    rows = rows.where(Membership.retracted_at.is_(None)).order_by(Membership.starts_on)
    assert [tuple(row) for row in db.session.execute(rows)] == [
        (there.right.id, date(2025, 1, 1), ON, "Phó"),
        (there.left.id, ON, date(2025, 9, 1), "Phó"),
        (there.left.id, date(2026, 1, 1), None, "Phó"),
    ]


def test_the_unit_ends_with_its_name_and_parent_and_the_lineage_is_told() -> None:
    there = province()
    makers.unit("office", under=there.right, name="Phòng Phóng viên")
    done(MERGE)
    assert there.right.ends_on == ON
    office = find_unit("office")
    assert office is not None
    assert [one.key for one in path_of(office, BEFORE)] == ["u0", "u2"]
    assert [one.key for one in path_of(office, ON)] == ["u0", "u1"]
    assert [one.key for one in path_of(there.right, ON)] == []
    told = db.session.scalars(select(UnitSuccession)).one()
    assert (told.predecessor_id, told.successor_id, told.is_default) == (
        there.right.id,
        there.left.id,
        True,
    )


def test_a_membership_at_a_unit_that_had_ended_by_itself_goes_on_unless_one_follows() -> None:
    there = province()
    there.right.ends_on = ON
    stays, moved = makers.person("Ở Lại"), makers.person("Đã Chuyển")
    for person in (stays, moved):
        makers.membership(person, there.group, there.right, ends_on=ON)
    makers.membership(moved, there.group, there.left, starts_on=ON)
    later = makers.person("Về Sau")
    makers.membership(later, there.group, there.right, ends_on=ON)
    makers.membership(later, there.group, there.other, starts_on=date(2025, 10, 1))
    last = db.session.scalars(
        select(Membership).where(Membership.unit_id == there.right.id, Membership.ends_on.is_(None))
    ).one()
    restate(last, ends_on=ON)
    done(MERGE)
    assert {"Ở Lại", "Về Sau", "Đã Chuyển"} <= at(there.left, ON)
    assert "Về Sau" not in at(there.left, date(2025, 10, 1))
    assert at(there.other, date(2025, 10, 1)) == {"Về Sau"}


def test_a_new_unit_is_founded_with_its_name_below_the_same_parent() -> None:
    there = province()
    new = Entry(1, Does.FOUND, NEW + "1", name="Sở Mới", tier="province", kind="state")
    done(new, become("u1", NEW + "1"), become("u2", NEW + "1"))
    made = db.session.scalars(select(Unit).where(Unit.name == "Sở Mới")).one()
    assert made.starts_on == ON
    assert [one.key for one in path_of(made, ON)] == ["u0"]
    assert figures(made.key, ON) == (2, 2, 0)
    assert figures("u0", ON) == figures("u0", BEFORE)
    undo(db.session.scalars(select(Reorganisation)).one(), by=None)
    assert find_unit(made.key) is None
    assert at(there.right, ON) == {"Bùi Đạt"}


def test_a_rename_keeps_the_old_name_for_earlier_days_and_search_finds_both() -> None:
    there = province()
    done(Entry(1, Does.RENAME, "u1", name="Sở Văn hóa và Thể thao"))
    assert name_on(there.left, BEFORE) == "Sở Văn hóa"
    assert name_on(there.left, ON) == there.left.name == "Sở Văn hóa và Thể thao"
    hits = search_units("sở văn hóa", ON, Scope(everything=True), 10)
    assert [hit.name for hit in hits] == ["Sở Văn hóa và Thể thao", "Sở Văn hóa"]


def test_another_tier_leaves_the_figures_of_earlier_days_as_they_are() -> None:
    there = province(tiers="province")
    makers.headcount(there.right, there.group, 3)
    db.session.add(UnitCode(unit_id=there.right.id, scheme="gso", code="77"))
    before = figures("u0", BEFORE)
    done(Entry(1, Does.RETYPE, "u2", tier="commune"))
    assert figures("u0", BEFORE) == before == (2, 2, 0)
    assert figures("u0", ON) == (2, 1, 0)
    anew = select(Unit).join(UnitCode, UnitCode.unit_id == Unit.id)
    unit = db.session.scalars(anew.where(UnitCode.starts_on == ON, UnitCode.code == "77")).one()
    assert (unit.name, unit.tier, unit.kind) == ("Báo Tây Ninh", "commune", "state")


def test_a_move_changes_the_tree_from_the_day() -> None:
    there = province()
    done(Entry(1, Does.MOVE, "u2", "v0"))
    assert figures("u0", BEFORE) == (2, 2, 0)
    assert figures("u0", ON) == (2, 1, 0)
    assert [one.key for one in path_of(there.right, ON)] == ["v0"]


def test_who_is_dissolved_leaves_people_above_and_in_the_queue() -> None:
    there = province()
    done(Entry(1, Does.DISSOLVE, "u2"))
    assert figures("u0", ON) == figures("u0", BEFORE)
    assert at(there.top, ON) == {"Bùi Đạt"}
    assert [row.placed_unit_id for row in queue()] == [there.top.id]


def test_people_with_nowhere_to_go_are_not_lost() -> None:
    there = province()
    makers.membership(makers.person(), there.group, there.other)
    before = known()
    with pytest.raises(Refusal, match="Tỉnh khác"):
        apply(planned(Entry(1, Does.DISSOLVE, "v0")), by=None)
    assert known() == before


def a_split() -> tuple[Province, Reorganisation]:
    there = province()
    makers.unit("u3", under=there.top, name="Báo điện tử")
    return there, done(*SPLIT)


def test_a_split_leaves_a_queue_with_the_default_in_force() -> None:
    there, _plan = a_split()
    assert len(queue()) == 3
    assert at(there.right, ON) == {"Đỗ Anh", "Trần Thị Ánh", "Lê Văn Ân", "Bùi Đạt"}
    assert figures("u0", ON) == figures("u0", BEFORE)


def test_deciding_moves_the_membership_from_the_day_and_may_be_changed() -> None:
    there, plan = a_split()
    other, by = find_unit("u3"), makers.user("administrator")
    assert other is not None
    choose(plan, queue()[:2], other, by=by)
    db.session.commit()
    assert len(at(other, ON)) == 2
    assert figures("u0", ON) == figures("u0", BEFORE)
    assert [row.chosen_by_id for row in queue()] == [by.id, by.id, None]
    choose(plan, queue(), there.right, by=by)
    db.session.commit()
    assert at(other, ON) == set()
    assert all(row.chosen_unit_id == there.right.id for row in queue())


def test_a_membership_changed_since_is_not_decided_about() -> None:
    _there, plan = a_split()
    other, first = find_unit("u3"), queue()[0]
    assert other is not None
    held = select(Membership).where(
        Membership.person_id == first.person_id, Membership.retracted_at.is_(None)
    )
    restate(
        db.session.scalars(held.where(Membership.starts_on == ON)).one(), starts_on=date(2026, 1, 1)
    )
    with pytest.raises(Refusal, match="Đỗ Anh"):
        choose(plan, [first], other, by=makers.user())


def test_undone_the_same_facts_are_known_decisions_included() -> None:
    there = province()
    makers.unit("u3", under=there.top)
    makers.headcount(there.left, there.group, 9)
    makers.headcount(there.right, there.group, 4, starts_on=date(2025, 8, 1))
    before, earlier = known(), clock.now()
    plan = done(*SPLIT)
    assert known() != before
    other = find_unit("u3")
    assert other is not None
    choose(plan, queue(), other, by=makers.user())
    undo(plan, by=None)
    db.session.commit()
    assert known() == before
    assert [row.chosen_unit_id for row in queue()] == [None, None, None]
    assert standings(Question("kh175", ON, known_at=earlier)) == standings(Question("kh175", ON))
    with pytest.raises(Stale):
        undo(plan, by=None)


def test_what_was_done_can_be_done_again_after_it_was_undone() -> None:
    there = province()
    undo(done(MERGE), by=None)
    done(MERGE, key="r-2")
    assert at(there.left, ON) >= {"Bùi Đạt"}


def test_a_person_changed_by_hand_since_is_named_and_nothing_is_undone() -> None:
    there = province()
    plan = done(MERGE)
    moved = select(Membership).where(Membership.starts_on == ON)
    restate(db.session.scalars(moved).one(), position="Trưởng phòng")
    with pytest.raises(Refusal, match="Bùi Đạt"):
        undo(plan, by=None)
    assert there.right.ends_on == ON


def test_the_same_plan_twice_does_nothing() -> None:
    province()
    done(MERGE)
    after = known()
    assert apply(planned(MERGE, key="r-2"), by=None) is None
    again = planned(MERGE, key="r-3")
    again.digest = "entered in other words"
    assert apply(again, by=None) is None
    assert known() == after
    assert len(db.session.scalars(select(Act)).all()) == 1


def test_a_plan_is_done_once() -> None:
    province()
    with pytest.raises(Stale):
        apply(done(MERGE), by=None)


def test_a_plan_with_a_fault_writes_nothing() -> None:
    province()
    before = known()
    plan = planned(MERGE, become("nobody", "u1")._replace(line=7))
    with pytest.raises(Refusal, match=r"Dòng 7, cột predecessor_key: .*nobody"):
        apply(plan, by=None)
    assert known() == before
    assert db.session.scalars(select(Act)).all() == []


def test_whoever_would_outlive_the_successor_stands_in_the_way() -> None:
    there = province()
    there.left.ends_on = date(2026, 4, 30)
    with pytest.raises(Refusal, match="Sở Văn hóa"):
        apply(planned(MERGE), by=None)


def declared(unit: Unit, day: date) -> list[int]:
    rows = select(Headcount).where(Headcount.unit_id == unit.id, Headcount.retracted_at.is_(None))
    found: Iterable[Headcount] = db.session.scalars(rows)
    return sorted(
        one.declared
        for one in found
        if (one.starts_on or day) <= day and (one.ends_on is None or one.ends_on > day)
    )


def test_declarations_say_nothing_of_a_unit_made_larger() -> None:
    there = province()
    makers.headcount(there.left, there.group, 3)
    makers.headcount(there.right, there.group, 2)
    makers.headcount(there.left, makers.group("other"), 5)
    done(MERGE)
    assert (declared(there.left, BEFORE), declared(there.right, BEFORE)) == ([3, 5], [2])
    assert (declared(there.left, ON), declared(there.right, ON)) == ([5], [])
    (row,) = standings(Question("kh175", ON, "u1"))
    assert (row.unnamed, row.units_unconfirmed) == (0, 1)


def test_a_role_at_an_ended_unit_is_given_for_its_own_successor_and_taken_back() -> None:
    there = province()
    user = makers.user("focal_point", there.right)
    plan = done(MERGE)
    assert {grant.unit_id for grant in user.grants} == {there.right.id, there.left.id}
    undo(plan, by=None)
    db.session.commit()
    assert [grant.unit_id for grant in user.grants] == [there.right.id]
    done(Entry(1, Does.DISSOLVE, "u2"), key="r-2")
    assert db.session.scalars(select(Grant.unit_id)).all() == [there.right.id]


def test_sessions_that_are_not_over_are_organized_by_the_successor() -> None:
    there = province()
    days = [(date(2025, 6, 30), ON), (ON, date(2025, 7, 2))]
    over, ahead = (
        makers.training_session(there.course, there.right, starts_on=starts, ends_on=ends)
        for starts, ends in days
    )
    plan = done(MERGE)
    assert (over.unit_id, ahead.unit_id) == (there.right.id, there.left.id)
    undo(plan, by=None)
    assert ahead.unit_id == there.right.id


def test_an_earlier_instant_stays_as_it_was_known(app: Flask) -> None:
    province()
    db.session.commit()
    earlier = clock.now()
    before = standings(Question("kh175", ON, by="unit", known_at=earlier))
    done(MERGE)
    assert standings(Question("kh175", ON, by="unit", known_at=earlier)) == before


def test_groups_are_no_units(app: Flask) -> None:
    there = province()
    both = makers.group("second")
    makers.membership(there.people[3], both, there.right)
    done(MERGE)
    held = select(CadreGroup.key).join(Membership, Membership.group_id == CadreGroup.id)
    held = held.where(Membership.unit_id == there.left.id, Membership.starts_on == ON)
    assert sorted(db.session.scalars(held)) == ["hr_officer", "second"]
