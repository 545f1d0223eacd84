"""The product's figures against an independent count on random small histories, on both engines.

COUNT_HISTORIES=2000 tries more of them; each is asked on every day that something begins or ends,
the day before and the day after, with units, groupings and instants drawn anew for every day.
"""

import os
import random
from collections.abc import Iterator
from itertools import product
from typing import Any

import pytest
from sqlalchemy import text

from hrtrain.cli.coverage import row_of
from hrtrain.core.db import db
from hrtrain.coverage.asked import read_plans
from hrtrain.coverage.queries import Question, standings
from tests.queries.brute_force import Asked, History, answer
from tests.queries.histories import HOURS, day_of, instant_of, random_history, write

HISTORIES = int(os.environ.get("COUNT_HISTORIES", "80"))
CHUNKS = 10
WHOLE = 3
"""Of so many histories everything is asked that can be."""


def boundary_days(history: History) -> list[int]:
    """Every day that some fact names, the day before and the day after."""
    facts: list[Any] = [
        *history.edges,
        *history.members,
        *history.declared,
        *history.exempt,
        *history.needs,
    ]
    named = {day for fact in facts for day in (fact.start, fact.end)}
    named |= {day for need in history.needs for day in (need.accepts_from, need.accepts_to)}
    named |= {day for one in history.done for day in (one.on, one.through, one.revoked)}
    named |= {goal.start for goal in history.goals} | {plan.start for plan in history.plans}
    due = {one.start + goal.grace for one in history.members for goal in history.goals}
    due |= {goal.start + goal.grace for goal in history.goals if goal.start is not None}
    known = {day for day in named | due if day is not None}
    return sorted({day + shift for day in known for shift in (-1, 0, 1)})


def everything(history: History) -> Iterator[Asked]:
    units = [None, *history.units]
    programmes = [plan.key for plan in history.plans]
    days, hours = boundary_days(history), range(HOURS + 1)
    for programme, day, hour, unit, by in product(programmes, days, hours, units, _BY):
        yield Asked(programme, day, hour, unit, by=by)


_BY = ("group", "unit")


def drawn(history: History, dice: random.Random) -> Iterator[Asked]:
    """Two questions for each boundary day."""
    for day in boundary_days(history):
        for by in _BY:
            yield Asked(
                programme=dice.choice(history.plans).key,
                day=day,
                hour=dice.choice([HOURS, HOURS, *range(HOURS)]),
                unit=dice.choice([None, *history.units]),
                group=dice.choice([None, None, *history.groups]),
                by=by,
            )


def disagreements(history: History, questions: Iterator[Asked]) -> list[str]:
    """The history written, asked about and taken back."""
    write(history)
    found = differences(history, questions)
    db.session.rollback()
    return found


def differences(history: History, questions: Iterator[Asked]) -> list[str]:
    """Questions the product answers otherwise than the brute force, with both answers."""
    plans = read_plans()
    found = []
    for asked in questions:
        question = Question(
            programme=asked.programme,
            as_of=day_of(asked.day),
            unit=asked.unit,
            group=asked.group,
            by="unit" if asked.by == "unit" else "group",
            known_at=instant_of(asked.hour),
        )
        expected = answer(history, asked)
        got = [row_of(standing) for standing in standings(question, plans=plans)]
        if got != expected:
            found.append(f"{asked}\nexpected {expected}\ngot      {got}")
    return found


@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_the_count_agrees_with_the_brute_force(app: object, chunk: int) -> None:
    for seed in range(chunk, HISTORIES, CHUNKS):
        history = random_history(seed)
        found = disagreements(history, drawn(history, random.Random(seed)))
        assert not found, f"history {seed}: {len(found)} answers differ\n{found[0]}"


@pytest.mark.parametrize("seed", range(100_000, 100_000 + WHOLE))
def test_nothing_that_can_be_asked_of_a_history_is_answered_otherwise(
    app: object, seed: int
) -> None:
    history = random_history(seed)
    found = disagreements(history, everything(history))
    assert not found, f"history {seed}: {len(found)} answers differ\n{found[0]}"


@pytest.mark.parametrize("seed", range(200_000, 200_010))
def test_the_planners_statistics_change_no_answer(app: object, seed: int) -> None:
    """With statistics SQLite before 3.41.3 returns wrong rows for days bounded on one side."""
    history = random_history(seed)
    write(history)
    db.session.execute(text("ANALYZE"))
    found = differences(history, drawn(history, random.Random(seed)))
    db.session.rollback()
    assert not found, f"history {seed}: {len(found)} answers differ\n{found[0]}"
