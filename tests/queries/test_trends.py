"""Figures through time against the figures of each day, in random worlds, on both engines."""

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest

from hrtrain.core import clock
from hrtrain.core.db import db
from hrtrain.coverage.queries import Question, standings
from hrtrain.coverage.trends import change_days, changes, trend
from tests import makers
from tests.queries.asking import questions
from tests.queries.brute_force import Asked
from tests.queries.country import Country
from tests.queries.histories import day_of
from tests.queries.worlds import DAYS
from tests.statements import statements_sent

pytestmark = pytest.mark.usefixtures("app")
ALL_DAYS = [day_of(number) for number in DAYS]


def asked_of(country: Country, many: int) -> Iterator[Question]:
    """Questions by group about the country's worlds."""
    for world in country.worlds:
        for one in questions(world, country.dice, many):
            yield _question(one)


def _question(one: Asked) -> Question:
    return Question(one.programme, day_of(one.day), one.unit, one.group)


def lived(seed: int) -> Country:
    country = Country(seed, 30)
    country.settle()
    db.session.commit()
    for _each in range(3):
        country.live()
        db.session.commit()
    return country


@pytest.mark.parametrize("seed", [1, 2])
def test_trend_is_the_standings_of_each_day(seed: int) -> None:
    for question in asked_of(lived(seed), 2):
        days = random.Random(seed).sample(ALL_DAYS, 6)
        expected = [(day, standings(replace(question, as_of=day))) for day in days]
        assert trend(question, days) == expected
        then = replace(question, known_at=clock.now())
        assert trend(then, days[:2]) == expected[:2]


def test_days_of_change_are_all_on_which_the_figures_differ_from_the_day_before() -> None:
    for question in asked_of(lived(3), 1):
        every = trend(question, ALL_DAYS)
        figures = [[replace(row, is_asked=True) for row in rows] for _day, rows in every]
        differing = [day for n, day in enumerate(ALL_DAYS) if n and figures[n] != figures[n - 1]]
        assert change_days(question, ALL_DAYS[0], ALL_DAYS[-1]) == differing


def test_newest_changes_are_kept_when_there_are_more_than_asked_for() -> None:
    group, course, plan = makers.group(), makers.course(), makers.programme("p")
    makers.target(plan, group)
    makers.requirement(plan, group, course)
    unit = makers.unit("u")
    for number in range(5):
        makers.membership(makers.person(), group, unit, starts_on=date(2026, 1, 2 + number))
    db.session.commit()
    found = changes(Question("p", date(2026, 2, 1)), date(2026, 1, 1), date(2026, 2, 1), 3)
    assert found is not None and found.is_cut
    assert [(day.day, rows[0].in_scope) for day, rows in found.points] == [
        (4, 3), (5, 4), (6, 5), (1, 5)
    ]  # fmt: skip


def test_days_of_change_are_not_known_as_known_earlier() -> None:
    makers.programme("p")
    db.session.commit()
    question = Question("p", date(2026, 1, 1), known_at=clock.now())
    assert changes(question, date(2026, 1, 1), date(2026, 2, 1), 5) is None


def test_many_days_cost_as_many_statements_as_one() -> None:
    country = lived(4)
    asked = next(asked_of(country, 1))
    trend(asked, ALL_DAYS[:1])
    with statements_sent() as one:
        trend(asked, ALL_DAYS[:1])
    with statements_sent() as many:
        trend(asked, ALL_DAYS)
    assert len(one) == len(many) <= 9
