"""The tree, names and search as of a day; scope by grants. On both engines."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from hrtrain.accounts.rules import Role
from hrtrain.core import clock
from hrtrain.core.db import db
from hrtrain.core.errors import Refusal
from hrtrain.core.period import Period
from hrtrain.core.text import search_key
from hrtrain.coverage.queries import Question, standings
from hrtrain.units import queries
from hrtrain.units.actions import add_unit
from hrtrain.units.models import Unit, UnitName, UnitParent, UnitSuccession
from hrtrain.units.rules import Kind, Tier, UnitDetails
from hrtrain.units.scope import Scope, reach, reached_among, scope_of, within
from tests import makers

BEFORE, AFTER = date(2025, 6, 30), date(2025, 7, 1)
EVERYTHING = Scope(everything=True)

pytestmark = pytest.mark.usefixtures("app")


def keys(ids: Any) -> set[str]:
    return set(db.session.scalars(db.select(Unit.key).where(Unit.id.in_(ids))))


def rename(unit: Unit, on: date, name: str) -> None:
    db.session.query(UnitName).filter_by(unit_id=unit.id).update({"ends_on": on})
    db.session.add(UnitName(unit_id=unit.id, name=name, search_key=search_key(name), starts_on=on))
    unit.name, unit.search_key = name, search_key(name)
    db.session.flush()


def test_subtree_is_that_of_the_day() -> None:
    old, new = makers.unit("old"), makers.unit("new")
    moved = makers.unit("moved")
    db.session.add(UnitParent(unit_id=moved.id, parent_id=old.id, ends_on=AFTER))
    db.session.add(UnitParent(unit_id=moved.id, parent_id=new.id, starts_on=AFTER))
    db.session.flush()
    assert keys(queries.subtree_ids([old.id], BEFORE)) == {"old", "moved"}
    assert keys(queries.subtree_ids([old.id], AFTER)) == {"old"}
    assert keys(queries.subtree_ids([new.id], AFTER)) == {"new", "moved"}


def test_cycle_in_the_data_ends() -> None:
    first = makers.unit("first")
    second = makers.unit("second", under=first)
    db.session.add(UnitParent(unit_id=first.id, parent_id=second.id))
    db.session.flush()
    assert keys(queries.subtree_ids([first.id], AFTER)) == {"first", "second"}
    assert len(queries.path_of(first, AFTER)) == 20


def test_name_is_that_of_the_day() -> None:
    unit = makers.unit("ward", name="Phường Trần Phú")
    rename(unit, AFTER, "Phường Móng Cái 1")
    assert queries.name_on(unit, BEFORE) == "Phường Trần Phú"
    assert queries.name_on(unit, AFTER) == "Phường Móng Cái 1"


def test_path_has_the_names_of_the_day() -> None:
    province = makers.unit(name="Tỉnh Đồng Nai")
    ward = makers.unit(under=makers.unit(name="Huyện", under=province))
    rename(province, date(2026, 4, 30), "Thành phố Đồng Nai")
    path = queries.path_of(ward, date(2026, 4, 29))
    assert [unit.name for unit in path] == ["Tỉnh Đồng Nai", "Huyện"]


def test_children_are_counted_one_level_deep() -> None:
    top = makers.unit()
    middle = makers.unit("middle", under=top)
    makers.unit(under=makers.unit(under=middle))
    assert [(row.key, row.child_count) for row in queries.children_of(top, AFTER)] == [
        ("middle", 1)
    ]


def test_search_without_marks_finds_old_names_with_their_days() -> None:
    unit = makers.unit("ward", name="Phường Trần Phú")
    rename(unit, AFTER, "Phường Móng Cái 1")
    (hit,) = queries.search_units("tran phu", date(2026, 1, 1), EVERYTHING, 10)
    assert (hit.key, hit.name, hit.ends_on) == ("ward", "Phường Trần Phú", AFTER)


def test_search_puts_the_exact_accents_first() -> None:
    makers.unit("plain", name="Xã Tan An")
    makers.unit("exact", name="Xã Tân An")
    hits = queries.search_units("Tân An", AFTER, EVERYTHING, 10)
    assert [hit.key for hit in hits] == ["exact", "plain"]


def test_search_takes_percent_as_a_letter() -> None:
    makers.unit(name="Xã Tân An")
    assert queries.search_units("%", AFTER, EVERYTHING, 10) == []


def test_grant_reaches_its_unit_and_those_below() -> None:
    own = makers.unit("own")
    makers.unit("below", under=own)
    makers.unit("foreign")
    scope = scope_of(makers.user(Role.FOCAL_POINT, own))
    assert keys(within(scope, AFTER)) == {"own", "below"}


def test_grant_without_unit_reaches_everything() -> None:
    assert scope_of(makers.user(Role.ORGANIZER)).everything
    assert within(Scope(everything=True), AFTER) is None


def test_attendee_and_unasked_roles_reach_nothing() -> None:
    assert scope_of(makers.user(Role.ATTENDEE)).is_empty
    assert scope_of(makers.user(Role.LEADERSHIP), Role.ORGANIZER).is_empty
    assert keys(within(Scope(), AFTER)) == set()


def test_administrator_counts_whatever_role_is_asked() -> None:
    assert scope_of(makers.user(Role.ADMINISTRATOR), Role.ORGANIZER).everything


def reached(root: Unit) -> set[str]:
    """The keys of the units reached from a root, the same walked down and looked up."""
    scope, units = Scope(roots=frozenset({root.id})), db.session.scalars(select(Unit)).all()
    among = reached_among([unit.id for unit in units], scope)
    found = keys(reach(scope))
    assert {unit.key for unit in units if unit.id in among} == found
    return found


def test_reach_keeps_dead_units_at_their_last_place_but_not_moved_ones() -> None:
    top, other = makers.unit("top"), makers.unit("other")
    dead, moved = makers.unit("dead", ends_on=AFTER), makers.unit("moved")
    for unit in (dead, moved):
        db.session.add(UnitParent(unit_id=unit.id, parent_id=top.id, ends_on=AFTER))
    db.session.add(UnitParent(unit_id=moved.id, parent_id=other.id, starts_on=AFTER))
    db.session.flush()
    assert reached(top) == {"top", "dead"}


def test_reach_brings_what_the_unit_took_over() -> None:
    old, new = makers.unit("old", ends_on=AFTER), makers.unit("new", starts_on=AFTER)
    ward = makers.unit("ward", ends_on=AFTER)
    db.session.add(UnitParent(unit_id=ward.id, parent_id=old.id, ends_on=AFTER))
    db.session.add(UnitSuccession(predecessor_id=old.id, successor_id=new.id, effective_on=AFTER))
    db.session.flush()
    assert reached(new) == {"new", "old", "ward"}


def set_aside(key: str) -> Unit:
    """A unit whose act was undone: none of its facts is known any more."""
    unit = makers.unit(key, name="Phường Ka Long", is_set_aside=True)
    db.session.query(UnitName).filter_by(unit_id=unit.id).update({"retracted_at": clock.now()})
    db.session.flush()
    return unit


def test_a_unit_set_aside_is_in_no_list_search_or_picker() -> None:
    set_aside("gone")
    assert queries.find_unit("gone") is None
    assert queries.search_units("Ka Long", AFTER, EVERYTHING, 10) == []
    assert queries.unit_of_text("gone", AFTER, EVERYTHING) is None
    assert queries.units_at_the_top(AFTER, EVERYTHING) == []
    assert queries.level_page(None, AFTER, EVERYTHING).rows == []


def test_a_unit_set_aside_is_no_row_of_coverage() -> None:
    set_aside("gone")
    group, plan = makers.group(), makers.programme("plan")
    makers.target(plan, group)
    makers.requirement(plan, group, makers.course())
    makers.unit("there")
    db.session.commit()
    rows = standings(Question("plan", AFTER, by="unit"))
    assert [row.unit for row in rows] == ["there"]


def test_the_key_of_a_unit_set_aside_is_not_given_out_again() -> None:
    set_aside("gone")
    details = UnitDetails("Mới", "", Tier.COMMUNE, Kind.AREA, Period())
    with pytest.raises(Refusal, match="gone"):
        add_unit("gone", details, None, by=None)


def test_a_succession_that_was_retracted_may_be_recorded_again() -> None:
    old, new = makers.unit(), makers.unit()
    for retracted_at in (clock.now(), None):
        row = UnitSuccession(predecessor_id=old.id, successor_id=new.id, effective_on=AFTER)
        row.retracted_at = retracted_at
        db.session.add(row)
        db.session.flush()
