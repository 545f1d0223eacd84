"""The names behind figures by today's tree: as many as each figure says, in every state."""

import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

import pytest
from sqlalchemy import select

from hrtrain.core import inline
from hrtrain.core.db import db
from hrtrain.coverage.names import everybody_behind
from hrtrain.coverage.queries import Question
from hrtrain.coverage.restated import Restated, restated_rows
from hrtrain.coverage.states import State
from hrtrain.coverage.units_lacking import units_behind
from hrtrain.units.models import Unit, UnitSuccession
from tests.queries.histories import day_of
from tests.queries.test_trends import lived
from tests.queries.worlds import World

pytestmark = pytest.mark.usefixtures("app")
DAY, REORGANISED, TODAY = 9, 11, 16


def reorganise(world: World, dice: random.Random) -> None:
    """Some of the world's units end, with one heir, several, or none."""
    ids = [world.numbers.units[key] for key in world.tiers]
    on = day_of(REORGANISED)
    for gone in dice.sample(ids, dice.randint(0, len(ids) - 1)):
        db.session.scalars(select(Unit).where(Unit.id == gone)).one().ends_on = on
        for heir in dice.sample([one for one in ids if one != gone], dice.randint(0, 1)):
            row = {"predecessor_id": gone, "successor_id": heir, "effective_on": on}
            db.session.add(UnitSuccession(**row, is_default=dice.random() < 0.7))


def rows_of(seed: int) -> Iterator[tuple[Question, Restated]]:
    """Every row of worlds that lived and were reorganised, with the question of its people."""
    country = lived(seed)
    for world in country.worlds:
        reorganise(world, country.dice)
    db.session.commit()
    for programme in country.common.plans:
        yield from asked(Question(programme, day_of(DAY)))
    for world in country.worlds[::3]:
        for programme in world.own_plans:
            yield from asked(Question(programme, day_of(DAY)))
        unit, programme = (country.dice.choice(list(some)) for some in (world.tiers, world.plans))
        yield from asked(Question(programme, day_of(DAY), unit))


def asked(question: Question) -> Iterator[tuple[Question, Restated]]:
    gone = select(Unit.id).where(Unit.key == question.unit, Unit.ends_on.is_not(None))
    if db.session.scalar(gone) is not None:
        return
    for by in ("group", "unit"):
        for row in restated_rows(replace(question, by=by), day_of(TODAY)):
            yield replace(question, unit=None, group=row.standing.group), row


def figures(row: Restated) -> dict[str, int]:
    return {state.value: getattr(row.standing, state.value) for state in State}


@pytest.mark.parametrize("seed", [1, 2])
def test_every_state_by_todays_tree_has_as_many_names_as_its_figure(seed: int) -> None:
    parts = Counter[str]()
    for question, row in rows_of(seed):
        these = inline.numbers("these", row.unit_ids)
        names = Counter(
            one.state.value for one in everybody_behind(question, list(State), within=these)
        )
        assert dict(names) == {state: n for state, n in figures(row).items() if n}, (question, row)
        parts[row.standing.part] += row.standing.in_scope
    assert all(parts[part] for part in ("", "whole", "nowhere")), parts


@pytest.mark.parametrize("seed", [3])
def test_units_behind_a_figure_by_todays_tree_are_those_it_sums_up(seed: int) -> None:
    total = 0
    for question, row in rows_of(seed):
        units = units_behind(question, within=inline.numbers("these", row.unit_ids))
        silent = [one for one in units if one.named and one.declared is None]
        assert sum(one.unnamed for one in units) == row.standing.unnamed, (question, row)
        assert len(silent) == row.standing.units_unconfirmed, (question, row)
        total += row.standing.unnamed
    assert total
