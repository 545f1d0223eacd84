"""Figures of a past day by today's tree: nobody is lost, and each is counted at the heir."""

from datetime import date

import pytest

from hrtrain.core import clock
from hrtrain.core.db import db
from hrtrain.core.errors import Refusal
from hrtrain.coverage.queries import Question, standings
from hrtrain.coverage.restated import restated
from hrtrain.coverage.rules import Standing
from hrtrain.units.models import Unit, UnitParent, UnitSuccession
from tests import makers
from tests.queries.histories import day_of
from tests.queries.test_trends import lived
from tests.queries.worlds import DAYS

pytestmark = pytest.mark.usefixtures("app")
BEFORE, ON, TODAY = date(2025, 6, 30), date(2025, 7, 1), date(2026, 11, 22)
FIGURES = ("in_scope", "exempt", "in_grace", "trained", "unnamed", "units_unconfirmed")


def figures(row: Standing) -> list[int]:
    return [getattr(row, name) for name in FIGURES]


def became(old: Unit, *new: Unit, is_default: bool = True) -> None:
    for one in new:
        row = {"predecessor_id": old.id, "successor_id": one.id, "effective_on": ON}
        db.session.add(UnitSuccession(**row, is_default=is_default))


def reorganised() -> None:
    """Below A: B1 and B2 merged into N; C split into C1 and C2 without a default; D stayed."""
    group, course, plan = makers.group("g"), makers.course("c"), makers.programme("p")
    makers.target(plan, group, 70)
    makers.requirement(plan, group, course)
    top = makers.unit("a")
    gone = [makers.unit(key, ends_on=ON) for key in ("b1", "b2", "c")]
    come = [makers.unit(key, starts_on=ON) for key in ("n", "c1", "c2")]
    for unit in gone:
        makers.parent(unit, top, ends_on=ON)
    for unit in come:
        makers.parent(unit, top, starts_on=ON)
    stays = makers.unit("d", under=top)
    became(gone[0], come[0])
    became(gone[1], come[0])
    became(gone[2], *come[1:], is_default=False)
    for unit in (*gone, stays, top):
        person = makers.person()
        makers.membership(person, group, unit)
        if unit.key in ("b1", "c"):
            makers.completion(person, course, date(2025, 1, 1))
    db.session.commit()


def test_total_of_the_common_ancestor_is_the_same_both_ways() -> None:
    reorganised()
    question = Question("p", BEFORE, "a")
    (then,), (now,) = standings(question), restated(question, TODAY)
    assert figures(then) == figures(now) and now.trained == 2 and now.in_scope == 5


def test_units_that_are_gone_are_counted_at_their_heirs_or_above() -> None:
    reorganised()
    rows = restated(Question("p", BEFORE, "a", by="unit"), TODAY)
    assert [(row.unit, row.in_scope, row.trained) for row in rows] == [
        ("c1", 0, 0), ("c2", 0, 0), ("d", 1, 0), ("n", 2, 1), ("a", 2, 1)
    ]  # fmt: skip


def test_new_unit_has_a_past_by_todays_tree_only() -> None:
    reorganised()
    question = Question("p", BEFORE, "n")
    assert standings(question)[0].in_scope == 0
    assert restated(question, TODAY)[0].in_scope == 2


def test_unit_that_is_gone_is_refused_and_its_heir_named() -> None:
    reorganised()
    with pytest.raises(Refusal, match="Đơn vị n"):
        restated(Question("p", BEFORE, "b1"), TODAY)


def test_known_earlier_is_refused() -> None:
    reorganised()
    with pytest.raises(Refusal):
        restated(Question("p", BEFORE, known_at=clock.now()), TODAY)


def test_unit_without_any_place_today_has_a_row_of_its_own() -> None:
    reorganised()
    for key in ("a", "d"):
        unit = db.session.query(Unit).filter_by(key=key).one()
        unit.ends_on = ON
    db.session.query(UnitParent).filter_by(starts_on=ON).delete()
    db.session.commit()
    rows = restated(Question("p", BEFORE, by="unit"), TODAY)
    assert [(row.unit, row.unit_name, row.in_scope) for row in rows if row.in_scope] == [
        ("n", "Đơn vị n", 2),
        (None, "Chưa phân về đơn vị nào", 3),
    ]


@pytest.mark.parametrize("seed", [1, 2])
def test_tree_of_the_day_itself_gives_the_standings(seed: int) -> None:
    country = lived(seed)
    for world in country.worlds:
        day = day_of(country.dice.choice(DAYS))
        for programme, plan in world.plans.items():
            unit = country.dice.choice(list(world.tiers))
            if plan.authority is None and all(
                goal.scope is None for (key, _g), goal in world.goals.items() if key == programme
            ):
                for by in ("group", "unit"):
                    question = Question(programme, day, unit, by=by)
                    assert restated(question, day) == standings(question)


def test_rows_by_unit_add_up_to_the_whole() -> None:
    for world in lived(3).worlds:
        for programme in world.plans:
            for other in (day_of(3), day_of(20)):
                question = Question(programme, day_of(9))
                rows = restated(Question(programme, day_of(9), by="unit"), other)
                for whole in restated(question, other):
                    mine = [figures(row) for row in rows if row.group == whole.group]
                    assert [sum(some) for some in zip(*mine, strict=True)] == figures(whole)
                    (then,) = standings(Question(programme, day_of(9), group=whole.group))
                    assert figures(then) == figures(whole)
