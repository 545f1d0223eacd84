"""Units added, changed, renamed, moved, coded: what is refused and that facts are restated."""

from datetime import date

import pytest

from hrtrain.core import clock
from hrtrain.core.db import db
from hrtrain.core.errors import Refusal
from hrtrain.core.period import Period
from hrtrain.units import actions, queries
from hrtrain.units.models import Unit, UnitCode, UnitName, UnitParent
from hrtrain.units.rules import Kind, Stay, Tier, UnitDetails
from hrtrain.units.scope import Scope
from tests import makers

DAY = date(2025, 7, 1)

pytestmark = pytest.mark.usefixtures("app")


def details(name: str = "Xã Tân An", life: Period | None = None) -> UnitDetails:
    return UnitDetails(name, "", Tier.COMMUNE, Kind.STATE, life or Period())


def test_added_unit_has_its_name_and_parent_for_its_life() -> None:
    top = makers.unit("top")
    unit = actions.add_unit("new", details(life=Period(DAY)), top, by=None)
    assert [n.starts_on for n in queries.known_facts(UnitName, unit)] == [DAY]
    assert [row.key for row in queries.children_of(top, DAY)] == ["new"]
    assert queries.children_of(top, date(2025, 6, 30)) == []


def test_same_unit_sent_twice_is_made_once() -> None:
    first = actions.add_unit("new", details(), None, by=None)
    assert actions.add_unit("new", details(), None, by=None) is first


def test_key_of_another_unit_is_refused_by_name() -> None:
    actions.add_unit("new", details(), None, by=None)
    with pytest.raises(Refusal, match="Xã Tân An"):
        actions.add_unit("new", details("Xã Khác"), None, by=None)


def test_parent_that_ends_before_the_unit_is_refused() -> None:
    top = makers.unit(ends_on=DAY)
    with pytest.raises(Refusal, match="30/06/2025"):
        actions.add_unit("new", details(), top, by=None)


def test_life_that_ends_before_it_begins_is_refused() -> None:
    with pytest.raises(Refusal, match="Ngày cuối"):
        actions.add_unit("new", details(life=Period(DAY, DAY)), None, by=None)


def test_life_cannot_end_while_a_stay_is_left_outside() -> None:
    unit = makers.unit()
    stay = Stay("Nguyễn Văn An", Period(date(2020, 1, 1), None))
    with pytest.raises(Refusal, match="Nguyễn Văn An"):
        actions.change_unit(unit, details(life=Period(None, DAY)), [stay], by=None)


def test_names_and_parents_end_with_the_life() -> None:
    unit = makers.unit("ward", under=makers.unit())
    actions.change_unit(unit, details(life=Period(None, DAY)), [], by=None)
    (name,) = queries.known_facts(UnitName, unit)
    (edge,) = queries.known_facts(UnitParent, unit)
    assert (name.ends_on, edge.ends_on) == (DAY, DAY)
    actions.change_unit(unit, details(life=Period()), [], by=None)
    assert [n.ends_on for n in queries.known_facts(UnitName, unit)] == [None]


def test_renaming_keeps_the_old_name_till_the_day() -> None:
    unit = makers.unit(name="Tỉnh Đồng Nai")
    before = clock.now()
    actions.rename_unit(unit, "Thành phố Đồng Nai", "", DAY, by=None)
    assert queries.name_on(unit, date(2025, 6, 30)) == "Tỉnh Đồng Nai"
    assert queries.name_on(unit, DAY) == unit.name == "Thành phố Đồng Nai"
    known_then = db.session.query(UnitName).filter(UnitName.known_at(before)).one()
    assert known_then.ends_on is None


def test_renaming_outside_the_life_is_refused() -> None:
    unit = makers.unit(starts_on=DAY)
    with pytest.raises(Refusal, match="chỉ tồn tại"):
        actions.rename_unit(unit, "Tên", "", date(2025, 6, 30), by=None)


def test_moving_ends_the_old_parent_on_the_day() -> None:
    old, new = makers.unit("old"), makers.unit("new")
    unit = makers.unit("ward", under=old)
    actions.move_unit(unit, new, DAY, by=None)
    edges = [(row.key, row.starts_on, row.ends_on) for row in queries.parents_of(unit)]
    assert edges == [("old", None, DAY), ("new", DAY, None)]


def test_moving_below_itself_is_refused() -> None:
    top = makers.unit()
    below = makers.unit(under=makers.unit(under=top))
    with pytest.raises(Refusal, match="nằm dưới"):
        actions.move_unit(top, below, DAY, by=None)


def test_moving_below_what_will_be_below_is_refused() -> None:
    top, later = makers.unit(), makers.unit()
    actions.move_unit(later, top, date(2027, 1, 1), by=None)
    with pytest.raises(Refusal, match="nằm dưới"):
        actions.move_unit(top, later, DAY, by=None)


def test_code_given_out_again_names_another_unit_on_other_days() -> None:
    long_an, tay_ninh = makers.unit(ends_on=DAY), makers.unit(starts_on=DAY)
    actions.add_code(long_an, actions.NewCode("gso", "80", Period(None, DAY)), by=None)
    actions.add_code(tay_ninh, actions.NewCode("gso", "80", Period(DAY)), by=None)
    assert db.session.query(UnitCode).count() == 2


def test_code_taken_on_the_same_days_is_refused_by_name() -> None:
    holder = makers.unit(name="Tỉnh Long An")
    actions.add_code(holder, actions.NewCode("gso", "80", Period()), by=None)
    with pytest.raises(Refusal, match="Tỉnh Long An"):
        actions.add_code(makers.unit(), actions.NewCode("gso", "80", Period(DAY)), by=None)


def test_text_means_a_unit_by_key_label_code_or_folded_name() -> None:
    unit = makers.unit("k1", name="Xã Tân An")
    actions.add_code(unit, actions.NewCode("gso", "27712", Period()), by=None)
    everything = Scope(everything=True)
    for text in ("k1", "Xã Tân An [k1]", "27712", "xa tan an"):
        assert queries.unit_of_text(text, DAY, everything) == unit
    assert queries.unit_of_text("xã tân", DAY, everything) is None


def test_text_that_means_several_units_names_them() -> None:
    for key in ("k1", "k2"):
        makers.unit(key, name="Xã Tân An")
    with pytest.raises(Refusal, match=r"\[k1\].*\[k2\]"):
        queries.unit_of_text("Xã Tân An", DAY, Scope(everything=True))


def test_text_means_nothing_out_of_scope() -> None:
    own = makers.unit("own")
    makers.unit("foreign", name="Xã Tân An")
    scope = Scope(roots=frozenset({own.id}))
    assert queries.unit_of_text("foreign", DAY, scope) is None
    assert queries.search_units("Tân An", DAY, scope, 10) == []


def test_cut_lineage_links_only_what_the_scope_reaches() -> None:
    unit = db.session.get_one(Unit, makers.unit().id)
    assert queries.predecessors_of(unit, Scope(everything=True)) == []
