"""Two-verb targets together and apart: an item counts as a target that asks nothing else."""

from dataclasses import replace
from datetime import date

import pytest

from hrtrain.core import clock
from hrtrain.core.db import db
from hrtrain.coverage.apart import apart
from hrtrain.coverage.queries import Question
from tests import makers
from tests.makers.province import province
from tests.queries.brute_force import Asked, answer
from tests.queries.histories import day_of
from tests.queries.test_trends import lived
from tests.queries.worlds import DAYS

pytestmark = pytest.mark.usefixtures("app")
DAY = date(2026, 11, 22)
COUNTS = ("in_scope", "exempt", "in_grace", "trained", "unnamed", "rate")


def test_items_are_shown_apart_with_their_own_rates() -> None:
    here = province()
    briefing = makers.course("brief")
    makers.requirement(here.programme, here.group, briefing, "Cập nhật")
    for person in here.people[1:]:
        makers.completion(person, briefing, date(2025, 6, 1))
    db.session.commit()
    for known_at in (None, clock.now()):
        found = apart(Question("kh175", DAY, known_at=known_at))["kh175", "hr_officer"]
        assert [(item.name, item.standing.rate) for item in found] == [
            ("Cập nhật", "75.0"),
            ("Tập huấn", "50.0"),
        ]


def test_target_of_one_item_is_not_taken_apart() -> None:
    province()
    db.session.commit()
    assert apart(Question("kh175", DAY)) == {}


@pytest.mark.parametrize("seed", [1, 2])
def test_item_counts_as_a_target_that_asks_nothing_else(seed: int) -> None:
    country, seen = lived(seed), 0
    for world in country.worlds:
        day = country.dice.choice(DAYS)
        for programme in world.plans:
            unit = country.dice.choice(list(world.tiers))
            question = Question(programme, day_of(day), unit)
            for (_programme, group), items in apart(question).items():
                for item in items:
                    alone = replace(world.history())
                    alone.needs = [one for one in alone.needs if one.item == item.name]
                    asked = Asked(programme, day, 0, unit, group, "group")
                    (row,) = answer(alone, asked)
                    got = [getattr(item.standing, name) for name in COUNTS]
                    assert got == [row[name] for name in COUNTS], (item, row)
                    seen += 1
            live = apart(replace(question, known_at=clock.now()))
            assert live == apart(question)
    assert seen > 10
