"""The names behind every number are those of the brute force, state by state and page by page."""

import random
from collections.abc import Iterator, Sequence

import pytest

from hrtrain.core.db import db
from hrtrain.coverage.names import Named, people_behind
from hrtrain.coverage.queries import Question
from hrtrain.coverage.states import State
from tests.queries.brute_force import Asked, Goal, History, Seen
from tests.queries.histories import HOURS, day_of, instant_of, random_history, write
from tests.queries.test_count_by_brute_force import boundary_days

HISTORIES, CHUNKS = 24, 4


def expected(history: History, asked: Asked, goal: Goal) -> dict[State, list[int]]:
    """Who is in which state, in the order of their names."""
    seen = Seen(history, asked)
    items = seen.items(goal)
    ((_top, where),) = seen.places(goal)
    units = seen.counted_units(goal, where) if items else set()
    members = [one for one in history.members if one.group == goal.group and seen.is_member(one)]
    found: dict[State, list[int]] = {state: [] for state in State}
    for person in sorted(one.person for one in members if one.unit in units):
        found[State(seen.state(goal, person, items))].append(person)
    return found


def named(question: Question, states: Sequence[State], size: int = 2) -> Iterator[Named]:
    """All pages of this size."""
    after = None
    while True:
        page = people_behind(question, states, after=after, size=size)
        yield from page.rows
        after = page.after
        if after is None:
            return


@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_the_names_behind_a_number_are_the_people_counted(app: object, chunk: int) -> None:
    for seed in range(chunk, HISTORIES, CHUNKS):
        history, dice = random_history(seed), random.Random(seed)
        write(history)
        for day in boundary_days(history)[::3]:
            if history.goals:
                check(history, dice.choice(history.goals), day, dice)
        db.session.rollback()


def check(history: History, goal: Goal, day: int, dice: random.Random) -> None:
    unit, hour = dice.choice([None, *history.units]), dice.choice([HOURS, 0, 1])
    asked = Asked(goal.programme, day, hour, unit, goal.group)
    question = Question(goal.programme, day_of(day), unit, goal.group, known_at=instant_of(hour))
    everybody, alone = list(named(question, list(State))), dice.choice(list(State))
    people = {state: [one for one in everybody if one.state is state] for state in State}
    assert list(named(question, [alone], 1)) == people[alone]
    ids = {state: [one.id for one in rows] for state, rows in people.items()}
    assert ids == expected(history, asked, goal), asked
    for one in people[State.UNTRAINED]:
        assert one.reason is not None and one.missing
    for one in people[State.IN_GRACE]:
        assert one.due_on is not None and one.due_on > day_of(day)
    for one in people[State.TRAINED]:
        assert one.completed_on is not None and one.completed_on <= day_of(day)
        assert one.valid_through is None or one.valid_through >= day_of(day)
