"""A programme's distinct people against the names behind each of its groups."""

from dataclasses import replace
from datetime import date

import pytest

from hrtrain.core import clock
from hrtrain.core.db import db
from hrtrain.coverage.distinct import People, people_of_programme, sum_of_groups
from hrtrain.coverage.distinct_names import distinct_behind
from hrtrain.coverage.names import everybody_behind
from hrtrain.coverage.queries import Question, standings
from hrtrain.coverage.states import State
from tests import makers
from tests.makers.province import province
from tests.queries.histories import day_of
from tests.queries.test_trends import lived
from tests.queries.worlds import DAYS
from tests.statements import statements_sent

pytestmark = pytest.mark.usefixtures("app")
DAY = date(2026, 11, 22)
WORST_FIRST = (State.UNTRAINED, State.TRAINED, State.IN_GRACE, State.EXEMPT)


def counted_by_name(question: Question) -> People:
    """Every name behind every group, each person once, in the worst state."""
    states: dict[int, set[State]] = {}
    for row in standings(question):
        of_group = Question(question.programme, question.as_of, question.unit, row.group)
        for one in everybody_behind(of_group, tuple(State)):
            states.setdefault(one.id, set()).add(one.state)
    worst = [next(state for state in WORST_FIRST if state in one) for one in states.values()]
    return People(**{state.value: worst.count(state) for state in State})


def counted_by_page(question: Question) -> People:
    """Every name behind the distinct people, in pages of two."""
    found = dict.fromkeys(State, 0)
    for state in State:
        after, names = None, list[tuple[str, int]]()
        while True:
            page = distinct_behind(question, (state,), after=after, size=2)
            names += [(row.sort_key, row.id) for row in page.rows]
            after = page.after
            if after is None:
                break
        assert names == sorted(set(names))
        found[state] = len(names)
    return People(**{state.value: count for state, count in found.items()})


@pytest.mark.parametrize("seed", [2, 3, 6])
def test_each_person_is_counted_once_in_the_worst_state(seed: int) -> None:
    country, several = lived(seed), 0
    for world in country.worlds:
        for programme in world.plans:
            for unit in world.tiers:
                question = Question(programme, day_of(country.dice.choice(DAYS)), unit)
                expected = counted_by_name(question)
                assert people_of_programme(question) == expected, question
                then = replace(question, known_at=clock.now())
                assert people_of_programme(then) == expected
                if unit in list(world.tiers)[:2]:
                    assert counted_by_page(question) == counted_by_page(then) == expected
                several += sum_of_groups(standings(question)) != expected
    assert several


def test_everywhere_counts_who_is_at_two_units_once() -> None:
    here = province()
    second = makers.group("second")
    makers.target(here.programme, second)
    makers.requirement(here.programme, second, here.course)
    makers.membership(here.people[0], second, here.right)
    makers.membership(here.people[3], second, here.right)
    db.session.commit()
    asked = Question("kh175", DAY)
    assert people_of_programme(asked) == People(trained=2, untrained=2)
    assert sum_of_groups(standings(asked)) == People(trained=3, untrained=3)
    assert people_of_programme(Question("kh175", DAY, "u2")) == People(trained=1, untrained=1)


def test_targets_of_different_scopes_count_each_in_its_own() -> None:
    here = province()
    second = makers.group("second")
    makers.target(here.programme, second, scope_unit_id=here.right.id)
    makers.requirement(here.programme, second, here.course)
    makers.membership(here.people[0], second, here.left)
    makers.membership(here.people[1], second, here.right)
    db.session.commit()
    asked = Question("kh175", DAY, "u0")
    assert people_of_programme(asked) == counted_by_name(asked) == People(trained=2, untrained=2)


def test_names_known_now_are_listed_without_reading_memberships_or_completions() -> None:
    province()
    db.session.commit()
    with statements_sent() as sent:
        page = distinct_behind(Question("kh175", DAY), (State.UNTRAINED,))
    assert len(page.rows) == 2
    assert not any(fact in one for one in sent for fact in ("membership", "completion"))


def test_programme_without_targets_counts_nobody() -> None:
    makers.programme("p")
    db.session.commit()
    assert people_of_programme(Question("p", DAY)) == People()
